import type { FunctionCall, Node } from "./nodes.ts";
import { walk } from "./walk.ts";

/** @see https://www.sqlite.org/lang_aggfunc.html */
const aggregateNames: ReadonlySet<string> = new Set(["count", "sum", "min", "max", "avg", "total", "group_concat", "string_agg", "json_group_array", "json_group_object", "jsonb_group_array", "jsonb_group_object", "median"]);

/** Whether a node is a call of an aggregate (min and max of several values are none, nor is a window function). */
export function isAggregate(node: Node): node is FunctionCall {
  return node.kind === "FunctionCall" && node.over === undefined && node.name.kind === "Identifier" && aggregateNames.has(node.name.value.toLowerCase()) && (node.arguments.length < 2 || !/^(min|max)$/i.test(node.name.value));
}

/** Whether a part of a SELECT has an aggregate of its own, outside of subqueries. */
export function hasAggregate(root: Node): boolean {
  let found = false;
  walk(root, {
    enter(node) {
      if (node.kind === "Subquery") return "skip";
      found ||= isAggregate(node);
      return undefined;
    },
  });
  return found;
}
