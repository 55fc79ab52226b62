import fc from "fast-check";
import Database from "better-sqlite3";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** A value as SQL with its parameter. */
interface Given {
  readonly sql: string;
  readonly value: null | bigint | number | string | Buffer;
}

type Pick = fc.GeneratorValue;

const declaredTypes = [
  "INTEGER", "INT", "int(5)", "TINYINT", "smallint unsigned", "MEDIUMINT", "BIGINT", "UNSIGNED BIG INT", "INT2", "INT8", "interger", "CHARACTER(20)", "VARCHAR(255)", "VARCHAR(3)", "VARYING CHARACTER(255)",
  "NCHAR(55)", "NATIVE CHARACTER(70)", "NVARCHAR(100)", "TEXT", "CLOB", "string", "longvarchar", "BLOB", "", "REAL", "DOUBLE", "DOUBLE PRECISION", "FLOAT", "FLOATING POINT", "NUMERIC", "DECIMAL(10,5)", "NUMBER(38)",
  "BOOLEAN", "BOOL", "DATE", "DATETIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIME", "YEAR", "JSON", "JSONB", "UUID", "GUID", "MONEY", "BINARY(16)", "VARBINARY(8000)", "IMAGE", "BIT", "SERIAL", "ANY", "POINT", '"odd ""type"""', "[x y]", "ENUM",
];

const oddNames = [
  "select", "Order", "user", "ctid", "xmin", "tableoid", "a b", 'qu"ote', "apo'strophe", "back\\slash", "back`tick", "br[ack]et", "pe%r%%cent", "dollar$1", "$1", "?1", ":name", "semi;colon", "com--ment", "/* c */", "new\nline", "tab\there", "\u0001", "\\0", "\\N", "\\.",
  "ä", "Ä", "ß", "İ", "ı", "名前", "😀", "\u202eright", "e\u0301", "\u00e9", "\u200b", " ", "", ".", "a.b", "x".repeat(63), "x".repeat(64), "x".repeat(200), "ü".repeat(40), "1st", "NULL", "true", "default", "column", "rowid2", "\u007f", "\ufffd", "\uffff", "sqlite", "pg_catalog",
];

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Values of one kind; a column mostly has one, sometimes several. */
const kinds: readonly ((g: Pick) => Given)[] = [
  (g) => bound(g(fc.bigInt, { min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  (g) => bound(oneOf(g, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 31n, 2n ** 31n - 1n, -(2n ** 31n), 0n, 1n, -1n)),
  (g) => bound(g(fc.bigInt, { min: -300n, max: 300n })),
  (g) => bound(oneOf(g, 0n, 1n)),
  (g) => bound(g(fc.double, { noNaN: true })),
  (g) => bound(oneOf(g, -0, 0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, Infinity, -Infinity, 1e308, 0.1 + 0.2, 1 / 3, 9007199254740993, 1e15, 1e16, 123456789012345680, 1e21, 1e22, 1e23, 8.5, -1.5, 4.35, 100)),
  (g) => bound(g(fc.integer, {}) / 100),
  (g) => bound(g(fc.string, { unit: "binary", maxLength: 12 })),
  (g) => bound(g(fc.string, { unit: "grapheme", maxLength: 12 })),
  (g) => bound(oneOf(g, "", " ", "\u0001", "\u0001\u0001", "\u0001,\u0001", ",", "\n", "\r\n", "\\.", "\n\\.\n", "\\N", "NULL", '"', "'", "\u001f", "\ufeff", "\ufffd", "\uffff", "\u202e", "e\u0301", "\u{10ffff}", "\u007f", "\u0085", "\u2028", "\t", "\\x41", "\\", "a\\", "0", "1", "t", "5", "5.0", "1e5", "0x10", "Infinity", "NaN", "-0", "١")),
  // Texts that no string can be: bytes that are no UTF-8 (or UTF-16), and NUL.
  (g) => ({ sql: "CAST(? AS TEXT)", value: Buffer.from(oneOf(g, "c328", "eda080", "f8888080", "80", "61ff62", "c0af", "00d8", "d800", "00dc41", "6100", "610062", "00", "f4908080", "e2"), "hex") }),
  (g) => ({ sql: "CAST(? AS TEXT)", value: Buffer.from(g(fc.uint8Array, { maxLength: 9 })) }),
  (g) => ({ sql: "CAST(? AS BLOB)", value: Buffer.from(g(fc.uint8Array, { maxLength: 20 })) }),
  (g) => ({ sql: `zeroblob(${oneOf(g, 0, 1, 300, 70_000)})`, value: null }),
  (g) => bound("x".repeat(oneOf(g, 1, 255, 2_600, 9_000, 70_000))),
  (g) => bound(moment(g)),
  (g) => bound(moment(g).slice(0, 19)),
  (g) => bound(moment(g).slice(0, 19).replace(" ", "T")),
  (g) => bound(moment(g).slice(0, 10)),
  (g) => bound(moment(g) + oneOf(g, "Z", "+02:00", "-11:30", "+14:00", " +01:00", "+0200", "z")),
  (g) => bound(oneOf(g, "2024-02-30", "2023-02-29 00:00:00", "2024-12-31 24:00:00", "2016-12-31 23:59:60", "0000-01-01", "0001-01-01 00:00:00+14:00", "9999-12-31 23:59:59-01:00", "2024-1-1", "24-01-01", "01/02/2024", "2024-01-01 00:00", "2024-01-01 00:00:00.1234567", "2024-01-01T00:00:00.", "now", "infinity", "today", "12:34", "10000-01-01", "-2024-01-01", "2024-01-01 00:00:00 BC")),
  (g) => bound(oneOf(g, "true", "false", "TRUE", "False", "t", "f", "yes", "no", "on", "off", "Y", "N", "1", "0", "2", "maybe", "")),
  (g) => bound(g(fc.uuid)),
  (g) => bound(g(fc.uuid).toUpperCase()),
  (g) => bound(g(fc.json)),
  (g) => bound(oneOf(g, '{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', "[1e400]", "[1e5000]", "[1E+4000]", "[12345678901234567890.123456789]", '["\\u0000"]', '["\\ud800"]', '["\\ud83d\\ude00"]', '{"\\u0061":1,"a":2}', "[1.0,1.00,-0,-0.0]", "{}", "[]", " [1] ", '{"__proto__":1}', '{"":1}', "null", "true", '"x"', "[" .repeat(200) + "]".repeat(200), "{a:1}", "[1,]", "[0x10]", '["a\\/b"]', '{"x":"\u0001,"}', '{"é":"\u{1f600}"}', "[01]", "[+1]", "[.5]", "[1e-400]")),
  (g) => ({ sql: "jsonb(?)", value: g(fc.json) }),
  () => bound(null),
];

function oneOf<T>(g: Pick, first: T, ...others: readonly T[]): T {
  const place = g(fc.integer, { min: 0, max: others.length });
  return place === 0 ? first : (others[place - 1] ?? first);
}

function bound(value: Given["value"]): Given {
  return { sql: "?", value };
}

function moment(g: Pick): string {
  const at = g(fc.date, { noInvalidDate: true, min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") }).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)}${oneOf(g, "", ".5", ".120", ".123456", ".000")}`;
}

export interface RandomDatabase {
  readonly file: string;
  /** What made it, for a failure's message. */
  readonly script: readonly string[];
  readonly rows: number;
}

/** How large the databases are that {@link randomDatabase} makes. */
export interface RandomSize {
  readonly tables: number;
  readonly columns: number;
  readonly rows: number;
}

/** Makes a database of everything that SQLite allows and people do: every declared type, key, name and value. */
export function randomDatabase(g: Pick, size: RandomSize): RandomDatabase {
  const file = join(temporaryFolder(), "random.db");
  const db = new Database(file);
  const script: string[] = [];
  const run = (sql: string): void => {
    db.exec(sql);
    script.push(sql);
  };
  try {
    const encoding = oneOf(g, "UTF-8", "UTF-8", "UTF-8", "UTF-16le", "UTF-16be");
    run(`PRAGMA encoding = '${encoding}'`);
    db.pragma("foreign_keys = off");
    const tables: Made[] = [];
    const names = new Set<string>();
    const count = g(fc.integer, { min: 1, max: size.tables });
    for (let i = 0; i < count; i++) tables.push(makeTable(g, i, count, size, names, encoding, run));
    let rows = 0;
    for (const table of tables) rows += fill(g, db, table, size);
    for (const table of tables) addIndexes(g, table, run);
    return { file, script, rows };
  } finally {
    db.close();
  }
}

interface Made {
  readonly name: string;
  /** Columns that take values, with what their values are like. */
  readonly columns: readonly { readonly name: string; readonly kinds: readonly number[]; readonly notNull: boolean }[];
}

function freshName(g: Pick, otherwise: string, taken: Set<string>): string {
  const odd = g(fc.integer, { min: 0, max: 3 }) === 0 ? oneOf(g, "select", ...oddNames) : otherwise;
  const name = taken.has(odd.toLowerCase()) || /^sqlite_/i.test(odd) ? otherwise : odd;
  taken.add(name.toLowerCase());
  return name;
}

/** Tables are called t0, t1 … or something odd; a foreign key may refer to one that is made later, or to its own. */
function makeTable(g: Pick, place: number, count: number, size: RandomSize, taken: Set<string>, encoding: string, run: (sql: string) => void): Made {
  const name = freshName(g, `t${place}`, taken);
  const own = new Set<string>();
  const key = oneOf(g, "rowid", "rowid", "autoincrement", "text", "composite", "none", "without", "hidden");
  const parts: string[] = [];
  const columns: { name: string; kinds: readonly number[]; notNull: boolean }[] = [];
  const clauses: string[] = [];
  const add = (column: string, type: string, some: readonly number[], more = "", notNull = false): void => {
    columns.push({ name: column, kinds: some, notNull });
    parts.push(`${quotedName(column)} ${type}${more}`);
  };
  let withoutRowid = "";
  if (key === "rowid" || key === "autoincrement") parts.push(`${quotedName(freshName(g, "id", own))} INTEGER PRIMARY KEY${key === "autoincrement" ? " AUTOINCREMENT" : ""}`);
  else if (key === "text") add(freshName(g, "k", own), "TEXT", [7, 8, 2], " PRIMARY KEY");
  else if (key === "hidden") for (const each of ["rowid", "oid", "_rowid_"]) add(each, "", [2, 7], (own.add(each), ""));
  else if (key === "composite" || key === "without") {
    const [first, second] = [freshName(g, "k1", own), freshName(g, "k2", own)];
    add(first, oneOf(g, "TEXT", "", "INTEGER"), [2, 8], key === "without" ? " NOT NULL" : "", key === "without");
    add(second, oneOf(g, "TEXT", "INTEGER"), [2], " NOT NULL", true);
    clauses.push(`PRIMARY KEY (${quotedName(first)}, ${quotedName(second)}${g(fc.boolean) ? " DESC" : ""})`);
    if (key === "without") withoutRowid = " WITHOUT ROWID";
  }
  const wide = size.columns > 100 && g(fc.integer, { min: 0, max: 3 }) === 0;
  const width = wide ? g(fc.integer, { min: 100, max: size.columns }) : g(fc.integer, { min: 1, max: Math.min(12, size.columns) });
  for (let i = 0; i < width; i++) {
    const many = g(fc.integer, { min: 0, max: 9 });
    const some = many === 0 ? kinds.map((_, kind) => kind) : Array.from({ length: many < 7 ? 1 : 2 }, () => g(fc.integer, { min: 0, max: kinds.length - 1 }));
    const notNull = g(fc.integer, { min: 0, max: 5 }) === 0;
    add(wide ? `c${i}` : freshName(g, `c${i}`, own), oneOf(g, "INTEGER", ...declaredTypes), some, notNull ? " NOT NULL" : "", notNull);
  }
  if (!wide && g(fc.integer, { min: 0, max: 2 }) === 0) {
    const of = quotedName(columns.at(-1)?.name ?? "");
    const expression = oneOf(g, `length(${of})`, `${of} || 'x'`, `coalesce(${of}, 0)`, `${of} + 1`, `upper(${of})`, `${of} IS NULL`, `typeof(${of})`, `abs(${of})`, `CAST(${of} AS INTEGER)`, ...(encoding === "UTF-8" ? [`hex(${of})`] : []));
    parts.push(`${quotedName(freshName(g, "g", own))} ${oneOf(g, "", "TEXT", "INTEGER", "REAL")} GENERATED ALWAYS AS (${expression}) ${oneOf(g, "STORED", "VIRTUAL")}`);
  }
  if (g(fc.integer, { min: 0, max: 1 }) === 0) {
    // The parent's key is filled in by SQLite; where it has none of one column, no foreign key can be made and the plan says so.
    const column = freshName(g, "parent", own);
    add(column, oneOf(g, "INTEGER", "INT", "TEXT", ""), [2, 3, 27]);
    const parent = g(fc.integer, { min: 0, max: count - 1 });
    clauses.push(`FOREIGN KEY (${quotedName(column)}) REFERENCES ${quotedName(parent === place ? name : `t${parent}`)}${oneOf(g, "", " ON DELETE CASCADE", " DEFERRABLE INITIALLY DEFERRED")}`);
  }
  run(`CREATE TABLE ${quotedName(name)} (${[...parts, ...clauses].join(", ")})${withoutRowid}`);
  return { name, columns };
}

function fill(g: Pick, db: Database.Database, table: Made, size: RandomSize): number {
  const rows = g(fc.integer, { min: 0, max: 3 }) === 0 ? 0 : oneOf(g, 1, 3, size.rows >> 1, size.rows);
  let made = 0;
  for (let i = 0; i < rows; i++) {
    const given = table.columns.map(({ kinds: some, notNull }): Given => {
      // Mostly what the column is like, NULL now and then.
      if (!notNull && g(fc.integer, { min: 0, max: 9 }) === 0) return bound(null);
      return kinds[some[g(fc.integer, { min: 0, max: some.length - 1 })] ?? 0]?.(g) ?? bound(null);
    });
    const columns = table.columns.map(({ name }) => quotedName(name)).join(", ");
    const parameters = given.flatMap(({ sql, value }) => (sql.includes("?") ? [value] : []));
    made += db.prepare(table.columns.length === 0 ? `INSERT INTO ${quotedName(table.name)} DEFAULT VALUES` : `INSERT OR IGNORE INTO ${quotedName(table.name)} (${columns}) VALUES (${given.map(({ sql }) => sql).join(", ")})`).run(...parameters).changes;
  }
  return made;
}

function addIndexes(g: Pick, table: Made, run: (sql: string) => void): void {
  const count = g(fc.integer, { min: 0, max: 2 });
  for (let i = 0; i < count; i++) {
    const column = quotedName(table.columns[g(fc.integer, { min: 0, max: Math.max(0, table.columns.length - 1) })]?.name ?? "");
    if (column === '""') continue;
    const form = oneOf(g, column, `${column} DESC`, `${column} COLLATE NOCASE`, `lower(${column})`, `${column} || 'x'`);
    run(`CREATE INDEX ${quotedName(`${table.name} i${i}`)} ON ${quotedName(table.name)} (${form})${oneOf(g, "", "", ` WHERE ${column} IS NOT NULL`, ` WHERE ${column} > 5`)}`);
  }
}
