import type { TableEntry } from "#protocol/worker.ts";

/** A table of the list, with the column that made it match when its name does not. */
export interface ShownTable extends TableEntry {
  readonly hit: string | undefined;
}

/** The tables that the filter leaves: those with the words in their name or in a column's, whatever the case; with `look`, only those that need one. */
export function shownTables(tables: readonly TableEntry[], filter: string, look: boolean): readonly ShownTable[] {
  const word = filter.trim().toLowerCase();
  return tables.flatMap((table): ShownTable[] => {
    if (look && table.look === 0) return [];
    if (word === "" || table.name.toLowerCase().includes(word)) return [{ ...table, hit: undefined }];
    const hit = table.columns.find((column) => column.toLowerCase().includes(word));
    return hit === undefined ? [] : [{ ...table, hit }];
  });
}
