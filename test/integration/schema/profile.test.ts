import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import Database from "better-sqlite3";
import { columnKey, type ColumnProfile } from "#core/schema/decision.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openSource } from "#engine/sqlite/open-source.ts";
import { profile, type ProfileOptions, type ProfileProgress } from "#engine/sqlite/profile/profile.ts";

const folder = mkdtempSync(join(tmpdir(), "cutover-profile-"));
after(() => { rmSync(folder, { recursive: true }); });

function made(name: string, sql: string): string {
  const path = join(folder, name);
  const db = new Database(path);
  db.exec(sql);
  db.close();
  return path;
}

async function profiled(path: string, options?: ProfileOptions): Promise<Map<string, ColumnProfile>> {
  const source = await openSource(path);
  try {
    return await profile(source, introspect(source), options);
  } finally {
    source.close();
  }
}

async function columnOf(path: string, column: string, options?: ProfileOptions): Promise<ColumnProfile> {
  return (await profiled(path, options)).get(columnKey("t", column)) ?? assert.fail(column);
}

const numbers = (count: number): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
/** What does not depend on which values a thread has seen before. */
const counted = (column: ColumnProfile): object => ({ ...column, outliers: [] });

describe("the profile", () => {
  it("counts every kind of value, and the same in threads", async () => {
    const path = made("kinds.db", `
      CREATE TABLE t (id INTEGER PRIMARY KEY, mixed, day TEXT, flag INTEGER, price REAL, body TEXT);
      ${numbers(30_000)} INSERT INTO t SELECT i,
        CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN i - 9000000000000000000 WHEN 2 THEN i / 7.0 WHEN 3 THEN 'tëxt' || i ELSE zeroblob(i % 40) END,
        date('2000-01-01', '+' || i || ' days'), i % 2, i / 100.0, CASE WHEN i % 1000 = 0 THEN replace(hex(zeroblob(3000)), '0', 'é') ELSE 'short' END FROM n;
      CREATE TABLE u (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO u SELECT 'a' || (id % 3), id FROM t;
      CREATE TABLE w (a TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID; INSERT INTO w SELECT 'k' || id FROM t;
      CREATE TABLE sparse (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO sparse SELECT id * 1000000007 - 5000000000000, id FROM t; INSERT INTO sparse VALUES (9223372036854775807, 0), (-9223372036854775808, -1);
      CREATE TABLE empty (a TEXT);`);
    const here = await profiled(path, { threads: 0 });
    const mixed = here.get("t.mixed") ?? assert.fail();
    assert.deepEqual(
      [mixed.rows, mixed.nulls, mixed.integers, mixed.reals, mixed.texts, mixed.blobs, mixed.minInteger, mixed.maxInteger, mixed.minReal, mixed.maxReal, mixed.maxLength, mixed.maxBytes],
      [30_000, 6000, 6000, 6000, 6000, 6000, -8_999_999_999_999_999_999n, -8_999_999_999_999_970_004n, 2 / 7, 29_997 / 7, 9, 39],
    );
    assert.equal(here.get("t.day")?.isoDates, 30_000);
    assert.equal(here.get("t.day")?.distinctTexts, undefined);
    assert.equal(here.get("t.flag")?.zeroOrOne, 30_000);
    assert.deepEqual([here.get("t.price")?.decimals, here.get("t.price")?.cents], [30_000, 30_000]);
    assert.deepEqual([here.get("t.body")?.maxLength, here.get("t.body")?.maxBytes, here.get("t.body")?.distinctTexts], [6000, 12_000, undefined]);
    assert.deepEqual([here.get("u.b")?.integers, here.get("u.a")?.distinctTexts, here.get("w.a")?.texts], [30_000, 3, 30_000]);
    assert.deepEqual([here.get("sparse.v")?.integers, here.get("sparse.id")?.integers, here.get("sparse.id")?.maxInteger], [30_002, 30_002, 2n ** 63n - 1n]);
    assert.equal(here.get("empty.a")?.rows, 0);
    const there = await profiled(path, { threads: 2 });
    assert.deepEqual([...there.keys()], [...here.keys()]);
    for (const [key, column] of there) assert.deepEqual(counted(column), counted(here.get(key) ?? column), key);
  });

  it("tells texts apart that hold what it puts between them", async () => {
    const path = made("separator.db", `CREATE TABLE t (a TEXT, b TEXT); ${numbers(500)} INSERT INTO t SELECT '2024-01-01' || char(31) || '2024-01-02', '' FROM n; INSERT INTO t VALUES ('2024-01-01', 'x')`);
    const { isoDates, texts, maxLength, distinctTexts } = await columnOf(path, "a");
    assert.deepEqual([isoDates, texts, maxLength, distinctTexts], [1, 501, 21, 2]);
    const empty = await columnOf(path, "b");
    assert.deepEqual([empty.texts, empty.maxLength, empty.distinctTexts], [501, 1, 2]);
  });

  it("TRAP 64: tells texts that are no UTF-8, in a database in UTF-16, too", async () => {
    const path = made("bytes.db", "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('ok'), (CAST(x'c3' AS TEXT)), (CAST(x'a9' AS TEXT)), ('é'), (CAST(x'e282' AS TEXT)), ('a' || char(0))");
    const { invalidUtf8, nulCharacters, texts } = await columnOf(path, "a");
    assert.deepEqual([invalidUtf8, nulCharacters, texts], [3, 1, 6]);
    const wide = made("wide.db", "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('2024-01-01'), ('é'), (CAST(x'00d84100' AS TEXT)), ('a' || char(0))");
    const other = await columnOf(wide, "a");
    assert.deepEqual([other.invalidUtf8, other.nulCharacters, other.texts, other.isoDates, other.maxBytes, other.maxLength], [1, 1, 4, 1, 20, 10]);
  });

  it("names the first values that are not what most are, with their rows", async () => {
    const path = made("outliers.db", `
      CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT, n INTEGER); ${numbers(20_000)} INSERT INTO t SELECT i, '2024-01-01 10:00:00', i FROM n;
      UPDATE t SET at = 'it''s never' WHERE id IN (700, 15000, 15001, 19000); UPDATE t SET n = 'many' WHERE id = 12345;
      CREATE TABLE k (a TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID; INSERT INTO k VALUES ('x', '{}'), ('y', '[]'), ('z', 'none');`);
    const { outliers, isoTimestamps } = await columnOf(path, "at");
    assert.equal(isoTimestamps, 19_996);
    assert.deepEqual(outliers, [700, 15_000, 15_001].map((id) => ({ not: "isoTimestamps", row: `id = ${id}`, value: "'it''s never'" })));
    assert.deepEqual((await columnOf(path, "at", { threads: 2 })).outliers, outliers);
    assert.deepEqual((await columnOf(path, "n")).outliers, [{ not: "integer", row: "id = 12345", value: "'many'" }]);
    assert.deepEqual((await profiled(path)).get("k.v")?.outliers, [{ not: "jsonContainers", row: "a = 'z'", value: "'none'" }]);
  });

  it("takes the doubles that a decimal text gives for decimals, and no others", async () => {
    const path = made("decimals.db", "CREATE TABLE t (a REAL, b REAL, c REAL, d REAL); INSERT INTO t VALUES (0.29, 0.1 + 0.2, 9e999, 1.005), (-19.99, 1.5, 0.5, -0.125), (123456789.01, 2.25, 0.25, 999999.123456789)");
    const found = await profiled(path);
    assert.deepEqual(["a", "b", "c", "d"].map((c) => [found.get(`t.${c}`)?.decimals, found.get(`t.${c}`)?.cents]), [[3, 3], [0, 0], [0, 0], [3, 0]]);
  });

  it("knows of numbers of both kinds their range, and which of the integers 32 bits do not hold", async () => {
    const path = made("numbers.db", "CREATE TABLE t (a NUMERIC, b NUMERIC); INSERT INTO t VALUES (2147483647, 9007199254740993), (2.5, -0.5), (-2147483648, -9223372036854775807), (1e300, NULL)");
    const found = await profiled(path);
    assert.deepEqual(["a", "b"].map((c) => [found.get(`t.${c}`)?.integers, found.get(`t.${c}`)?.reals, found.get(`t.${c}`)?.minReal, found.get(`t.${c}`)?.maxReal, found.get(`t.${c}`)?.minInteger, found.get(`t.${c}`)?.maxInteger]), [
      [2, 2, -2_147_483_648, 1e300, undefined, undefined],
      [2, 1, -(2 ** 63), 2 ** 53, -9_223_372_036_854_775_807n, 9_007_199_254_740_993n],
    ]);
  });

  it("reads very long texts, one of them longer than a piece", async () => {
    const path = made("long.db", `CREATE TABLE t (a TEXT); ${numbers(40)} INSERT INTO t SELECT hex(zeroblob(1000000 + i)) FROM n`);
    const { maxLength, texts } = await columnOf(path, "a");
    assert.deepEqual([maxLength, texts], [2_000_080, 40]);
  });

  it("tells how far it is, and gives each table as soon as it is done", async () => {
    const path = made("tables.db", `CREATE TABLE a (x INTEGER); CREATE TABLE b (x INTEGER); CREATE TABLE c (x TEXT); ${numbers(20_000)} INSERT INTO b SELECT i FROM n`);
    for (const threads of [0, 2]) {
      const progress: ProfileProgress[] = [];
      const tables: string[] = [];
      await profiled(path, { threads, onProgress: (each) => progress.push(each), onTable: (table, columns) => tables.push(`${table} ${[...columns.keys()].join()}`) });
      assert.deepEqual(tables.toSorted(), ["a a.x", "b b.x", "c c.x"]);
      assert.equal(tables.at(-1), "b b.x", "the large one last");
      assert.deepEqual(progress.at(-1)?.tables, 3);
      assert.equal(Math.max(...progress.map(({ tablesDone }) => tablesDone)), 3);
      assert.deepEqual(progress.filter(({ done, table }) => done && table === "b").map(({ rows }) => rows), [20_000]);
    }
  });

  it("ends within 200 ms of being stopped", async () => {
    const path = made("stopped.db", `CREATE TABLE t (a INTEGER, b TEXT, c REAL); ${numbers(1_000_000)} INSERT INTO t SELECT i, 'text ' || i, i / 3.0 FROM n`);
    for (const threads of [0, 2]) {
      const controller = new AbortController();
      let stopped = 0;
      await assert.rejects(profiled(path, { threads, signal: controller.signal, onProgress: () => { stopped ||= performance.now(); controller.abort(new Error("enough")); } }), /enough/);
      assert.ok(performance.now() - stopped < 200, `${performance.now() - stopped} ms`);
    }
  });

  it("says in threads, too, what keeps a source from being read", async () => {
    const path = made("busy.db", `CREATE TABLE t (a INTEGER); ${numbers(1000)} INSERT INTO t SELECT i FROM n`);
    const source = await openSource(path);
    const catalog = introspect(source);
    const holder = new Database(path);
    await assert.rejects(profile(source, catalog, { threads: 1, signal: AbortSignal.abort(new Error("stopped before")) }), /stopped before/);
    holder.exec("BEGIN EXCLUSIVE");
    await assert.rejects(profile(source, catalog, { threads: 1 }), { tag: "source-locked" });
    holder.close();
    source.close();
  });
});
