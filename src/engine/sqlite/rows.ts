import type { Database } from "better-sqlite3";

/** A value as SQLite stores it; integers are bigint, because a source is opened with safe integers. */
export type SqliteValue = null | bigint | number | string | Buffer;

/** One row as an array of its values. */
export type SqliteRow = readonly SqliteValue[];

/** Runs a query and gives its rows as arrays. */
export function queryRows(db: Database, sql: string, ...parameters: SqliteValue[]): SqliteRow[] {
  return db.prepare<SqliteValue[], SqliteRow>(sql).raw(true).all(...parameters);
}

/** Writes a SQLite name so that any name is taken as exactly that name. */
export function sqliteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The text of a value that a query gives as text; an empty string for NULL. */
export function textOf(value: SqliteValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The number of a value that a query gives as a small integer; 0 for NULL. */
export function numberOf(value: SqliteValue | undefined): number {
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : 0;
}
