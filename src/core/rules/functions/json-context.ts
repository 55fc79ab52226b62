import type { Expression, Node } from "#core/sql/nodes.ts";

/**
 * How what stands around a value taken out of JSON uses it. `plain`: it is compared with words that no number and no flag reads like, or
 * with NULL, so that its text tells all; `number`: a number is wanted; `cast`: it is cast anyway; `other`: its own type matters.
 */
export type JsonUse = "plain" | "number" | "cast" | "other";

/** Tells the use of `node` by what is around it, the nearest first. */
export function jsonUse(node: Expression, around: readonly Node[]): JsonUse {
  const [parent] = around;
  const isNode = (other: Expression): boolean => inner(other) === node;
  switch (parent?.kind) {
    case "IsExpression":
      return parent.right.kind === "NullLiteral" || isWord(parent.right) ? "plain" : "other";
    case "NullTest":
      return "plain";
    case "InExpression":
      return isNode(parent.operand) && parent.source.kind === "ExpressionList" && parent.source.items.every(isWord) ? "plain" : "other";
    case "BinaryExpression": {
      const other = isNode(parent.left) ? parent.right : parent.left;
      const compares = /^(?:==?|<>|!=|[<>]=?)$/.test(parent.operator);
      if (compares && isWord(other) && !/^[<>]=?$/.test(parent.operator)) return "plain";
      return (compares && isNumber(other)) || ["+", "-", "*", "/", "%"].includes(parent.operator) ? "number" : "other";
    }
    case "BetweenExpression":
      return isNode(parent.operand) && isNumber(parent.low) && isNumber(parent.high) ? "number" : "other";
    case "CastExpression":
      return "cast";
    case "FunctionCall":
      return parent.name.kind === "Identifier" && /^(?:sum|avg|total|abs|round)$/i.test(parent.name.value) ? "number" : "other";
    default:
      return "other";
  }
}

function inner(node: Expression): Expression {
  return node.kind === "ParenthesizedExpression" ? inner(node.expression) : node;
}

/** A text that is neither what SQLite makes of a number or of a container, nor PostgreSQL's word for a flag. */
function isWord(node: Expression): boolean {
  return node.kind === "StringLiteral" && node.holes.length === 0 && !/^\s*[-+.\d[{"]|^(?:true|false)$/.test(node.value);
}

function isNumber(node: Expression): boolean {
  return node.kind === "NumericLiteral" || (node.kind === "UnaryExpression" && node.operator === "-" && node.operand.kind === "NumericLiteral");
}

/** Whether operators that bind tighter than `->` on PostgreSQL stand right beside a node. */
export function bindsTighter(parent: Node | undefined): boolean {
  return parent?.kind === "UnaryExpression" || parent?.kind === "CollateExpression" || (parent?.kind === "BinaryExpression" && ["+", "-", "*", "/", "%"].includes(parent.operator));
}
