import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { CutoverError } from "#core/cutover-error.ts";
import { rowOf } from "./kept-row.ts";
import type { QuarantinedRow } from "./quarantined-rows.ts";

/** A row as a line of the file gives it back; what is left out stays as it was kept. */
export interface FiledRow {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  readonly id: string;
  readonly table: string;
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * Writes rows as JSON lines: all of them under the file's name, or none. The file is written beside it first and is on disk before it gets the name.
 * @param replace whether a file of that name gives way; a person's mended file must not.
 * @returns how many rows.
 * @throws CutoverError write-refused
 */
export async function writeQuarantineFile(path: string, rows: AsyncIterable<QuarantinedRow>, replace: boolean): Promise<number> {
  const partial = `${path}.${process.pid}.partial`;
  let count = 0;
  try {
    await mkdir(dirname(path), { recursive: true });
    const out = createWriteStream(partial, { encoding: "utf8", flush: true });
    const failed = new Promise<never>((_resolve, reject) => out.once("error", reject));
    failed.catch(() => undefined);
    for await (const { id, run, table, key, column, storageClass, reason, row } of rows) {
      const told: unknown = { version: 1, id, run, table, key, column: column ?? null, storageClass: storageClass ?? null, reason, row: rowOf(row) };
      if (!out.write(`${JSON.stringify(told)}\n`)) await Promise.race([once(out, "drain"), failed]);
      count++;
    }
    out.end();
    await Promise.race([once(out, "close"), failed]);
    if (replace) await rename(partial, path);
    else {
      // A link, unlike a rename, takes no other file's place.
      await link(partial, path);
      await rm(partial);
    }
    const folder = await open(dirname(path), "r");
    await folder.sync().catch(() => undefined); // not every system syncs folders
    await folder.close();
    return count;
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    if (!(cause instanceof Error && "code" in cause) || cause instanceof CutoverError) throw cause;
    const isThere = cause.code === "EEXIST";
    throw new CutoverError({
      tag: "write-refused",
      what: isThere ? "There is a file of that name already" : "The rows that are kept aside cannot be written to a file",
      where: path,
      ...(isThere ? {} : { why: cause.message }),
      next: isThere ? "Name another file: this one may hold rows that somebody has mended." : "Make room or name another file; the rows are safe in the target, in cutover.quarantine.",
      cause,
    });
  }
}

/** Reads the lines of a file one by one. @throws CutoverError usage for a file that is not there, or a line that is no row, such as the half of one */
export async function* readQuarantineFile(path: string): AsyncGenerator<FiledRow> {
  let line = 0;
  const input = createReadStream(path, { encoding: "utf8" });
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line++;
      if (text.trim() === "") continue;
      yield { line, ...readLine(path, line, text) };
    }
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause) || cause instanceof CutoverError) throw cause;
    throw new CutoverError({ tag: "usage", what: "The file of rows cannot be read", where: path, why: cause.message, next: "Name a file that `cutover quarantine --export FILE` has written.", cause });
  } finally {
    input.destroy();
  }
}

function readLine(path: string, line: number, text: string): Omit<FiledRow, "line"> {
  const fail = (why: string): never => {
    throw new CutoverError({ tag: "usage", what: "A line of the file is no row of the quarantine", where: `${path}:${line}`, why, next: "Mend the line or remove it; nothing was written." });
  };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause));
  }
  if (typeof value !== "object" || value === null || !("id" in value) || !("table" in value) || !("key" in value) || !("row" in value)) return fail("it must have id, table, key and row");
  const { id, table, key, row } = value;
  if (!(typeof id === "string" && /^\d{1,18}$/.test(id)) || typeof table !== "string" || typeof key !== "string") return fail("id, table and key are texts, as they were exported");
  if (typeof row !== "object" || row === null || Array.isArray(row)) return fail("row is an object of columns");
  return { id, table, key, row: Object.fromEntries(Object.entries(row)) };
}
