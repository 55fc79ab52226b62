import type { Expression, SelectStatement, SelectTerm } from "#core/sql/nodes.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/**
 * The result column that an ordering term of a query names, as the expressions that its SELECTs give for it, undefined
 * where one cannot be told: an ordinal (`ORDER BY 2`), an alias, or in a compound query a column of the first SELECT.
 * Undefined when the term is an expression of its own. A name is looked for among the result columns first, by both
 * engines: https://www.sqlite.org/lang_select.html#orderby
 */
export function resultColumn(term: Expression, query: SelectStatement): readonly (Expression | undefined)[] | undefined {
  const place = placeOf(term, query);
  return place === undefined ? undefined : query.terms.map((each) => expressionAt(each, place));
}

const nowhere = -1;

function placeOf(term: Expression, query: SelectStatement): number | undefined {
  if (term.kind === "NumericLiteral") return term.form === "integer" ? Number(term.text.replaceAll("_", "")) - 1 : undefined;
  if (term.kind !== "ColumnReference" || term.table !== undefined) return undefined;
  const name = nameOf(term.column);
  const [first] = query.terms;
  if (name === undefined || first?.kind !== "SelectCore") return undefined;
  const compound = query.terms.length > 1;
  const place = first.columns.findIndex((column) => {
    if (column.kind !== "ResultColumn") return false;
    const own = nameOf(column.alias?.name) ?? (compound && column.expression.kind === "ColumnReference" ? nameOf(column.expression.column) : undefined);
    return own !== undefined && fold(own) === fold(name);
  });
  if (place >= 0) return place;
  return compound ? nowhere : undefined;
}

function expressionAt(term: SelectTerm, place: number): Expression | undefined {
  if (term.kind !== "SelectCore") return undefined;
  const before = term.columns.slice(0, place + 1);
  const column = before[place];
  // A star or an interpolation before it may be any number of columns.
  if (before.some((each) => each.kind === "AllColumns" || each.expression.kind === "Hole") || column?.kind !== "ResultColumn") return undefined;
  return column.expression;
}
