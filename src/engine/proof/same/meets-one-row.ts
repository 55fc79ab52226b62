import { fold } from "#core/rules/schema-view.ts";
import { nameOf } from "#core/rules/scope.ts";
import type { Expression, UpdateStatement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Checking } from "./checking.ts";

/**
 * Whether each row of an UPDATE … FROM meets one row at most: it joins one table, by the whole of one of its keys. Which of several
 * is taken is each engine's choice.
 */
export function meetsOneRow({ from, where }: UpdateStatement, { schema }: Checking): boolean {
  const [term] = from?.terms ?? [];
  if (from?.terms.length !== 1 || term?.kind !== "JoinTerm" || term.source.kind !== "TableReference") return false;
  const { table, alias } = term.source;
  const view = schema?.table(nameOf(table.name) ?? "");
  const name = fold(nameOf(alias?.name) ?? nameOf(table.name) ?? "");
  if (view === undefined || where === undefined) return false;
  const isOwn = (node: Expression): boolean => node.kind === "ColumnReference" && fold(nameOf(node.table) ?? "") === name;
  const bound = new Set<string>();
  const open = [where.condition];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "ParenthesizedExpression") open.push(next.expression);
    if (next.kind !== "BinaryExpression") continue;
    if (next.operator === "AND") open.push(next.left, next.right);
    if (next.operator !== "=") continue;
    for (const [own, other] of [[next.left, next.right], [next.right, next.left]] as const) {
      // What it is equal to must be one value for a row of the target.
      const outside = nodesOfKind(other, "ColumnReference").every((each) => each.table !== undefined && !isOwn(each)) && nodesOfKind(other, "Subquery").length === 0;
      if (own.kind === "ColumnReference" && isOwn(own) && outside) bound.add(fold(nameOf(own.column) ?? ""));
    }
  }
  return view.uniqueKeys.some((key) => !view.foldedKeys.includes(key) && key.every((column) => bound.has(fold(column))));
}
