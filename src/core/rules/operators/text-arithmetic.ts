import type { Expression } from "#core/sql/nodes.ts";
import { descendants } from "#core/sql/walk.ts";
import { integerLiteral } from "../kinds/value-kind.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { unwrap } from "./flag-value.ts";

/** SQLite computes with the number at a text's beginning; PostgreSQL does not compute with texts. */
export const textArithmetic: StatementRule = {
  meta: {
    id: "text-arithmetic",
    family: "operators",
    title: "Arithmetic with texts",
    doc: {
      what: "Finds texts beside +, -, *, /, %, &, |, <<, >> and ~.",
      why: "SQLite computes with the number at the text's beginning, or with 0. PostgreSQL has no arithmetic of texts, and reads a literal as a number only when all of it is one.",
      example: "SELECT '5' + 1, code * 2 FROM parts",
      useInstead: { both: "SELECT 5 + 1, CAST(code AS BIGINT) * 2 FROM parts, if all codes are numbers", postgres: "the same" },
      fixSafety: "A literal that is an integer loses its quotes: safe. Columns are left to a person: make the column a number, or cast it where every value is one.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const node of descendants(context.statement)) {
      if (node.kind === "UnaryExpression" && node.operator !== "NOT") yield* operand(node.operand, node.operator, context, node.operator !== "+");
      if (node.kind !== "BinaryExpression" || !["+", "-", "*", "/", "%", "&", "|", "<<", ">>"].includes(node.operator)) continue;
      yield* operand(node.left, node.operator, context);
      yield* operand(node.right, node.operator, context);
    }
  },
};

/** @param plain false where a text stays one: a plus sign alone does nothing in SQLite */
function* operand(expression: Expression, operator: string, { kind }: StatementContext, plain = true): Iterable<SqlFinding> {
  const value = kind(expression);
  if (value.kind !== "text") return;
  const node = unwrap(expression);
  const digits = plain && node.kind === "StringLiteral" && node.holes.length === 0 && /^(?:0|[1-9]\d{0,17})$/.test(node.value) ? node.value : undefined;
  yield {
    span: node.span,
    severity: "error",
    message:
      digits === undefined
        ? `PostgreSQL does not compute with texts (${operator}). SQLite takes the number at its beginning, or 0: make it a number, or CAST it where every value is one.`
        : `PostgreSQL does not compute with texts (${operator}); SQLite takes this one for ${digits}.`,
    fixes: digits === undefined ? [] : [{ kind: "edit", title: `Write ${digits}`, applicability: "safe", edits: [replace(node.span, digits)], settles: [{ span: node.span, kind: integerLiteral(BigInt(digits)) }] }],
  };
}
