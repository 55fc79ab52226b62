import type { BindParameter, Node } from "./nodes.ts";
import { walk } from "./walk.ts";

/** A placeholder of a statement and the number that SQLite gives it. */
export interface NumberedParameter {
  readonly node: BindParameter;
  /**
   * The number, counted from 1; parameters of one number get one value. Undefined when an interpolation before it may
   * bring parameters of its own, or is part of this one.
   */
  readonly number: number | undefined;
}

/**
 * The placeholders of a tree in the order of the text, numbered as SQLite does
 * (https://www.sqlite.org/lang_expr.html#varparam): `?` is one more than the largest number so far, a name (with its
 * prefix) that was there before has its number again, a new one is numbered like `?`.
 */
export function bindParameters(tree: Node): NumberedParameter[] {
  const found: NumberedParameter[] = [];
  const names = new Map<string, number>();
  /** The largest number so far; undefined once an interpolation hides it. */
  let largest: number | undefined = 0;
  walk(tree, {
    enter(node, ancestors) {
      if (node.kind === "Hole") {
        if (!standsForName(node, ancestors.at(-1))) largest = undefined;
        return;
      }
      if (node.kind !== "BindParameter") return;
      let number: number | undefined;
      if (node.holes.length > 0) largest = undefined;
      else if (node.number !== undefined) {
        number = node.number;
        if (largest !== undefined) largest = Math.max(largest, number);
      } else {
        number = node.name === undefined ? undefined : names.get(node.text);
        if (number === undefined && largest !== undefined) {
          largest++;
          number = largest;
        }
        if (node.name !== undefined && number !== undefined) names.set(node.text, number);
      }
      found.push({ node, number });
    },
  });
  return found;
}

/** Whether a hole is a name, or part of one or of a literal, and so holds no parameter. */
function standsForName(hole: Node, parent: Node | undefined): boolean {
  switch (parent?.kind) {
    case "Identifier": case "StringLiteral": case "BlobLiteral": case "QualifiedName": case "NameList": case "Alias":
    case "AllColumns": case "TypeName": case "OrAction": case "IndexedBy": case "CollateExpression": return true;
    case "ColumnReference": return true;
    case "FunctionCall": return parent.name === hole;
    case "Assignment": return parent.target === hole;
    case "CommonTable": return parent.name === hole;
    // A direction after an ordering term.
    case "OrderingTerm": return parent.expression !== hole;
    default: return false;
  }
}
