import type { Expression, Node } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";

/** How tightly PostgreSQL binds: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE */
const level = { or: 1, and: 2, not: 3, is: 4, compare: 5, like: 6, other: 7, add: 8, multiply: 9, collate: 10, sign: 11, atom: 12 } as const;

const binaryLevel = {
  OR: level.or,
  AND: level.and,
  "=": level.compare,
  "==": level.compare,
  "<>": level.compare,
  "!=": level.compare,
  "<": level.compare,
  "<=": level.compare,
  ">": level.compare,
  ">=": level.compare,
  "&": level.other,
  "|": level.other,
  "<<": level.other,
  ">>": level.other,
  "||": level.other,
  "->": level.other,
  "->>": level.other,
  "+": level.add,
  "-": level.add,
  "*": level.multiply,
  "/": level.multiply,
  "%": level.multiply,
} as const;

function levelOf(node: Expression): number {
  switch (node.kind) {
    case "BinaryExpression":
      return binaryLevel[node.operator];
    case "UnaryExpression":
      return node.operator === "NOT" ? level.not : node.operator === "~" ? level.other : level.sign;
    case "IsExpression":
    case "NullTest":
      return level.is;
    case "LikeExpression":
    case "BetweenExpression":
    case "InExpression":
      return level.like;
    case "CollateExpression":
      return level.collate;
    default:
      return level.atom;
  }
}

/** Whether an expression ends in words or parentheses of its own operator: what follows it cannot be taken for a part of it. */
function isClosed(node: Expression): boolean {
  switch (node.kind) {
    case "NullTest":
    case "InExpression":
    case "CollateExpression":
      return true;
    case "IsExpression":
      return !node.distinctFrom && (node.right.kind === "NullLiteral" || (node.right.kind === "ColumnReference" && /^(true|false)$/i.test(node.right.column.kind === "Identifier" ? node.right.column.value : "")));
    default:
      return false;
  }
}

/**
 * The operands that PostgreSQL would give to another operator than SQLite does (`a * b || c`), or would refuse without parentheses
 * (`a = b = c`): each needs parentheses of its own to mean the same on both.
 */
export function groupedOtherwise(root: Node): Expression[] {
  const found: Expression[] = [];
  const left = (operand: Expression, least: number, chains: boolean): void => {
    const own = levelOf(operand);
    if ((own < least || (own === least && !chains)) && !isClosed(operand)) found.push(operand);
  };
  const right = (operand: Expression, least: number): void => {
    if (levelOf(operand) <= least) found.push(operand);
  };
  walk(root, {
    enter(node) {
      switch (node.kind) {
        case "BinaryExpression": {
          const own = binaryLevel[node.operator];
          left(node.left, own, own !== level.compare);
          right(node.right, own);
          return;
        }
        case "UnaryExpression":
          if (node.operator !== "NOT" && levelOf(node.operand) < (node.operator === "~" ? level.other : level.sign)) found.push(node.operand);
          return;
        case "IsExpression":
          left(node.left, level.is, false);
          if (node.right.kind !== "NullLiteral") right(node.right, level.is);
          return;
        case "NullTest":
          left(node.operand, level.is, false);
          return;
        case "LikeExpression":
          left(node.left, level.like, false);
          right(node.right, level.like);
          if (node.escape !== undefined) right(node.escape, level.like);
          return;
        case "BetweenExpression":
          left(node.operand, level.like, false);
          right(node.low, level.like);
          right(node.high, level.like);
          return;
        case "InExpression":
          left(node.operand, level.like, false);
          return;
        case "CollateExpression":
          left(node.operand, level.collate, true);
          return;
        default:
          return;
      }
    },
  });
  return found;
}
