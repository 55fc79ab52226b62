import { createHash } from "node:crypto";
import { CutoverError } from "#core/cutover-error.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import { makeLineReader } from "../checksum/line-reader.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Source } from "../sqlite/open-source.ts";
import { readRows, wholeLines } from "../validate/row-lines.ts";
import type { BadRow } from "./bad-row.ts";
import { copiedTable, type CopiedTable } from "./copied-table.ts";
import { copyOutOptions } from "./copy-format.ts";
import { addCorrection, quarantine } from "./journal.ts";
import type { PlannedForeignKey } from "./selection.ts";
import { tableReader, type ReadRow } from "./table-reader.ts";

/** Rows that leave the target in one transaction; what is held of each in memory is its key or a digest. */
const rowsAtOnce = 100_000;
/** Bytes of quarantined rows that are sent together. */
const bytesAtOnce = 8 << 20;

export interface OrphanSearch {
  readonly session: PostgresSession;
  readonly plan: Plan;
  readonly run: string;
  /** What the rows were copied from: rows are kept aside as they are stored there. */
  readonly source: Source;
  /** The foreign keys that are to be made. */
  readonly foreignKeys: readonly PlannedForeignKey[];
  /** Called after every commit of rows that went. */
  readonly onCommit: () => void;
}

/**
 * Keeps rows aside whose foreign keys point nowhere, until none are left: a row that goes may have been another's parent. A row leaves its table and
 * gets into the quarantine, with every value as the source stores it, in one transaction.
 * @returns how many rows went, by source table.
 */
export async function quarantineOrphans({ session, plan, run, source, foreignKeys, onCommit }: OrphanSearch): Promise<Map<string, number>> {
  const gone = new Map<string, number>();
  for (let again = true; again; ) {
    again = false;
    for (const table of plan.catalog.tables) {
      if (!foreignKeys.some(({ object }) => foldName(object.table ?? "") === foldName(table.name))) continue;
      const copied = copiedTable(plan, table);
      for (const key of table.foreignKeys) {
        const parentName = targetRelation(plan.names, key.parent);
        const childName = targetRelation(plan.names, table.name);
        if (!foreignKeys.some(({ child, parent }) => child === childName && parent === parentName) || key.parentColumns.length !== key.columns.length) continue;
        const column = (of: string, name: string): string => postgresIdentifier(targetColumn(plan.names, of, name));
        const filled = key.columns.map((name) => `c.${column(table.name, name)} IS NOT NULL`).join(" AND ");
        const same = key.columns.map((name, i) => `p.${column(key.parent, key.parentColumns[i] ?? "")} = c.${column(table.name, name)}`).join(" AND ");
        const orphans = `${filled} AND NOT EXISTS (SELECT 1 FROM ${postgresQualified(plan.schema, parentName)} p WHERE ${same})`;
        const alias = table.rowidAlias;
        const removed = (returned: string): string =>
          `DELETE FROM ${copied.target} d WHERE (d.tableoid, d.ctid) IN (SELECT c.tableoid, c.ctid FROM ${copied.target} c WHERE ${orphans} LIMIT ${rowsAtOnce}) RETURNING ${returned}`;
        const why = { column: key.columns.join(", "), classOf: key.columns[0] ?? "", reason: `no such row in ${key.parent}` };
        for (let count = rowsAtOnce; count === rowsAtOnce; ) {
          await session.query("BEGIN");
          try {
            const moved = alias === undefined ? await moveByContent(session, source, run, copied, removed, why) : await moveByRowid(session, source, run, copied, removed(`d.${column(table.name, alias)}`), why);
            count = moved.rows;
            if (count > 0) await addCorrection(session, run, table.name, moved);
            await session.query("COMMIT");
          } catch (cause) {
            await session.query("ROLLBACK").catch(() => undefined);
            throw cause;
          }
          if (count > 0) {
            onCommit();
            gone.set(table.name, (gone.get(table.name) ?? 0) + count);
            again = true;
          }
        }
      }
    }
  }
  return gone;
}

interface Why {
  readonly column: string;
  /** The column whose storage class is told. */
  readonly classOf: string;
  readonly reason: string;
}

interface Moved {
  readonly rows: number;
  /** The sum of their hashes. */
  readonly checksum: bigint;
}

/** Where the rowid is a column of the target, the source's row is found by it. */
async function moveByRowid(session: PostgresSession, source: Source, run: string, table: CopiedTable, statement: string, why: Why): Promise<Moved> {
  const { rows } = await session.query(statement);
  const reader = tableReader(source.db, table);
  return keepAside(session, run, table, why, rows.length, (function* () {
    for (const [id] of rows) for (const row of reader.rows(BigInt(id ?? 0), BigInt(id ?? 0))) if ("line" in row) yield row;
  })());
}

/** Otherwise the source is read through, and its rows are known by what became of them. */
async function moveByContent(session: PostgresSession, source: Source, run: string, table: CopiedTable, removed: (returned: string) => string, why: Why): Promise<Moved> {
  const types = table.columns.map((column) => column.type);
  const wanted = new Map<string, number>();
  let count = 0;
  const statement = removed(table.columns.map((column) => `d.${postgresIdentifier(column.target)}`).join(", "));
  for await (const lines of wholeLines(session.copyOut(`COPY (${statement}) TO STDOUT ${copyOutOptions(table.columns.map(({ target, type }) => ({ name: target, type })))}`))) {
    for (const row of readRows(lines, types)) {
      const digest = digestOf(row);
      wanted.set(digest, (wanted.get(digest) ?? 0) + 1);
      count++;
    }
  }
  if (count === 0) return { rows: 0, checksum: 0n };
  const aside = new Set((await session.query("SELECT source_key FROM cutover.quarantine WHERE run = $1 AND table_name = $2", [run, table.name])).rows.map(([key]) => key));
  return keepAside(session, run, table, why, count, (function* () {
    for (const row of tableReader(source.db, table).rows(undefined, undefined)) {
      if (!("line" in row) || aside.has(row.key)) continue;
      const [values = []] = readRows(Buffer.from(row.line, "utf8"), types);
      const digest = digestOf(values);
      const left = wanted.get(digest) ?? 0;
      if (left === 0) continue;
      wanted.set(digest, left - 1);
      yield row;
    }
  })());
}

async function keepAside(session: PostgresSession, run: string, table: CopiedTable, why: Why, count: number, rows: Iterable<ReadRow>): Promise<Moved> {
  const reader = makeLineReader(table.columns);
  let checksum = 0n;
  let waiting: BadRow[] = [];
  let bytes = 0;
  let kept = 0;
  for (const { key, json, line } of rows) {
    reader.read(Buffer.from(line, "utf8"));
    checksum += reader.sum;
    waiting.push({ table: table.name, key, column: why.column, storageClass: storageClass(json, why.classOf), reason: why.reason, row: json });
    bytes += json.length;
    kept++;
    if (bytes < bytesAtOnce) continue;
    await quarantine(session, run, waiting);
    waiting = [];
    bytes = 0;
  }
  await quarantine(session, run, waiting);
  if (kept !== count) {
    throw new CutoverError({
      tag: "target-failed",
      what: `The table ${table.name} does not hold what was copied`,
      where: session.name,
      why: `${count} rows without their parent are in the target, the source has ${kept} of them`,
      next: "Keep other writers off the target while it is filled, then start over with --drop.",
    });
  }
  return { rows: count, checksum };
}

function digestOf(row: readonly (string | null)[]): string {
  return createHash("sha256").update(JSON.stringify(row)).digest("base64");
}

function storageClass(json: string, column: string): string | undefined {
  const row: unknown = JSON.parse(json);
  const cell: unknown = typeof row === "object" && row !== null ? Object.entries(row).find(([name]) => name === column)?.[1] : undefined;
  return typeof cell === "object" && cell !== null && "kind" in cell && typeof cell.kind === "string" ? cell.kind : undefined;
}
