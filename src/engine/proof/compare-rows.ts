import type { RowDifference } from "#core/rules/verdict.ts";
import type { SelectStatement } from "#core/sql/nodes.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import type { SqliteValue } from "#engine/sqlite/rows.ts";
import type { Database } from "better-sqlite3";
import { bagsDiffer } from "./bags-differ.ts";
import { byNumber } from "./by-number.ts";
import { fromPostgres, fromSqlite } from "./canonical-cell.ts";
import { postgresText } from "./postgres-text.ts";
import { whatChanges } from "./what-changes.ts";

/** Rows beyond which two results are not compared. */
const mostRows = 10_000;

/** What running a query on both engines showed. */
export type Comparison =
  | { readonly result: "same"; readonly rows: number }
  | { readonly result: "different"; readonly difference: RowDifference }
  | { readonly result: "skipped"; readonly reason: string };

/** Both engines' forms of one query, and where each is run. */
export interface QueryPair {
  readonly db: Database;
  readonly original: string;
  /** The parsed original. */
  readonly statement: SelectStatement;
  readonly session: PostgresSession;
  readonly translated: string;
  /** Of both forms, by their numbers. */
  readonly parameters: readonly SqliteValue[];
}

/**
 * Runs a query on both engines and compares the rows, each value in its canonical form. Rows of a query without ORDER BY are
 * compared as a bag. Whoever calls makes sure that both sides hold the same data.
 */
export async function compareRows({ db, original, statement, session, translated, parameters }: QueryPair): Promise<Comparison> {
  const passing = whatChanges(statement);
  if (passing !== undefined) return { result: "skipped", reason: `its rows depend on ${passing}` };
  let sqlite: unknown[][];
  try {
    sqlite = readSqlite(db, original, parameters);
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return { result: "skipped", reason: `SQLite does not run it here: ${problem.message}` };
  }
  if (sqlite.length > mostRows) return { result: "skipped", reason: `it gives more than ${mostRows} rows` };
  let rows: readonly (readonly (string | null)[])[];
  let types: readonly number[];
  try {
    types = (await session.describe(translated)).columns.map((column) => column.typeOid);
    rows = (await session.query(translated, parameters.map(postgresText))).rows;
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    return { result: "different", difference: { kind: "failure", message: `SQLite gives ${sqlite.length} rows, PostgreSQL an error: ${problem.message}` } };
  }
  const left = sqlite.map((row) => JSON.stringify(row.map((value, i) => fromSqlite(value, types[i] ?? 0))));
  const right = rows.map((row) => JSON.stringify(row.map((value, i) => fromPostgres(value, types[i] ?? 0))));
  if (left.length === right.length && left.every((row, i) => row === right[i])) return { result: "same", rows: left.length };
  const message = bagsDiffer(left, right);
  if (message !== undefined) return { result: "different", difference: { kind: "rows", message } };
  return statement.orderBy === undefined ? { result: "same", rows: left.length } : { result: "different", difference: { kind: "order", message: "both give the same rows, in another order" } };
}

function readSqlite(db: Database, sql: string, parameters: readonly SqliteValue[]): unknown[][] {
  const rows: unknown[][] = [];
  for (const row of db.prepare<unknown[], unknown[]>(sql).raw().iterate(...byNumber(parameters))) {
    rows.push(row);
    if (rows.length > mostRows) break;
  }
  return rows;
}
