import type { Expression, SelectStatement } from "#core/sql/nodes.ts";
import { literalValue } from "#core/sql/literal-value.ts";
import { descendants } from "#core/sql/walk.ts";
import { tableOf } from "../declared/never-null.ts";
import type { Unless } from "../declared/unless.ts";
import { fold } from "../schema-view.ts";
import { nameOf, type Meanings } from "../scope.ts";
import { hasAggregate } from "#core/sql/aggregates.ts";

/** Whether a query gives one row at most: an aggregate without groups, LIMIT 1, no table, or a key of its only table that is held fast. */
export function givesOneRow(query: SelectStatement, meanings: Meanings): boolean {
  const limit = query.limit === undefined ? undefined : literalValue(query.limit.limit);
  if (limit?.type === "integer" && (limit.value === 1n || limit.value === 0n)) return true;
  const [core] = query.terms;
  if (query.terms.length !== 1) return false;
  if (core?.kind === "ValuesClause") return core.rows.length === 1 && core.rows[0]?.kind === "ExpressionList";
  if (core?.kind !== "SelectCore" || core.holes.length > 0 || query.holes.length > 0) return false;
  if (core.from === undefined) return true;
  if (core.groupBy === undefined && core.columns.some(hasAggregate)) return true;
  const sources = meanings.sources(core);
  const [source] = sources;
  const table = source?.table;
  if (sources.length !== 1 || table === undefined || core.from.terms.length !== 1) return false;
  const held = new Set(core.where === undefined ? [] : fixed(core.where.condition, (node) => {
    const meaning = node.kind === "ColumnReference" ? meanings.of(node) : undefined;
    return meaning?.kind === "column" && meaning.source.node === source?.node ? fold(meaning.view.column.name) : undefined;
  }));
  return table.uniqueKeys.some((key) => !table.foldedKeys.includes(key) && key.every((column) => held.has(fold(column))));
}

/** The columns that a condition holds to one value by `=`, which NULL never is. */
function fixed(condition: Expression, column: (node: Expression) => string | undefined): string[] {
  if (condition.kind === "ParenthesizedExpression") return fixed(condition.expression, column);
  if (condition.kind !== "BinaryExpression") return [];
  const { operator, left, right } = condition;
  if (operator === "AND") return [...fixed(left, column), ...fixed(right, column)];
  if (operator !== "=" && operator !== "==") return [];
  const [a, b] = [column(left), column(right)];
  // A column of the same row holds nothing fast; what comes from outside does.
  if (a !== undefined && b !== undefined) return [];
  const one = a ?? b;
  const other = a === undefined ? left : right;
  return one !== undefined && (other.kind === "ColumnReference" ? nameOf(other.column) !== undefined : literalValue(other) !== undefined || other.kind === "BindParameter") ? [one] : [];
}

/** What would show that a query gives one row at most: that its only table has a key which its WHERE holds fast. */
export function oneRowIf(query: SelectStatement, meanings: Meanings): Unless | undefined {
  const [core] = query.terms;
  if (query.terms.length !== 1 || core?.kind !== "SelectCore" || core.where === undefined) return undefined;
  const [source, ...others] = meanings.sources(core);
  if (source === undefined || others.length > 0 || core.from?.terms.length !== 1) return undefined;
  const table = tableOf(source, meanings);
  return table === undefined ? undefined : { kind: "one-row", table: fold(table), equalities: equalities(core.where.condition, fold(source.name)) };
}

/** The names that may be the table's own columns on the sides of each `=` that a condition holds. */
function equalities(condition: Expression, source: string): string[][] {
  if (condition.kind === "ParenthesizedExpression") return equalities(condition.expression, source);
  if (condition.kind !== "BinaryExpression") return [];
  const { operator, left, right } = condition;
  if (operator === "AND") return [...equalities(left, source), ...equalities(right, source)];
  if (operator !== "=" && operator !== "==") return [];
  // What reads no column, and asks no query, is one value for the whole of it.
  const isHeld = (side: Expression): boolean => side.kind === "ColumnReference" || descendants(side).every((node) => node.kind !== "ColumnReference" && node.kind !== "Subquery" && node.kind !== "Hole" && !(node.kind === "FunctionCall" && /^random/i.test(nameOf(node.name.kind === "Identifier" ? node.name : undefined) ?? "random")));
  if (!isHeld(left) || !isHeld(right)) return [];
  return [[left, right].flatMap((side) => (side.kind === "ColumnReference" && (side.table === undefined || fold(nameOf(side.table) ?? "") === source) ? [fold(nameOf(side.column) ?? "")] : []))];
}
