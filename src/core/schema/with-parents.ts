import type { Table } from "./catalog.ts";
import { foldName } from "./decision.ts";

/** Gives parents and their columns the names they were created with, and fills in keys that the DDL leaves implicit. */
export function withParents(tables: readonly Table[]): Table[] {
  return tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) => {
      const parent = tables.find((other) => foldName(other.name) === foldName(key.parent));
      const own = key.columns.map((column) => nameIn(table.columns, column));
      if (parent === undefined) return { ...key, columns: own, parentColumns: [] };
      const named = key.parentColumns.length > 0 ? key.parentColumns : (parent.primaryKey?.columns ?? []);
      return { ...key, columns: own, parent: parent.name, parentColumns: named.map((column) => nameIn(parent.columns, column)) };
    }),
  }));
}

/** The name with which something was created; SQLite lets others refer to it in any case. */
function nameIn(things: readonly { readonly name: string }[], name: string): string {
  return things.find((thing) => foldName(thing.name) === foldName(name))?.name ?? name;
}
