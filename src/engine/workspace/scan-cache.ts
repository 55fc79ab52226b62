import { hash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileOutcome, FileStamp } from "./scan-file.ts";
import { parseOutcome } from "./parse-outcome.ts";

/** One file's result of an earlier scan. */
export interface CachedFile {
  readonly stamp: FileStamp;
  /** What besides the content the outcome depends on. */
  readonly key: string;
  readonly outcome: FileOutcome;
}

/**
 * Results of earlier scans, by the file's path: kept in memory, and in `.cutover/cache` of the workspace unless told otherwise.
 * Whatever is wrong with the file on disk, the cache is then empty.
 */
export interface ScanCache {
  /** Takes the results of one environment (rules, mode, schema); those of another are forgotten in memory, not on disk. */
  open(environment: string): Promise<void>;
  get(path: string): CachedFile | undefined;
  set(path: string, entry: CachedFile): void;
  /** Forgets all paths but these. */
  keep(paths: ReadonlySet<string>): void;
  /** Writes what has changed. A folder that cannot be written is left alone. */
  save(): Promise<void>;
}

/** Environments kept on disk, the last used ones. */
const environments = 3;
/** What is more than this is not written. */
const maxBytes = 64_000_000;
/** How close to its reading a file may have changed without its time showing it, in milliseconds. */
const grain = 2_000;

interface Entry {
  readonly stamp: FileStamp;
  readonly key: string;
  /** As read from disk; parsed when asked for. */
  json: string | undefined;
  outcome: FileOutcome | undefined;
}

/** @param root the workspace whose `.cutover/cache` is used; undefined keeps the cache in memory only */
export function scanCache(root: string | undefined): ScanCache {
  const folder = root === undefined ? undefined : join(root, ".cutover", "cache");
  let entries = new Map<string, Entry>();
  let current: string | undefined;
  /** What the file on disk does not have yet, and how many lines and bytes it has; undefined when there is no file that we know. */
  let fresh = new Set<string>();
  let onDisk: Written | undefined;

  return {
    async open(environment) {
      if (environment === current) return;
      current = environment;
      fresh = new Set();
      ({ entries, written: onDisk } = folder === undefined ? nothing() : await load(join(folder, fileName(environment))));
    },
    get(path) {
      const entry = entries.get(path);
      if (entry === undefined) return undefined;
      entry.outcome ??= entry.json === undefined ? undefined : parseOutcome(entry.json);
      if (entry.outcome === undefined) {
        entries.delete(path);
        return undefined;
      }
      return { stamp: entry.stamp, key: entry.key, outcome: entry.outcome };
    },
    set(path, { stamp, key, outcome }) {
      entries.set(path, { stamp, key, outcome, json: undefined });
      fresh.add(path);
    },
    keep(paths) {
      // On disk they stay until the file is written anew: their stamps say whether they still hold.
      for (const path of entries.keys()) if (!paths.has(path)) entries.delete(path);
    },
    async save() {
      if (folder === undefined || current === undefined) return;
      const path = join(folder, fileName(current));
      try {
        const lines = [...fresh].flatMap((name) => {
          const entry = entries.get(name);
          return entry === undefined ? [] : [lineOf(name, entry)];
        });
        const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
        if (onDisk === undefined || onDisk.lines + lines.length > 2 * entries.size + 100 || onDisk.bytes + bytes > maxBytes) onDisk = await write(folder, path, entries);
        else if (lines.length > 0) {
          await appendFile(path, `\n${lines.join("\n")}`, { flag: "a" });
          onDisk = { lines: onDisk.lines + lines.length, bytes: onDisk.bytes + bytes };
        } else await utimes(path, new Date(), new Date());
        fresh = new Set();
        await dropOld(folder);
      } catch {
        // A cache that cannot be written is none.
        onDisk = undefined;
      }
    },
  };
}

/** What a file of the cache holds. */
interface Written {
  readonly lines: number;
  readonly bytes: number;
}

/** Whether a file that looks as it did when it was read may yet be another: its time is too close to the reading. */
export function mayHaveChanged({ modified, readAt }: FileStamp): boolean {
  return modified > readAt - grain;
}

function fileName(environment: string): string {
  return `scan-${hash("sha1", environment)}.jsonl`;
}

const heading = "cutover scan cache 2";

/** One file's line: a hash that vouches for the rest, so that a line that was cut off counts for nothing. */
function lineOf(name: string, entry: Entry): string {
  entry.json ??= JSON.stringify(entry.outcome);
  const { size, modified, hash: content, readAt } = entry.stamp;
  const rest = `${JSON.stringify([name, entry.key, size, modified, content, readAt])}\t${entry.json}`;
  return `${hash("sha1", rest, "base64")}\t${rest}`;
}

/** Writes all of it anew. */
async function write(folder: string, path: string, entries: ReadonlyMap<string, Entry>): Promise<Written> {
  const lines: string[] = [heading];
  let bytes = 0;
  for (const [name, entry] of entries) {
    const line = lineOf(name, entry);
    if (bytes + line.length > maxBytes) break;
    bytes += line.length + 1;
    lines.push(line);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n");
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, lines.join("\n"));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return { lines: lines.length - 1, bytes };
}

interface Loaded {
  readonly entries: Map<string, Entry>;
  readonly written: Written | undefined;
}

function nothing(): Loaded {
  return { entries: new Map(), written: undefined };
}

async function load(path: string): Promise<Loaded> {
  let text: string;
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size > 2 * maxBytes) return nothing();
    text = await readFile(path, "utf8");
  } catch {
    return nothing();
  }
  const [first, ...lines] = text.split("\n");
  if (first !== heading) return nothing();
  const entries = new Map<string, Entry>();
  for (const line of lines) {
    const [vouching = "", head = "", json] = line.split("\t");
    if (json === undefined || hash("sha1", `${head}\t${json}`, "base64") !== vouching) continue;
    const known = parseHead(head);
    if (known !== undefined) entries.set(known.path, { stamp: known.stamp, key: known.key, json, outcome: undefined });
  }
  return { entries, written: { lines: lines.length, bytes: text.length } };
}

function parseHead(json: string): { readonly path: string; readonly key: string; readonly stamp: FileStamp } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [path, key, size, modified, content, readAt] = value.map((each: unknown) => each);
  if (typeof path !== "string" || typeof key !== "string" || typeof size !== "number" || typeof modified !== "number" || typeof content !== "string" || typeof readAt !== "number") return undefined;
  return { path, key, stamp: { size, modified, hash: content, readAt } };
}

/** Removes the environments used longest ago, and what runs that were cut off have left. */
async function dropOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^scan-[0-9a-f]{40}\.jsonl(?:\.\d+\.partial)?$/.test(name));
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  dated.sort((a, b) => b.at - a.at);
  const whole = dated.filter(({ name }) => name.endsWith(".jsonl"));
  const cutOff = dated.filter(({ name, at }) => name.endsWith(".partial") && at < Date.now() - 3_600_000);
  for (const { name } of [...whole.slice(environments), ...cutOff]) await rm(join(folder, name), { force: true });
}
