/**
 * The tree of one SQLite statement. Every node is read-only, has a `kind` that tells its type, and a `span` in UTF-16
 * code units of the parsed text: from its first token's start to its last token's end, blanks and comments outside.
 * A field that a statement does not use is `undefined`, a list that it does not use is empty.
 */
import type { ChangePart } from "./nodes/changes.ts";
import type { Expression, ExpressionPart } from "./nodes/expressions.ts";
import type { SelectPart } from "./nodes/select.ts";
import type { Statement, StatementPart } from "./nodes/statements.ts";
import type { TablePart } from "./nodes/tables.ts";

export type * from "./nodes/changes.ts";
export type * from "./nodes/expressions.ts";
export type * from "./nodes/names.ts";
export type * from "./nodes/select.ts";
export type * from "./nodes/statements.ts";
export type * from "./nodes/tables.ts";

/** Any node of a tree. */
export type Node = Statement | StatementPart | Expression | ExpressionPart | SelectPart | ChangePart | TablePart;

export type NodeKind = Node["kind"];

/** The node type of a kind. */
export type NodeOf<K extends NodeKind> = Extract<Node, { readonly kind: K }>;

/** One entry for every kind of node: a forgotten kind does not compile. */
export type Visitor<R> = { readonly [K in NodeKind]: (node: NodeOf<K>) => R };

/** Calls the visitor's entry for the node's kind. */
export function visit<R>(node: Node, visitor: Visitor<R>): R {
  const entry = visitor[node.kind] as (node: Node) => R;
  return entry(node);
}
