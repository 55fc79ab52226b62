import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";

/** A problem when the disk of a folder has less room than a backup needs. A folder that is not there yet is made below its parents. */
export async function roomForBackup(bytes: number, folder: string): Promise<CutoverError | undefined> {
  const free = await freeBytes(folder);
  if (free === undefined || free >= bytes) return undefined;
  return new CutoverError({
    tag: "backup-failed",
    what: "There is no room for the backup of the source",
    where: folder,
    why: `it takes ${inMegabytes(bytes)}, and ${inMegabytes(free)} are free`,
    next: "Make room on the disk, then run this again.",
  });
}

/** What this user may still write below a folder; undefined where the system does not tell. */
async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    return missing && dirname(folder) !== folder ? freeBytes(dirname(folder)) : undefined;
  }
}

/** Bytes as people read them, rounded up. */
export function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
