import type { CopiedTable } from "#engine/migrate/copied-table.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { loadDriver } from "#engine/sqlite/driver.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { sqliteIdentifier } from "#engine/sqlite/rows.ts";
import type { Database } from "better-sqlite3";

/** A copy of a source in memory that may be written to, with foreign keys heeded as PostgreSQL does. Close it. */
export interface Scratch {
  readonly db: Database;
  /** What tells how a table has changed since the copy was made, on both engines. */
  readonly watch: (table: CopiedTable, session: PostgresSession) => Promise<WatchedTable>;
  readonly close: () => void;
}


/** A table whose rows as they were before every change are kept beside it. */
export interface WatchedTable {
  readonly name: string;
  /** Its new rows, marked 1, and those that are gone, marked -1: the mark, then the columns. */
  readonly sqliteQuery: string;
  readonly postgresQuery: string;
  readonly sqliteCount: string;
  readonly postgresCount: string;
  /** Of PostgreSQL's columns, in the queries' order. */
  readonly types: readonly number[];
}

/** Sources larger than this, in bytes, are not copied into memory. */
const mostBytes = 64 * 2 ** 20;

/** The schema of the tables' first state, on either side. */
const before = "cutover_before";

/** Undefined for a source that is empty or too large. */
export async function openScratch(source: Source): Promise<Scratch | undefined> {
  const size = Number(source.db.pragma("page_count", { simple: true })) * Number(source.db.pragma("page_size", { simple: true }));
  if (size === 0 || size > mostBytes) return undefined;
  const open = await loadDriver();
  const image = source.db.serialize();
  // The image of a database in WAL mode says so, and memory has no log. https://www.sqlite.org/fileformat.html#file_format_version_numbers
  if (image[18] === 2) image.fill(1, 18, 20);
  const db = new open(image);
  db.defaultSafeIntegers(true);
  db.pragma("foreign_keys = on");
  db.exec(`ATTACH ':memory:' AS ${before}`);
  const watched = new Map<string, Promise<WatchedTable>>();
  return {
    db,
    watch: (table, session) => {
      const known = watched.get(table.name) ?? watch(table, db, session);
      watched.set(table.name, known);
      return known;
    },
    close: () => void db.close(),
  };
}

async function watch(table: CopiedTable, db: Database, session: PostgresSession): Promise<WatchedTable> {
  const name = sqliteIdentifier(table.name);
  const columns = table.columns.map((column) => sqliteIdentifier(column.name));
  // By a collation of its own a column's change of case would be none.
  const exact = columns.map((column) => `${column} COLLATE BINARY`).join(", ");
  db.exec(`CREATE TABLE ${before}.${name} AS SELECT ${columns.join(", ")} FROM main.${name}`);
  const targets = table.columns.map((column) => `"${column.target.replaceAll('"', '""')}"`).join(", ");
  const copy = `${before}.${name}`;
  await session.query(`CREATE SCHEMA IF NOT EXISTS ${before}`);
  await session.query(`CREATE TABLE ${copy} AS SELECT ${targets} FROM ${table.target}`);
  const { columns: described } = await session.describe(`SELECT ${targets} FROM ${table.target}`);
  const changes = (now: string, then: string): string => `SELECT 1, * FROM (${now} EXCEPT ${then}) AS added UNION ALL SELECT -1, * FROM (${then} EXCEPT ${now}) AS removed`;
  return {
    name: table.name,
    sqliteQuery: changes(`SELECT ${exact} FROM main.${name}`, `SELECT ${exact} FROM ${before}.${name}`),
    postgresQuery: changes(`SELECT ${targets} FROM ${table.target}`, `SELECT * FROM ${copy}`),
    sqliteCount: `SELECT count(*) FROM main.${name}`,
    postgresCount: `SELECT count(*) FROM ${table.target}`,
    types: described.map((column) => column.typeOid),
  };
}
