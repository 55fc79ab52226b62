import { hash } from "node:crypto";
import { mkdir, readdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ColumnProfile } from "#core/schema/decision.ts";
import { fileState, type FileState } from "../file-state.ts";
import { profilesFromJson, profilesToJson } from "./profile-json.ts";

/** Looking at a smaller file is faster than anything else that is done with it. */
const worthKeeping = 1_000_000;
/** How close to its reading a file may have changed without its times showing it, in milliseconds. */
const grain = 2_000;
/** Profiles kept in one folder, the last used ones. */
const kept = 8;
/** Changes whenever a profile counts something else. */
const heading = "cutover profile 3";

/**
 * The profile of a database as an earlier run found it, as long as nothing can have changed since: neither the file nor its write-ahead log;
 * otherwise `look` is asked, and what it finds is kept if the file stood still meanwhile. A folder that cannot be written is left alone.
 * @param workspace whose `.cutover/cache` is used
 */
export async function cachedProfile(workspace: string, path: string, look: () => Promise<Map<string, ColumnProfile>>): Promise<Map<string, ColumnProfile>> {
  const before = await fileState(path);
  if (before === undefined || before.bytes < worthKeeping) return look();
  const readAt = Date.now();
  const folder = join(workspace, ".cutover", "cache");
  const file = join(folder, `profile-${hash("sha1", await realpath(path))}.jsonl`);
  const known = await load(file, before);
  if (known !== undefined) return known;
  const found = await look();
  const after = await fileState(path);
  if (after?.state === before.state && before.modified < readAt - grain) await save(folder, file, before, found);
  return found;
}

async function load(file: string, { state }: FileState): Promise<Map<string, ColumnProfile> | undefined> {
  try {
    const text = await readFile(file, "utf8");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== `${heading} ${state} ${hash("sha1", body)}`) return undefined;
    await utimes(file, new Date(), new Date());
    return profilesFromJson(body);
  } catch {
    return undefined; // none is there
  }
}

async function save(folder: string, file: string, { state }: FileState, profiles: ReadonlyMap<string, ColumnProfile>): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    const body = profilesToJson(profiles);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, ".gitignore"), "*\n");
    await writeFile(partial, `${heading} ${state} ${hash("sha1", body)}\n${body}`);
    await rename(partial, file);
    await dropOld(folder);
  } catch {
    await rm(partial, { force: true }).catch(() => undefined); // a cache that cannot be written is none
  }
}

async function dropOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^profile-[0-9a-f]{40}\.jsonl$/.test(name));
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of dated.toSorted((a, b) => b.at - a.at).slice(kept)) await rm(join(folder, name), { force: true });
}
