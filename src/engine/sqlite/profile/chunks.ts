import type { Database } from "better-sqlite3";
import type { Table } from "#core/schema/catalog.ts";
import { foldName } from "#core/schema/decision.ts";
import { numberOf, queryRows, sqliteIdentifier, type SqliteRow, type SqliteValue } from "../rows.ts";
import type { Chunk } from "./scan-table.ts";

/** Rows in the first chunk of a table: enough to see what its columns hold and how long its rows are. */
const firstRows = 256;
/** Rows in one chunk at most. */
const mostRows = 8192;
/** Values in one chunk at most: some hundredths of a second, after which others get their turn. */
const mostValues = 200_000;
/** Bytes of text in one chunk, as far as rows before it tell. */
const mostBytes = 1_000_000;

/** How long the rows of a table have been so far. */
export interface RowSize {
  rows: number;
  bytes: number;
}

/** The names by which SQLite knows a rowid, as long as no column has the name. */
export function rowidName(table: Table): string | undefined {
  if (table.withoutRowid) return undefined;
  const taken = new Set(table.columns.map((column) => foldName(column.name)));
  return table.rowidAlias === undefined ? ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name)) : sqliteIdentifier(table.rowidAlias);
}

/**
 * A table in pieces, each found when it is asked for: by ranges of its rowid or of its primary key, or by LIMIT and OFFSET where there is
 * neither. `size`, which the caller keeps up to date, tells how many rows make a piece.
 */
export function* chunksOf(db: Database, table: Table, size: RowSize): Generator<Chunk> {
  const name = sqliteIdentifier(table.name);
  const rowid = rowidName(table);
  if (rowid !== undefined) {
    yield* byRowid(db, table, rowid, size);
    return;
  }
  const keys = orderedKey(table);
  if (keys !== undefined) {
    const sorted = keys.join(", ");
    const after = (sign: string): string => `(${sorted}) ${sign} (${keys.map(() => "?").join(", ")})`;
    const ends = { first: `SELECT ${sorted} FROM ${name} ORDER BY ${sorted} LIMIT 1 OFFSET ?`, next: `SELECT ${sorted} FROM ${name} WHERE ${after(">")} ORDER BY ${sorted} LIMIT 1 OFFSET ?` };
    let last: SqliteRow | undefined;
    for (;;) {
      let rows = rowsOf(table, size);
      let end: SqliteRow | undefined;
      // A text that is not valid UTF-8 cannot be given back to SQLite as it is: then the next row is the end.
      do end = queryRows(db, last === undefined ? ends.first : ends.next, ...(last ?? []), BigInt(rows - 1))[0];
      while (end !== undefined && !end.every(isExact) && rows++ < 2 * mostRows);
      if (end !== undefined && !end.every(isExact)) break;
      const bounds: string[] = [...(last === undefined ? [] : [after(">")]), ...(end === undefined ? [] : [after("<=")])];
      yield { from: `${name}${bounds.length === 0 ? "" : ` WHERE ${bounds.join(" AND ")}`}`, parameters: [...(last ?? []), ...(end ?? [])] };
      if (end === undefined) return;
      last = end;
    }
    if (last !== undefined) {
      yield* byOffset(db, table, `${name} WHERE ${after(">")}`, last);
      return;
    }
  }
  yield* byOffset(db, table, name, []);
}

/** Pieces by ranges of rowids. Where most rowids are taken, a range need not be counted out. */
function* byRowid(db: Database, table: Table, rowid: string, size: RowSize): Generator<Chunk> {
  const name = sqliteIdentifier(table.name);
  let first = queryRows(db, `SELECT ${rowid} FROM ${name} ORDER BY ${rowid} LIMIT 1`)[0]?.[0];
  let span = 0n;
  if (first === undefined) yield { from: name, parameters: [] };
  while (typeof first === "bigint") {
    const rows = rowsOf(table, size);
    const dense: boolean = BigInt(size.rows) * 2n > span;
    const end: SqliteValue | undefined = dense ? first + BigInt(rows - 1) : queryRows(db, `SELECT ${rowid} FROM ${name} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ?`, first, BigInt(rows - 1))[0]?.[0];
    const last: bigint = typeof end === "bigint" && end < greatest ? end : greatest;
    yield { from: `${name} WHERE ${rowid} BETWEEN ? AND ?`, parameters: [first, last] };
    if (last === greatest) return;
    span += last - first + 1n;
    first = queryRows(db, `SELECT ${rowid} FROM ${name} WHERE ${rowid} > ? ORDER BY ${rowid} LIMIT 1`, last)[0]?.[0];
  }
}

/** The greatest rowid that there can be. */
const greatest = 2n ** 63n - 1n;

/** As many rows as a chunk may have. */
const rowsInChunk = 2 ** 15 - 1;

function* byOffset(db: Database, table: Table, from: string, parameters: readonly SqliteValue[]): Generator<Chunk> {
  const all = numberOf(queryRows(db, `SELECT count(*) FROM ${from}`, ...parameters)[0]?.[0]);
  // In the result of a subquery SQLite calls no column true or false.
  if (all <= rowsInChunk && table.columns.some((column) => /^(?:true|false)$/i.test(column.name))) {
    yield { from, parameters };
    return;
  }
  for (let offset = 0; offset === 0 || offset < all; offset += mostRows) yield { from: `(SELECT * FROM ${from} LIMIT ${mostRows} OFFSET ?)`, parameters: [...parameters, BigInt(offset)] };
}

function rowsOf(table: Table, { rows, bytes }: RowSize): number {
  const wide = Math.max(1, Math.floor(mostValues / Math.max(1, table.columns.length)));
  const long = bytes === 0 ? mostRows : Math.max(1, Math.floor((mostBytes * rows) / bytes));
  return Math.min(rows === 0 ? firstRows : mostRows, wide, long);
}

/** The primary key of a table WITHOUT ROWID, if comparing its columns is comparing its keys. Those of others may hold NULLs. */
function orderedKey(table: Table): string[] | undefined {
  const { primaryKey } = table;
  if (!table.withoutRowid || primaryKey === undefined || primaryKey.collations.some((collation) => collation !== undefined)) return undefined;
  const columns = primaryKey.columns.map((column) => table.columns.find((each) => each.name === column));
  return columns.every((column) => column !== undefined && column.collation === undefined) ? primaryKey.columns.map(sqliteIdentifier) : undefined;
}

/** Whether a value that SQLite gave is the same when it is given back. */
function isExact(value: SqliteValue): boolean {
  return typeof value !== "string" || !(value.includes("\uFFFD") || value.includes("\0"));
}
