import type { Node, NodeKind } from "#core/sql/nodes.ts";
import { descendants } from "#core/sql/walk.ts";

const operations: ReadonlySet<NodeKind> = new Set<NodeKind>([
  "UnaryExpression", "BinaryExpression", "IsExpression", "NullTest", "LikeExpression", "BetweenExpression", "InExpression", "CollateExpression",
  "CaseExpression", "CastExpression", "FunctionCall", "ExistsExpression",
]);

/** The text of a tree with every operation in parentheses: what binds how is then written down. */
export function parenthesize(source: string, tree: Node): string {
  const before = new Map<number, number>();
  const after = new Map<number, number>();
  for (const node of descendants(tree)) {
    if (!operations.has(node.kind)) continue;
    before.set(node.span.start, (before.get(node.span.start) ?? 0) + 1);
    after.set(node.span.end, (after.get(node.span.end) ?? 0) + 1);
  }
  let text = "";
  for (let at = 0; at <= source.length; at++) {
    text += ")".repeat(after.get(at) ?? 0) + "(".repeat(before.get(at) ?? 0) + source.charAt(at);
  }
  return text;
}
