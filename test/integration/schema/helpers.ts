import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The repository's root. */
export const root = join(import.meta.dirname, "../../..");

/** Real databases that lie beside the repository, not in it. */
export const databasesFolder = join(root, "../shared/databases");

/** The databases, or none where the folder is absent; callers then skip and say so. */
export function databases(): string[] {
  return existsSync(databasesFolder) ? readdirSync(databasesFolder).filter((name) => /\.(db|sqlite)$/.test(name)).map((name) => join(databasesFolder, name)) : [];
}
