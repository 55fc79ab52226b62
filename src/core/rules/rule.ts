import type { HostUse, Language, Site } from "#core/hosts/site.ts";
import type { Expression, Statement } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import type { Unless } from "./declared/unless.ts";
import type { Settled, Severity } from "./finding.ts";
import type { ValueKind } from "./kinds/value-kind.ts";
import type { Driver, Mode } from "./mode.ts";
import type { SchemaView } from "./schema-view.ts";
import type { Meanings, Resolution } from "./scope.ts";

/** What a rule's page says; docs/rules is generated from it. */
export interface RuleDoc {
  readonly what: string;
  readonly why: string;
  /** SQLite's form and, for each mode, what to use instead. */
  readonly example: string;
  readonly useInstead: { readonly both: string; readonly postgres: string };
  /** When the fix is safe and when it asks for a look. */
  readonly fixSafety: string;
}

export interface RuleMeta {
  /** Also the name of the rule's file, its fixture and its page. */
  readonly id: string;
  readonly family: "placeholders" | "date-time" | "upsert" | "operators" | "select" | "quoting" | "rowid" | "functions" | "ddl" | "connection" | "proof" | "ignores" | "statements" | "transactions" | "writes" | "full-text";
  readonly title: string;
  readonly doc: RuleDoc;
}

/** One way to mend a finding, in terms of the site's SQL. */
export type SqlFix = {
  readonly title: string;
  readonly applicability: "safe" | "review";
  /** Functions of the generated adapter that the new text calls. */
  readonly needs?: readonly string[];
  /** Nodes that mean on PostgreSQL, after this fix, what they mean on SQLite, given that their parts do. */
  readonly settles?: readonly Settled[];
} & (
  | { readonly kind: "edit"; readonly edits: readonly Edit[] }
  /** Edits of the host file, outside of the SQL: where the code builds a list of placeholders. */
  | { readonly kind: "host"; readonly edits: readonly Edit[] }
  /** One text cannot serve both engines: the code chooses between its own text and this one for PostgreSQL. */
  | { readonly kind: "by-engine"; readonly postgresql: string }
);

/** One hit of a rule in a site's SQL. */
export interface SqlFinding {
  /** In the site's text. */
  readonly span: Span;
  readonly message: string;
  readonly severity: Severity;
  /** Preferred first. */
  readonly fixes: readonly SqlFix[];
  /** Functions that the generated adapter supplies, so that the code may stay as it is. */
  readonly supplied?: readonly string[];
  /**
   * Without a fix: the text may stay as it is, and somebody has to look at what the message says (`review`); not that it must change
   * (`manual`), nor, with `supplied`, that it is the same (`safe`).
   */
  readonly advice?: true;
  /** With `supplied`: nodes that mean the same as they stand, with the adapter's functions, given that their parts do. */
  readonly settles?: readonly Settled[];
  /** Without a schema: what, all of it declared by the project's own CREATE TABLE statements, would leave nothing to say. */
  readonly unless?: readonly Unless[];
}

/** What PostgreSQL's DDL for a site's CREATE statements is, or why there is none. */
export type DdlTranslation =
  | { readonly ok: true; readonly sql: string; readonly review: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** What a rule sees of one statement. */
export interface StatementContext {
  readonly site: Site;
  readonly statement: Statement;
  readonly mode: Mode;
  readonly driver: Driver;
  readonly schema: SchemaView | undefined;
  /** What the statement's column references mean; nothing without a schema. */
  readonly resolution: Resolution;
  /** What all of its names mean; without a schema those of its own (subqueries, WITH, aliases). */
  readonly meanings: Meanings;
  /** What is known of an expression's value as the statement stands, on both engines. */
  readonly kind: (node: Expression) => ValueKind;
  /** Translates DDL text through the schema translator. */
  readonly translateDdl: ((sql: string) => DdlTranslation) | undefined;
}

/** Looks at one SQL statement at a time. */
export interface StatementRule {
  readonly meta: RuleMeta;
  readonly check: (context: StatementContext) => Iterable<SqlFinding>;
}

/** One hit of a rule in host code. */
export interface UseFinding {
  readonly span: Span;
  readonly message: string;
  readonly severity: Severity;
  /** What of the generated adapter answers for it, so that the code may stay as it is. */
  readonly supplied?: readonly string[];
}

/** What a rule about host code knows besides the use. */
export interface UseContext {
  readonly mode: Mode;
  readonly language: Language;
}

/** Looks at the host code's own ties to SQLite. */
export interface UseRule {
  readonly meta: RuleMeta;
  readonly checkUse: (use: HostUse, context: UseContext) => UseFinding | undefined;
}
