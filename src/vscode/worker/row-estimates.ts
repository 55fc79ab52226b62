import type { Catalog } from "#core/schema/catalog.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { numberOf, queryRows, sqliteIdentifier } from "#engine/sqlite/rows.ts";

/** About how many rows each table has, by the largest rowid, which costs nothing to find: for progress only. A table without rowids counts as one row. */
export function rowEstimates({ db }: Source, { tables }: Catalog): ReadonlyMap<string, number> {
  return new Map(
    tables.map((table) => {
      const rowid = ["rowid", "_rowid_", "oid"].find((name) => !table.columns.some((column) => column.name.toLowerCase() === name));
      if (table.withoutRowid || rowid === undefined) return [table.name, 1];
      return [table.name, Math.max(1, numberOf(queryRows(db, `SELECT max(${rowid}) FROM ${sqliteIdentifier(table.name)}`)[0]?.[0]))];
    }),
  );
}
