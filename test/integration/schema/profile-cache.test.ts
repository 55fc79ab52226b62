import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import type { ColumnProfile } from "#core/schema/decision.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openSource } from "#engine/sqlite/open-source.ts";
import { cachedProfile } from "#engine/sqlite/profile/cached-profile.ts";
import { profilesFromJson, profilesToJson } from "#engine/sqlite/profile/profile-json.ts";
import { profile } from "#engine/sqlite/profile/profile.ts";

const folder = mkdtempSync(join(tmpdir(), "cutover-profile-cache-"));
after(() => { rmSync(folder, { recursive: true }); });
const cache = join(folder, ".cutover", "cache");

/** A database of more than a megabyte, changed long enough ago to be believed. */
async function made(name: string, mode: "delete" | "wal"): Promise<string> {
  const path = join(folder, name);
  const db = new Database(path);
  db.pragma(`journal_mode = ${mode}`);
  db.exec("CREATE TABLE t (n INTEGER, r REAL, b TEXT); WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 9000) INSERT INTO t SELECT n, 9e999, hex(zeroblob(60)) FROM i; INSERT INTO t VALUES (9223372036854775807, -1.5, 'other')");
  db.close();
  await delay(2_100);
  return path;
}

/** The profile, and whether the data was looked at for it. */
async function read(path: string): Promise<{ readonly found: ReadonlyMap<string, ColumnProfile>; readonly looked: boolean }> {
  const source = await openSource(path);
  let looked = false;
  const found = await cachedProfile(folder, path, () => {
    looked = true;
    return profile(source, introspect(source));
  });
  source.close();
  return { found, looked };
}

describe("profiles that are kept", () => {
  it("are used while the file stays as it is, and are what was found", async () => {
    const path = await made("kept.db", "delete");
    const first = await read(path);
    const again = await read(path);
    const fresh = join(folder, "fresh.db");
    copyFileSync(path, fresh);
    assert.deepEqual([(await read(fresh)).looked, (await read(fresh)).looked], [true, true], "it changed too short a time ago to be believed");
    assert.deepEqual([first.looked, again.looked], [true, false]);
    assert.deepEqual(again.found, first.found);
    assert.equal(again.found.get("t.r")?.maxReal, Infinity);
    assert.equal(again.found.get("t.n")?.maxInteger, 2n ** 63n - 1n);
  });

  it("are not used after a commit, though the size and the time stay as they were", async () => {
    const path = await made("changed.db", "delete");
    await read(path);
    const { size, atime, mtime } = statSync(path);
    const db = new Database(path);
    db.exec("UPDATE t SET n = 'x' WHERE n = 5");
    db.close();
    utimesSync(path, atime, mtime);
    assert.equal(statSync(path).size, size);
    const { found, looked } = await read(path);
    assert.deepEqual([looked, found.get("t.n")?.texts], [true, 1]);
  });

  it("are not used after a commit to the write-ahead log, nor after one that overwrites the log", async () => {
    const path = await made("log.db", "wal");
    await read(path);
    assert.equal((await read(path)).looked, false);
    const writer = new Database(path);
    writer.pragma("wal_autocheckpoint = 0");
    for (const value of ["one", "two", "three"]) {
      const before = statSync(path);
      writer.prepare("UPDATE t SET b = ? WHERE n = 7").run(value);
      assert.equal(statSync(path).mtimeMs, before.mtimeMs, "the database itself is as it was");
      const { found, looked } = await read(path);
      assert.deepEqual([looked, found.get("t.b")?.maxLength], [true, 120], value);
      // The next commit then goes over the frames of this one.
      if (value === "two") {
        await delay(2_100);
        assert.equal((await read(path)).looked, true);
        assert.equal((await read(path)).looked, false);
        writer.pragma("wal_checkpoint(PASSIVE)");
      }
    }
    writer.close();
  });

  it("are not used when they are damaged or another version's", async () => {
    const path = await made("damaged.db", "delete");
    await read(path);
    for (const damage of [(text: string) => text.slice(0, -5), (text: string) => text.replace(/^cutover profile \d+/, "cutover profile 0"), (text: string) => text.replace('"rows":9001', '"rows":9002')]) {
      for (const name of readdirSync(cache).filter((each) => each.startsWith("profile-"))) writeFileSync(join(cache, name), damage(readFileSync(join(cache, name), "utf8")));
      assert.equal((await read(path)).looked, true);
    }
    assert.equal(profilesFromJson('[["t.a",{}]]'), undefined);
    assert.deepEqual(profilesFromJson(profilesToJson(new Map())), new Map());
  });
});
