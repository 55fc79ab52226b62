import { rename, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Database } from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";
import { loadDriver } from "../sqlite/driver.ts";
import { findDamage } from "../sqlite/find-damage.ts";
import { openSource, sourceProblem } from "../sqlite/open-source.ts";
import { backUp, changedTables, fileDigest } from "./backup.ts";
import { backupProblem } from "./backup-problem.ts";
import { writeNote, type KeptBackup } from "./backup-files.ts";

/** What a restore has done. */
export interface Restored {
  readonly database: string;
  readonly backup: string;
  /** Where what was there before is now: a backup of its own, or the damaged file under another name; undefined when nothing was there. */
  readonly before: string | undefined;
}

/**
 * Brings a backup back onto the place of its database. What is there is kept first; the pages go through SQLite, which locks the database and takes
 * everything back when it is interrupted; the result is compared with the backup.
 * @param folder where backups are.
 * @throws CutoverError backup-failed when the backup is not what it was, source-locked while somebody has the database open, source-unreadable.
 */
export async function restoreBackup(backup: KeptBackup, folder: string): Promise<Restored> {
  const database = backup.note.source;
  await mustBeWhole(backup);
  const isThere = await stat(database).then(() => true, () => false);
  const before = isThere ? await keepAside(database, folder) : undefined;
  const isWal = before?.isWal === true;
  const source = await openSource(backup.path);
  try {
    await source.db.backup(database);
    const tables = source.db.prepare<[], [string]>("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_stat%'").raw().all().map(([name]) => name);
    const changed = await changedTables(backup.path, database, tables);
    if (changed.length > 0) throw new Error(`other rows in ${changed.join(", ")}`);
  } catch (cause) {
    const problem = backupProblem(database, database, cause);
    throw new CutoverError({ tag: problem.tag === "source-locked" ? "source-locked" : "backup-failed", what: "The backup could not be brought back", where: database, why: problem.why ?? problem.message, next: `Stop what uses the database and run this again${before === undefined ? "" : `; what was there is kept as ${basename(before.path)}`}.`, cause });
  } finally {
    source.close();
  }
  if (isWal) await inDatabase(database, (db) => { db.pragma("journal_mode = WAL"); });
  return { database, backup: backup.path, before: before?.path };
}

async function mustBeWhole(backup: KeptBackup): Promise<void> {
  const problem = (why: string): CutoverError => new CutoverError({ tag: "backup-failed", what: "The backup is not as it was made", where: backup.path, why, next: "Choose another one: `cutover restore` lists them." });
  if ((await fileDigest(backup.path)) !== backup.note.sha256) throw problem("its SHA-256 is not the one that was noted");
  const source = await openSource(backup.path);
  try {
    const { lines } = findDamage(source, [], "full");
    if (lines.length > 0) throw problem(lines.join("\n"));
  } finally {
    source.close();
  }
}

/** Makes sure that nobody has the database open, as far as locks tell, and keeps what is in it. */
async function keepAside(database: string, folder: string): Promise<{ readonly path: string; readonly isWal: boolean }> {
  let isWal = false;
  try {
    await inDatabase(database, (db) => {
      // In this mode SQLite wants the file for itself; whoever has it open in WAL mode holds a lock on it.
      db.pragma("locking_mode = EXCLUSIVE");
      db.exec("BEGIN EXCLUSIVE; COMMIT");
      isWal = db.pragma("journal_mode", { simple: true }) === "wal";
      // What is in the log goes into the file, and the log goes.
      if (isWal && db.pragma("journal_mode = DELETE", { simple: true }) !== "delete") throw Object.assign(new Error("another process has it open"), { code: "SQLITE_BUSY" });
    });
    const source = await openSource(database);
    try {
      const kept = await backUp(source, folder);
      await writeNote(kept.path, { source: database, sha256: kept.fingerprint, neededFor: undefined });
      return { path: kept.path, isWal };
    } finally {
      source.close();
    }
  } catch (cause) {
    const problem = cause instanceof CutoverError ? cause : sourceProblem(database, cause);
    if (problem.tag !== "source-not-sqlite" && problem.tag !== "source-unreadable") throw problem;
    // It cannot be read, so it cannot be copied through SQLite: it stays as it is, under another name.
    const path = `${database}.damaged-${new Date().toISOString().replace(/[:.]/g, "-")}`;
    for (const ending of ["-wal", "-shm", "-journal", ""]) await rename(`${database}${ending}`, `${path}${ending}`).catch((reason: unknown) => { if (ending === "") throw backupProblem(database, database, reason); });
    return { path, isWal: false };
  }
}

async function inDatabase(path: string, work: (db: Database) => void): Promise<void> {
  const open = await loadDriver();
  const db = new open(path, { fileMustExist: true, timeout: 0 });
  try {
    work(db);
  } finally {
    db.close();
  }
}
