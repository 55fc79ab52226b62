import { existsSync, statSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import type { Database } from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";
import { loadDriver, type OpenDatabase } from "./driver.ts";
import { readPastJournals } from "./past-journals.ts";

/** An open SQLite database that is only read from: a user's file, or DDL text loaded into memory. Close it. */
export interface Source {
  readonly kind: "database" | "ddl";
  /** For people: the path as given. */
  readonly name: string;
  /** The file, undefined for DDL. */
  readonly path: string | undefined;
  /** Integers come as bigint. Nothing writes through it: a file is opened read-only, with `query_only` on. */
  readonly db: Database;
  /** Virtual tables of a DDL text whose module this SQLite does not have; they are known by their text only. */
  readonly unloaded: readonly { readonly name: string; readonly module: string; readonly sql: string }[];
  close(): void;
}

/** How long another process's lock is waited for, in milliseconds. */
export const busyTimeout = 1000;

/**
 * Opens a SQLite file for reading.
 *
 * A file in WAL mode is read together with its `-wal`, so that nothing committed is missed; SQLite makes a `-wal` and
 * a `-shm` file beside it for that, where there are none, and closing takes them away again. A file of 0 bytes is a valid database without tables
 * to SQLite, and is to us.
 * @throws CutoverError source-missing, source-not-sqlite, source-locked, source-unreadable.
 * @see https://www.sqlite.org/wal.html#read_only_databases
 */
export async function openSource(path: string): Promise<Source> {
  await mustBeReadableFile(path);
  const open = await loadDriver();
  const besides = ["-wal", "-shm"].map((end) => path + end);
  const wasAlone = besides.every((file) => !existsSync(file));
  let db: Database | undefined;
  try {
    db = new open(path, { readonly: true, fileMustExist: true, timeout: busyTimeout });
    readPastJournals(db, busyTimeout);
    db.defaultSafeIntegers(true);
    db.pragma("query_only = on");
    // The header, the journal and the lock are looked at on the first read only.
    db.prepare("SELECT count(*) FROM sqlite_schema").get();
  } catch (cause) {
    db?.close();
    throw sourceProblem(path, cause);
  }
  const opened = db;
  const close = (): void => {
    if (!opened.open) return;
    opened.close();
    if (wasAlone && besides.some(existsSync)) leaveAlone(open, path);
  };
  return { kind: "database", name: path, path, db: opened, unloaded: [], close };
}

/**
 * Takes an empty `-wal` and its `-shm` away: as files of ours they could keep the application, which may be another user, from writing. SQLite itself does it, and
 * only if nobody else has the database open; a log that holds something is left as it is.
 */
function leaveAlone(open: OpenDatabase, path: string): void {
  try {
    if (statSync(`${path}-wal`).size > 0) return;
    const db = new open(path, { fileMustExist: true, timeout: 0 });
    try {
      db.prepare("SELECT count(*) FROM sqlite_schema").get();
    } finally {
      db.close();
    }
  } catch {
    // Somebody else is at work, or the file is not ours to write: then they stay.
  }
}

async function mustBeReadableFile(path: string): Promise<void> {
  let kind;
  try {
    kind = await stat(path);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new CutoverError({ tag: "source-missing", what: "There is no such database", where: path, next: "Check the path: it is taken from the current folder.", cause });
    }
    throw unreadable(path, cause, "Give this user the right to read the file and its folder.");
  }
  if (kind.isDirectory()) {
    throw new CutoverError({ tag: "source-unreadable", what: "The path is a folder, not a database", where: path, next: "Name the database file inside of it." });
  }
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw unreadable(path, cause, "Give this user the right to read the file.");
  }
}

/**
 * Says what SQLite's refusal of a source means to its user. Also for errors that come later than opening: a lock, a damaged page.
 * An error that is a CutoverError already is given back as it is.
 * @see https://www.sqlite.org/rescode.html
 */
export function sourceProblem(path: string, cause: unknown): CutoverError {
  if (cause instanceof CutoverError) return cause;
  const code = errorCode(cause) ?? "";
  if (code === "SQLITE_NOTADB") {
    return new CutoverError({
      tag: "source-not-sqlite",
      what: "The file is not a SQLite database",
      where: path,
      why: message(cause),
      next: "Check that it is the database itself: an encrypted database, a dump or another kind of file cannot be read; a .sql file can be given to `schema`.",
      cause,
    });
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new CutoverError({
      tag: "source-locked",
      what: "Another process holds the database",
      where: path,
      why: message(cause),
      next: "Let the application finish its transaction or stop it, then run this again.",
      cause,
    });
  }
  if (code.startsWith("SQLITE_CORRUPT")) {
    return unreadable(path, cause, "The file is damaged: recover it with `sqlite3 FILE .recover` into a new one, or take a backup.");
  }
  if (/unsupported file format/.test(message(cause))) {
    return new CutoverError({
      tag: "source-unreadable",
      what: "The database was written by a newer SQLite than this one knows",
      where: path,
      why: message(cause),
      next: "Write its content with that SQLite into a file of today's format (`sqlite3 FILE .dump | sqlite3 NEW`) and name that one, or update Cutover.",
      cause,
    });
  }
  if (code === "SQLITE_READONLY_ROLLBACK") {
    return unreadable(path, cause, "A writer is in the middle of a transaction, or was killed in one: run this again. If it stays so, let the application or sqlite3 open the database once, which takes the transaction back.");
  }
  if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY")) {
    return unreadable(path, cause, "A database in WAL mode needs its -wal and -shm files: give this user write access to the folder, or copy the database with its -wal file to a folder where it has it.");
  }
  return unreadable(path, cause, "Check the disk and the file's permissions.");
}

function unreadable(path: string, cause: unknown, next: string): CutoverError {
  return new CutoverError({ tag: "source-unreadable", what: "The database cannot be read", where: path, why: message(cause), next, cause });
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
