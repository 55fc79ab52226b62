import type { Plan } from "./plan.ts";

/** NEW or OLD of a trigger: a row that a statement may name, by its qualifier alone. */
export interface RowVariable {
  readonly name: "NEW" | "OLD";
  /** The table or view whose row it is, by its name in SQLite. */
  readonly relation: string;
  /** Each of its columns may be NULL, whatever the table says: before a row is stored nothing has been checked. */
  readonly nullable: boolean;
}

/** Where a statement stands. */
export interface StatementPlace {
  readonly rows: readonly RowVariable[];
  /** What is written before the name of each table and view: `public.`, or nothing. */
  readonly prefix: string;
}

/** A statement in PostgreSQL's words, with what somebody should know of it; or why there is none. */
export type TranslatedStatement = { readonly sql: string; readonly notes: readonly string[] } | { readonly reason: string };

/** Translates one statement or query of SQLite's, without a semicolon. */
export type StatementTranslator = (sql: string, place: StatementPlace) => TranslatedStatement;

/**
 * Makes the translator of a schema's statements. The rules know how, and stand above this layer: whoever makes a plan brings theirs
 * (`statementTranslator` of the engine).
 */
export type MakeTranslator = (schema: Pick<Plan, "catalog" | "decisions" | "names">) => StatementTranslator;
