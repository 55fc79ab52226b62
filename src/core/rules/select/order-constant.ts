import type { Expression } from "#core/sql/nodes.ts";
import { descendants } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { isTruthWord } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import type { SqlFinding, StatementRule } from "../rule.ts";

/** Constants in ORDER BY and GROUP BY. */
export const orderConstant: StatementRule = {
  meta: {
    id: "order-constant",
    family: "select",
    title: "ORDER BY and GROUP BY a constant",
    doc: {
      what: "Finds ORDER BY and GROUP BY of a text, NULL, TRUE or a decimal number.",
      why: "Such a term sorts nothing and makes one group in SQLite (ORDER BY 'name' does not sort by the column name). PostgreSQL refuses it, unless it is an expression.",
      example: "SELECT count(*) FROM tasks GROUP BY NULL",
      useInstead: { both: "SELECT count(*) FROM tasks GROUP BY CAST(NULL AS TEXT)", postgres: "the same" },
      fixSafety: "Safe: the same constant, as an expression. A text may have been meant for a column's name: the message says so.",
    },
  },
  *check({ statement }) {
    if (isDefinition(statement)) return;
    for (const node of descendants(statement)) {
      if (node.kind === "SelectStatement") for (const term of node.orderBy?.terms ?? []) yield* finding(term.expression, "ORDER BY");
      if (node.kind === "GroupByClause") for (const expression of node.expressions) yield* finding(expression, "GROUP BY");
    }
  },
};

function* finding(node: Expression, clause: string): Iterable<SqlFinding> {
  const isConstant = node.kind === "StringLiteral" || node.kind === "NullLiteral" || (node.kind === "NumericLiteral" && node.form === "float") || (node.kind === "ColumnReference" && isTruthWord(node));
  if (!isConstant || (node.kind === "StringLiteral" && node.holes.length > 0)) return;
  yield {
    span: node.span,
    severity: "error",
    message: `PostgreSQL refuses ${clause} a constant, which sorts and tells nothing in SQLite.${node.kind === "StringLiteral" ? " If a column is meant, write it without the quotes." : ""}`,
    fixes: [{ kind: "edit", title: "Write it as an expression", applicability: "safe", edits: enclose(node.span, "CAST(", " AS TEXT)"), settles: [{ span: node.span, kind: { kind: "text", binary: true, ordered: true } }] }],
  };
}
