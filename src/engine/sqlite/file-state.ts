import { hash } from "node:crypto";
import { open, stat } from "node:fs/promises";

/** Two readings of a database between which nobody can have written give the same state. */
export interface FileState {
  /** Sizes, times and what SQLite itself counts up with each change, of the database and its write-ahead log. */
  readonly state: string;
  /** When the last of them changed, in milliseconds. */
  readonly modified: number;
  readonly bytes: number;
}

/** Bytes of a database file's header, with the change counter, and more than those of a log's, with its salts. */
const headerBytes = 100;

/**
 * The state of a database, with the commits that are in its write-ahead log; undefined when there is no telling: no such file, or a
 * journal beside it that has to be rolled back first.
 * @see https://www.sqlite.org/fileformat2.html#file_change_counter
 */
export async function fileState(path: string): Promise<FileState | undefined> {
  const own = await stateOf(path);
  const journal = await stateOf(`${path}-journal`);
  // A journal that is kept between transactions begins with zeros.
  if (own === undefined || (journal !== undefined && journal.bytes > 0 && journal.header[0] !== 0)) return undefined;
  const log = await stateOf(`${path}-wal`);
  const parts = [own, ...(log === undefined || log.bytes === 0 ? [] : [log])];
  return {
    state: hash("sha1", parts.map(({ told, header }) => `${told} ${header.toString("hex")}`).join("\n")),
    modified: Math.max(...parts.map((part) => part.modified)),
    bytes: own.bytes,
  };
}

async function stateOf(path: string): Promise<{ readonly told: string; readonly header: Buffer; readonly modified: number; readonly bytes: number } | undefined> {
  try {
    // Not when the file's own record changed: SQLite gives a log its database's owner each time it opens one as root.
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
      return { told: [dev, ino, size, mtimeNs].join(" "), header: buffer.subarray(0, bytesRead), modified: Number(mtimeNs) / 1e6, bytes: Number(size) };
    } finally {
      await file.close();
    }
  } catch {
    return undefined; // not there, or not to be read: whoever opens the database says so
  }
}
