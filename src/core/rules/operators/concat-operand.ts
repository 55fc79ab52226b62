import type { BinaryExpression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { kindName, type ValueKind } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";

/** || makes texts of everything in SQLite, and wants one in PostgreSQL. */
export const concatOperand: StatementRule = {
  meta: {
    id: "concat-operand",
    family: "operators",
    title: "|| with values that are no text",
    doc: {
      what: "Finds || between two numbers, and || with a double, a numeric or a blob.",
      why: "PostgreSQL's || wants a text on one side at least: id || 1 is refused. It writes a double otherwise: 1 || 'x' of the REAL 1.0 is '1x' there and '1.0x' in SQLite.",
      example: "SELECT year || month FROM reports",
      useInstead: { both: "SELECT CAST(year AS TEXT) || month FROM reports", postgres: "the same" },
      fixSafety: "Safe for integers: their digits are the same on both. Doubles and blobs are left to a person: format them in code.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const node of nodesOfKind(context.statement, "BinaryExpression")) {
      const finding = node.operator === "||" ? look(node, context) : undefined;
      if (finding !== undefined) yield finding;
    }
  },
};

function look(node: BinaryExpression, { kind }: StatementContext): SqlFinding | undefined {
  const [left, right] = [kind(node.left), kind(node.right)];
  const strange = [left, right].find((value) => value.kind === "double" || value.kind === "numeric" || (value.kind === "other" && value.type === "bytea"));
  if (strange !== undefined) {
    const what = strange.kind === "other" ? "PostgreSQL does not join a text and bytes; SQLite takes the bytes for text." : `SQLite writes ${kindName(strange)} with a point (1.0), PostgreSQL without (1), and both write large ones in their own way.`;
    return { span: node.operatorSpan, severity: "warning", message: `${what} Format the value in code.`, fixes: [] };
  }
  const number = (value: ValueKind): boolean => value.kind === "integer" || value.kind === "condition" || value.kind === "boolean";
  if (!number(left) || !(number(right) || right.kind === "null")) {
    if (!(left.kind === "null" && right.kind === "integer")) return undefined;
  }
  // Rules of their own make integers of comparisons and flags; one text is enough.
  const operand = left.kind === "integer" ? node.left : right.kind === "integer" ? node.right : undefined;
  return {
    span: node.operatorSpan,
    severity: "error",
    message: "PostgreSQL's || wants a text on one side at least; CAST(… AS TEXT) of an integer gives the same digits on both.",
    fixes: operand === undefined ? [] : [{ kind: "edit", title: "Cast to TEXT", applicability: "safe", edits: enclose(operand.span, "CAST(", " AS TEXT)"), settles: [{ span: operand.span, enclosed: true, kind: { kind: "text", binary: true, ordered: false } }] }],
  };
}
