import type { Span } from "#core/text/span.ts";
import type { Expression } from "./expressions.ts";

/** How a name was quoted in the text. SQLite takes a single-quoted string for a name where only a name can stand. */
export type QuoteStyle = "none" | "double" | "single" | "bracket" | "backtick";

/**
 * A host interpolation that stands where SQL expects a fragment: an expression, a name, a list item, an operator,
 * a clause or several clauses. Its text is opaque.
 */
export interface Hole {
  readonly kind: "Hole";
  readonly span: Span;
  /** Position of this hole among the caller's `holes` in the order of the text. */
  readonly index: number;
  /** How many interpolations stand here without anything between them (`{a}{b}` is one hole); nearly always 1. */
  readonly count: number;
}

/** Text that the grammar does not allow, or (with an empty span) a place where something is missing. */
export interface ErrorNode {
  readonly kind: "ErrorNode";
  readonly span: Span;
  /** In SQLite's words, e.g. `near "FROM": syntax error`. */
  readonly message: string;
}

/** One name, unquoted in `value`. */
export interface Identifier {
  readonly kind: "Identifier";
  readonly span: Span;
  /** The name as SQLite sees it, quotes removed and doubled quotes halved; of a glued hole, its text as it stands. */
  readonly value: string;
  readonly quote: QuoteStyle;
  /** Interpolations glued into the name (`tbl_{n}`, `"log_{year}"`), in order. The value is then not fully known. */
  readonly holes: readonly Hole[];
}

/** A name, an interpolated name, or the place where a name is missing. */
export type Name = Identifier | Hole | ErrorNode;

/** `name` or `schema.name`. */
export interface QualifiedName {
  readonly kind: "QualifiedName";
  readonly span: Span;
  readonly schema: Name | undefined;
  readonly name: Name;
}

/** `AS name` or a bare `name` after an expression or a table. */
export interface Alias {
  readonly kind: "Alias";
  readonly span: Span;
  /** The word AS; absent in the bare form. */
  readonly asSpan: Span | undefined;
  readonly name: Name;
}

/** `(a, b, c)`: names in parentheses, which the span includes. */
export interface NameList {
  readonly kind: "NameList";
  readonly span: Span;
  readonly names: readonly Name[];
}

/**
 * A type as written after a column or in CAST: words, then up to two numbers. SQLite takes any words
 * (https://www.sqlite.org/datatype3.html#determination_of_column_affinity).
 */
export interface TypeName {
  readonly kind: "TypeName";
  readonly span: Span;
  readonly words: readonly Name[];
  /** The numbers in parentheses, each a NumericLiteral or a signed one (UnaryExpression). */
  readonly arguments: readonly Expression[];
  /** `(10, 2)` with its parentheses. */
  readonly argumentsSpan: Span | undefined;
}
