import { nodesOfKind } from "#core/sql/walk.ts";
import type { DeleteStatement, InsertStatement, UpdateStatement } from "#core/sql/nodes.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import type { SqliteValue } from "#engine/sqlite/rows.ts";
import { bagsDiffer } from "./bags-differ.ts";
import { byNumber } from "./by-number.ts";
import { fromPostgres, fromSqlite } from "./canonical-cell.ts";
import type { Comparison } from "./compare-rows.ts";
import { postgresText } from "./postgres-text.ts";
import type { Scratch, WatchedTable } from "./scratch.ts";
import { whatChanges } from "./what-changes.ts";

export type Change = InsertStatement | UpdateStatement | DeleteStatement;

/** Both engines' forms of one change of rows, where each is run, and the tables to look at behind it. */
export interface ChangePair {
  readonly original: string;
  readonly statement: Change;
  readonly translated: string;
  readonly parameters: readonly SqliteValue[];
  readonly scratch: Scratch;
  readonly session: PostgresSession;
  readonly tables: readonly WatchedTable[];
  /** Statements that bring PostgreSQL's sequences to where SQLite's ids are: what they gave out is not undone with a transaction. */
  readonly sequences: readonly string[];
}

/** What one engine made of a change: its RETURNING rows, and of each table the rows that are new or gone, and how many there are. */
type Left = { readonly refused: string } | { readonly returned: readonly string[]; readonly tables: readonly TableChange[] };

interface TableChange {
  readonly changes: readonly string[];
  readonly rows: number;
}

/** Makes a change on both engines, compares what it did to the tables and the rows it returned, and undoes it. `rows` counts those it touched. */
export async function compareWrites(pair: ChangePair): Promise<Comparison> {
  const passing = whatChanges(pair.statement);
  if (passing !== undefined) return { result: "skipped", reason: `it depends on ${passing}` };
  const returned = nodesOfKind(pair.statement, "ReturningClause").length > 0 ? (await pair.session.describe(pair.translated)).columns.map((column) => column.typeOid) : [];
  const sqlite = onSqlite(pair, returned);
  const postgres = await onPostgres(pair, returned);
  if ("refused" in sqlite) {
    if ("refused" in postgres) return { result: "skipped", reason: `both engines refuse it with these values: ${sqlite.refused}` };
    return { result: "different", difference: { kind: "failure", message: `SQLite refuses it (${sqlite.refused}), PostgreSQL does not` } };
  }
  if ("refused" in postgres) return { result: "different", difference: { kind: "failure", message: `SQLite makes the change, PostgreSQL gives an error: ${postgres.refused}` } };
  const differs = (message: string): Comparison => ({ result: "different", difference: { kind: "rows", message } });
  const rows = bagsDiffer(sqlite.returned, postgres.returned);
  if (rows !== undefined) return differs(`the rows returned differ: ${rows}`);
  let touched = sqlite.returned.length;
  for (const [i, { name }] of pair.tables.entries()) {
    const [left, right] = [sqlite.tables[i], postgres.tables[i]];
    if (left === undefined || right === undefined) continue;
    if (left.rows !== right.rows) return differs(`behind it "${name}" has ${left.rows} rows on SQLite and ${right.rows} on PostgreSQL`);
    const changed = bagsDiffer(left.changes, right.changes);
    if (changed !== undefined) return differs(`what it changed in "${name}" differs (1 before a new row, -1 before one that is gone): ${changed}`);
    touched += left.changes.length;
  }
  return { result: "same", rows: touched };
}

function onSqlite({ scratch: { db }, original, parameters, tables }: ChangePair, returned: readonly number[]): Left {
  db.exec("BEGIN");
  try {
    const statement = db.prepare<unknown[], unknown[]>(original);
    const values = byNumber(parameters);
    const rows = statement.reader ? statement.raw().all(...values) : [];
    if (!statement.reader) statement.run(...values);
    const read = (sql: string, types: readonly number[]): string[] => db.prepare<[], unknown[]>(sql).raw().all().map((row) => rendered(row, types));
    return {
      returned: rows.map((row) => rendered(row, returned)),
      tables: tables.map(({ sqliteQuery, sqliteCount, types }) => ({ changes: read(sqliteQuery, [mark, ...types]), rows: Number(db.prepare<[], [bigint]>(sqliteCount).raw().get()?.[0] ?? 0n) })),
    };
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return { refused: problem.message };
  } finally {
    if (db.inTransaction) db.exec("ROLLBACK");
  }
}

function rendered(row: readonly unknown[], types: readonly number[]): string {
  return JSON.stringify(row.map((value, i) => moment(fromSqlite(value, types[i] ?? 0))));
}

async function onPostgres({ session, translated, parameters, tables, sequences }: ChangePair, returned: readonly number[]): Promise<Left> {
  for (const sequence of sequences) await session.query(sequence);
  await session.query("BEGIN");
  try {
    const read = async (sql: string, types: readonly number[], values: readonly (string | null)[] = []): Promise<string[]> =>
      (await session.query(sql, values)).rows.map((row) => JSON.stringify(row.map((value, i) => moment(fromPostgres(value, types[i] ?? 0)))));
    const rows = await read(translated, returned, parameters.map(postgresText));
    const behind: TableChange[] = [];
    for (const { postgresQuery, postgresCount, types } of tables) {
      behind.push({ changes: await read(postgresQuery, [mark, ...types]), rows: Number((await session.query(postgresCount)).rows[0]?.[0]) });
    }
    return { returned: rows, tables: behind };
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    return { refused: problem.message };
  } finally {
    await session.query("ROLLBACK");
  }
}

/** The type OID of a row's mark: integer. */
const mark = 23;

/** How long both engines may take between them, in milliseconds. */
const moments = 60_000;

/** Both write the time of the change, a moment apart. */
function moment(cell: string | null): string | null {
  if (cell === null || !/^t:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(cell)) return cell;
  return Math.abs(Date.now() - Date.parse(`${cell.slice(2, 21).replace(" ", "T")}Z`)) < moments ? "the time of the change" : cell;
}
