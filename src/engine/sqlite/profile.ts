import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";
import type { Catalog, Column, Table } from "#core/schema/catalog.ts";
import { columnKey, foldName, type ColumnProfile } from "#core/schema/decision.ts";
import { jsonFaithful } from "#core/schema/json-faithful.ts";
import { decodeText, type TextEncoding } from "#engine/migrate/sqlite-cell.ts";
import { sourceProblem, type Source } from "./open-source.ts";
import { numberOf, queryRows, sqliteIdentifier, textOf, type SqliteRow, type SqliteValue } from "./rows.ts";

/** How far a profile has come. */
export interface ProfileProgress {
  readonly table: string;
  /** Rows of this table scanned so far. */
  readonly rows: number;
  /** This table is finished. */
  readonly done: boolean;
}

export interface ProfileOptions {
  /** Only these tables, compared as SQLite compares names; all when absent. */
  readonly tables?: readonly string[];
  /** Looked at between chunks. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProfileProgress) => void;
}

/** Rows in the first chunk of a table: enough to see which patterns are not worth looking for in the others. */
const firstRows = 500;

/** Rows in one chunk: some tenths of a second, after which others get their turn. */
const chunkRows = 20_000;

/** Rows in one chunk of a table whose rows cannot be found by a rowid, so that each chunk reads past those before it. */
const offsetRows = 1_000_000;

/** Several counts in one sum: SQLite spends its time on the number of aggregates. No chunk has as many rows as this. */
const packing = 2 ** 21;

/** SQLite takes 2,000 result columns; columns of a table are looked at in groups below that. */
const groupColumns = 80;

/**
 * Looks at every value of every column, once, in SQL at SQLite's speed, and tells what was found per `columnKey`.
 * A table is read in chunks by rowid, so that memory stays flat and other work gets its turn in between.
 * A generated column that calls a function of the application's has no profile.
 * What has been found not to matter (a free text that is no date) is not looked for in later chunks.
 * @throws CutoverError source-locked, source-unreadable; the signal's reason when aborted.
 */
export async function profile(source: Source, catalog: Catalog, options: ProfileOptions = {}): Promise<Map<string, ColumnProfile>> {
  const wanted = options.tables?.map(foldName);
  const found = new Map<string, ColumnProfile>();
  registerFunctions(source.db);
  for (const table of catalog.tables) {
    if (wanted !== undefined && !wanted.includes(foldName(table.name))) continue;
    try {
      for (const [column, columnProfile] of await profileTable(source.db, table, options)) found.set(columnKey(table.name, column), columnProfile);
    } catch (cause) {
      if (options.signal?.aborted === true || !(cause instanceof Error && "code" in cause)) throw cause;
      throw sourceProblem(source.name, cause);
    }
  }
  return found;
}

/** Registers what SQLite has no function for; all of them are pure. */
function registerFunctions(db: Database): void {
  const encoding = encodingOf(db);
  const options = { deterministic: true, safeIntegers: true };
  // better-sqlite3 hands over an invalid text with U+FFFD in it: only a text with one, or with a NUL, needs its bytes looked at.
  db.function("cutover_suspicious", options, (text: unknown) => (typeof text === "string" && (text.includes("\uFFFD") || text.includes("\0")) ? 1 : 0));
  db.function("cutover_invalid", options, (bytes: unknown) => (Buffer.isBuffer(bytes) && decodeText(bytes, encoding) === undefined ? 1 : 0));
  db.function("cutover_nul", options, (bytes: unknown) => (Buffer.isBuffer(bytes) && decodeText(bytes, encoding)?.includes("\0") === true ? 1 : 0));
  db.function("cutover_json_faithful", options, (text: unknown) => (typeof text === "string" && jsonFaithful(text) ? 1 : 0));
}

function encodingOf(db: Database): TextEncoding {
  const name = textOf(queryRows(db, "PRAGMA encoding")[0]?.[0]);
  return name === "UTF-16le" || name === "UTF-16be" ? name : "UTF-8";
}

/** Counts while a table is scanned; one object for each column, changed in place. */
interface Tally {
  readonly column: Column;
  readonly expression: string;
  nulls: number;
  integers: number;
  reals: number;
  texts: number;
  blobs: number;
  min: bigint | undefined;
  max: bigint | undefined;
  maxLength: number;
  maxBytes: number;
  zeroOrOne: number;
  decimals: number;
  isoTimestamps: number;
  isoReworded: number;
  isoZoned: number;
  isoDates: number;
  jsonContainers: number;
  jsonUnfaithful: number;
  uuids: number;
  invalidUtf8: number;
  nulCharacters: number;
}

/** A chunk of a table: what stands after FROM, and its parameters. */
interface Chunk {
  readonly from: string;
  readonly parameters: readonly SqliteValue[];
  readonly rows: number;
}

async function profileTable(db: Database, table: Table, { signal, onProgress }: ProfileOptions): Promise<[Column, ColumnProfile][]> {
  const tallies = table.columns.filter((column) => canBeRead(db, table, column)).map(newTally);
  let rows = 0;
  for (const chunk of chunksOf(db, table)) {
    if (signal?.aborted === true) throw abortReason(signal);
    for (let i = 0; i < tallies.length; i += groupColumns) scanChunk(db, chunk, tallies.slice(i, i + groupColumns));
    rows += chunk.rows;
    onProgress?.({ table: table.name, rows, done: false });
    await nextTurn();
  }
  onProgress?.({ table: table.name, rows, done: true });
  return tallies.map((tally) => [tally.column, toProfile(tally, rows)]);
}

/** A generated column may call a function that only the application has; its values are then nobody's but the application's to tell. */
function canBeRead(db: Database, table: Table, column: Column): boolean {
  if (column.generated === undefined) return true;
  try {
    queryRows(db, `SELECT ${sqliteIdentifier(column.name)} FROM ${sqliteIdentifier(table.name)} LIMIT 1`);
    return true;
  } catch (problem) {
    if (problem instanceof Error && /(?:unknown|no such) function/.test(problem.message)) return false;
    throw problem;
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new CutoverError({ tag: "internal", what: "The profile was stopped", next: "Start it again." });
}

function newTally(column: Column): Tally {
  return {
    column,
    expression: sqliteIdentifier(column.name),
    nulls: 0, integers: 0, reals: 0, texts: 0, blobs: 0,
    min: undefined, max: undefined, maxLength: 0, maxBytes: 0, zeroOrOne: 0, decimals: 0,
    isoTimestamps: 0, isoReworded: 0, isoZoned: 0, isoDates: 0, jsonContainers: 0, jsonUnfaithful: 0, uuids: 0, invalidUtf8: 0, nulCharacters: 0,
  };
}

function toProfile(tally: Tally, rows: number): ColumnProfile {
  return {
    rows,
    nulls: tally.nulls,
    integers: tally.integers,
    reals: tally.reals,
    texts: tally.texts,
    blobs: tally.blobs,
    minInteger: tally.min,
    maxInteger: tally.max,
    maxLength: tally.maxLength,
    maxBytes: tally.maxBytes,
    zeroOrOne: tally.zeroOrOne,
    decimals: tally.decimals,
    isoTimestamps: tally.isoTimestamps,
    isoReworded: tally.isoReworded,
    isoZoned: tally.isoZoned,
    isoDates: tally.isoDates,
    jsonContainers: tally.jsonContainers,
    jsonUnfaithful: tally.jsonUnfaithful,
    uuids: tally.uuids,
    invalidUtf8: tally.invalidUtf8,
    nulCharacters: tally.nulCharacters,
  };
}

/** The names by which SQLite knows a rowid, as long as no column has the name. */
function rowidName(table: Table): string | undefined {
  if (table.withoutRowid) return undefined;
  const taken = new Set(table.columns.map((column) => foldName(column.name)));
  return table.rowidAlias === undefined ? ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name)) : sqliteIdentifier(table.rowidAlias);
}

/** Pieces of a table by ranges of rowids, the first one small; by LIMIT and OFFSET where no rowid can be named. */
function* chunksOf(db: Database, table: Table): Generator<Chunk> {
  const name = sqliteIdentifier(table.name);
  const rowid = rowidName(table);
  if (rowid === undefined) {
    const all = numberOf(queryRows(db, `SELECT count(*) FROM ${name}`)[0]?.[0]);
    for (let offset = 0; offset < all; offset += offsetRows) {
      yield { from: `(SELECT * FROM ${name} LIMIT ${offsetRows} OFFSET ${offset})`, parameters: [], rows: Math.min(offsetRows, all - offset) };
    }
    return;
  }
  let limit = firstRows;
  let first = queryRows(db, `SELECT min(${rowid}) FROM ${name}`)[0]?.[0];
  while (typeof first === "bigint") {
    const [last, rows] = queryRows(db, `SELECT max(r), count(*) FROM (SELECT ${rowid} AS r FROM ${name} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT ${limit})`, first)[0] ?? [];
    if (typeof last !== "bigint") return;
    yield { from: `${name} WHERE ${rowid} BETWEEN ? AND ?`, parameters: [first, last], rows: numberOf(rows) };
    limit = chunkRows;
    first = queryRows(db, `SELECT min(${rowid}) FROM ${name} WHERE ${rowid} > ?`, last)[0]?.[0];
  }
}

/** Two passes over one chunk, the second from the page cache: storage classes first, then what they call for. */
function scanChunk(db: Database, chunk: Chunk, tallies: readonly Tally[]): void {
  const classes = select(
    db,
    chunk,
    tallies.flatMap(({ expression: c }) => [
      `count(${c})`,
      `sum(CASE typeof(${c}) WHEN 'text' THEN ${packing} WHEN 'integer' THEN 1 WHEN 'real' THEN ${packing ** 2} ELSE 0 END)`,
    ]),
  );
  const work: Measure[] = [];
  const textual: Tally[] = [];
  tallies.forEach((tally, i) => {
    const filled = numberOf(classes[i * 2]);
    const [integers, texts, reals] = unpacked(classes[i * 2 + 1]);
    const blobs = filled - integers - reals - texts;
    work.push(...measuresOf(tally, { integers, reals, texts }, blobs));
    if (texts > 0) textual.push(tally);
    tally.nulls += chunk.rows - filled;
    tally.integers += integers;
    tally.reals += reals;
    tally.texts += texts;
    tally.blobs += blobs;
  });
  const suspicious =
    textual.length === 0 ? [] : [`sum(cutover_suspicious(concat_ws(char(1), ${textual.map(({ expression: c }) => `iif(typeof(${c}) = 'text', ${c}, NULL)`).join(", ")})))`];
  // LIMIT keeps the subquery: each column is then taken out of its row once, not once for every mention of it.
  // BINARY, because a comparison would ask for a collation that may be the application's own.
  const needed = tallies.map(({ expression: c }) => `${c} COLLATE BINARY AS ${c}`).join(", ");
  const measured = select(db, { ...chunk, from: `(SELECT ${needed} FROM ${chunk.from} LIMIT -1)` }, [...work.map((measure) => measure.sql), ...suspicious]);
  work.forEach((measure, i) => { measure.add(measured[i] ?? null); });
  if (suspicious.length > 0 && numberOf(measured.at(-1)) > 0) lookAtBytes(db, chunk, textual);
}

/** The counts of a packed sum, the lowest first. */
function unpacked(sum: SqliteValue | undefined): readonly [number, number, number] {
  const packed = typeof sum === "bigint" ? sum : 0n;
  const base = BigInt(packing);
  return [Number(packed % base), Number((packed / base) % base), Number(packed / base / base)];
}

/** One aggregate of the second pass and where its result goes. */
interface Measure {
  readonly sql: string;
  readonly add: (value: SqliteValue) => void;
}

const day = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
const clock = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]";
const uuid = [8, 4, 4, 4, 12].map((length) => "[0-9a-f]".repeat(length)).join("-");

/** At least half of the texts so far match, or there are none yet: worth looking on. */
function alive(tally: Tally, matches: number): boolean {
  return matches * 2 >= tally.texts;
}

function measuresOf(tally: Tally, counts: { readonly integers: number; readonly reals: number; readonly texts: number }, blobs: number): Measure[] {
  const c = tally.expression;
  const measures: Measure[] = [];
  const count = (condition: string, add: (found: number) => void): void => {
    measures.push({ sql: `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`, add: (value) => { add(numberOf(value)); } });
  };
  if (counts.integers > 0) {
    const value = counts.reals + counts.texts + blobs === 0 ? c : `iif(typeof(${c}) = 'integer', ${c}, NULL)`;
    measures.push(
      { sql: `min(${value})`, add: (found) => { if (typeof found === "bigint" && (tally.min === undefined || found < tally.min)) tally.min = found; } },
      { sql: `max(${value})`, add: (found) => { if (typeof found === "bigint" && (tally.max === undefined || found > tally.max)) tally.max = found; } },
    );
    if (tally.zeroOrOne === tally.integers) count(`typeof(${c}) = 'integer' AND ${c} BETWEEN 0 AND 1`, (found) => { tally.zeroOrOne += found; });
  }
  if (counts.reals > 0 && tally.decimals === tally.reals) {
    count(`typeof(${c}) = 'real' AND abs(${c}) < 1e15 AND CAST(printf('%.15g', ${c}) AS REAL) = ${c}`, (found) => { tally.decimals += found; });
  }
  if (counts.texts + blobs > 0) {
    const value = counts.integers + counts.reals === 0 ? c : `iif(typeof(${c}) IN ('text', 'blob'), ${c}, NULL)`;
    measures.push({ sql: `max(octet_length(${value}))`, add: (found) => { tally.maxBytes = Math.max(tally.maxBytes, numberOf(found)); } });
  }
  if (counts.texts === 0) return measures;

  const isText = counts.integers + counts.reals + blobs === 0 ? "" : `typeof(${c}) = 'text' AND `;
  measures.push({
    sql: `max(length(${isText === "" ? c : `iif(typeof(${c}) = 'text', ${c}, NULL)`}))`,
    add: (found) => { tally.maxLength = Math.max(tally.maxLength, numberOf(found)); },
  });
  /** Counts the texts that match, and those of them that also have a flaw. */
  const countBoth = (condition: string, flaw: string, add: (found: number, flawed: number) => void): void => {
    measures.push({
      sql: `sum(CASE WHEN ${isText}${condition} THEN CASE WHEN ${flaw} THEN ${packing + 1} ELSE 1 END ELSE 0 END)`,
      add: (sum) => {
        const [found, flawed] = unpacked(sum);
        add(found, flawed);
      },
    });
  };
  if (alive(tally, tally.isoTimestamps)) {
    // The day and the time must be real ones: SQLite reads 2020-02-31 as 2020-03-02 and 24:00:00 as the next day.
    countBoth(
      `${c} GLOB '${day}[ T]${clock}*' AND ${c} NOT GLOB '0000*' AND datetime(substr(${c}, 1, 19)) = replace(substr(${c}, 1, 19), 'T', ' ') AND ` +
        `(length(${c}) = 19 OR (length(${c}) BETWEEN 21 AND 26 AND substr(${c}, 20, 1) = '.' AND substr(${c}, 21) NOT GLOB '*[^0-9]*'))`,
      `substr(${c}, 11, 1) = 'T' OR (length(${c}) > 19 AND substr(${c}, -1) = '0')`,
      (found, reworded) => {
        tally.isoTimestamps += found;
        tally.isoReworded += reworded;
      },
    );
  }
  if (alive(tally, tally.isoZoned)) {
    count(
      `${isText}octet_length(${c}) <= 32 AND ${c} GLOB '${day}[ T]${clock}*' AND (${c} GLOB '*Z' OR ${c} GLOB '*[+-][0-9][0-9]:[0-9][0-9]') AND datetime(${c}) IS NOT NULL`,
      (found) => { tally.isoZoned += found; },
    );
  }
  if (alive(tally, tally.isoDates)) {
    count(`${isText}${c} GLOB '${day}' AND ${c} NOT GLOB '0000*' AND date(${c}) = ${c}`, (found) => { tally.isoDates += found; });
  }
  if (alive(tally, tally.jsonContainers)) {
    countBoth(
      `unicode(ltrim(substr(${c}, 1, 64), char(9, 10, 13, 32))) IN (91, 123) AND json_valid(${c})`,
      `NOT cutover_json_faithful(${c})`,
      (found, unfaithful) => {
        tally.jsonContainers += found;
        tally.jsonUnfaithful += unfaithful;
      },
    );
  }
  if (alive(tally, tally.uuids)) count(`${isText}${c} GLOB '${uuid}'`, (found) => { tally.uuids += found; });
  return measures;
}

/** Counts invalid UTF-8 and NULs for each column of a chunk in which something was suspicious. */
function lookAtBytes(db: Database, chunk: Chunk, tallies: readonly Tally[]): void {
  const found = select(
    db,
    chunk,
    tallies.flatMap(({ expression: c }) => [
      `sum(typeof(${c}) = 'text' AND cutover_invalid(CAST(${c} AS BLOB)))`,
      `sum(typeof(${c}) = 'text' AND cutover_nul(CAST(${c} AS BLOB)))`,
    ]),
  );
  tallies.forEach((tally, i) => {
    tally.invalidUtf8 += numberOf(found[i * 2]);
    tally.nulCharacters += numberOf(found[i * 2 + 1]);
  });
}

function select(db: Database, chunk: Chunk, expressions: readonly string[]): SqliteRow {
  if (expressions.length === 0) return [];
  return queryRows(db, `SELECT ${expressions.join(", ")} FROM ${chunk.from}`, ...chunk.parameters)[0] ?? [];
}
