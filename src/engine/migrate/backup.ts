import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Source } from "../sqlite/open-source.ts";
import { openSource } from "../sqlite/open-source.ts";
import { backupName } from "./backup-files.ts";
import { backupProblem } from "./backup-problem.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";

/** A copy of the source as it was at one moment: the snapshot that everything is read from. */
export interface Backup {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the file: the same for two backups of a source that has not changed. */
  readonly fingerprint: string;
}

/** Pages copied before others get their turn: some tenths of a second. */
const pagesPerStep = 16_384;

/**
 * Makes a backup through SQLite's online backup, so that commits that lie in the WAL are in it, and verifies it by opening it. A read transaction
 * holds the source's state while it is copied: a writer in WAL mode goes on undisturbed, one in rollback-journal mode waits. The file has its name
 * once it is whole; what runs that were killed have left half-written is removed.
 * @param folder made when there is none; the file is named after the source and the time.
 * @throws CutoverError backup-failed, source-locked, source-unreadable.
 * @see https://www.sqlite.org/backup.html
 */
export async function backUp(source: Source, folder: string, signal?: AbortSignal): Promise<Backup> {
  try {
    await mkdir(folder, { recursive: true });
    await removeLeftOvers(folder);
  } catch (cause) {
    throw backupProblem(source.name, folder, cause);
  }
  const whole = join(folder, backupName(source.path ?? source.name));
  const path = `${whole}.${hostname()}-${process.pid}${partial}`;
  try {
    source.db.exec("BEGIN");
    try {
      source.db.prepare("SELECT count(*) FROM sqlite_schema").get();
      await source.db.backup(path, {
        progress: () => {
          signal?.throwIfAborted();
          return pagesPerStep;
        },
      });
    } finally {
      source.db.exec("ROLLBACK");
    }
    await makeSelfContained(path);
    const copy = await openSource(path);
    const objects = (db: Source["db"]): unknown => db.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid").raw().all();
    try {
      if (JSON.stringify(objects(copy.db)) !== JSON.stringify(objects(source.db))) throw new Error("the backup does not hold what the source holds: its schema was changed meanwhile");
    } finally {
      copy.close();
    }
    const backup = { path: whole, bytes: (await stat(path)).size, fingerprint: await fileDigest(path) };
    await makeDurable(path);
    await rename(path, whole);
    return backup;
  } catch (cause) {
    await rm(path, { force: true });
    if (signal?.aborted === true) throw cause;
    throw backupProblem(source.name, folder, cause);
  }
}

/** A backup of a source in WAL mode would ask for a -wal beside it wherever it is opened. */
async function makeSelfContained(path: string): Promise<void> {
  const { default: Database } = await import("better-sqlite3");
  const db = new Database(path, { fileMustExist: true });
  try {
    db.pragma("journal_mode = DELETE");
  } finally {
    db.close();
  }
}

const partial = ".partial";

/** Removes what runs of this machine that are no more were writing. */
async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, host, pid] = /\.db\.(.*)-(\d+)\.partial(?:-\w+)?$/.exec(name) ?? [];
    if (host !== hostname() || isAlive(Number(pid))) continue;
    await rm(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** Has the system write a file to its disk: a name must not outlive what it names. */
async function makeDurable(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The tables, of those given, whose rows are not the same in two backups; a table that one of them lacks counts. */
export async function changedTables(before: string, after: string, tables: readonly string[]): Promise<string[]> {
  const { default: Database } = await import("better-sqlite3");
  const db = new Database(after, { readonly: true, fileMustExist: true });
  try {
    db.prepare("ATTACH ? AS earlier").run(before);
    return tables.filter((table) => {
      const name = sqliteIdentifier(table);
      // EXCEPT takes 1 and 1.0 for the same, compares texts by their column's collation, and forgets how often a row is there.
      try {
        const columns = db.pragma(`table_info(${name})`) as readonly { readonly name: string }[];
        const row = columns.map((column) => sqliteIdentifier(column.name)).flatMap((column) => [`typeof(${column})`, `iif(typeof(${column}) = 'text', CAST(${column} AS BLOB), ${column})`]);
        const rows = (of: string): string => `SELECT ${row.join(", ")}, count(*) FROM ${of}.${name} GROUP BY ${row.map((_, i) => i + 1).join(", ")}`;
        const [counts] = db.prepare<[], [number, number]>(`SELECT (SELECT count(*) FROM main.${name}), (SELECT count(*) FROM earlier.${name})`).raw().all();
        if (counts?.[0] !== counts?.[1]) return true;
        return db.prepare(`SELECT 1 FROM (${rows("main")} EXCEPT ${rows("earlier")}) LIMIT 1`).get() !== undefined;
      } catch {
        return true; // missing, or with other columns: it has changed
      }
    });
  } finally {
    db.close();
  }
}
