import type { Database, Options } from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";

/** Opens a database, or the image of one in memory, as the driver's constructor does. */
export type OpenDatabase = new (pathOrImage: string | Buffer, options?: Options) => Database;

let loaded: OpenDatabase | undefined;

/** Loads better-sqlite3 on first use: nothing that starts up may pay for it. */
export async function loadDriver(): Promise<OpenDatabase> {
  loaded ??= (await import("better-sqlite3")).default;
  return loaded;
}

/** The driver for callers that cannot wait: some source has been opened before. @throws CutoverError internal */
export function loadedDriver(): OpenDatabase {
  if (loaded === undefined) throw new CutoverError({ tag: "internal", what: "SQLite is used before it is loaded", next: "Please report this." });
  return loaded;
}
