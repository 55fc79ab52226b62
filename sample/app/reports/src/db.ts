/** The one way to the database: work inside a transaction that commits or rolls back by itself. */
import { DatabaseSync } from "node:sqlite";

export type Value = string | number | bigint | null | Uint8Array;

export interface Connection {
  all<T>(sql: string, ...params: Value[]): Promise<T[]>;
  get<T>(sql: string, ...params: Value[]): Promise<T | undefined>;
  run(sql: string, ...params: Value[]): Promise<{ changes: number; lastInsertRowid: number }>;
}

function databasePath(): string {
  return process.env["SQLITE_DB_PATH"] || "../server/db/database.db";
}

export async function withConnection<T>(work: (db: Connection) => Promise<T>): Promise<T> {
  const database = new DatabaseSync(databasePath());
  const connection: Connection = {
    all: async <R>(sql: string, ...params: Value[]) => database.prepare(sql).all(...params) as R[],
    get: async <R>(sql: string, ...params: Value[]) => database.prepare(sql).get(...params) as R | undefined,
    run: async (sql, ...params) => {
      const { changes, lastInsertRowid } = database.prepare(sql).run(...params);
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
  };
  try {
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("BEGIN");
    const result = await work(connection);
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  } finally {
    database.close();
  }
}
