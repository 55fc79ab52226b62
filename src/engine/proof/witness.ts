import type { Parser } from "node-sql-parser";

/** What an independent parser says of a statement and its rewrite. */
export type Testimony =
  /** Both read and write the same tables and name the same columns. */
  | { readonly kind: "agrees" }
  /** What only one of the two names: `- table t` of the original, `+ column c` of the rewrite. */
  | { readonly kind: "differs"; readonly differences: readonly string[] }
  /** It cannot read one of them, so it says nothing. */
  | { readonly kind: "silent"; readonly reason: string };

/** The tables (with what is done to them) and columns that a statement names, ASCII case folded. */
interface Named {
  readonly tables: ReadonlySet<string>;
  readonly columns: ReadonlySet<string>;
}

let parsers: Promise<{ readonly sqlite: Parser; readonly postgresql: Parser }> | undefined;

/**
 * Asks node-sql-parser, which shares nothing with our own parser, whether a rewrite still speaks of the same tables and columns.
 * It accepts most statements of applications and not all of SQLite's: what it cannot read it says nothing about.
 */
export async function witness(original: string, rewritten: string): Promise<Testimony> {
  parsers ??= load();
  const { sqlite, postgresql } = await parsers;
  let before: Named;
  let after: Named;
  try {
    before = named(sqlite, original, "sqlite");
    after = named(postgresql, rewritten, "postgresql");
  } catch (error) {
    return { kind: "silent", reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
  const differences = [...compared("table", before.tables, after.tables), ...compared("column", before.columns, after.columns)];
  return differences.length === 0 ? { kind: "agrees" } : { kind: "differs", differences };
}

async function load(): Promise<{ sqlite: Parser; postgresql: Parser }> {
  const [{ default: sqlite }, { default: postgresql }] = await Promise.all([import("node-sql-parser/build/sqlite.js"), import("node-sql-parser/build/postgresql.js")]);
  return { sqlite: new sqlite.Parser(), postgresql: new postgresql.Parser() };
}

function named(parser: Parser, sql: string, database: "sqlite" | "postgresql"): Named {
  const { tableList, columnList } = parser.parse(sql, { database });
  // `select::db::table` and `insert::table::column`; what REPLACE does is an INSERT to PostgreSQL.
  const tables = tableList.map((each) => each.replace(/^replace::/, "insert::").replace(/::.*::/, "::"));
  // The row `excluded` is the statement's own.
  const columns = columnList.filter((each) => !each.includes("::excluded::")).map((each) => each.replace(/^.*::/, ""));
  return { tables: folded(tables), columns: folded(columns) };
}

function folded(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

function compared(what: string, before: ReadonlySet<string>, after: ReadonlySet<string>): string[] {
  return [...[...before].filter((name) => !after.has(name)).map((name) => `- ${what} ${name}`), ...[...after].filter((name) => !before.has(name)).map((name) => `+ ${what} ${name}`)];
}
