import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig } from "#engine/workspace/config.ts";
import { scanCache, type ScanCache } from "#engine/workspace/scan-cache.ts";
import { createScanPool, type ScanPool } from "#engine/workspace/scan-pool.ts";
import { scanWorkspace, type ScanProgress } from "#engine/workspace/scan-workspace.ts";
import { atEnd } from "../../support/at-end.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const sample = fileURLToPath(new URL("../../../sample/app", import.meta.url));

/** Starting threads takes longer than what most of the scans here ask of them. */
const shared = createScanPool({ threads: 1 });
atEnd(() => {
  shared.dispose();
});

/** A copy of the sample, changed long enough ago for its times to be believed. */
function workspace(): string {
  const root = temporaryFolder();
  // A part of it is enough.
  cpSync(sample, root, { recursive: true, filter: (path) => !/[/\\](?:tests?|routes|repositories|workflow_history_utils)$/.test(path) });
  const old = new Date(Date.now() - 60_000);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), old, old);
  return root;
}

async function report(root: string, options: { readonly cache?: ScanCache; readonly pool?: ScanPool; readonly schema?: string; readonly onProgress?: (progress: ScanProgress) => void } = {}): Promise<string> {
  return JSON.stringify((await scanWorkspace({ root, config: await loadConfig(root), pool: shared, ...options })).report);
}

const cacheFile = (root: string): string => join(root, ".cutover", "cache", readdirSync(join(root, ".cutover", "cache")).find((name) => name.endsWith(".jsonl")) ?? "");

/** How many files were read anew. */
function counting(cache: ScanCache): ScanCache & { readonly written: string[] } {
  const written: string[] = [];
  return { ...cache, written, set(path, entry) { written.push(path); cache.set(path, entry); } };
}

describe("a scan's report", () => {
  it("is the same on any number of threads, with and without a schema", async () => {
    const root = workspace();
    for (const schema of [undefined, join(root, "server/db/schema.sql")]) {
      const expected = await report(root, schema === undefined ? {} : { schema });
      assert.ok(expected.length > 10_000);
      for (const threads of [1, 3]) {
        const pool = createScanPool({ threads });
        // The second run finds the threads as the first has left them.
        for (let i = 0; i < 2; i++) assert.equal(await report(root, { pool, ...(schema === undefined ? {} : { schema }) }), expected);
        pool.dispose();
      }
    }
  });

  it("is the same from the cache, in memory and on disk, and what has changed is read anew", async () => {
    const root = workspace();
    const expected = await report(root);
    const cache = counting(scanCache(root));
    assert.equal(await report(root, { cache }), expected);
    assert.ok(cache.written.length > 10);
    cache.written.length = 0;
    assert.equal(await report(root, { cache }), expected);
    const fresh = counting(scanCache(root));
    assert.equal(await report(root, { cache: fresh }), expected);
    assert.deepEqual([cache.written, fresh.written], [[], []]);

    appendFileSync(join(root, "server/core/adw_lock.py"), '\n\ndef more(conn):\n    conn.execute("INSERT OR ABORT INTO t (a) VALUES (1)")\n');
    assert.equal(await report(root, { cache }), await report(root));
    assert.deepEqual(cache.written, ["server/core/adw_lock.py"]);
    rmSync(join(root, "server/core/insights.py"));
    assert.equal(await report(root, { cache }), await report(root));
  });

  it("follows helpers over files of which only one was read anew", async () => {
    const root = workspace();
    const cache = scanCache(root);
    await report(root, { cache });
    const helper = join(root, "server/utils/db_connection.py");
    writeFileSync(helper, readFileSync(helper, "utf8").replaceAll("get_connection", "open_connection"));
    const changed = await report(root, { cache });
    assert.equal(changed, await report(root));
    assert.match(changed, /"helperCalls":0/);
  });

  it("does not take over what other rules of the team, or another mode, have found", async () => {
    const root = workspace();
    const cache = scanCache(root);
    await report(root, { cache });
    writeFileSync(join(root, "cutover.json"), '{ "mode": "postgres", "severity": { "insert-or": "off" } }');
    assert.equal(await report(root, { cache }), await report(root));
  });

  it("is not spoilt by a cache that is damaged, cut off, of somebody else or cannot be written", async () => {
    const root = workspace();
    const expected = await report(root, { cache: scanCache(root) });
    const path = cacheFile(root);
    const good = readFileSync(path, "utf8");
    const body = good.slice(good.indexOf("\n") + 1);
    for (const bad of ["", "x", good.slice(0, good.length / 2), good.replace("insert-or", "insert_or"), `${good}\n`, body, "\0".repeat(5000)]) {
      writeFileSync(path, bad);
      assert.equal(await report(root, { cache: scanCache(root) }), expected);
      // A whole one was written in its place.
      const after = counting(scanCache(root));
      assert.equal(await report(root, { cache: after }), expected);
      assert.deepEqual(after.written, []);
    }
    rmSync(join(root, ".cutover"), { recursive: true });
    writeFileSync(join(root, ".cutover"), "a file where the folder would be");
    assert.equal(await report(root, { cache: scanCache(root) }), expected);
  });

  it("keeps a few environments only, and nothing that git would take up", async () => {
    const root = workspace();
    mkdirSync(join(root, ".cutover", "cache"), { recursive: true });
    for (const bytes of [1, 2, 3, 4, 5]) {
      writeFileSync(join(root, "cutover.json"), `{ "limits": { "maxFileBytes": ${bytes}000 } }`);
      await report(root, { cache: scanCache(root) });
    }
    const names = readdirSync(join(root, ".cutover", "cache"));
    assert.equal(names.filter((name) => name.endsWith(".jsonl")).length, 3);
    assert.equal(readFileSync(join(root, ".cutover", "cache", ".gitignore"), "utf8"), "*\n");
  });

  it("comes piece by piece while the scan runs, and a scan that is ended writes nothing", async () => {
    const root = workspace();
    const seen: ScanProgress[] = [];
    const whole = await report(root, { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual([seen[0]?.done, seen.at(-1)?.done], [0, seen[0]?.total]);
    const paths = seen.flatMap(({ files }) => files.map(({ path }) => path));
    assert.equal(new Set(paths).size, paths.length);
    for (const path of paths) assert.ok(whole.includes(`"path":"${path}"`));
    const controller = new AbortController();
    const scan = scanWorkspace({ root, config: await loadConfig(root), pool: createScanPool(), cache: scanCache(root), signal: controller.signal, onProgress: () => { controller.abort(); } });
    await assert.rejects(scan, { name: "AbortError" });
    assert.ok(!existsSync(join(root, ".cutover")));
  });
});

describe("a scan's threads", () => {
  it("give up a file that takes too long, and go on with the others", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "cutover.json"), '{ "limits": { "maxFileSeconds": 1 } }');
    writeFileSync(join(root, "long.sql"), `INSERT INTO t (a, b) VALUES ${Array.from({ length: 400_000 }, (_, i) => `(${i}, 'x')`).join(",")};\n`.slice(0, 4_900_000));
    for (let i = 0; i < 50; i++) writeFileSync(join(root, `file${i}.py`), 'import sqlite3\nconn.execute("INSERT OR ABORT INTO t (a) VALUES (1)")\n');
    const { report: found } = await scanWorkspace({ root, config: await loadConfig(root) });
    assert.deepEqual(found.leftOut, [{ path: "long.sql", line: undefined, reason: "it took longer than 1 s" }]);
    assert.equal(found.files.length, 50);
  });
});
