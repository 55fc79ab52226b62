import { CutoverError } from "#core/cutover-error.ts";
import type { PostgresSession } from "../postgres/session.ts";

/** One row of the target's `cutover.quarantine`. */
export interface QuarantinedRow {
  readonly id: string;
  readonly run: string;
  /** The source's table. */
  readonly table: string;
  /** `rowid 17`, the primary key's columns and values, or the row's place. */
  readonly key: string;
  readonly column: string | undefined;
  readonly storageClass: string | undefined;
  readonly reason: string;
  /** JSON, as `cellJson` writes its values. */
  readonly row: string;
}

/** Rows that were kept aside for the same reason. */
export interface QuarantinedKind {
  readonly table: string;
  readonly column: string | undefined;
  readonly reason: string;
  readonly rows: number;
  /** The key of one of them. */
  readonly example: string;
}

/** Rows that are read at a time: each may hold large values. */
const page = 50;

/** Whether the target has rows kept aside, or could have. */
export async function hasQuarantine(session: PostgresSession): Promise<boolean> {
  return (await session.query("SELECT to_regclass('cutover.quarantine')")).rows[0]?.[0] !== null;
}

/** @throws CutoverError usage when nothing was ever migrated into the target. */
export async function mustHaveQuarantine(session: PostgresSession): Promise<void> {
  if (await hasQuarantine(session)) return;
  throw new CutoverError({ tag: "usage", what: "There is no quarantine in this database", where: session.name, why: "no migration has written to it, or its schema cutover was dropped", next: "Name the target of a migration by --to." });
}

/** What is kept aside, by table, column and reason. */
export async function quarantinedKinds(session: PostgresSession): Promise<QuarantinedKind[]> {
  const { rows } = await session.query(`SELECT table_name, column_name, reason, count(*), min(source_key COLLATE "C") FROM cutover.quarantine GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2, 3`);
  return rows.map(([table, column, reason, count, example]) => ({ table: table ?? "", column: column ?? undefined, reason: reason ?? "", rows: Number(count), example: example ?? "" }));
}

/** The rows that are kept aside, some at a time, in the order in which they were kept; of one run or table only, if one is named. */
export async function* quarantinedRows(session: PostgresSession, only: { readonly run?: string; readonly table?: string } = {}): AsyncGenerator<QuarantinedRow> {
  for (let last = "-1"; ; ) {
    const { rows } = await session.query(
      `SELECT id, run, table_name, source_key, column_name, storage_class, reason, "row"::text FROM cutover.quarantine WHERE id > $1::bigint AND run = coalesce($2, run) AND table_name = coalesce($3, table_name) ORDER BY id LIMIT ${page}`,
      [last, only.run ?? null, only.table ?? null],
    );
    for (const [id, run, table, key, column, storageClass, reason, row] of rows) {
      last = id ?? "";
      yield { id: last, run: run ?? "", table: table ?? "", key: key ?? "", column: column ?? undefined, storageClass: storageClass ?? undefined, reason: reason ?? "", row: row ?? "{}" };
    }
    if (rows.length < page) return;
  }
}
