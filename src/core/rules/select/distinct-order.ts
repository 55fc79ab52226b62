import type { ColumnReference, OrderingTerm, SelectCore } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { freeName } from "../free-name.ts";
import { isDefinition } from "../is-definition.ts";
import { enclose } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { written } from "./grouped.ts";

/** SELECT DISTINCT that is ordered by something it does not select. */
export const distinctOrder: StatementRule = {
  meta: {
    id: "distinct-order",
    family: "select",
    title: "DISTINCT rows in the order of something else",
    doc: {
      what: "Finds ORDER BY of a SELECT DISTINCT by an expression that is not among its results.",
      why: "PostgreSQL refuses it: several rows that are one now may have different values of it. SQLite takes the value of one of them.",
      example: "SELECT DISTINCT status FROM tasks ORDER BY length(status)",
      useInstead: { both: "SELECT * FROM (SELECT DISTINCT status FROM tasks) AS s ORDER BY length(status)", postgres: "the same" },
      fixSafety: "Safe where the expression is made of the results alone. Where it reads another column, a person must say which of its values counts: GROUP BY the results, and ORDER BY min(column).",
    },
  },
  *check(context) {
    const { statement, site } = context;
    if (isDefinition(statement)) return;
    const taken = new Set<string>();
    for (const query of nodesOfKind(statement, "SelectStatement")) {
      const [core] = query.terms;
      if (query.terms.length !== 1 || core?.kind !== "SelectCore" || core.quantifier !== "DISTINCT" || query.orderBy === undefined) continue;
      const other = query.orderBy.terms.filter((term) => !isSelected(term, core, context));
      if (other.length === 0) continue;
      const wraps = query.orderBy.terms.every((term) => isPlace(term) || nodesOfKind(term.expression, "ColumnReference").every((reference) => isResult(reference, core, context)));
      const name = wraps ? freeName(site.text, "s", taken) : "";
      for (const term of other) {
        yield {
          span: term.span,
          severity: "error",
          message: wraps
            ? "PostgreSQL orders DISTINCT rows only by what they select; around a subquery it may be anything made of that."
            : "PostgreSQL orders DISTINCT rows only by what they select: rows that are one now may have different values of this. Group by the results and order by min() or max() of it, or select it, too.",
          fixes: wraps ? [{ kind: "edit", title: "Order the rows of a subquery", applicability: "safe", edits: enclose(core.span, "SELECT * FROM (", `) AS ${name}`) }] : [],
        };
      }
    }
  },
};

function isPlace({ expression }: OrderingTerm): boolean {
  return expression.kind === "NumericLiteral";
}

function isSelected(term: OrderingTerm, core: SelectCore, { site, meanings }: StatementContext): boolean {
  const { expression } = term;
  if (isPlace(term) || expression.kind === "Hole" || expression.kind === "HoleOperatorExpression" || expression.kind === "BindParameter" || core.holes.length > 0) return true;
  if (core.columns.some((column) => column.kind === "AllColumns") && expression.kind === "ColumnReference") return true;
  const text = written(expression, site.text, meanings);
  if (core.columns.some((column) => column.kind === "ResultColumn" && (written(column.expression, site.text, meanings) === text || column.expression.kind === "Hole"))) return true;
  return expression.kind === "ColumnReference" && isResult(expression, core, { site, meanings });
}

/** Whether an unqualified name is that of a result. */
function isResult(reference: ColumnReference, core: SelectCore, { meanings }: Pick<StatementContext, "site" | "meanings">): boolean {
  if (reference.table !== undefined) return false;
  const name = fold(nameOf(reference.column) ?? "?");
  if (/^(true|false)$/.test(name)) return true;
  const meaning = meanings.of(reference);
  return core.columns.some((column) => {
    if (column.kind === "AllColumns") return column.table === undefined && meaning !== undefined && meaning.kind !== "alias";
    if (column.alias !== undefined) {
      if (fold(nameOf(column.alias.name) ?? "") !== name) return false;
      // A column of that name goes first inside of an expression.
      return meaning?.kind === "alias" || (column.expression.kind === "ColumnReference" && fold(nameOf(column.expression.column) ?? "") === name);
    }
    return column.expression.kind === "ColumnReference" && fold(nameOf(column.expression.column) ?? "") === name;
  });
}
