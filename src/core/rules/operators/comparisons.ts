import type { Expression, Statement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { isTruthTest } from "./conditions.ts";

/** Two expressions that SQLite compares. */
export interface Comparison {
  readonly left: Expression;
  readonly right: Expression;
  /** Only the left side's affinity counts: the items of IN lose theirs. */
  readonly oneSided: boolean;
  /** The left side is compared with something else as well, so that what is done to it must suit both. */
  readonly shared: boolean;
  /** For messages. */
  readonly operator: string;
}

const comparing: ReadonlySet<string> = new Set(["=", "==", "<>", "!=", "<", "<=", ">", ">="]);

/** Every comparison of a statement, also those of BETWEEN, IN lists, IS and CASE with an operand. */
export function comparisonsOf(statement: Statement): Comparison[] {
  const found: Comparison[] = [];
  walk(statement, {
    enter(node) {
      switch (node.kind) {
        case "BinaryExpression":
          if (comparing.has(node.operator)) found.push({ left: node.left, right: node.right, oneSided: false, shared: false, operator: node.operator });
          return;
        case "IsExpression":
          if (node.right.kind !== "NullLiteral" && !isTruthTest(node)) found.push({ left: node.left, right: node.right, oneSided: false, shared: false, operator: "IS" });
          return;
        case "BetweenExpression":
          for (const right of [node.low, node.high]) found.push({ left: node.operand, right, oneSided: false, shared: true, operator: "BETWEEN" });
          return;
        case "InExpression":
          if (node.source.kind === "ExpressionList") for (const right of node.source.items) found.push({ left: node.operand, right, oneSided: true, shared: true, operator: "IN" });
          return;
        case "CaseExpression":
          if (node.operand !== undefined) for (const branch of node.branches) if (branch.kind === "CaseBranch") found.push({ left: node.operand, right: branch.condition, oneSided: false, shared: true, operator: "CASE" });
          return;
        default:
          return;
      }
    },
  });
  return found;
}
