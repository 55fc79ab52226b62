import type { SelectStatement } from "#core/sql/nodes.ts";
import type { Affinity } from "./catalog.ts";
import type { PostgresType } from "./decision.ts";
import type { Value } from "./translated-value.ts";

/** A column that an expression may name, as PostgreSQL knows it. */
export interface ScopeColumn {
  /** How it is written in PostgreSQL, qualified where the expression qualifies it. */
  readonly sql: string;
  readonly type: PostgresType;
  readonly affinity: Affinity;
  /** SQLite's collation, undefined for BINARY. */
  readonly collation: string | undefined;
  /** PostgreSQL compares it bytewise (COLLATE "C"). */
  readonly bytewise: boolean;
  /** Values of another class (numbers, texts, BLOBs) than its type's are in it. */
  readonly mixed?: boolean | undefined;
}

/** Where an expression stands. */
export interface ExpressionContext {
  /** The column that a name means, undefined when there is none; refuses an ambiguous one. */
  readonly column: (table: string | undefined, name: string) => ScopeColumn | undefined;
  /** Only functions that PostgreSQL calls IMMUTABLE may be used (indexes, generated columns). */
  readonly immutable: boolean;
  /** Aggregates and window functions may be used (a query's result list). */
  readonly aggregates: boolean;
  /** Translates a subquery and gives its text without parentheses and its columns' values; absent where none may stand. */
  readonly subquery?: (select: SelectStatement) => { readonly sql: string; readonly columns: readonly Value[] };
  /** Things that are not quite the same on both sides, for the report. */
  readonly notes: string[];
}
