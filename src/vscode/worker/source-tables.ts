import { introspect } from "#engine/sqlite/introspect.ts";
import { openSource } from "#engine/sqlite/open-source.ts";
import { numberOf, queryRows, sqliteIdentifier } from "#engine/sqlite/rows.ts";
import type { TableSide } from "#protocol/worker.ts";

/** The tables of a SQLite file in its own order, with exact row counts. @throws CutoverError when the file cannot be read */
export async function readSourceTables(path: string): Promise<ReadonlyMap<string, TableSide>> {
  const source = await openSource(path);
  try {
    return new Map(
      introspect(source).tables.map((table) => [
        table.name,
        {
          rows: numberOf(queryRows(source.db, `SELECT count(*) FROM ${sqliteIdentifier(table.name)}`)[0]?.[0]),
          columns: table.columns.map((column) => ({ name: column.name, type: column.declaredType })),
        },
      ]),
    );
  } finally {
    source.close();
  }
}
