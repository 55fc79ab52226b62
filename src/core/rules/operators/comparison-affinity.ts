import { affinityOf } from "#core/schema/affinity.ts";
import type { Affinity } from "#core/schema/catalog.ts";
import type { Expression, Subquery } from "#core/sql/nodes.ts";
import type { Resolution } from "../scope.ts";
import { castWords } from "./cast-words.ts";

/**
 * The affinity that an expression brings to a comparison: a column's, or that of a CAST; undefined for everything else, which has none,
 * and "unknown" for a column that is not known.
 * @see https://www.sqlite.org/datatype3.html#affinity_of_expressions
 */
export function comparisonAffinity(expression: Expression, resolution: Resolution): Affinity | "unknown" | undefined {
  let node = expression;
  while (node.kind === "ParenthesizedExpression" || node.kind === "CollateExpression") node = node.kind === "CollateExpression" ? node.operand : node.expression;
  switch (node.kind) {
    case "ColumnReference":
      return resolution(node)?.column.affinity ?? "unknown";
    case "CastExpression": {
      const words = castWords(node);
      return words === undefined ? "unknown" : affinityOf(words);
    }
    case "Subquery":
      return subqueryAffinity(node, resolution);
    case "Hole":
    case "HoleOperatorExpression":
    case "BindParameter":
      return "unknown";
    default:
      return undefined;
  }
}

/** That of the only column that a query gives. */
function subqueryAffinity({ select }: Subquery, resolution: Resolution): Affinity | "unknown" | undefined {
  const [core, ...others] = select.terms;
  if (core?.kind !== "SelectCore" || others.length > 0 || core.columns.length !== 1) return "unknown";
  const [column] = core.columns;
  return column?.kind === "ResultColumn" ? comparisonAffinity(column.expression, resolution) : "unknown";
}
