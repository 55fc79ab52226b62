import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { postgresQualified } from "#core/sql/postgres-identifier.ts";
import { lastRun } from "#engine/migrate/journaled-run.ts";
import { PostgresFailure, type PostgresSession, type PostgresTarget } from "#engine/postgres/session.ts";
import type { TableSide } from "#protocol/worker.ts";

/** Where the tables are looked for. */
interface Place {
  readonly schema: string;
  /** The workspace's folder. */
  readonly workspace: string;
}

/** What a target holds. */
export interface TargetContents {
  readonly tables: ReadonlyMap<string, TableSide>;
  /** The journal has a run that is not finished. */
  readonly unfinishedRun: boolean;
}

/**
 * The tables of a target's schema by name, with exact row counts, and whether a run is under way; closes the target. Aborting stops the running statement
 * on the server. An embedded target that does not exist yet has no tables, and is not made by looking at it.
 * @param to as `--to` names the target
 * @throws CutoverError when the target cannot be reached or refuses
 */
export async function readTargetTables(target: PostgresTarget, to: string, { schema, workspace }: Place, signal: AbortSignal): Promise<TargetContents> {
  if (target.kind === "embedded" && (await isMissing(to, workspace))) return { tables: new Map(), unfinishedRun: false };
  try {
    signal.throwIfAborted();
    const session = await target.connect();
    const stop = (): void => void session.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      return { tables: await readTables(session, schema, signal), unfinishedRun: (await lastRun(session, schema))?.state === "unfinished" };
    } catch (error) {
      if (!(error instanceof PostgresFailure)) throw error;
      const { message, hint } = error.problem;
      throw new CutoverError({ tag: "target-failed", what: "The tables cannot be read", where: target.name, why: message, next: hint ?? "Check the rights of the user that the target names.", cause: error });
    } finally {
      signal.removeEventListener("abort", stop);
      await session.close();
    }
  } finally {
    await target.close();
  }
}

/** PG_VERSION is the file that makes a folder a cluster. @see https://www.postgresql.org/docs/current/storage-file-layout.html */
async function isMissing(embedded: string, workspace: string): Promise<boolean> {
  const folder = embedded === "embedded" ? ".cutover/embedded" : embedded.slice("embedded:".length);
  return access(resolve(workspace, folder, "PG_VERSION")).then(
    () => false,
    () => true,
  );
}

/** @see https://www.postgresql.org/docs/current/catalog-pg-class.html#CATALOG-PG-CLASS `r` is a table, `p` a partitioned one. */
const columnsQuery = `
  SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  ORDER BY c.relname, a.attnum`;

async function readTables(session: PostgresSession, schema: string, signal: AbortSignal): Promise<ReadonlyMap<string, TableSide>> {
  const columns = new Map<string, { readonly name: string; readonly type: string }[]>();
  for (const [table, name, type] of (await session.query(columnsQuery, [schema])).rows) {
    if (table === null || table === undefined) continue;
    const known = columns.get(table) ?? [];
    columns.set(table, known);
    if (typeof name === "string" && typeof type === "string") known.push({ name, type });
  }
  const tables = new Map<string, TableSide>();
  for (const [table, ofTable] of columns) {
    signal.throwIfAborted();
    const { rows } = await session.query(`SELECT count(*) FROM ${postgresQualified(schema, table)}`);
    tables.set(table, { rows: Number(rows[0]?.[0]), columns: ofTable });
  }
  return tables;
}
