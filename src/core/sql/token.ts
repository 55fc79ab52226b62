import type { Span } from "#core/text/span.ts";

/**
 * What a token is. Blanks and comments are tokens too: together the tokens hold every character of a text exactly once.
 * `name` is a bare identifier, `quoted` one in `"…"`, `[…]` or backticks; `keyword` may still be used as a name
 * where SQLite lets it; `illegal` is text that SQLite does not recognise; `end` is the empty token after the last one.
 */
export type TokenKind =
  | "blank"
  | "comment"
  | "keyword"
  | "name"
  | "quoted"
  | "string"
  | "blob"
  | "number"
  | "variable"
  | "operator"
  | "hole"
  | "illegal"
  | "end";

/** One token. It is a span itself: `[start, end)` in UTF-16 code units. */
export interface Token extends Span {
  readonly kind: TokenKind;
  /** A keyword in upper case, or an operator or punctuation mark as written; empty for every other kind. */
  readonly symbol: string;
  /** Spans of the interpolations inside this token, in order: the whole token for a `hole`. */
  readonly holes: readonly Span[];
}
