import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { migrationFiles, upPart } from "#core/schema/migration-files.ts";
import type { Script } from "./open-ddl.ts";

/** Folders that hold no migrations of the application. */
const elsewhere = new Set(["node_modules", ".git", ".cutover"]);

/**
 * Reads the `.sql` files of a migrations folder, in the order in which they are run, without what takes a migration back.
 * @throws CutoverError source-unreadable when the folder holds none, or one cannot be read.
 */
export async function readMigrations(folder: string): Promise<readonly Script[]> {
  try {
    const { run } = migrationFiles(await sqlFiles(folder));
    if (run.length > 0) return await Promise.all(run.map(async (path) => ({ name: join(folder, path), sql: upPart(await readFile(join(folder, path), "utf8")) })));
  } catch (cause) {
    throw new CutoverError({ tag: "source-unreadable", what: "The folder cannot be read", where: folder, why: cause instanceof Error ? cause.message : String(cause), next: "Give this user the right to read it.", cause });
  }
  throw new CutoverError({ tag: "source-unreadable", what: "The path is a folder without .sql files", where: folder, next: "Name a folder of migrations, the database file inside of it, or a .sql file." });
}

/** The `.sql` files below a folder, by their paths with `/`. */
export async function sqlFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.sql$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => !parts.some((part) => elsewhere.has(part)))
    .map((parts) => parts.join("/"));
}
