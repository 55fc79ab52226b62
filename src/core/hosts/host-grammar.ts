import type { TextFormat } from "./host-string.ts";
import type { DecodedLiteral } from "./literal.ts";
import type { DatabaseCall, HostImport, HostUse, Language } from "./site.ts";
import type { SyntaxNode } from "./syntax-node.ts";
import type { CallFact, InterpolationStyle } from "./value.ts";

/** A call as every language has it. */
export interface CallShape {
  readonly kind: "call";
  /** What the method is called on: `db` of `db.Query(…)`; undefined for a plain function or a constructor. */
  readonly receiver: SyntaxNode | undefined;
  /** The method's or function's own name; of a constructor the type's. */
  readonly method: string;
  /** Whether it constructs: `new StringBuilder(…)`. */
  readonly constructs: boolean;
  readonly arguments: readonly SyntaxNode[];
}

/** What a node is, in words that are the same for every language; a node that is none of these is walked through. */
export type Shape =
  | { readonly kind: "literal" }
  /** Texts put together by `+` or `.`, or side by side. */
  | { readonly kind: "sum"; readonly parts: readonly SyntaxNode[] }
  | { readonly kind: "choice"; readonly options: readonly SyntaxNode[] }
  /** Parentheses and the like. */
  | { readonly kind: "inner"; readonly inner: SyntaxNode }
  | { readonly kind: "list"; readonly items: readonly SyntaxNode[] }
  /** `["?"] * n`, `vec!["?"; n]`. */
  | { readonly kind: "repeat"; readonly item: SyntaxNode }
  /** A variable, or an attribute as `.name`. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "format"; readonly template: SyntaxNode; readonly values: readonly SyntaxNode[]; readonly format: Exclude<TextFormat, "none"> }
  | CallShape
  | { readonly kind: "assign"; readonly how: "assign" | "extend" | "add"; readonly pairs: readonly { readonly left: SyntaxNode; readonly right: SyntaxNode | undefined }[] }
  | { readonly kind: "function"; readonly name: SyntaxNode | undefined; readonly parameters: SyntaxNode | undefined; readonly body: SyntaxNode | undefined }
  | { readonly kind: "return"; readonly values: readonly SyntaxNode[] }
  /** Text in it is for people, or only compared. */
  | { readonly kind: "quiet" }
  /** Nothing in it is code: imports, types. */
  | { readonly kind: "skip" };

/** How a call builds text. */
export type TextCall =
  | { readonly kind: "format"; readonly template: SyntaxNode; readonly values: readonly SyntaxNode[]; readonly format: Exclude<TextFormat, "none"> }
  | { readonly kind: "join"; readonly separator: SyntaxNode | undefined; readonly items: SyntaxNode }
  | { readonly kind: "repeat"; readonly item: SyntaxNode }
  /** `map(i -> "?")`: `by` is the function. */
  | { readonly kind: "repeatBy"; readonly by: SyntaxNode }
  | { readonly kind: "list"; readonly items: readonly SyntaxNode[] }
  /** A text that the call hardly changes. */
  | { readonly kind: "same"; readonly inner: SyntaxNode }
  /** `new StringBuilder("a").append("b")`: what was there and what is added. */
  | { readonly kind: "sum"; readonly parts: readonly SyntaxNode[] };

/** What a database call is given. */
export interface DatabaseCallShape {
  readonly library: DatabaseCall["library"];
  readonly sql: SyntaxNode;
  readonly parameters: DatabaseCall["parameters"];
  readonly certainty: CallFact["certainty"];
  /** How the call itself fills in the text: Entity Framework's `{0}`. */
  readonly format?: Exclude<TextFormat, "none"> | undefined;
  readonly part?: boolean;
}

/** A decoded literal with the expressions of its interpolations. */
export interface ReadLiteral {
  readonly literal: DecodedLiteral;
  readonly holes: readonly (SyntaxNode | undefined)[];
}

/** Everything that the walk through a file asks of its language. */
export interface HostGrammar {
  readonly language: Language;
  /** How an expression that is joined to a literal stands in a site's text. */
  readonly style: InterpolationStyle;
  readonly shapeOf: (node: SyntaxNode) => Shape | undefined;
  readonly literalOf: (node: SyntaxNode, format: TextFormat) => ReadLiteral | undefined;
  readonly textCall: (call: CallShape, node: SyntaxNode) => TextCall | undefined;
  /** `sb.append(x)`, `conds.add(x)`: the name that grows, what is added, and whether to its text or to its list. */
  readonly grows: (call: CallShape) => { readonly target: SyntaxNode; readonly values: readonly SyntaxNode[]; readonly how: "extend" | "add" } | undefined;
  readonly databaseCall: (call: CallShape, node: SyntaxNode) => DatabaseCallShape | undefined;
  /** `command.CommandText = x`: whether what is assigned there is SQL. */
  readonly holdsSql?: (left: SyntaxNode) => DatabaseCall["library"] | undefined;
  /** The name by which a call opens a SQLite database, or undefined where it does not. */
  readonly opens: (call: CallShape, node: SyntaxNode) => string | undefined;
  /** Whether a function gives back its last expression. */
  readonly givesLast?: boolean;
  /** Functions whose text is for people. */
  readonly speaking: RegExp;
  /** Imports, and uses that a single node shows. Asked of every node. */
  readonly useOf: (node: SyntaxNode) => { readonly kind: HostUse["kind"]; readonly name: string; readonly at?: SyntaxNode } | undefined;
  readonly importOf?: (node: SyntaxNode) => Omit<HostImport, "span"> | undefined;
  /** Where an import of ours would go. */
  readonly importAt: number;
}
