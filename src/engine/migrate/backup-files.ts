import { readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";

/** What stands beside a backup, as `NAME.json`: only files that have it are taken for Cutover's own. */
export interface BackupNote {
  readonly version: 1;
  /** The database that it is a copy of, absolute. */
  readonly source: string;
  /** SHA-256 of the backup. */
  readonly sha256: string;
  /** The target and schema of the run that reads from it, until that run has ended; it cannot be resumed without. */
  readonly neededFor: string | undefined;
}

/** A backup that Cutover has made. */
export interface KeptBackup {
  /** Its file's name. */
  readonly name: string;
  readonly path: string;
  readonly made: Date;
  readonly bytes: number;
  readonly note: BackupNote;
}

/** Where a workspace's backups are. */
export function backupFolder(workspace: string): string {
  return join(workspace, ".cutover", "backups");
}

const stamped = /^.+-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.db$/;

/** The name of a backup that is made now: the database's, and the time in UTC. */
export function backupName(database: string, now = new Date()): string {
  const name = basename(database);
  return `${name.slice(0, name.length - extname(name).length)}-${now.toISOString().replace(/[:.]/g, "-")}.db`;
}

export async function writeNote(path: string, note: Omit<BackupNote, "version">): Promise<void> {
  await writeFile(`${path}.json`, `${JSON.stringify({ version: 1, ...note }, undefined, 2)}\n`);
}

/** The backups of a folder that Cutover has made, the newest first; none when there is no such folder. */
export async function listBackups(folder: string): Promise<KeptBackup[]> {
  const names = await readdir(folder).catch(() => []);
  const found: KeptBackup[] = [];
  for (const name of names) {
    const [, day, hours, minutes, seconds, milliseconds] = stamped.exec(name) ?? [];
    if (day === undefined) continue;
    const path = join(folder, name);
    const note = await readNote(path);
    const file = await stat(path).catch(() => undefined);
    if (note === undefined || file === undefined) continue;
    found.push({ name, path, made: new Date(`${day}T${hours ?? ""}:${minutes ?? ""}:${seconds ?? ""}.${milliseconds ?? ""}Z`), bytes: file.size, note });
  }
  return found.sort((a, b) => b.made.getTime() - a.made.getTime());
}

async function readNote(path: string): Promise<BackupNote | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(`${path}.json`, "utf8"));
    if (typeof value !== "object" || value === null || !("version" in value) || value.version !== 1) return undefined;
    if (!("source" in value) || typeof value.source !== "string" || !("sha256" in value) || typeof value.sha256 !== "string") return undefined;
    return { version: 1, source: value.source, sha256: value.sha256, neededFor: "neededFor" in value && typeof value.neededFor === "string" ? value.neededFor : undefined };
  } catch {
    return undefined; // none, or somebody else's
  }
}

/** Notes that no unfinished run into a target needs a backup any more. */
export async function releaseBackups(folder: string, neededFor: string): Promise<void> {
  for (const { path, note } of await listBackups(folder)) {
    if (note.neededFor === neededFor) await writeNote(path, { source: note.source, sha256: note.sha256, neededFor: undefined });
  }
}

/**
 * Removes backups that are older than so many days, 0 for none: only those that Cutover has made, never the newest of a database, never one that an
 * unfinished run needs.
 * @returns the names of what is gone.
 */
export async function removeOldBackups(folder: string, days: number, now = new Date()): Promise<string[]> {
  if (days === 0) return [];
  const oldest = now.getTime() - days * 86_400_000;
  const removed: string[] = [];
  const seen = new Set<string>();
  for (const { name, path, made, note } of await listBackups(folder)) {
    const isNewest = !seen.has(note.source);
    seen.add(note.source);
    if (isNewest || note.neededFor !== undefined || made.getTime() >= oldest) continue;
    await rm(path, { force: true });
    await rm(`${path}.json`, { force: true });
    removed.push(name);
  }
  return removed;
}
