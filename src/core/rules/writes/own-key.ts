import type { TableView } from "../schema-view.ts";

/** The columns by which a row of the table is told from every other: the first key that cannot hold NULL and compares exactly. */
export function ownKey(table: TableView): readonly string[] | undefined {
  return table.uniqueKeys.find((key) => key.length > 0 && !table.foldedKeys.includes(key) && key.every((column) => table.column(column)?.nullable === false));
}
