import type { Node } from "#core/sql/nodes.ts";
import { children } from "#core/sql/walk.ts";
import { aggregateNames } from "./translate-functions.ts";

/** Whether a node is a call of an aggregate, not of a window. */
export function isAggregate(node: Node): boolean {
  return node.kind === "FunctionCall" && node.over === undefined && node.name.kind === "Identifier" && aggregateNames.has(node.name.value.toLowerCase()) &&
    (!/^(?:min|max)$/i.test(node.name.value) || node.arguments.length === 1);
}

/** Whether there is one in a node, queries inside of it left out. */
export function hasAggregate(node: Node): boolean {
  if (isAggregate(node)) return true;
  return node.kind !== "Subquery" && children(node).some(hasAggregate);
}
