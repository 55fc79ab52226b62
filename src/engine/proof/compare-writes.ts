import { nodesOfKind } from "#core/sql/walk.ts";
import type { DeleteStatement, InsertStatement, UpdateStatement } from "#core/sql/nodes.ts";
import type { CopiedTable } from "#engine/migrate/copied-table.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import { sqliteIdentifier, type SqliteValue } from "#engine/sqlite/rows.ts";
import type { Database } from "better-sqlite3";
import { bagsDiffer } from "./bags-differ.ts";
import { byNumber } from "./by-number.ts";
import { fromPostgres, fromSqlite } from "./canonical-cell.ts";
import type { Comparison } from "./compare-rows.ts";
import { postgresText } from "./postgres-text.ts";
import { whatChanges } from "./what-changes.ts";

export type Change = InsertStatement | UpdateStatement | DeleteStatement;

/** Both engines' forms of one change of rows, where each is run, and the tables to look at behind it. */
export interface ChangePair {
  /** A copy of the source that may be written to. */
  readonly scratch: Database;
  readonly original: string;
  readonly statement: Change;
  readonly session: PostgresSession;
  readonly translated: string;
  readonly parameters: readonly SqliteValue[];
  readonly tables: readonly CopiedTable[];
  /** Statements that bring PostgreSQL's sequences to where SQLite's ids are: what they gave out is not undone with a transaction. */
  readonly sequences: readonly string[];
}

/** What one engine made of a change: its RETURNING rows and the tables behind it, or its refusal. */
type Left = { readonly refused: string } | { readonly rows: readonly string[]; readonly tables: readonly (readonly string[])[] };

/** Makes a change on both engines, compares the tables and the rows returned, and undoes it. `rows` counts those of the tables. */
export async function compareWrites(pair: ChangePair): Promise<Comparison> {
  const passing = whatChanges(pair.statement);
  if (passing !== undefined) return { result: "skipped", reason: `it depends on ${passing}` };
  const columnTypes = await Promise.all(pair.tables.map(async (table) => (await pair.session.describe(`SELECT ${columnsOf(table)} FROM ${table.target}`)).columns.map((column) => column.typeOid)));
  const returned = nodesOfKind(pair.statement, "ReturningClause").length > 0 ? (await pair.session.describe(pair.translated)).columns.map((column) => column.typeOid) : [];
  const sqlite = onSqlite(pair, returned, columnTypes);
  const postgres = await onPostgres(pair, returned, columnTypes);
  if ("refused" in sqlite) {
    if ("refused" in postgres) return { result: "skipped", reason: `both engines refuse it with these values: ${sqlite.refused}` };
    return { result: "different", difference: { kind: "failure", message: `SQLite refuses it (${sqlite.refused}), PostgreSQL does not` } };
  }
  if ("refused" in postgres) return { result: "different", difference: { kind: "failure", message: `SQLite makes the change, PostgreSQL gives an error: ${postgres.refused}` } };
  const rows = bagsDiffer(sqlite.rows, postgres.rows);
  if (rows !== undefined) return { result: "different", difference: { kind: "rows", message: `the rows returned differ: ${rows}` } };
  for (const [i, { name }] of pair.tables.entries()) {
    const message = bagsDiffer(sqlite.tables[i] ?? [], postgres.tables[i] ?? []);
    if (message !== undefined) return { result: "different", difference: { kind: "rows", message: `behind it "${name}" differs: ${message}` } };
  }
  return { result: "same", rows: sqlite.tables.reduce((sum, table) => sum + table.length, 0) };
}

function columnsOf(table: CopiedTable): string {
  return table.columns.map((column) => `"${column.target.replaceAll('"', '""')}"`).join(", ");
}

function onSqlite({ scratch, original, parameters, tables }: ChangePair, returned: readonly number[], types: readonly (readonly number[])[]): Left {
  scratch.exec("BEGIN");
  try {
    const statement = scratch.prepare<unknown[], unknown[]>(original);
    const values = byNumber(parameters);
    const rows = statement.reader ? statement.raw().all(...values) : [];
    if (!statement.reader) statement.run(...values);
    return {
      rows: rows.map((row) => rendered(row, returned)),
      tables: tables.map((table, i) => {
        const columns = table.columns.map((column) => sqliteIdentifier(column.name)).join(", ");
        return scratch.prepare<[], unknown[]>(`SELECT ${columns} FROM ${sqliteIdentifier(table.name)}`).raw().all().map((row) => rendered(row, types[i] ?? []));
      }),
    };
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return { refused: problem.message };
  } finally {
    if (scratch.inTransaction) scratch.exec("ROLLBACK");
  }
}

function rendered(row: readonly unknown[], types: readonly number[]): string {
  return JSON.stringify(row.map((value, i) => moment(fromSqlite(value, types[i] ?? 0))));
}

async function onPostgres({ session, translated, parameters, tables, sequences }: ChangePair, returned: readonly number[], types: readonly (readonly number[])[]): Promise<Left> {
  for (const sequence of sequences) await session.query(sequence);
  await session.query("BEGIN");
  try {
    const render = (row: readonly (string | null)[], of: readonly number[]): string => JSON.stringify(row.map((value, i) => moment(fromPostgres(value, of[i] ?? 0))));
    const rows = (await session.query(translated, parameters.map(postgresText))).rows.map((row) => render(row, returned));
    const behind: string[][] = [];
    for (const [i, table] of tables.entries()) behind.push((await session.query(`SELECT ${columnsOf(table)} FROM ${table.target}`)).rows.map((row) => render(row, types[i] ?? [])));
    return { rows, tables: behind };
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    return { refused: problem.message };
  } finally {
    await session.query("ROLLBACK");
  }
}

/** How long both engines may take between them, in milliseconds. */
const moments = 60_000;

/** Both write the time of the change, a moment apart. */
function moment(cell: string | null): string | null {
  if (cell === null || !/^t:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(cell)) return cell;
  return Math.abs(Date.now() - Date.parse(`${cell.slice(2, 21).replace(" ", "T")}Z`)) < moments ? "the time of the change" : cell;
}
