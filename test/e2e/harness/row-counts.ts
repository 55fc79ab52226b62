import Database from "better-sqlite3";
import pg from "pg";

/** The row count of every table of a SQLite file, by name, sorted. */
export function sqliteRowCounts(file: string): ReadonlyMap<string, number> {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const names = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name").pluck().all();
    return new Map(names.map((name) => [name, database.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0]));
  } finally {
    database.close();
  }
}

/** The row counts of these tables in a PostgreSQL schema. A table that is not there is an error. */
export async function postgresRowCounts(url: string, schema: string, tables: Iterable<string>): Promise<ReadonlyMap<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const counts = new Map<string, number>();
    for (const table of tables) {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*)::integer AS count FROM "${schema}"."${table}"`);
      counts.set(table, rows[0]?.count ?? 0);
    }
    return counts;
  } finally {
    await client.end();
  }
}
