import { booleanName } from "#core/sql/literal-value.ts";
import type { Expression, IsExpression, Node, Statement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";

/** An expression that is asked for its truth. */
export interface Condition {
  /** Without the parentheses around it. */
  readonly node: Expression;
  /** What follows binds as tightly as a comparison: `x IS TRUE`. */
  readonly isTested: boolean;
}

/** The expressions of a statement that stand where a truth value is asked for: clauses, AND, OR, NOT, WHEN, IS TRUE. */
export function conditionsOf(statement: Statement): Condition[] {
  const found: Condition[] = [];
  const add = (expression: Expression, isTested = false): void => {
    let node = expression;
    let tested = isTested;
    while (node.kind === "ParenthesizedExpression") {
      node = node.expression;
      tested = false;
    }
    found.push({ node, isTested: tested });
  };
  walk(statement, {
    enter(node: Node) {
      switch (node.kind) {
        case "WhereClause":
        case "OnClause":
        case "HavingClause":
          add(node.condition);
          return;
        case "BinaryExpression":
          if (node.operator === "AND" || node.operator === "OR") {
            add(node.left);
            add(node.right);
          }
          return;
        case "UnaryExpression":
          if (node.operator === "NOT") add(node.operand);
          return;
        case "IsExpression":
          if (isTruthTest(node)) add(node.left, true);
          return;
        case "CaseExpression":
          if (node.operand === undefined) for (const branch of node.branches) if (branch.kind === "CaseBranch") add(branch.condition);
          return;
        case "FunctionCall":
          // Conditions and results by turns; the last of an odd number is the ELSE.
          if (node.name.kind === "Identifier" && /^(?:iif|if)$/i.test(node.name.value)) for (const [i, argument] of node.arguments.entries()) if (i % 2 === 0 && i + 1 < node.arguments.length) add(argument);
          return;
        default:
          return;
      }
    },
  });
  return found;
}

/** `x IS TRUE` and its like: SQLite asks for the truth of x, also with DISTINCT FROM and with parentheses around the word. */
export function isTruthTest({ right }: IsExpression): boolean {
  let word = right;
  while (word.kind === "ParenthesizedExpression") word = word.expression;
  return booleanName(word) !== undefined;
}
