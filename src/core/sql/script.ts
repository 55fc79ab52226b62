import type { Span } from "#core/text/span.ts";
import type { Statement, SyntaxProblem } from "./nodes.ts";
import type { Token } from "./token.ts";

/** What the caller knows about a text before it is parsed. */
export interface ParseOptions {
  /**
   * Where host code interpolates: spans of the text, which must not overlap. The text inside is opaque and need not
   * be SQL (`{table}`, `${x}`); an empty span stands for an interpolation that left no text.
   */
  readonly holes?: readonly Span[];
}

/** A parsed text: every statement of it, whatever its state. */
export interface Script {
  readonly source: string;
  /** In the order of the text; empty statements (`;;`) are left out. */
  readonly statements: readonly Statement[];
  /** Every token, blanks and comments included: their texts joined are the source. */
  readonly tokens: readonly Token[];
  /** What SQLite would refuse, at most one a statement. */
  readonly errors: readonly SyntaxProblem[];
}
