import type { Database, Statement } from "better-sqlite3";
import type { Affinity } from "#core/schema/catalog.ts";
import type { Outlier } from "#core/schema/decision.ts";
import { shape, shapesOf, type TextShape } from "#core/schema/values/text-shapes.ts";
import { decodeText, type TextEncoding } from "#engine/migrate/sqlite-cell.ts";
import { numberOf, queryRows, sqliteIdentifier, textOf, type SqliteRow, type SqliteValue } from "../rows.ts";
import { addCounts, keptOutliers, noCounts, type ColumnCounts } from "./column-counts.ts";
import { separator, textScanner, type TextScanner } from "./scan-texts.ts";

/** What of a table a scan needs to know; plain data, for threads. */
export interface ScannedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly affinity: Affinity; readonly isRowid: boolean }[];
  /** SQL that names a row for people, of columns of the table. */
  readonly rowLabel: string;
}

/** A piece of a table: what stands after FROM, and its parameters. */
export interface Chunk {
  readonly from: string;
  readonly parameters: readonly SqliteValue[];
}

/** What a chunk holds, column by column. */
export interface ScannedChunk {
  readonly rows: number;
  readonly columns: readonly ColumnCounts[];
  /** Bytes of text that were read. */
  readonly bytes: number;
}

/** No chunk has as many rows: several counts are in one sum, because SQLite spends its time on the number of aggregates. */
const packing = 2 ** 15;
/** SQLite takes 2,000 result columns. */
const groupColumns = 200;

/** What 32 bits hold: nobody asks how small a smaller integer among reals is. */
const integerRange = { least: -(2 ** 31), most: 2 ** 31 - 1 };

const classes = ["integer", "text", "real", "blob"] as const;
type StorageClass = (typeof classes)[number];

const expectedOf: Readonly<Record<Affinity, readonly StorageClass[]>> = { INTEGER: ["integer"], REAL: ["real"], NUMERIC: ["integer"], TEXT: ["text"], BLOB: [] };

/** What is known of a column while its table is scanned. */
interface ColumnState {
  readonly expression: string;
  readonly isRowid: boolean;
  /** The storage classes seen, or expected: a query asks for what these call for, and is made again when there is another. */
  readonly expected: Set<StorageClass>;
  readonly scanner: TextScanner;
  readonly total: ColumnCounts;
}

/** One result of a query and where it goes. */
interface Measure {
  readonly sql: string;
  readonly add: (value: SqliteValue, counts: ColumnCounts) => void;
}

/**
 * Gives a function that counts what a chunk of a table holds. SQLite tells storage classes and ranges and puts the texts of a column
 * together; what the texts are is told from their bytes, many at a time, which is several times faster than SQL's functions on each.
 * Chunks must be smaller than 32,768 rows.
 */
export function tableScanner(db: Database, table: ScannedTable, encoding: TextEncoding): (chunk: Chunk) => ScannedChunk {
  const states = table.columns.map(
    (column): ColumnState => ({ expression: sqliteIdentifier(column.name), isRowid: column.isRowid, expected: new Set(expectedOf[column.affinity]), scanner: textScanner(), total: noCounts() }),
  );
  const statements = new Map<string, Statement<SqliteValue[], SqliteRow>>();
  const select = (chunk: Chunk, expressions: readonly string[]): SqliteRow => {
    const sql = `SELECT ${expressions.join(", ")} FROM ${chunk.from}`;
    let statement = statements.get(sql);
    if (statement === undefined) {
      if (statements.size > 20) statements.clear();
      statement = db.prepare<SqliteValue[], SqliteRow>(sql).raw(true);
      statements.set(sql, statement);
    }
    return statement.get(...chunk.parameters) ?? [];
  };

  return (chunk) => {
    let rows = 0;
    let bytes = 0;
    const columns: ColumnCounts[] = [];
    for (let group = 0; group === 0 || group < states.length; group += groupColumns) {
      const some = states.slice(group, group + groupColumns);
      const read = readColumns(chunk, some);
      rows = read.rows;
      bytes += read.bytes;
      columns.push(...read.counts);
    }
    return { rows, columns, bytes };
  };

  /** Asks for the classes and for what the expected classes call for; again, of some columns, where there were others. */
  function readColumns(chunk: Chunk, some: readonly ColumnState[]): { readonly rows: number; readonly counts: ColumnCounts[]; readonly bytes: number } {
    const first = ask(chunk, some);
    const counts = first.counts;
    let { bytes } = first;
    const wrong = some.filter((state, i) => !state.isRowid && classesOf(counts[i]).some((found) => !state.expected.has(found)));
    if (wrong.length > 0) {
      for (const state of wrong) for (const found of classesOf(counts[some.indexOf(state)])) state.expected.add(found);
      const again = ask(chunk, wrong);
      bytes += again.bytes;
      wrong.forEach((state, i) => { counts[some.indexOf(state)] = again.counts[i] ?? noCounts(); });
    }
    some.forEach((state, i) => {
      const own = counts[i];
      if (own === undefined) return;
      const before = state.total.outliers.length;
      findOutliers(chunk, state, own);
      addCounts(state.total, own);
      own.outliers = state.total.outliers.slice(before);
    });
    return { rows: first.rows, counts, bytes };
  }

  function ask(chunk: Chunk, some: readonly ColumnState[]): { readonly rows: number; readonly counts: ColumnCounts[]; readonly bytes: number } {
    const batched = encoding === "UTF-8";
    try {
      return read(chunk, some, batched);
    } catch (problem) {
      // Very long texts: together they are more than SQLite or the machine holds.
      if (!batched || !(problem instanceof Error) || !("code" in problem) || (problem.code !== "SQLITE_TOOBIG" && problem.code !== "SQLITE_NOMEM")) throw problem;
      return read(chunk, some, false);
    }
  }

  function read(chunk: Chunk, some: readonly ColumnState[], batched: boolean): { readonly rows: number; readonly counts: ColumnCounts[]; readonly bytes: number } {
    let bytes = 0;
    const oneByOne = new Set<ColumnState>();
    const measures = some.map((state) => measuresOf(state, batched ? (texts, counts) => {
      bytes += texts.length;
      if (!state.scanner.scan(texts, counts.texts, counts)) oneByOne.add(state);
    } : undefined));
    const results = select(chunk, ["count(*)", ...measures.flat().map((measure) => measure.sql)]);
    const rows = numberOf(results[0]);
    let place = 1;
    const counts = some.map((state, i) => {
      const own = noCounts();
      own.rows = rows;
      for (const measure of measures[i] ?? []) measure.add(results[place++] ?? null, own);
      own.nulls = rows - own.integers - own.texts - own.reals - own.blobs;
      if (state.isRowid) {
        own.integers = rows;
        own.nulls = 0;
      }
      if (own.texts > 0 && state.expected.has("text") && (!batched || oneByOne.has(state))) {
        for (const text of textsOf(chunk, state.expression)) {
          bytes += text.bytes.length;
          state.scanner.scanOne(encoding === "UTF-8" ? validated(text.bytes) : recoded(text.bytes), text.bytes.length, own);
        }
      }
      return own;
    });
    return { rows, counts, bytes };
  }

  function recoded(bytes: Buffer): Buffer | undefined {
    const text = decodeText(bytes, encoding);
    return text === undefined ? undefined : Buffer.from(text);
  }

  /** The texts of a column, each as its bytes. */
  function* textsOf(chunk: Chunk, expression: string): Generator<{ readonly row: string; readonly bytes: Buffer }> {
    const sql = `SELECT label, CAST(v AS BLOB) FROM (SELECT ${table.rowLabel} AS label, ${expression} AS v FROM ${chunk.from}) WHERE typeof(v) = 'text'`;
    for (const [label, bytes] of db.prepare<SqliteValue[], SqliteRow>(sql).raw(true).iterate(...chunk.parameters)) {
      if (Buffer.isBuffer(bytes)) yield { row: textOf(label), bytes };
    }
  }

  /** Keeps the first few values that are not as most of the column's are, with their rows. */
  function findOutliers(chunk: Chunk, state: ColumnState, counts: ColumnCounts): void {
    const { total } = state;
    const kept = (not: Outlier["not"]): number => total.outliers.filter((outlier) => outlier.not === not).length;
    const all = (name: "integers" | "reals" | "texts" | "blobs" | TextShape): number => total[name] + counts[name];
    const filled = all("integers") + all("reals") + all("texts") + all("blobs");
    const most = classes.find((each) => all(`${each}s`) * 2 >= filled && all(`${each}s`) < filled);
    if (most !== undefined && counts[`${most}s`] < counts.rows - counts.nulls && kept(most) < keptOutliers) {
      // A real among integers is told; an integer among reals is one of them.
      const others = most === "real" ? "'text', 'blob'" : classes.filter((each) => each !== most).map((each) => `'${each}'`).join(", ");
      const sql = `SELECT label, substr(quote(v), 1, 80) FROM (SELECT ${table.rowLabel} AS label, ${state.expression} AS v FROM ${chunk.from}) WHERE typeof(v) IN (${others}) LIMIT ${keptOutliers - kept(most)}`;
      for (const [row, value] of queryRows(db, sql, ...chunk.parameters)) total.outliers.push({ not: most, row: textOf(row), value: textOf(value) });
    }
    const wanted = looked.find((name) => all(name) * 2 >= all("texts") && all(name) < all("texts"));
    if (wanted === undefined || counts[wanted] === counts.texts || kept(wanted) >= keptOutliers) return;
    for (const { row, bytes } of textsOf(chunk, state.expression)) {
      const text = encoding === "UTF-8" ? validated(bytes) : recoded(bytes);
      if (text !== undefined && (shapesOf(text, 0, text.length) & shape[wanted]) !== 0) continue;
      total.outliers.push({ not: wanted, row, value: `'${(decodeText(bytes, encoding) ?? bytes.toString("latin1")).slice(0, 78).replaceAll("'", "''")}'` });
      if (kept(wanted) >= keptOutliers) break;
    }
  }
}

/** What a person would want most texts to be, the narrowest first. */
const looked: readonly TextShape[] = ["isoTimestamps", "isoZoned", "isoDates", "jsonContainers", "uuids", "integerTexts", "decimalTexts", "booleanTexts", "hexes"];

function validated(bytes: Buffer): Buffer | undefined {
  return decodeText(bytes, "UTF-8") === undefined ? undefined : bytes;
}

function classesOf(counts: ColumnCounts | undefined): StorageClass[] {
  return counts === undefined ? [] : classes.filter((each) => counts[`${each}s`] > 0);
}

/** A sum of reals that are decimals, and of those with two places. Dividing an integer by 100 gives the double that its decimal text gives. */
function decimalsOf(c: string): string {
  const scaled = (factor: string): string => `CAST(${c} * ${factor} + CASE WHEN ${c} < 0 THEN -0.5 ELSE 0.5 END AS INTEGER) / ${factor} = ${c}`;
  return (
    `sum(CASE WHEN typeof(${c}) <> 'real' THEN 0 WHEN ${c} BETWEEN -1e13 AND 1e13 AND ${scaled("100.0")} THEN ${packing + 1} ` +
    `WHEN ${c} BETWEEN -1e9 AND 1e9 AND ${scaled("1e6")} THEN 1 WHEN abs(${c}) < 1e15 AND CAST(printf('%.15g', ${c}) AS REAL) = ${c} THEN 1 ELSE 0 END)`
  );
}

function measuresOf({ expression: c, isRowid, expected, total }: ColumnState, onTexts: ((texts: Buffer, counts: ColumnCounts) => void) | undefined): Measure[] {
  if (isRowid) {
    return [
      { sql: `min(${c})`, add: (value, counts) => { if (typeof value === "bigint") counts.minInteger = value; } },
      { sql: `max(${c})`, add: (value, counts) => { if (typeof value === "bigint") counts.maxInteger = value; } },
    ];
  }
  const order = [...expected, ...classes.filter((each) => !expected.has(each))];
  const measures: Measure[] = [{
    sql: `sum(CASE typeof(${c}) ${order.map((each) => `WHEN '${each}' THEN ${packing ** classes.indexOf(each)}`).join(" ")} ELSE 0 END)`,
    add: (value, counts) => {
      const packed = typeof value === "bigint" ? value : 0n;
      const [integers, texts, reals, blobs] = classes.map((_, i) => Number((packed >> BigInt(15 * i)) % BigInt(packing)));
      Object.assign(counts, { integers, texts, reals, blobs });
    },
  }];
  // Of a column with one class only, what the others are need not be left out. BINARY, because a comparison would ask for the
  // column's collation, which may be the application's own.
  const only = (wanted: StorageClass): string => (expected.size === 1 ? c : `iif(typeof(${c}) = '${wanted}', ${c}, NULL)`);
  const range = (wanted: StorageClass, add: (least: SqliteValue, counts: ColumnCounts) => void, addMost: (most: SqliteValue, counts: ColumnCounts) => void): void => {
    measures.push({ sql: `min(${only(wanted)} COLLATE BINARY)`, add }, { sql: `max(${only(wanted)} COLLATE BINARY)`, add: addMost });
  };
  const isNumeric = expected.size === 2 && expected.has("integer") && expected.has("real");
  if (isNumeric) {
    // The range of all its numbers, and that of the integers beyond 32 bits: telling all of them apart takes three times as long.
    const beyond = `CASE WHEN ${c} NOT BETWEEN ${integerRange.least} AND ${integerRange.most} AND typeof(${c}) = 'integer' THEN ${c} END`;
    measures.push(
      { sql: `min(${c} COLLATE BINARY)`, add: (value, counts) => { if (value !== null) counts.minReal = Number(value); } },
      { sql: `max(${c} COLLATE BINARY)`, add: (value, counts) => { if (value !== null) counts.maxReal = Number(value); } },
      { sql: `min(${beyond})`, add: (value, counts) => { if (typeof value === "bigint") counts.minInteger = value; } },
      { sql: `max(${beyond})`, add: (value, counts) => { if (typeof value === "bigint") counts.maxInteger = value; } },
    );
  } else if (expected.has("integer")) {
    range("integer", (value, counts) => { if (typeof value === "bigint") counts.minInteger = value; }, (value, counts) => { if (typeof value === "bigint") counts.maxInteger = value; });
  }
  if (expected.has("real")) {
    if (!isNumeric) range("real", (value, counts) => { if (typeof value === "number") counts.minReal = value; }, (value, counts) => { if (typeof value === "number") counts.maxReal = value; });
    if (total.decimals === total.reals) {
      measures.push({
        sql: decimalsOf(c),
        add: (value, counts) => {
          counts.decimals = numberOf(value) % packing;
          counts.cents = Math.floor(numberOf(value) / packing);
        },
      });
    }
  }
  if (expected.has("blob")) measures.push({ sql: `max(octet_length(${only("blob")}))`, add: (value, counts) => { counts.maxBytes = Math.max(counts.maxBytes, numberOf(value)); } });
  if (expected.has("text") && onTexts !== undefined) {
    measures.push({
      sql: `CAST(group_concat(${only("text")}, char(${separator})) AS BLOB)`,
      add: (value, counts) => {
        const one = classesOf(counts);
        // Of another class than expected: it is asked for again.
        if (Buffer.isBuffer(value) && one.every((each) => expected.has(each))) onTexts(value, counts);
      },
    });
  }
  return measures;
}
