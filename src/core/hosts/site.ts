import type { OffsetMap } from "#core/text/offset-map.ts";
import type { Span } from "#core/text/span.ts";
import type { EngineRegion } from "./engine-regions.ts";

/** The languages whose files are searched for SQL. */
export type Language = "python" | "typescript" | "tsx" | "javascript" | "go" | "java" | "csharp" | "php" | "rust" | "ruby" | "sql";

/** The SQLite library behind a call, by the name its users know. */
export type Library =
  | "sqlite3" // Python's, and the npm package and the gem of that name
  | "aiosqlite"
  | "node:sqlite"
  | "better-sqlite3"
  | "sqlite"
  | "database/sql"
  | "sqlx" // Go's and Rust's
  | "jdbc"
  | "spring-jdbc"
  | "microsoft-data-sqlite"
  | "dapper"
  | "pdo"
  | "php-sqlite3"
  | "active-record"
  | "rusqlite"
  | "query-builder" // an ORM or builder that writes the placeholders of its engine itself
  | "unknown";

/** The `?` of a list that the code builds: its literal's contents in the file. */
export interface ListedPlaceholder extends Span {
  /** It stands in a text that is repeated and then taken character by character (`",".join("?" * n)`): a longer one must go into a list. */
  readonly character?: true;
  /** There are others: the list is put together from several places. */
  readonly several?: boolean;
}

/** An interpolation of host code within a site's SQL. */
export interface Hole {
  /** Where it stands in the site's text. */
  readonly span: Span;
  /** Its host expression in the file, without the braces. */
  readonly file: Span;
  /** `placeholders` when the expression builds a list of `?` (TRAPS 70); then `placeholder` is the file range of that `?` literal's contents. */
  readonly what: "expression" | "placeholders";
  readonly placeholder: ListedPlaceholder | undefined;
  /**
   * How it is written: `interpolated` inside a literal (`{x}`, `${x}`), `joined` by an operator outside every literal
   * (`"…" + x`; in the text it stands as an interpolation), `formatted` by `%` or `.format` behind the literal.
   */
  readonly form: "interpolated" | "joined" | "formatted";
}

/** A call that hands a site's text to a database. */
export interface DatabaseCall {
  readonly library: Library;
  /** The method's name as written: `execute`, `executemany`, `executescript`, `prepare`, `all` … */
  readonly method: string;
  /** The whole call expression. */
  readonly span: Span;
  /** Whether values are bound with it: decides, under psycopg, whether `%` must be doubled (TRAPS 69). */
  readonly parameters: "passed" | "none" | "unknown";
}

/** A place in host code (or a .sql file) where SQL text is built. */
export interface Site {
  readonly language: Language;
  /**
   * The host expression that builds the text: a literal, a concatenation with everything joined to it, a literal with its
   * `%` or `.format`. Parentheses, `dedent(…)` and `.strip()` around it are not part of it.
   */
  readonly span: Span;
  /** The SQL: literals decoded, each hole standing as its host source (braces included). */
  readonly text: string;
  readonly holes: readonly Hole[];
  readonly map: OffsetMap;
  readonly call: DatabaseCall | undefined;
  /** Of a fragment: texts that flow into the same statement and may name its tables. */
  readonly beside?: readonly { readonly text: string; readonly holes: readonly Span[] }[];
  /** `statement`: one or more whole statements; `script`: handed to a call that runs several; `fragment`: a part that is joined to others at run time. */
  readonly kind: "statement" | "script" | "fragment";
}

/** Other things of a file that tie it to SQLite: what the inventory counts and the connection rules speak of. */
export interface HostUse {
  readonly kind:
    | "connect" // opens a SQLite database: sqlite3.connect(…), new DatabaseSync(…)
    | "helper-definition" // a function of the project that opens and hands out a connection
    | "helper-import" // an import of such a helper, by its name
    | "helper-call" // a call of such a helper
    | "driver-import" // import sqlite3
    | "row-factory"
    | "lastrowid"
    | "error-class" // except sqlite3.IntegrityError
    | "script-call" // executescript(…)
    | "transaction-control" // isolation_level, db.transaction(…)
    | "custom-function" // create_function(…), create_collation(…)
    | "value-conversion" // register_adapter(…), detect_types, text_factory, safeIntegers()
    | "file-copy" // backup(…), iterdump(), serialize()
    | "pragma-call" // db.pragma(…), busyTimeout(…)
    | "extension" // load_extension(…)
    | "change-count" // total_changes, .changes
    | "thread-check"; // check_same_thread=False
  /** The helper's, class's or attribute's name. */
  readonly name: string;
  /** A connection to a database in memory. */
  readonly memory?: boolean;
  readonly span: Span;
}

/** A name that a file imports. */
export interface HostImport {
  /** The module as written: `utils.db_connection`, `.connection`, `./db.ts`. */
  readonly module: string;
  /** The name in the module; `default`, or `*` for the module itself. */
  readonly name: string;
  /** The name in this file; `*` where the module's names are all taken over. */
  readonly local: string;
  readonly span: Span;
}

/** A call of an imported name, or of one of this file's own helpers: `get_connection` or `db.get_connection`. */
export interface HostCall {
  readonly callee: string;
  readonly span: Span;
}

/** What one host file holds for us. */
export interface HostFile {
  readonly language: Language;
  readonly sites: readonly Site[];
  readonly uses: readonly HostUse[];
  /** What ties this file to others: from these the workspace finds the helpers' imports and calls. */
  readonly imports: readonly HostImport[];
  readonly calls: readonly HostCall[];
  /** The parts of the file that run for one engine only. */
  readonly regions: readonly EngineRegion[];
  /** Where an import of ours would go: the offset of a line start behind the file's docstring and imports. */
  readonly importAt: number;
}
