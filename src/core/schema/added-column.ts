import { foldName } from "./decision.ts";
import type { Plan, PlannedObject } from "./plan.ts";

/**
 * What `ALTER TABLE … ADD COLUMN` has to say, of a plan whose table has the new column as its last: the column's definition, then the
 * constraints that come with it. Undefined when the plan has no such table.
 * @param before the plan that knows the table without the column, or undefined where the table is nothing but the column.
 */
export function addedColumn(plan: Plan, before: Plan | undefined, table: string): string | undefined {
  const now = partsOf(plan, table);
  const then = before === undefined ? undefined : partsOf(before, table);
  const column = now.lines[then?.columns ?? 0];
  if (column === undefined) return undefined;
  const checks = now.lines.slice((then?.lines.length ?? 0) + 1);
  const keys = now.keys.slice(then?.keys.length ?? 0);
  return [`ADD COLUMN ${column}`, ...[...checks, ...keys].map((each) => `ADD ${each}`)].join(", ");
}

/** A table's columns and CHECKs as DDL, and its foreign keys. */
function partsOf(plan: Plan, table: string): { readonly columns: number; readonly lines: readonly string[]; readonly keys: readonly string[] } {
  const source = plan.catalog.tables.find((each) => foldName(each.name) === foldName(table));
  const target = source === undefined ? undefined : (plan.names.relations.get(foldName(source.name)) ?? source.name);
  const isKey = (object: PlannedObject): boolean => object.kind === "foreign-key" && object.table === source?.name;
  return {
    columns: source?.columns.length ?? 0,
    lines: plan.objects.find((object) => object.kind === "table" && object.name === target)?.lines ?? [],
    keys: plan.objects.filter(isKey).map((object) => object.clause ?? ""),
  };
}
