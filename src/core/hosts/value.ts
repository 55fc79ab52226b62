import type { Span } from "#core/text/span.ts";
import type { DecodedLiteral } from "./literal.ts";
import type { DatabaseCall } from "./site.ts";

/**
 * A host expression as far as it builds text, the same for every host language: each language's file turns its syntax
 * into values, and everything behind that (which text is SQL, what is joined to what) is written once.
 */
export type Value =
  /** A literal; `holes` are the values of its interpolations, in order; `filled` those that `%` or `.format` puts into it. */
  | {
      readonly kind: "literal";
      readonly span: Span;
      readonly literal: DecodedLiteral;
      readonly holes: readonly (Value | undefined)[];
      readonly filled?: readonly (Value | undefined)[];
    }
  /** `a + b`, or literals side by side. */
  | { readonly kind: "concat"; readonly span: Span; readonly parts: readonly Value[] }
  /** One of several: `a if c else b`, `a || b`. */
  | { readonly kind: "choice"; readonly span: Span; readonly options: readonly Value[] }
  /** `separator.join(items)`. */
  | { readonly kind: "join"; readonly span: Span; readonly separator: Value | undefined; readonly items: Value }
  /** The same text several times: `"?" * n`, `["?"] * n`, `"?" for _ in ids`, `ids.map(() => "?")`. */
  /** `text`: a longer text of the item's characters (`"?" * n`), not a list of items. */
  | { readonly kind: "repeat"; readonly span: Span; readonly item: Value; readonly text?: true }
  | { readonly kind: "list"; readonly span: Span; readonly items: readonly Value[] }
  /** A text that an operation hardly changes: `dedent(x)`, `x.strip()`, `x[:-1]`, `x as string`. */
  | { readonly kind: "wrapped"; readonly span: Span; readonly inner: Value }
  /** A variable, or an attribute as `.name`. */
  | { readonly kind: "name"; readonly span: Span; readonly name: string }
  | { readonly kind: "other"; readonly span: Span };

/** A name given a value, or a value added to what the name holds. */
export interface Binding {
  readonly name: string;
  /** Index into the scopes. */
  readonly scope: number;
  /** `assign`: `x = v`; `extend`: `x += v`; `add`: `x.append(v)`. */
  readonly how: "assign" | "extend" | "add";
  readonly value: Value;
}

/** A call of a method that may take SQL, with the expression it is given. */
export interface CallFact {
  readonly call: DatabaseCall;
  readonly sql: Value;
  readonly scope: number;
  /** `sure`: the method's name alone speaks of a database (`executemany`); `maybe`: others have such methods too (`get`). */
  readonly certainty: "sure" | "maybe";
  /** What the call takes is a part that the library puts into a statement of its own: `where("name = ?")`. */
  readonly part?: boolean;
}

/** What a language's file has found, before it is known which of it is SQL. */
export interface TextFacts {
  /** The parent of each scope by index; -1 for the file's own scope, which is 0. */
  readonly scopes: readonly number[];
  readonly bindings: readonly Binding[];
  readonly calls: readonly CallFact[];
  /** Outermost expressions that build text anywhere else, except where text is for people: docstrings, logs, messages. */
  readonly loose: readonly { readonly value: Value; readonly scope: number }[];
}

/** How a language writes an interpolation: `{` and `}`, or `${` and `}`. */
export interface InterpolationStyle {
  readonly open: string;
  readonly close: string;
}
