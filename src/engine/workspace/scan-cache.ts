import { hash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
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
  let changed = false;

  return {
    async open(environment) {
      if (environment === current) return;
      current = environment;
      changed = false;
      entries = folder === undefined ? new Map<string, Entry>() : await load(join(folder, fileName(environment)));
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
      changed = true;
    },
    keep(paths) {
      for (const path of entries.keys()) {
        if (paths.has(path)) continue;
        entries.delete(path);
        changed = true;
      }
    },
    async save() {
      if (folder === undefined || current === undefined) return;
      const path = join(folder, fileName(current));
      try {
        if (changed) {
          await write(folder, path, entries);
          changed = false;
        } else await utimes(path, new Date(), new Date());
        await dropOld(folder);
      } catch {
        // A cache that cannot be written is none.
      }
    },
  };
}

/** Whether a file that looks as it did when it was read may yet be another: its time is too close to the reading. */
export function mayHaveChanged({ modified, readAt }: FileStamp): boolean {
  return modified > readAt - grain;
}

function fileName(environment: string): string {
  return `scan-${hash("sha1", environment)}.jsonl`;
}

const heading = "cutover scan cache 1";

/** One line a file; the first line vouches for the rest. */
async function write(folder: string, path: string, entries: ReadonlyMap<string, Entry>): Promise<void> {
  const lines: string[] = [];
  let bytes = 0;
  for (const [name, entry] of entries) {
    entry.json ??= JSON.stringify(entry.outcome);
    const { size, modified, hash: content, readAt } = entry.stamp;
    const line = `${JSON.stringify([name, entry.key, size, modified, content, readAt])}\t${entry.json}`;
    bytes += line.length;
    if (bytes > maxBytes) break;
    lines.push(line);
  }
  const body = lines.join("\n");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n");
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, `${heading} ${hash("sha1", body)}\n${body}`);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function load(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let text: string;
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size > 2 * maxBytes) return entries;
    text = await readFile(path, "utf8");
  } catch {
    return entries;
  }
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== `${heading} ${hash("sha1", body)}`) return entries;
  for (const line of body.split("\n")) {
    const tab = line.indexOf("\t");
    const head = tab < 0 ? undefined : parseHead(line.slice(0, tab));
    if (head !== undefined) entries.set(head.path, { stamp: head.stamp, key: head.key, json: line.slice(tab + 1), outcome: undefined });
  }
  return entries;
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
