import type { Catalog } from "./catalog.ts";
import { foldName } from "./decision.ts";

/** The kinds of things of a source that must be accounted for. */
export type SourceKind =
  | "table" | "column" | "default" | "generated-column" | "check" | "primary-key" | "unique" | "foreign-key" | "index" | "view" | "trigger" | "virtual-table" | "internal-table";

/** One thing of the source. */
export interface SourceObject {
  readonly kind: SourceKind;
  readonly name: string;
  readonly table: string | undefined;
  readonly key: string;
}

/** The key of an object; `part` tells a table's own parts apart (a column's name, a constraint's place). */
export function sourceKey(kind: SourceKind, name: string, part?: string | number): string {
  return part === undefined ? `${kind} ${foldName(name)}` : `${kind} ${foldName(name)}.${typeof part === "number" ? part : foldName(part)}`;
}

/** Everything that a catalog holds, each thing once. */
export function sourceObjects(catalog: Catalog): SourceObject[] {
  const found: SourceObject[] = [];
  const add = (kind: SourceKind, name: string, table?: string, part?: string | number): void => {
    found.push({ kind, name, table, key: sourceKey(kind, table ?? name, part) });
  };
  for (const table of catalog.tables) {
    // One that stands for a virtual table is counted there.
    if (table.virtual !== undefined) continue;
    add("table", table.name);
    for (const column of table.columns) {
      add("column", column.name, table.name, column.name);
      if (column.default !== undefined) add("default", column.name, table.name, column.name);
      if (column.generated !== undefined) add("generated-column", column.name, table.name, column.name);
    }
    table.checks.forEach((check, i) => { add("check", check.name ?? check.expression, table.name, i); });
    if (table.primaryKey !== undefined) add("primary-key", table.primaryKey.columns.join(", "), table.name, 0);
    table.uniques.forEach((unique, i) => { add("unique", unique.columns.join(", "), table.name, i); });
    table.foreignKeys.forEach((key, i) => { add("foreign-key", key.columns.join(", "), table.name, i); });
  }
  for (const index of catalog.indexes) add("index", index.name);
  for (const view of catalog.views) add("view", view.name);
  for (const trigger of catalog.triggers) add("trigger", trigger.name);
  for (const virtual of catalog.virtualTables) add("virtual-table", virtual.name);
  for (const internal of catalog.internalTables) add("internal-table", internal.name);
  return found;
}
