import { walk } from "#core/sql/walk.ts";
import type { Node, Statement } from "#core/sql/nodes.ts";

/** Puts a condition's new text in parentheses unless what it stands under binds weaker than NOT: AND, OR, a clause, a list. */
export function parenthesizedUnder(statement: Statement, node: Node, text: string): string {
  let parent: Node | undefined;
  walk(statement, {
    enter(at, ancestors) {
      if (at === node) parent = ancestors.at(-1);
    },
  });
  switch (parent?.kind) {
    case undefined:
    case "WhereClause":
    case "HavingClause":
    case "OnClause":
    case "ParenthesizedExpression":
    case "CaseBranch":
    case "ResultColumn":
    case "Fragment":
      return text;
    case "BinaryExpression":
      return parent.operator === "AND" || parent.operator === "OR" ? text : `(${text})`;
    default:
      return `(${text})`;
  }
}
