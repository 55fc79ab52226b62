import type { Expression, OrderingTerm } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { StatementRule } from "../rule.ts";
import { nameOf, resolveColumns, type Resolution } from "../scope.ts";

/** NULLs sort first in SQLite's ascending order and last in PostgreSQL's. */
export const nullOrder: StatementRule = {
  meta: {
    id: "null-order",
    family: "select",
    title: "NULLs in ORDER BY",
    doc: {
      what: "Finds ordering terms whose value can be NULL and that do not say where NULLs go.",
      why: "SQLite takes NULL as smaller than every value, PostgreSQL as larger: the order of rows, and with LIMIT the rows themselves, differ.",
      example: "SELECT * FROM phase_queue ORDER BY ready_timestamp DESC",
      useInstead: { both: "SELECT * FROM phase_queue ORDER BY ready_timestamp DESC NULLS LAST", postgres: "the same" },
      fixSafety: "Safe: it writes down the order that SQLite uses anyway (SQLite knows the words from 3.30 on).",
    },
  },
  *check({ statement, schema }) {
    const resolution: Resolution = schema === undefined ? () => undefined : resolveColumns(statement, schema);
    for (const clause of nodesOfKind(statement, "OrderByClause")) {
      for (const term of clause.terms) {
        if (term.nulls !== undefined || !canBeNull(term.expression, resolution)) continue;
        const words = term.direction === "DESC" ? "NULLS LAST" : "NULLS FIRST";
        const end = term.directionSpan?.end ?? term.expression.span.end;
        yield {
          span: term.span,
          severity: "warning",
          message: `SQLite puts NULLs ${term.direction === "DESC" ? "last" : "first"} here, PostgreSQL ${term.direction === "DESC" ? "first" : "last"}.`,
          fixes: hidden(term) ? [] : [{ kind: "edit", title: `Write ${words}`, applicability: "safe", edits: [{ span: { start: end, end }, newText: ` ${words}` }] }],
        };
      }
    }
  },
};

/** A hole may bring the direction, so that the words cannot be chosen here. */
function hidden(term: OrderingTerm): boolean {
  return term.holes.length > 0 || (term.expression.kind === "Hole" && term.direction === undefined) || term.expression.kind === "HoleOperatorExpression";
}

function canBeNull(expression: Expression, resolution: Resolution): boolean {
  switch (expression.kind) {
    case "ColumnReference": {
      const view = resolution(expression);
      return view === undefined || view.nullable;
    }
    case "NumericLiteral":
    case "StringLiteral":
    case "NullTest":
    case "IsExpression":
      return false;
    case "ParenthesizedExpression":
      return canBeNull(expression.expression, resolution);
    case "CollateExpression":
      return canBeNull(expression.operand, resolution);
    case "FunctionCall": {
      const name = expression.name.kind === "Identifier" ? nameOf(expression.name)?.toLowerCase() : undefined;
      if (name === "count" || name === "total" || name === "random") return false;
      if ((name === "lower" || name === "upper" || name === "length" || name === "abs") && expression.arguments.length === 1) return expression.arguments.some((a) => canBeNull(a, resolution));
      if (name === "coalesce" || name === "ifnull") return expression.arguments.every((a) => canBeNull(a, resolution));
      return true;
    }
    default:
      return true;
  }
}
