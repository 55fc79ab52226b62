import Database from "better-sqlite3";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** Makes a SQLite file from a script and gives its path; `fill` may add what SQL text cannot say. */
export function sqliteFile(script: string, fill?: (db: Database.Database) => void): string {
  const path = join(temporaryFolder(), "source.db");
  const db = new Database(path);
  try {
    db.pragma("foreign_keys = off");
    db.exec(script);
    fill?.(db);
  } finally {
    db.close();
  }
  return path;
}
