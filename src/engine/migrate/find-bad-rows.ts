import { setImmediate as nextTurn } from "node:timers/promises";
import { columnKey } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { typeFit } from "#core/schema/type-fit.ts";
import type { Source } from "../sqlite/open-source.ts";
import { countBadRow, type BadRowKind } from "./bad-row.ts";
import { copiedTable, type CopiedTable } from "./copied-table.ts";
import type { Selection } from "./selection.ts";
import { tableReader } from "./table-reader.ts";

/**
 * Reads tables through, without a target, for the whole list of the rows that cannot be sent: every kind, how often, and where it is first.
 * @throws the signal's reason
 */
export async function findBadRows(source: Source, tables: readonly CopiedTable[], signal: AbortSignal | undefined): Promise<BadRowKind[]> {
  const kinds = new Map<string, BadRowKind>();
  for (const table of tables) {
    for (const chunk of tableReader(source.db, table).chunks(undefined, undefined)) {
      for (const row of chunk.bad) countBadRow(kinds, row);
      signal?.throwIfAborted();
      await nextTurn();
    }
  }
  return [...kinds.values()];
}

/** The tables in which the profile has seen values that their column's type may refuse, or NULL where there must be none. */
export function suspectTables(plan: Plan, selection: Selection): CopiedTable[] {
  const { profiles } = plan.options;
  if (profiles === undefined) return [];
  return selection.tables
    .map((table) => copiedTable(plan, table))
    .filter(({ name, columns }) =>
      columns.some((column) => {
        const profile = profiles.get(columnKey(name, column.name));
        return profile !== undefined && (typeFit(column.type, profile).refused > 0 || (column.notNull && profile.nulls > 0));
      }),
    );
}
