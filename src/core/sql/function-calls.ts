import type { FunctionCall, Node } from "./nodes.ts";
import { nodesOfKind } from "./walk.ts";

/** A call and the name it goes by. */
export interface NamedCall {
  readonly node: FunctionCall;
  /** In lower case; undefined when an interpolation is the name or part of it. */
  readonly name: string | undefined;
}

/** Every function call of a tree, in the order of the text, an outer call before those among its arguments. */
export function functionCalls(tree: Node): NamedCall[] {
  return nodesOfKind(tree, "FunctionCall").map((node) => ({
    node,
    name: node.name.kind === "Hole" || node.name.holes.length > 0 ? undefined : node.name.value.toLowerCase(),
  }));
}
