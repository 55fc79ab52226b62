import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";
import type { Catalog, Column, Table } from "#core/schema/catalog.ts";
import { columnKey, foldName, type ColumnProfile, type Outlier } from "#core/schema/decision.ts";
import type { TextEncoding } from "#engine/migrate/sqlite-cell.ts";
import { sourceProblem, type Source } from "../open-source.ts";
import { numberOf, queryRows, sqliteIdentifier, textOf } from "../rows.ts";
import { chunksOf, rowidName, type RowSize } from "./chunks.ts";
import { addCounts, noCounts, toProfile } from "./column-counts.ts";
import { scanThreads } from "./scan-threads.ts";
import { tableScanner, type Chunk, type ScannedChunk, type ScannedTable } from "./scan-table.ts";

/** How far a profile has come. */
export interface ProfileProgress {
  readonly table: string;
  /** Rows of this table scanned so far. */
  readonly rows: number;
  /** This table is finished. */
  readonly done: boolean;
  readonly tablesDone: number;
  readonly tables: number;
}

export interface ProfileOptions {
  /** Only these tables, compared as SQLite compares names; all when absent. */
  readonly tables?: readonly string[];
  /** Looked at between chunks; threads are then ended. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProfileProgress) => void;
  /** Gets each table's columns, by `columnKey`, as soon as it is done, while others are still read. */
  readonly onTable?: (table: string, columns: ReadonlyMap<string, ColumnProfile>) => void;
  /** How many threads read; 0 reads in this one. By default as many as there are processors, at most 4, for a file that is worth it. */
  readonly threads?: number;
}

/** A smaller file is read before a thread has started. */
const worthThreads = 24_000_000;

/** Scans chunks, one after the other or several at once. */
export interface ChunkScanner {
  /** How many chunks it takes at once. */
  readonly lanes: number;
  scan(table: number, chunk: Chunk): Promise<ScannedChunk>;
  close(): void;
}

/**
 * Looks at every value of every column, once, and tells what was found per `columnKey`. A table is read in chunks, so that memory
 * stays flat and other work gets its turn in between, small tables before large ones; chunks of a large file are read in several threads, which have their own connections.
 * A generated column that calls a function of the application's has no profile.
 * @throws CutoverError source-locked, source-unreadable; the signal's reason when aborted.
 */
export async function profile(source: Source, catalog: Catalog, options: ProfileOptions = {}): Promise<Map<string, ColumnProfile>> {
  const wanted = options.tables?.map(foldName);
  const tables = catalog.tables.filter((table) => wanted === undefined || wanted.includes(foldName(table.name)));
  try {
    const found = await profileTables(source, smallFirst(source.db, tables), options);
    return new Map(tables.flatMap((table) => table.columns.flatMap((column) => {
      const key = columnKey(table.name, column);
      const columnProfile = found.get(key);
      return columnProfile === undefined ? [] : [[key, columnProfile] as const];
    })));
  } catch (cause) {
    if (options.signal?.aborted === true) throw abortReason(options.signal);
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw sourceProblem(source.name, cause);
  }
}

/** One table under way. */
interface Progress {
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly counts: ReturnType<typeof noCounts>[];
  /** By piece, in the order of the table. */
  readonly outliers: Map<number, readonly (readonly Outlier[])[]>;
  pieces: number;
  readonly size: RowSize;
  open: number;
  /** All of its chunks have been handed out. */
  last: boolean;
}

async function profileTables(source: Source, tables: readonly Table[], { signal, onProgress, onTable, threads }: ProfileOptions): Promise<Map<string, ColumnProfile>> {
  if (signal?.aborted === true) throw abortReason(signal);
  const { db } = source;
  const states = tables.map((table): Progress => {
    const columns = table.columns.filter((column) => canBeRead(db, table, column));
    return { table, columns, counts: columns.map(noCounts), outliers: new Map(), pieces: 0, size: { rows: 0, bytes: 0 }, open: 0, last: false };
  });
  const scanned = states.map(({ table, columns }) => scannedTable(table, columns));
  const encoding = encodingOf(db);
  const scanner = await chunkScanner(source, scanned, encoding, threads);
  const found = new Map<string, ColumnProfile>();
  let tablesDone = 0;

  const finish = (state: Progress): void => {
    tablesDone++;
    const pieces = [...state.outliers].toSorted(([a], [b]) => a - b);
    const profiles = new Map(state.columns.map((column, i) => {
      const counts = state.counts[i] ?? noCounts();
      counts.outliers = pieces.flatMap(([, columns]) => columns[i] ?? []);
      return [columnKey(state.table.name, column), toProfile(counts)];
    }));
    for (const [key, columnProfile] of profiles) found.set(key, columnProfile);
    onProgress?.({ table: state.table.name, rows: state.size.rows, done: true, tablesDone, tables: tables.length });
    onTable?.(state.table.name, profiles);
  };

  // Small steps through all tables, one after the other; a lane that is free takes the next one.
  const steps = (function* (): Generator<{ readonly place: number; readonly state: Progress; readonly chunk: Chunk; readonly piece: number }> {
    for (const [place, state] of states.entries()) {
      for (const chunk of chunksOf(db, state.table, state.size)) {
        state.open++;
        yield { place, state, chunk, piece: state.pieces++ };
      }
      state.last = true;
      if (state.open === 0) finish(state);
    }
  })();
  const lane = async (): Promise<void> => {
    for (const { place, state, chunk, piece } of { [Symbol.iterator]: () => ({ next: () => steps.next() }) }) {
      if (signal?.aborted === true) throw abortReason(signal);
      const { rows, bytes, columns } = await scanner.scan(place, chunk);
      columns.forEach((counts, i) => {
        const all = state.counts[i];
        if (all !== undefined) addCounts(all, counts);
      });
      if (columns.some(({ outliers }) => outliers.length > 0)) state.outliers.set(piece, columns.map(({ outliers }) => outliers));
      state.size.rows += rows;
      state.size.bytes += bytes;
      state.open--;
      onProgress?.({ table: state.table.name, rows: state.size.rows, done: false, tablesDone, tables: tables.length });
      if (state.last && state.open === 0) finish(state);
    }
  };
  const stop = (): void => { scanner.close(); };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(Array.from({ length: scanner.lanes }, lane));
  } finally {
    signal?.removeEventListener("abort", stop);
    scanner.close();
  }
  return found;
}

/** The tables by the room that their rowids leave for rows, so that whoever waits for the first ones does not wait for a large one; others last. */
function smallFirst(db: Database, tables: readonly Table[]): readonly Table[] {
  const room = new Map(tables.map((table): [Table, number] => {
    const rowid = rowidName(table);
    if (rowid === undefined) return [table, Infinity];
    const name = sqliteIdentifier(table.name);
    const [least, most] = queryRows(db, `SELECT (SELECT min(${rowid}) FROM ${name}), (SELECT max(${rowid}) FROM ${name})`)[0] ?? [];
    return [table, numberOf(most) - numberOf(least)];
  }));
  return tables.toSorted((a, b) => {
    const [left, right] = [room.get(a) ?? 0, room.get(b) ?? 0];
    return left === right ? 0 : left - right;
  });
}

async function chunkScanner(source: Source, tables: readonly ScannedTable[], encoding: TextEncoding, wanted: number | undefined): Promise<ChunkScanner> {
  const threads = source.path === undefined ? 0 : (wanted ?? (statSync(source.path).size < worthThreads ? 0 : Math.min(4, availableParallelism())));
  if (source.path !== undefined && threads > 0) return scanThreads(source.path, tables, encoding, threads);
  // A scanner knows what its table is like; only the table that is under way needs one.
  let current: { readonly table: number; readonly scan: (chunk: Chunk) => ScannedChunk } | undefined;
  return Promise.resolve({
    lanes: 1,
    async scan(table, chunk) {
      const columns = tables[table];
      if (columns === undefined) throw new CutoverError({ tag: "internal", what: "A table that is not there was to be profiled", next: "Please report this." });
      current = current?.table === table ? current : { table, scan: tableScanner(source.db, columns, encoding) };
      const result = current.scan(chunk);
      await nextTurn();
      return result;
    },
    close: () => undefined,
  });
}

function scannedTable(table: Table, columns: readonly Column[]): ScannedTable {
  const rowid = rowidName(table);
  const key = (table.primaryKey?.columns ?? []).map((column) => `'${column.replaceAll("'", "''")} = ' || substr(quote(${sqliteIdentifier(column)}), 1, 60)`);
  return {
    name: table.name,
    columns: columns.map((column) => ({ name: column.name, affinity: column.affinity, isRowid: column.name === table.rowidAlias })),
    rowLabel: rowid !== undefined ? `'${(table.rowidAlias ?? "rowid").replaceAll("'", "''")} = ' || ${rowid}` : key.length === 0 ? "''" : key.join(" || ', ' || "),
  };
}

function encodingOf(db: Database): TextEncoding {
  const name = textOf(queryRows(db, "PRAGMA encoding")[0]?.[0]);
  return name === "UTF-16le" || name === "UTF-16be" ? name : "UTF-8";
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
