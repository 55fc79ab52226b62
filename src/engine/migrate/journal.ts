import type { PostgresSession, TextRow } from "../postgres/session.ts";
import { delimiter, formatLine } from "./copy-format.ts";
import type { BadRow } from "./bad-row.ts";

/**
 * The journal: what a migration has done, in the schema `cutover` of the target, written in the transaction of the rows it speaks of.
 * `run` has a row for each migration, `journal` how far the copy of each part of a table is, `step` what of the phases
 * after the copy is done, `quarantine` the rows that were kept aside, `replayed` those that were and went in later, with what a person has changed.
 */
const schemaScript = `
CREATE SCHEMA IF NOT EXISTS cutover;
CREATE TABLE IF NOT EXISTS cutover.run (
  id text PRIMARY KEY, started timestamptz NOT NULL DEFAULT now(), finished timestamptz, source text NOT NULL, fingerprint text NOT NULL,
  backup text NOT NULL, target_schema text NOT NULL, plan text NOT NULL, tables text NOT NULL);
CREATE TABLE IF NOT EXISTS cutover.journal (
  run text NOT NULL, table_name text NOT NULL, part int NOT NULL, key_from bigint, key_to bigint, next_key bigint,
  rows bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0, quarantined bigint NOT NULL DEFAULT 0, checksum bigint NOT NULL DEFAULT 0, done boolean NOT NULL DEFAULT false,
  PRIMARY KEY (run, table_name, part));
CREATE TABLE IF NOT EXISTS cutover.step (run text NOT NULL, name text NOT NULL, PRIMARY KEY (run, name));
CREATE TABLE IF NOT EXISTS cutover.quarantine (
  run text NOT NULL, table_name text NOT NULL, source_key text NOT NULL, column_name text, storage_class text, reason text NOT NULL, "row" json NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE IF NOT EXISTS cutover.replayed (
  id bigint PRIMARY KEY, run text NOT NULL, table_name text NOT NULL, source_key text NOT NULL, column_name text, reason text NOT NULL, "row" json NOT NULL,
  mended_columns json, mended json, at timestamptz NOT NULL DEFAULT now())`;

/** A part of a table: rows with `from <= rowid <= to`, all of them where there is no bound. */
export interface JournaledPart {
  readonly table: string;
  readonly part: number;
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  /** Where to go on. */
  readonly next: bigint | undefined;
  readonly rows: number;
  readonly bytes: number;
  readonly quarantined: number;
  /** The sum of the hashes of its rows, of 64 bits without a sign. */
  readonly checksum: bigint;
  readonly done: boolean;
}

/** Makes the journal's tables where they are not there yet. */
export async function makeJournal(session: PostgresSession): Promise<void> {
  await session.script(schemaScript);
}

export async function addPart(session: PostgresSession, run: string, part: Pick<JournaledPart, "table" | "part" | "from" | "to">): Promise<void> {
  await session.query("INSERT INTO cutover.journal (run, table_name, part, key_from, key_to, next_key) VALUES ($1, $2, $3, $4, $5, $4)", [
    run, part.table, String(part.part), part.from?.toString() ?? null, part.to?.toString() ?? null,
  ]);
}

const partColumns = "table_name, part, key_from, key_to, next_key, rows, bytes, quarantined, checksum, done";

/** The parts of a run, in the order in which they were planned; corrections (part -1) are among them. */
export async function readParts(session: PostgresSession, run: string): Promise<JournaledPart[]> {
  return (await session.query(`SELECT ${partColumns} FROM cutover.journal WHERE run = $1 ORDER BY table_name, part`, [run])).rows.map(readPart);
}

/**
 * Reads how far a part is and holds its line until the running transaction ends, so that nobody sends the same rows at the same time: a session that
 * was given up may still have its commit on the way.
 * @returns undefined when the line is gone: the run was started over.
 */
export async function claimPart(session: PostgresSession, run: string, part: JournaledPart): Promise<JournaledPart | undefined> {
  const { rows } = await session.query(`SELECT ${partColumns} FROM cutover.journal WHERE run = $1 AND table_name = $2 AND part = $3 FOR UPDATE`, [run, part.table, String(part.part)]);
  const [row] = rows;
  return row === undefined ? undefined : readPart(row);
}

function readPart([table, part, from, to, next, copied, bytes, quarantined, checksum, done]: TextRow): JournaledPart {
  const key = (value: string | null | undefined): bigint | undefined => (value === null || value === undefined ? undefined : BigInt(value));
  return {
    table: table ?? "",
    part: Number(part),
    from: key(from),
    to: key(to),
    next: key(next),
    rows: Number(copied),
    bytes: Number(bytes),
    quarantined: Number(quarantined),
    checksum: BigInt.asUintN(64, BigInt(checksum ?? "0")),
    done: done === "t",
  };
}

/** Notes rows of a part; in the transaction of these rows. */
export async function advancePart(session: PostgresSession, run: string, part: JournaledPart): Promise<void> {
  const { rowCount } = await session.query("UPDATE cutover.journal SET next_key = $4, rows = $5, bytes = $6, quarantined = $7, checksum = $8, done = $9 WHERE run = $1 AND table_name = $2 AND part = $3", [
    run, part.table, String(part.part), part.next?.toString() ?? null, String(part.rows), String(part.bytes), String(part.quarantined), BigInt.asIntN(64, part.checksum).toString(), part.done ? "t" : "f",
  ]);
  if (rowCount !== 1) throw new Error(`the journal has lost part ${part.part} of ${part.table}`);
}

/** Notes that rows of a table, with the sum of their hashes, went from the table to the quarantine after the copy. */
export async function addCorrection(session: PostgresSession, run: string, table: string, moved: { readonly rows: number; readonly checksum: bigint }): Promise<void> {
  await session.query(
    "INSERT INTO cutover.journal AS j (run, table_name, part, rows, quarantined, checksum, done) VALUES ($1, $2, -1, -$3::bigint, $3::bigint, $4, true) " +
      "ON CONFLICT (run, table_name, part) DO UPDATE SET rows = j.rows + excluded.rows, quarantined = j.quarantined + excluded.quarantined, " +
      // Two sums of 64 bits can be beyond what bigint holds, where they begin again. Of a bigint sign() would be a double.
      "checksum = CASE WHEN j.checksum::numeric + excluded.checksum BETWEEN -9223372036854775808 AND 9223372036854775807 THEN j.checksum + excluded.checksum " +
      "ELSE (j.checksum::numeric + excluded.checksum - sign(j.checksum::numeric) * 18446744073709551616)::bigint END",
    [run, table, String(moved.rows), BigInt.asIntN(64, -moved.checksum).toString()],
  );
}

/** Keeps rows aside; in the transaction of the rows around them. */
export async function quarantine(session: PostgresSession, run: string, rows: readonly BadRow[]): Promise<void> {
  if (rows.length === 0) return;
  const lines = rows.map((row) => Buffer.from(formatLine([run, row.table, row.key, row.column ?? null, row.storageClass ?? null, row.reason, row.row].map(withoutNul), Array<"text">(7).fill("text")), "utf8"));
  const taken = await session.copyIn(
    `COPY cutover.quarantine (run, table_name, source_key, column_name, storage_class, reason, "row") FROM STDIN WITH (FORMAT csv, DELIMITER '${delimiter}', QUOTE E'\\x01', ESCAPE E'\\x01', NULL '', ENCODING 'UTF8')`,
    lines,
    { wholeRows: true },
  );
  if (taken !== rows.length) throw new Error(`${rows.length} rows were to be kept aside, the target took ${taken}`);
}

/** Names may hold what PostgreSQL's text cannot. */
function withoutNul(text: string | null): string | null {
  return text?.replaceAll("\0", "\\0") ?? null;
}

export async function stepsDone(session: PostgresSession, run: string): Promise<Set<string>> {
  return new Set((await session.query("SELECT name FROM cutover.step WHERE run = $1", [run])).rows.map(([name]) => name ?? ""));
}

/**
 * Notes a step; in the transaction of what it does, before that: who notes the same step meanwhile waits for the end of that transaction.
 * @returns whether it is still to be done.
 */
export async function noteStep(session: PostgresSession, run: string, name: string): Promise<boolean> {
  return (await session.query("INSERT INTO cutover.step (run, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", [run, name])).rowCount === 1;
}

/** Forgets what earlier runs have noted about tables that are to be made anew, their quarantined rows included. */
export async function forgetTables(session: PostgresSession, schema: string, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    for (const relation of ["journal", "quarantine", "replayed"]) {
      await session.query(`DELETE FROM cutover.${relation} WHERE table_name = $2 AND run IN (SELECT id FROM cutover.run WHERE target_schema = $1)`, [schema, table]);
    }
  }
  // A run that is started over can no longer be resumed.
  await session.query("UPDATE cutover.run SET finished = now() WHERE target_schema = $1 AND finished IS NULL", [schema]);
}
