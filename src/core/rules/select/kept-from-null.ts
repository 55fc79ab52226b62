import type { Expression, SelectStatement } from "#core/sql/nodes.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** Whether the WHERE of a query lets no row through in which the column that it is ordered by is NULL. */
export function isKeptFromNull(term: Expression, query: SelectStatement | undefined): boolean {
  const [core] = query?.terms ?? [];
  if (query?.terms.length !== 1 || core?.kind !== "SelectCore" || core.where === undefined || core.holes.length > 0) return false;
  const column = columnOf(term.kind === "CollateExpression" ? term.operand : term);
  // The name of a result comes before a column's.
  if (column === undefined || core.columns.some((each) => each.kind === "ResultColumn" && each.alias !== undefined && fold(nameOf(each.alias.name) ?? "") === column)) return false;
  return keeps(core.where.condition, column);
}

function keeps(condition: Expression, column: string): boolean {
  switch (condition.kind) {
    case "ParenthesizedExpression":
      return keeps(condition.expression, column);
    case "NullTest":
      return condition.form !== "ISNULL" && columnOf(condition.operand) === column;
    case "IsExpression":
      return condition.not && !condition.distinctFrom && condition.right.kind === "NullLiteral" && columnOf(condition.left) === column;
    case "BinaryExpression":
      if (condition.operator === "AND") return keeps(condition.left, column) || keeps(condition.right, column);
      return /^(?:==?|<>|!=|[<>]=?)$/.test(condition.operator) && (columnOf(condition.left) === column || columnOf(condition.right) === column);
    default:
      return false;
  }
}

/** A column as it is written, by name and qualifier. */
function columnOf(expression: Expression): string | undefined {
  if (expression.kind !== "ColumnReference" || expression.schema !== undefined) return undefined;
  const name = nameOf(expression.column);
  const table = nameOf(expression.table);
  return name === undefined || (expression.table !== undefined && table === undefined) ? undefined : fold(table === undefined ? name : `${table}.${name}`);
}
