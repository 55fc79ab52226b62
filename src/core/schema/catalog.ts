/**
 * The neutral model of a database's objects: what SQLite's introspection fills, what decisions are made about, and what
 * PostgreSQL's introspection can be compared with. Names are exact; expressions are SQLite's source text.
 */
export interface Catalog {
  /** Where it was read from: a database file, or DDL text. */
  readonly origin: { readonly kind: "database" | "ddl"; readonly name: string };
  readonly tables: readonly Table[];
  readonly indexes: readonly Index[];
  readonly views: readonly View[];
  readonly triggers: readonly Trigger[];
  readonly virtualTables: readonly VirtualTable[];
  /** Tables that belong to a virtual table or to SQLite itself (`sqlite_sequence`, `…_fts_data`): not moved, but accounted for. */
  readonly internalTables: readonly InternalTable[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: PrimaryKey | undefined;
  readonly uniques: readonly UniqueConstraint[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly CheckConstraint[];
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  /** INTEGER PRIMARY KEY: the column that is the rowid. */
  readonly rowidAlias: string | undefined;
  readonly autoincrement: boolean;
  /** Constraints that say `ON CONFLICT …`, each as `UNIQUE (a) ON CONFLICT IGNORE`: PostgreSQL has no such clause. */
  readonly conflictClauses: readonly string[];
  /** The CREATE TABLE text as stored, comments included. */
  readonly sql: string;
  /** Of a virtual table that PostgreSQL can have as an ordinary one: what its index is made of. It is among `virtualTables`, too. */
  readonly virtual?: { readonly kind: "full-text" | "rtree"; readonly columns: readonly string[] };
}

export interface Column {
  readonly name: string;
  /** The declared type as written, `""` when there is none. */
  readonly declaredType: string;
  readonly affinity: Affinity;
  readonly notNull: boolean;
  /** The DEFAULT expression's source text, without the word. */
  readonly default: string | undefined;
  /** As declared (`NOCASE`, `RTRIM`, an application's own), undefined for BINARY. */
  readonly collation: string | undefined;
  readonly generated: { readonly expression: string; readonly stored: boolean } | undefined;
}

/** @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export type Affinity = "INTEGER" | "TEXT" | "BLOB" | "REAL" | "NUMERIC";

export interface PrimaryKey {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  /** The collation that each column is compared with, undefined for BINARY; parallel to `columns`. */
  readonly collations: readonly (string | undefined)[];
}

export interface UniqueConstraint {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  /** The collation that each column is compared with, undefined for BINARY; parallel to `columns`. */
  readonly collations: readonly (string | undefined)[];
}

export interface CheckConstraint {
  readonly name: string | undefined;
  readonly expression: string;
}

export type ForeignKeyAction = "NO ACTION" | "RESTRICT" | "SET NULL" | "SET DEFAULT" | "CASCADE";

export interface ForeignKey {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly parent: string;
  /** The parent's columns; the parent's primary key is filled in where the DDL leaves it implicit. Empty when the parent does not exist. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
  readonly deferred: boolean;
}

export interface Index {
  readonly name: string;
  readonly table: string;
  readonly unique: boolean;
  readonly keys: readonly IndexKey[];
  /** The WHERE clause's expression. */
  readonly where: string | undefined;
  readonly sql: string;
}

export interface IndexKey {
  /** A column's name, or an expression's source text. */
  readonly kind: "column" | "expression";
  readonly text: string;
  readonly descending: boolean;
  /** The collation it is compared with (its own or its column's), undefined for BINARY. */
  readonly collation: string | undefined;
}

export interface View {
  readonly name: string;
  /** As SQLite calls its columns; undefined where SQLite itself cannot read it (a table is gone). */
  readonly columns: readonly string[] | undefined;
  readonly sql: string;
}

export interface Trigger {
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

export interface VirtualTable {
  readonly name: string;
  readonly module: string;
  readonly sql: string;
}

export interface InternalTable {
  readonly name: string;
  /** `sqlite` for SQLite's own, otherwise the virtual table it belongs to. */
  readonly owner: string;
}
