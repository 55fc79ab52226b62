import { CutoverError } from "#core/cutover-error.ts";
import { foldName, type PostgresType } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { targetColumn } from "#core/schema/target-names.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import { makeLineReader } from "../checksum/line-reader.ts";
import type { PostgresSession, PostgresTarget } from "../postgres/session.ts";
import { copiedTable, type CopiedTable } from "./copied-table.ts";
import { encodeKeptRow, realRenderer } from "./encode-kept-row.ts";
import { addCorrection, makeJournal } from "./journal.ts";
import { lastRun } from "./journaled-run.ts";
import { rowOf } from "./kept-row.ts";
import { readQuarantineFile } from "./quarantine-file.ts";
import { mustHaveQuarantine, quarantinedRows } from "./quarantined-rows.ts";
import { lockedBy, lockHolder, tryRunLock } from "./run-lock.ts";
import { isRefusedRow, targetProblem } from "./target-problem.ts";

export interface ReplayOptions {
  readonly target: PostgresTarget;
  /** Says what tables and columns are called in the target; their types are the target's own. */
  readonly plan: Plan;
  /** A file of rows, mended or not, as `cutover quarantine --export` writes it; without one, all rows go as they were kept. */
  readonly file?: string | undefined;
  /** Only these source tables. */
  readonly tables?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A row that still does not go in. */
export interface RefusedRow {
  readonly table: string;
  readonly key: string;
  /** In the file. */
  readonly line: number | undefined;
  readonly column: string | undefined;
  readonly reason: string;
}

export interface ReplayReport {
  readonly version: 1;
  /** Never with a password. */
  readonly to: string;
  /** Rows that went into their tables. */
  readonly replayed: number;
  /** Those of them whose values a person has changed. */
  readonly mended: number;
  /** Lines of the file whose rows are not in the quarantine any more: they went in before, or their table was copied again. */
  readonly gone: number;
  /** How many rows were refused, and the first of them. */
  readonly refusedRows: number;
  readonly refused: readonly RefusedRow[];
  /** Rows that are in the quarantine now. */
  readonly left: number;
}

/** Refused rows that are told one by one. */
const toldRows = 1000;
/** Rows and bytes of one transaction at most. */
const batchRows = 500;
const batchBytes = 8 << 20;

interface Candidate {
  readonly id: string;
  readonly key: string;
  readonly line: number | undefined;
  /** What a person gives; empty when the row goes as it was kept. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly size: number;
}

/**
 * Puts rows of the quarantine into their tables: some at a time, each time in one transaction with what takes them off the quarantine, so that a row
 * is in one of the two, always, and running it twice is running it once. Parents go before children, and again while any row goes in. The target's triggers do
 * not fire: what they would do, SQLite's have done. Rows that the target still refuses stay, with the reason.
 * @throws CutoverError; the signal's reason. What was committed before stays.
 */
export async function replay({ target, plan, file, tables, signal }: ReplayOptions): Promise<ReplayReport> {
  const session = await target.connect();
  const renderer = await realRenderer();
  let unlock = (): Promise<void> => Promise.resolve();
  try {
    await mustHaveQuarantine(session);
    if (target.kind === "server") {
      const taken = await tryRunLock(session, () => target.connect());
      if (taken === undefined) throw lockedBy(session.name, await lockHolder(session));
      unlock = taken;
    }
    if ((await lastRun(session, plan.schema))?.state === "unfinished") {
      throw new CutoverError({ tag: "usage", what: "The migration has not come to its end", where: session.name, why: "its keys may not be there yet, and rows may still be added to the quarantine", next: "Go on with `cutover migrate --resume`, then run this again." });
    }
    await makeJournal(session);
    const wanted = tables?.map(foldName);
    const inFile = file === undefined ? undefined : await tablesIn(file, plan);
    const order = plan.tableOrder.filter((name) => (wanted?.includes(foldName(name)) ?? true) && (inFile?.has(name) ?? true));
    const candidates = (table: string): AsyncIterable<Candidate> => (file === undefined ? fromTarget(session, table) : fromFile(file, table));
    const sum = { replayed: 0, mended: 0, gone: 0 };
    const refused: RefusedRow[] = [];
    let refusedRows = 0;
    const refuse = (row: RefusedRow): void => {
      refusedRows++;
      if (refused.length < toldRows) refused.push(row);
    };
    /** Rows whose parents are missing: these may come with the others. */
    let waiting: ReadonlySet<string> | undefined;
    for (;;) {
      const orphans = new Map<string, RefusedRow>();
      let went = 0;
      for (const name of order) {
        const table = await actualTable(session, plan, name);
        for await (const batch of batches(candidates(name), waiting)) {
          signal?.throwIfAborted();
          const done = await replayBatch(session, plan, table, batch, renderer.render);
          went += done.replayed;
          sum.replayed += done.replayed;
          sum.mended += done.mended;
          if (waiting === undefined) sum.gone += done.gone;
          for (const row of done.refused) refuse(row);
          for (const [id, row] of done.orphans) orphans.set(id, row);
        }
      }
      if (went > 0 && orphans.size > 0) {
        waiting = new Set(orphans.keys());
        continue;
      }
      for (const row of orphans.values()) refuse(row);
      break;
    }
    const left = Number((await session.query("SELECT count(*) FROM cutover.quarantine")).rows[0]?.[0]);
    return { version: 1, to: target.name, ...sum, refusedRows, refused, left };
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    throw targetProblem(cause, target.name, "take the rows");
  } finally {
    renderer.close();
    await unlock();
    await session.close();
  }
}

/** The tables of a file's rows; all of the file is read before anything is written. @throws CutoverError usage */
async function tablesIn(file: string, plan: Plan): Promise<Set<string>> {
  const known = new Set(plan.catalog.tables.map(({ name }) => name));
  const found = new Set<string>();
  const lines = new Map<string, number>();
  for await (const { line, id, table } of readQuarantineFile(file)) {
    const fail = (why: string, next: string): never => {
      throw new CutoverError({ tag: "usage", what: "The file cannot be replayed", where: `${file}:${line}`, why, next });
    };
    if (!known.has(table)) fail(`there is no table ${JSON.stringify(table)} in ${plan.catalog.origin.name}`, "Name the source that the rows come from by --from.");
    const before = lines.get(id);
    if (before !== undefined) fail(`it is the same row as in line ${before}`, "Leave one of them.");
    lines.set(id, line);
    found.add(table);
  }
  return found;
}

async function* fromTarget(session: PostgresSession, table: string): AsyncGenerator<Candidate> {
  for await (const { id, key, row } of quarantinedRows(session, { table })) yield { id, key, line: undefined, given: {}, size: row.length };
}

async function* fromFile(file: string, wanted: string): AsyncGenerator<Candidate> {
  for await (const { line, id, table, key, row } of readQuarantineFile(file)) {
    if (table === wanted) yield { id, key, line, given: row, size: JSON.stringify(row).length };
  }
}

async function* batches(candidates: AsyncIterable<Candidate>, only: ReadonlySet<string> | undefined): AsyncGenerator<Candidate[]> {
  let batch: Candidate[] = [];
  let size = 0;
  for await (const candidate of candidates) {
    if (only?.has(candidate.id) === false) continue;
    batch.push(candidate);
    size += candidate.size;
    if (batch.length < batchRows && size < batchBytes) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

/** A table as it is in the target now: a person may have given a column another type since. */
async function actualTable(session: PostgresSession, plan: Plan, name: string): Promise<CopiedTable> {
  const table = plan.catalog.tables.find((each) => each.name === name);
  if (table === undefined) throw new CutoverError({ tag: "internal", what: "A planned table is not in the catalog", where: name, next: "Report this." });
  const copied = copiedTable(plan, table);
  const { rows } = await session.query("SELECT attname, format_type(atttypid, NULL), attnotnull FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped", [copied.target]);
  const there = new Map(rows.map(([column, type, notNull]) => [column, { type: type ?? "", notNull: notNull === "t" }]));
  return {
    ...copied,
    columns: copied.columns.map((column) => {
      const actual = there.get(column.target);
      const type = actual === undefined ? undefined : typesByName[actual.type];
      if (actual === undefined || type === undefined) {
        throw new CutoverError({
          tag: "target-failed",
          what: "A column of the target is not what rows can be put into",
          where: `${session.name}, ${name}.${column.target}`,
          why: actual === undefined ? "it is not there" : `it is ${actual.type}, to which no value of SQLite goes exactly`,
          next: "Give the column one of the types in docs/migrate.md, then run this again.",
        });
      }
      return { ...column, type, notNull: actual.notNull };
    }),
  };
}

/** As format_type() calls them. */
const typesByName: Readonly<Record<string, PostgresType>> = {
  bigint: "bigint",
  integer: "integer",
  boolean: "boolean",
  "double precision": "double precision",
  numeric: "numeric",
  text: "text",
  "character varying": "text",
  bytea: "bytea",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  date: "date",
  jsonb: "jsonb",
  uuid: "uuid",
};

interface Batch {
  readonly replayed: number;
  readonly mended: number;
  readonly gone: number;
  readonly refused: readonly RefusedRow[];
  /** Refused because their parents are missing, by id. */
  readonly orphans: ReadonlyMap<string, RefusedRow>;
}

interface Ready {
  readonly candidate: Candidate;
  readonly run: string;
  readonly line: string;
  readonly columns: readonly string[];
}

async function replayBatch(session: PostgresSession, plan: Plan, table: CopiedTable, batch: readonly Candidate[], render: (value: number) => string): Promise<Batch> {
  const refused: RefusedRow[] = [];
  const orphans = new Map<string, RefusedRow>();
  const told = ({ key, line }: Candidate, column: string | undefined, reason: string): RefusedRow => ({ table: table.name, key, line, column, reason });
  await session.query("BEGIN");
  try {
    // A row is looked for when its statement ends, whenever its keys were declared to be.
    await session.query("SET CONSTRAINTS ALL IMMEDIATE");
    const { rows } = await session.query(`SELECT id, run, table_name, source_key, "row"::text FROM cutover.quarantine WHERE id = ANY($1::bigint[]) FOR UPDATE`, [`{${batch.map(({ id }) => id).join(",")}}`]);
    const kept = new Map(rows.map(([id, run, name, key, row]) => [id, { run: run ?? "", name: name ?? "", key: key ?? "", row: rowOf(row ?? "{}") ?? {} }]));
    const ready: Ready[] = [];
    let gone = 0;
    for (const candidate of batch) {
      const own = kept.get(candidate.id);
      if (own === undefined) {
        gone++;
        continue;
      }
      if (own.name !== table.name || own.key !== candidate.key) {
        refused.push(told(candidate, undefined, `the row of this id is ${own.name}, ${own.key}: the file is of another migration`));
        continue;
      }
      const encoded = encodeKeptRow(table, own.row, candidate.given, render);
      if ("line" in encoded) ready.push({ candidate, run: own.run, ...encoded });
      else refused.push(told(candidate, encoded.column, encoded.reason));
    }
    const went: Ready[] = [];
    if (ready.length > 0) {
      await withoutTriggers(session, table, async () => {
        await send(session, table, ready, (row) => went.push(row), (row, code, column, reason) => {
          if (code === "23503") orphans.set(row.candidate.id, told(row.candidate, column, reason));
          else refused.push(told(row.candidate, column, reason));
        });
      });
      await note(session, table, went);
      await moveSequence(session, plan, table, went);
    }
    await session.query("COMMIT");
    return { replayed: went.length, mended: went.filter(({ columns }) => columns.length > 0).length, gone, refused, orphans };
  } catch (cause) {
    await session.query("ROLLBACK").catch(() => undefined); // a session that is gone has nothing to undo
    throw cause;
  }
}

/** Takes rows that went in off the quarantine, and notes what was changed in them. */
async function note(session: PostgresSession, table: CopiedTable, went: readonly Ready[]): Promise<void> {
  const reader = makeLineReader(table.columns);
  const byRun = new Map<string, { rows: number; checksum: bigint }>();
  for (const { candidate, run, line, columns } of went) {
    await session.query(
      `WITH gone AS (DELETE FROM cutover.quarantine WHERE id = $1::bigint RETURNING *) INSERT INTO cutover.replayed (id, run, table_name, source_key, column_name, reason, "row", mended_columns, mended) SELECT id, run, table_name, source_key, column_name, reason, "row", $2::json, $3::json FROM gone`,
      columns.length === 0 ? [candidate.id, null, null] : [candidate.id, JSON.stringify(columns), JSON.stringify(candidate.given)],
    );
    reader.read(Buffer.from(line, "utf8"));
    const moved = byRun.get(run) ?? { rows: 0, checksum: 0n };
    byRun.set(run, { rows: moved.rows - 1, checksum: moved.checksum - reader.sum });
  }
  for (const [run, moved] of byRun) await addCorrection(session, run, table.name, moved);
}

/** The user's own triggers of a table stay off for as long as the transaction lasts; those of foreign keys do not. */
async function withoutTriggers(session: PostgresSession, table: CopiedTable, work: () => Promise<void>): Promise<void> {
  const { rows } = await session.query("SELECT tgname FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal AND tgenabled = 'O'", [table.target]);
  for (const [name] of rows) await session.query(`ALTER TABLE ${table.target} DISABLE TRIGGER ${postgresIdentifier(name ?? "")}`);
  await work();
  for (const [name] of rows) await session.query(`ALTER TABLE ${table.target} ENABLE TRIGGER ${postgresIdentifier(name ?? "")}`);
}

/** Sends rows together, halved until the refused ones stand alone. */
async function send(session: PostgresSession, table: CopiedTable, rows: readonly Ready[], onTaken: (row: Ready) => void, onRefused: (row: Ready, code: string, column: string | undefined, reason: string) => void): Promise<void> {
  await session.query("SAVEPOINT rows");
  try {
    await session.copyIn(table.copySql, [Buffer.from(rows.map(({ line }) => line).join(""), "utf8")], { wholeRows: true });
    await session.query("RELEASE rows");
    rows.forEach(onTaken);
  } catch (cause) {
    if (!isRefusedRow(cause)) throw cause;
    await session.query("ROLLBACK TO rows");
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      const { code, message, detail, column } = cause.problem;
      onRefused(row, code, column, `PostgreSQL refuses it: ${message}${detail === undefined ? "" : `; ${detail}`} (${code})`);
    } else {
      await send(session, table, rows.slice(0, rows.length >> 1), onTaken, onRefused);
      await send(session, table, rows.slice(rows.length >> 1), onTaken, onRefused);
    }
  }
}

/** A key that a person has given may be beyond what the sequence has handed out. */
async function moveSequence(session: PostgresSession, plan: Plan, table: CopiedTable, went: readonly Ready[]): Promise<void> {
  const alias = plan.catalog.tables.find(({ name }) => name === table.name)?.rowidAlias;
  if (alias === undefined || !went.some(({ columns }) => columns.includes(alias))) return;
  const column = targetColumn(plan.names, table.name, alias);
  const sequence = (await session.query("SELECT pg_get_serial_sequence($1, $2)", [table.target, column])).rows[0]?.[0];
  if (sequence === null || sequence === undefined) return;
  await session.query(`SELECT setval(${postgresString(sequence)}, m) FROM (SELECT max(${postgresIdentifier(column)}) AS m FROM ${table.target}) t WHERE m > (SELECT last_value FROM ${sequence})`);
}
