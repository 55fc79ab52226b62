import type { ForeignKeyAction } from "./catalog.ts";

/** What one schema of a PostgreSQL holds, read back from its own catalog. Names are exact; expressions are the server's wording of them. */
export interface PostgresCatalog {
  readonly schema: string;
  readonly tables: readonly PostgresTable[];
  readonly indexes: readonly PostgresIndex[];
  readonly views: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly triggers: readonly { readonly name: string; readonly table: string }[];
  readonly sequences: readonly string[];
}

export interface PostgresTable {
  readonly name: string;
  readonly columns: readonly PostgresColumn[];
  readonly constraints: readonly PostgresConstraint[];
}

export interface PostgresColumn {
  readonly name: string;
  /** As format_type() prints it: `bigint`, `timestamp without time zone`. */
  readonly type: string;
  readonly notNull: boolean;
  /** The default's or the generated column's expression. */
  readonly expression: string | undefined;
  readonly generated: "stored" | "virtual" | undefined;
  readonly identity: boolean;
  /** A collation other than its type's own. */
  readonly collation: string | undefined;
}

export type PostgresConstraint =
  | { readonly kind: "primary-key" | "unique"; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: "check"; readonly name: string; readonly definition: string }
  | {
      readonly kind: "foreign-key";
      readonly name: string;
      readonly columns: readonly string[];
      readonly parent: string;
      readonly parentColumns: readonly string[];
      readonly onDelete: ForeignKeyAction;
      readonly onUpdate: ForeignKeyAction;
      readonly deferrable: boolean;
      readonly deferred: boolean;
    };

/** An index of its own: those that serve a key are part of their constraint. */
export interface PostgresIndex {
  readonly name: string;
  readonly table: string;
  readonly method: string;
  readonly unique: boolean;
  /** False while a concurrent build has not ended, or after it failed: the server does not use it. */
  readonly valid: boolean;
  readonly keys: readonly PostgresIndexKey[];
  readonly where: string | undefined;
}

export interface PostgresIndexKey {
  /** The column, undefined for an expression. */
  readonly column: string | undefined;
  readonly text: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}
