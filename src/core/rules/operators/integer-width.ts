import type { BinaryExpression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { IntegerKind } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import { unwrap } from "./flag-value.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";

/** SQLite computes with 64 bits, PostgreSQL with 32 where nothing is wider. */
export const integerWidth: StatementRule = {
  meta: {
    id: "integer-width",
    family: "operators",
    title: "Integers of 32 bits",
    doc: {
      what: "Finds +, - and * whose operands are 32 bits wide in PostgreSQL and whose result may not fit, and << and >>.",
      why:
        "SQLite computes with 64 bits. In PostgreSQL a number below 2147483648 is an integer of 32 bits: 100000 * 100000 is an error, and 1 << 33 is 2. It shifts by the count modulo the width, " +
        "SQLite by any count, also a negative one, to the other side.",
      example: "SELECT 24 * 60 * 60 * 100000, 1 << 40",
      useInstead: { both: "SELECT CAST(24 * 60 * 60 AS BIGINT) * 100000, CAST(1 AS BIGINT) << 40", postgres: "the same" },
      fixSafety: "Safe: CAST(… AS BIGINT) leaves an integer as it is in SQLite. A shift by a count that is not written down is left to a person: below 0 and beyond 63 the engines differ.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const node of nodesOfKind(context.statement, "BinaryExpression")) {
      const finding = node.operator === "<<" || node.operator === ">>" ? shift(node, context) : overflow(node, context);
      if (finding !== undefined) yield finding;
    }
  },
};

function overflow(node: BinaryExpression, context: StatementContext): SqlFinding | undefined {
  const { kind } = context;
  const { operator } = node;
  if (operator !== "+" && operator !== "-" && operator !== "*") return undefined;
  const [left, right] = [kind(node.left), kind(node.right)];
  if (left.kind !== "integer" || right.kind !== "integer" || left.wide === true || right.wide === true || staysSmall(operator, left, right)) return undefined;
  // What is wider on the left already makes this as wide.
  const before = unwrap(node.left);
  if (before.kind === "BinaryExpression" && overflow(before, context) !== undefined) return undefined;
  return {
    span: node.operatorSpan,
    severity: "warning",
    message: "Both sides are 32 bits wide in PostgreSQL, which reports an overflow where SQLite goes on with 64 bits.",
    fixes: [{ kind: "edit", title: "Compute with BIGINT", applicability: "safe", edits: enclose(node.left.span, "CAST(", " AS BIGINT)"), settles: [{ span: node.left.span, enclosed: true, kind: { kind: "integer", wide: true, ...(left.literal === undefined ? {} : { literal: left.literal }) } }] }],
  };
}

function staysSmall(operator: "+" | "-" | "*", left: IntegerKind, right: IntegerKind): boolean {
  if (left.literal !== undefined && right.literal !== undefined) {
    const value = operator === "+" ? left.literal + right.literal : operator === "-" ? left.literal - right.literal : left.literal * right.literal;
    return value < 2n ** 31n && value > -(2n ** 31n);
  }
  const unit = (value: IntegerKind): boolean => value.literal !== undefined && value.literal <= 1n && value.literal >= -1n;
  return operator === "*" ? unit(left) || unit(right) : left.small === true && right.small === true;
}

function shift(node: BinaryExpression, { kind }: StatementContext): SqlFinding | undefined {
  const [left, right] = [kind(node.left), kind(node.right)];
  const found = { span: node.operatorSpan, severity: "warning" } as const;
  if (left.kind === "double" || left.kind === "numeric" || left.kind === "text") return { ...found, severity: "error", message: "PostgreSQL shifts integers only; SQLite cuts the value down to one.", fixes: [] };
  if (left.kind !== "integer") return undefined;
  const wide = left.wide === true && left.numeric === undefined;
  const settled = { span: node.left.span, enclosed: true, kind: { kind: "integer", wide: true } } as const;
  if (right.kind === "integer" && right.literal !== undefined) {
    if (right.literal < 0n || right.literal > 63n) return { ...found, message: "PostgreSQL shifts by the count modulo the width; SQLite gives 0 or -1 beyond 63, and shifts to the other side below 0: write the result.", fixes: [] };
    return wide
      ? undefined
      : {
          ...found,
          message: "PostgreSQL shifts within 32 bits here, SQLite within 64.",
          fixes: [{ kind: "edit", title: "Shift a BIGINT", applicability: "safe", edits: enclose(node.left.span, "CAST(", " AS BIGINT)"), settles: [settled] }],
        };
  }
  if (right.kind === "integer" && right.wide === undefined && wide) return undefined;
  return { ...found, message: "PostgreSQL shifts by an integer of 32 bits (CAST the count to INTEGER) and modulo the width, within 32 bits unless the left side is a BIGINT; SQLite gives 0 or -1 beyond 63, and shifts to the other side below 0.", fixes: [] };
}
