import type { SelectStatement } from "#core/sql/nodes.ts";
import { hasAggregate } from "#core/sql/aggregates.ts";

/** Whether a query has one row at most by its form: LIMIT 1, or aggregates without groups. */
export function givesOneRow({ terms, limit }: SelectStatement): boolean {
  if (limit?.limit.kind === "NumericLiteral" && limit.limit.text === "1") return true;
  const [core, ...others] = terms;
  return core?.kind === "SelectCore" && others.length === 0 && core.groupBy === undefined && core.columns.some(hasAggregate);
}
