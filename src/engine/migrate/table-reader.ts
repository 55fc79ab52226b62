import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { makeLineReader, type LineReader } from "../checksum/line-reader.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import type { BadRow } from "./bad-row.ts";
import { lineExpression } from "./chunk-sql.ts";
import type { CopiedTable } from "./copied-table.ts";
import { formatLine, quoted } from "./copy-format.ts";
import { cellJson } from "./kept-row.ts";
import { largeRowReader } from "./large-row.ts";
import { decodeText, type SqliteCell, type TextEncoding } from "./sqlite-cell.ts";
import { encodeValue } from "./value-codec.ts";

/** Some rows on their way: the lines of those that the target can take, and the others. */
export interface Chunk {
  /** Whole lines for COPY. */
  readonly bytes: Buffer;
  /** Lines in `bytes`. */
  readonly rows: number;
  /** The sum of the lines' hashes. */
  readonly checksum: bigint;
  readonly bad: readonly BadRow[];
  /** The rowid of the last row of the chunk, undefined for a table without. */
  readonly lastKey: bigint | undefined;
}

/** One row with its line, where one row at a time matters. */
export interface ReadRow {
  /** As in {@link BadRow}. */
  readonly key: string;
  readonly rowid: bigint | undefined;
  readonly line: string;
  readonly json: string;
}

/** Reads one table's rows as COPY lines, in the order of the rowid. */
export interface TableReader {
  /** Chunks with `from <= rowid <= to`; undefined stands for no bound. A table without rowid has no bounds. */
  chunks(from: bigint | undefined, to: bigint | undefined): Generator<Chunk>;
  /** The same rows one by one, as {@link ReadRow} or {@link BadRow}. */
  rows(from: bigint | undefined, to: bigint | undefined): Generator<ReadRow | BadRow>;
}

/** Bytes of lines that a chunk is meant to have, and must not go far beyond. */
const chunkBytes = 512 << 10;
/** Stored bytes beyond which a chunk is made of fewer rows. */
const mostStoredBytes = 8 << 20;
const mostRows = 20_000;

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** Gives a reader on a table. The connection must be of safe integers and its own: no other statement may run while chunks are taken. */
export function tableReader(db: Database, table: CopiedTable): TableReader {
  const encoding = textEncoding(db);
  const slow = rowReader(db, table, encoding);
  const reader = makeLineReader(table.columns);
  if (table.rowid === undefined || encoding !== "UTF-8") return { rows: slow, chunks: (from, to) => gather(reader, slow(from, to)) };

  const name = sqliteIdentifier(table.name);
  const { rowid, columns } = table;
  const wide = columns.filter((column) => quoted[column.type] || column.type === "bytea").map((column) => `ifnull(octet_length(${sqliteIdentifier(column.name)}), 0)`);
  const range = `FROM ${name} WHERE ${rowid} >= ? AND ${rowid} <= ? ORDER BY ${rowid} LIMIT ?`;
  const fast = db
    .prepare<[bigint, bigint, number], [Buffer | null, bigint | null, bigint]>(
      `SELECT CAST(group_concat(line, char(10)) || char(10) AS BLOB), max(k), count(*) FROM (SELECT ${rowid} AS k, ${lineExpression(columns, sqliteIdentifier)} AS line ${range})`,
    )
    .raw();
  const sizes =
    wide.length === 0
      ? undefined
      : db.prepare<[bigint, bigint, number], [bigint | null]>(`SELECT sum(size) FROM (SELECT ${wide.join(" + ")} AS size ${range})`).raw();

  const first = db.prepare<[bigint, bigint], [bigint]>(`SELECT ${rowid} FROM ${name} WHERE ${rowid} >= ? AND ${rowid} <= ? ORDER BY ${rowid} LIMIT 1`).raw();
  const largestRow = wide.length === 0 ? 0 : largestPayload(db, table.name);

  let readLarge: ((id: bigint) => Buffer | undefined) | undefined;
  function* chunks(from: bigint | undefined, to: bigint | undefined): Generator<Chunk> {
    const last = to ?? largest;
    let next = from ?? smallest;
    let rows = 256;
    for (;;) {
      // Lengths are in the rows' headers: a chunk that would be too large is known before its values are read.
      while (rows > 1 && sizes !== undefined && rows * largestRow > mostStoredBytes && Number(sizes.get(next, last, rows)?.[0] ?? 0n) > mostStoredBytes) rows = Math.max(1, rows >> 2);
      // Putting the line of a large row together in SQL would hold it several times over.
      if (rows === 1 && largestRow > mostStoredBytes && Number(sizes?.get(next, last, 1)?.[0] ?? 0n) > mostStoredBytes) {
        const large = first.get(next, last)?.[0];
        if (large === undefined) return;
        readLarge ??= largeRowReader(db, table, rowid);
        const line = readLarge(large);
        if (line !== undefined && reader.read(line) && reader.rows === 1) yield { bytes: line, rows: 1, checksum: reader.sum, bad: [], lastKey: large };
        else yield* gather(reader, slow(large, large), large);
        if (large >= last) return;
        next = large + 1n;
        continue;
      }
      const [bytes, key, count] = fast.get(next, last, rows) ?? [null, null, 0n];
      if (bytes === null || key === null || count === 0n) return;
      const sure = !bytes.includes(0) && isUtf8(bytes) && reader.read(bytes) && reader.rows === Number(count);
      if (sure) yield { bytes, rows: reader.rows, checksum: reader.sum, bad: [], lastKey: key };
      else yield* gather(reader, slow(next, key), key);
      if (key >= last) return;
      next = key + 1n;
      rows = Math.min(mostRows, rows * 4, Math.max(1, Math.floor((Number(count) * chunkBytes) / bytes.length)));
    }
  }
  return { rows: slow, chunks };
}

/** The largest row of a table, in stored bytes. @see https://www.sqlite.org/dbstat.html */
function largestPayload(db: Database, table: string): number {
  return Number(db.prepare<[string], [bigint | null]>("SELECT mx_payload FROM dbstat WHERE name = ? COLLATE NOCASE AND aggregate = TRUE").raw().get(table)?.[0] ?? 0n);
}

function textEncoding(db: Database): TextEncoding {
  const encoding = db.pragma("encoding", { simple: true });
  return encoding === "UTF-16le" || encoding === "UTF-16be" ? encoding : "UTF-8";
}

/** Joins rows to chunks; `end` is the rowid that the last chunk ends with although its last rows may be bad. */
function* gather(reader: LineReader, rows: Iterable<ReadRow | BadRow>, end?: bigint): Generator<Chunk> {
  let lines: string[] = [];
  let bad: BadRow[] = [];
  let size = 0;
  let lastKey: bigint | undefined;
  const chunk = (key: bigint | undefined): Chunk => {
    const bytes = Buffer.from(lines.join(""), "utf8");
    reader.read(bytes);
    return { bytes, rows: lines.length, checksum: reader.sum, bad, lastKey: key };
  };
  for (const row of rows) {
    if ("line" in row) {
      lines.push(row.line);
      size += row.line.length;
      lastKey = row.rowid;
    } else {
      bad.push(row);
      size += row.row.length;
    }
    // A chunk that says where it ends must end with a row that knows.
    if (size < chunkBytes || !("line" in row)) continue;
    yield chunk(lastKey);
    lines = [];
    bad = [];
    size = 0;
  }
  if (lines.length + bad.length > 0 || end !== undefined) yield chunk(end ?? lastKey);
}

/** Reads rows value by value, with every storage class and byte as it is. */
function rowReader(db: Database, table: CopiedTable, encoding: TextEncoding): TableReader["rows"] {
  const { columns, rowid } = table;
  const names = columns.map((column) => sqliteIdentifier(column.name));
  const joined = (parts: readonly string[]): string => {
    const groups: string[] = [];
    for (let at = 0; at < parts.length; at += 500) groups.push(`concat_ws(',', ${parts.slice(at, at + 500).join(", ")})`);
    return groups.length === 1 ? (groups[0] ?? "''") : `concat_ws(',', ${groups.join(", ")})`;
  };
  const selected = [
    joined(names.map((c) => `typeof(${c})`)),
    joined(names.map((c) => `iif(typeof(${c}) = 'real', CAST(${c} AS TEXT), '')`)),
    rowid ?? "NULL",
    ...names.map((c) => `iif(typeof(${c}) = 'text', CAST(${c} AS BLOB), ${c})`),
  ].join(", ");
  const from = `FROM ${sqliteIdentifier(table.name)}`;
  const types = columns.map((column) => column.type);

  return function* rows(first, last) {
    const sql = rowid === undefined ? `SELECT ${selected} ${from}` : `SELECT ${selected} ${from} WHERE ${rowid} >= ? AND ${rowid} <= ? ORDER BY ${rowid}`;
    const statement = db.prepare<bigint[], readonly unknown[]>(sql).raw();
    let place = 0;
    for (const row of rowid === undefined ? statement.iterate() : statement.iterate(first ?? smallest, last ?? largest)) {
      const [classes, renderings, id] = row;
      if (typeof classes !== "string" || typeof renderings !== "string") throw new TypeError("SQLite gave no storage classes");
      const kinds = classes.split(",");
      const reals = renderings.split(",");
      const cells = columns.map((_, i) => makeCell(kinds[i], row[i + 3], reals[i]));
      place++;
      const key = typeof id === "bigint" ? `rowid ${id}` : (keyText(table, cells, encoding) ?? `row ${place}`);
      let refusal: Pick<BadRow, "column" | "storageClass" | "reason"> | undefined;
      const texts: (string | null)[] = [];
      for (const [i, cell] of cells.entries()) {
        const column = columns[i];
        if (column === undefined) break;
        if (cell.kind === "null") {
          if (column.notNull) refusal ??= { column: column.name, storageClass: "null", reason: "NULL in a column that is NOT NULL in PostgreSQL" };
          texts.push(null);
          continue;
        }
        const encoded = encodeValue(cell, column.type, encoding);
        if ("reason" in encoded) refusal ??= { column: column.name, storageClass: cell.kind, reason: encoded.reason };
        else texts.push(encoded.text);
      }
      const json = (): string => rowJson(table, cells, encoding);
      if (refusal === undefined) {
        yield {
          key,
          rowid: typeof id === "bigint" ? id : undefined,
          line: formatLine(texts, types),
          get json() {
            return json();
          },
        };
      } else {
        yield { table: table.name, key, ...refusal, row: json() };
      }
    }
  };
}

function makeCell(kind: string | undefined, value: unknown, rendering: string | undefined): SqliteCell {
  if (kind === "null") return { kind };
  if (kind === "integer" && typeof value === "bigint") return { kind, value };
  if (kind === "real" && typeof value === "number") return { kind, value, rendering: rendering ?? "" };
  if ((kind === "text" || kind === "blob") && Buffer.isBuffer(value)) return { kind, bytes: value };
  throw new TypeError(`SQLite gave ${typeof value} for a value of class ${String(kind)}`);
}

/** A row as JSON, every value with its storage class. */
function rowJson(table: CopiedTable, cells: readonly SqliteCell[], encoding: TextEncoding): string {
  return JSON.stringify(Object.fromEntries(cells.map((cell, i) => [table.columns[i]?.name ?? "", cellJson(cell, encoding)])));
}

/** The primary key's columns and values, so that no two rows have the same; undefined without a key, or with NULL in it. */
function keyText(table: CopiedTable, cells: readonly SqliteCell[], encoding: TextEncoding): string | undefined {
  const parts: string[] = [];
  for (const name of table.key) {
    const cell = cells[table.columns.findIndex((column) => column.name === name)];
    if (cell === undefined || cell.kind === "null") return undefined;
    if (cell.kind === "text") {
      const text = decodeText(cell.bytes, encoding);
      parts.push(`${name} ${text === undefined ? `text ${shortened(cell.bytes.toString("hex"))}` : JSON.stringify(shortened(text))}`);
    } else parts.push(`${name} ${cell.kind === "blob" ? `x'${shortened(cell.bytes.toString("hex"))}'` : String(cell.value)}`);
  }
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** A long text by its first 200 characters and a digest of all of it. */
function shortened(text: string): string {
  return text.length <= 400 ? text : `${/^.{200}/su.exec(text)?.[0] ?? text}… ${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
