import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";

/**
 * Keeps a data folder to one process at a time: two would destroy it. The lock is SQLite's own on a small file beside the folder,
 * held by the operating system, so that it ends with its process however that ends, and no stale lock can be left behind.
 * A second file says who holds it, for people.
 * @returns the function that gives the lock back.
 * @throws CutoverError target-busy.
 */
export async function lockFolder(folder: string, name: string): Promise<() => void> {
  await mkdir(dirname(folder), { recursive: true });
  const { default: Database } = await import("better-sqlite3");
  const holder = `${folder}.holder`;
  const db = new Database(`${folder}.lock`, { timeout: 0 });
  try {
    // In a rollback journal's mode the lock is on the file itself.
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    if (!(cause instanceof Error && "code" in cause && typeof cause.code === "string" && /^SQLITE_(BUSY|LOCKED)/.test(cause.code))) throw cause;
    throw new CutoverError({
      tag: "target-busy",
      what: "Another run holds the embedded database",
      where: name,
      why: readHolder(holder),
      next: "Wait for it to end or stop it, then run this again.",
      cause,
    });
  }
  writeFileSync(holder, `process ${process.pid} on ${hostname()}`);
  return () => {
    rmSync(holder, { force: true });
    db.exec("ROLLBACK");
    db.close();
  };
}

function readHolder(path: string): string {
  try {
    return `it is held by ${readFileSync(path, "utf8")}`;
  } catch {
    return "its holder has not said who it is";
  }
}
