import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertMapHolds } from "./map-holds.ts";

/**
 * Each site as `start-end kind library.method/parameters@call text <hole>`, each use as `kind name place`; places are
 * line:column from 1.
 */
interface Example {
  readonly name: string;
  readonly source: readonly string[];
  readonly sites: readonly string[];
  readonly uses?: readonly string[];
  readonly importAt: string;
}

const examples: readonly Example[] = [
  {
    name: "better",
    source: [
      "import Database from \"better-sqlite3\";",
      "const db = new Database(\"a.db\");",
      "db.exec(\"DELETE FROM t\");",
      "const row = db.prepare(\"SELECT a FROM t WHERE b = ?\").get(1);",
      "const all = db.prepare(\"SELECT a FROM t\").all();",
      "const stmt = db.prepare(`INSERT INTO t VALUES (@a)`);",
      "stmt.run({ a: 1 });",
      "db.pragma(\"journal_mode = WAL\");",
      "const un = db.prepare(\"SELECT b FROM t\");",
      "/select a from t/.exec(\"select a from t\");",
    ],
    sites: [
      "3:9-3:24 script better-sqlite3.exec/none@3:1 DELETE FROM t",
      "4:24-4:53 statement better-sqlite3.prepare/passed@4:13 SELECT a FROM t WHERE b = ?",
      "5:24-5:41 statement better-sqlite3.prepare/none@5:13 SELECT a FROM t",
      "6:25-6:52 statement better-sqlite3.prepare/passed@6:14 INSERT INTO t VALUES (@a)",
      "9:23-9:40 statement better-sqlite3.prepare/unknown@9:12 SELECT b FROM t",
    ],
    uses: [
      "driver-import better-sqlite3 1:1",
      "connect Database 2:12",
      "pragma-call pragma 8:4",
    ],
    importAt: "2:1",
  },
  {
    name: "sqlite3 cb",
    source: [
      "const sqlite3 = require(\"sqlite3\").verbose();",
      "const db = new sqlite3.Database(\"a.db\");",
      "db.all(\"SELECT a FROM t\", (err, rows) => {});",
      "db.get(\"SELECT a FROM t WHERE b = ?\", [1], function (err, row) {});",
      "db.run(\"INSERT INTO t VALUES (?)\", [1], function () { this.lastID; });",
    ],
    sites: [
      "3:8-3:25 statement sqlite3.all/none@3:1 SELECT a FROM t",
      "4:8-4:37 statement sqlite3.get/passed@4:1 SELECT a FROM t WHERE b = ?",
      "5:8-5:34 statement sqlite3.run/passed@5:1 INSERT INTO t VALUES (?)",
    ],
    uses: [
      "driver-import sqlite3 1:7",
      "connect sqlite3.Database 2:12",
      "lastrowid lastID 5:60",
    ],
    importAt: "2:1",
  },
  {
    name: "sqlite pkg",
    source: [
      "import sqlite3 from \"sqlite3\";",
      "import { open } from \"sqlite\";",
      "export async function openDb() {",
      "  const db = await open({ filename: \"a.db\", driver: sqlite3.Database });",
      "  return db;",
      "}",
      "const x = await db.get<Row>(\"SELECT a FROM t WHERE b = ?\", 1);",
    ],
    sites: [
      "7:29-7:58 statement unknown.get/passed@7:11 SELECT a FROM t WHERE b = ?",
    ],
    uses: [
      "driver-import sqlite3 1:1",
      "driver-import sqlite 2:1",
      "helper-definition openDb 3:23",
      "connect open 4:20",
    ],
    importAt: "3:1",
  },
  {
    name: "assembled",
    source: [
      "function f(db: DB, name?: string, ids: number[]) {",
      "  let sql = \"SELECT * FROM t WHERE 1 = 1\";",
      "  if (name) sql += \" AND name = ?\";",
      "  const conds: string[] = [];",
      "  conds.push(\"a = ?\", \"b > 1\");",
      "  sql += \" AND \" + conds.join(\" AND \");",
      "  const marks = Array(ids.length).fill(\"?\").join(\",\");",
      "  const m2 = Array.from({ length: 3 }, () => \"?\").join(\", \");",
      "  const m3 = \"?, \".repeat(ids.length).slice(0, -2);",
      "  db.all(`${sql} AND id IN (${marks}) OR x IN (${m2}) OR y IN (${m3}) ORDER BY ${name ? \"name DESC\" : \"id\"}`, ids);",
      "  return db.all(sql);",
      "}",
    ],
    sites: [
      "2:13-2:42 fragment unknown.all/unknown@10:3 SELECT * FROM t WHERE 1 = 1",
      "3:20-3:35 fragment unknown.all/unknown@10:3  AND name = ?",
      "5:14-5:21 fragment unknown.all/unknown@10:3 a = ?",
      "5:23-5:30 fragment unknown.all/unknown@10:3 b > 1",
      "6:10-6:39 fragment unknown.all/unknown@10:3  AND ${conds.join(\" AND \")} <joined conds.join(\" AND \")>",
      "10:10-10:109 fragment unknown.all/passed@10:3 ${sql} AND id IN (${marks}) OR x IN (${m2}) OR y IN (${m3}) ORDER BY ${name ? \"name DESC\" : \"id\"} <interpolated sql> <interpolated marks ?@7:41> <interpolated m2 ?@8:47> <interpolated m3 ?@9:15> <interpolated name ? \"name DESC\" : \"id\">",
      "10:89-10:100 fragment unknown.all/passed@10:3 name DESC",
    ],
    importAt: "1:1",
  },
  {
    name: "tagged",
    source: [
      "const r = await sql`SELECT a FROM t WHERE b = ${x}`;",
      "const s = db.prepare(String.raw`SELECT '\\n' FROM t`).all();",
      "const h = html`<select>from</select>`;",
      "const p = await prisma.$queryRaw`SELECT * FROM u WHERE id = ${id}`;",
    ],
    sites: [
      "1:20-1:52 statement unknown.sql/passed@1:17 SELECT a FROM t WHERE b = ${x} <interpolated x>",
      "2:22-2:52 statement unknown.prepare/none@2:11 SELECT '\\n' FROM t",
      "4:33-4:67 statement unknown.prisma.$queryRaw/passed@4:17 SELECT * FROM u WHERE id = ${id} <interpolated id>",
    ],
    importAt: "1:1",
  },
  {
    name: "class/obj",
    source: [
      "class R {",
      "  static readonly BY_ID = \"SELECT * FROM r WHERE id = ?\";",
      "  private q = `SELECT a FROM t`;",
      "  get(id) { return this.db.prepare(R.BY_ID).get(id); }",
      "  stmts = { one: this.db.prepare(\"SELECT one FROM t WHERE a = ?\") };",
      "  f() { return this.stmts.one.all(1); }",
      "}",
      "const Q = { all: \"SELECT * FROM t\", msg: \"Select a file from the list\" };",
      "db.all(Q.all);",
    ],
    sites: [
      "2:27-2:57 statement unknown.prepare/passed@4:20 SELECT * FROM r WHERE id = ?",
      "3:15-3:32 statement - SELECT a FROM t",
      "5:34-5:65 statement unknown.prepare/passed@5:18 SELECT one FROM t WHERE a = ?",
      "8:18-8:35 statement unknown.all/none@9:1 SELECT * FROM t",
    ],
    importAt: "1:1",
  },
  {
    name: "not sql",
    source: [
      "// SELECT a FROM t",
      "console.log(\"SELECT a FROM t\");",
      "throw new Error(\"DELETE FROM t\");",
      "const t = \"Select a file from the list\";",
      "if (x === \"SELECT a FROM t\") {}",
      "const el = <any>\"Update the status\";",
      "app.get(\"/select\", () => {});",
      "Promise.all([\"select\"]);",
      "map.get(\"SELECT\");",
      "describe(\"SELECT a FROM t\", () => { it(\"x\", () => { db.run(\"DELETE FROM t\"); }); });",
      "type T = \"SELECT a FROM t\";",
    ],
    sites: [
      "10:60-10:75 statement unknown.run/none@10:53 DELETE FROM t",
    ],
    importAt: "1:1",
  },
  {
    name: "uses",
    source: [
      "import { DatabaseSync } from \"node:sqlite\";",
      "import Database, { SqliteError } from \"better-sqlite3\";",
      "export const getDb = () => new DatabaseSync(\"a\");",
      "export function withDb<T>(fn: (db: DatabaseSync) => T): T {",
      "  const db = new DatabaseSync(\"a\");",
      "  try { return fn(db); } finally { db.close(); }",
      "}",
      "const info = getDb().prepare(\"INSERT INTO t VALUES (1)\").run();",
      "console.log(info.lastInsertRowid);",
      "const { lastInsertRowid: id } = info;",
      "try {} catch (e) { if (e instanceof SqliteError) {} if (e.code === \"SQLITE_BUSY\") {} }",
      "withDb((d) => d.exec(\"DELETE FROM t\"));",
      "class S { open() { const d = new Database(\"x\"); return d; } }",
    ],
    sites: [
      "8:30-8:56 statement unknown.prepare/none@8:14 INSERT INTO t VALUES (1)",
      "12:22-12:37 script unknown.exec/none@12:15 DELETE FROM t",
    ],
    uses: [
      "driver-import node:sqlite 1:1",
      "driver-import better-sqlite3 2:1",
      "helper-definition getDb 3:14",
      "connect DatabaseSync 3:28",
      "helper-definition withDb 4:17",
      "connect DatabaseSync 5:14",
      "helper-call getDb 8:14",
      "lastrowid lastInsertRowid 9:18",
      "lastrowid lastInsertRowid 10:9",
      "error-class SqliteError 11:37",
      "error-class SQLITE_BUSY 11:68",
      "helper-call withDb 12:1",
      "helper-definition open 13:11",
      "connect Database 13:30",
    ],
    importAt: "3:1",
  },
];

describe("TypeScript files", () => {
  for (const { name, source, sites, uses, importAt } of examples) {
    it(name, async () => {
      const text = `${source.join("\n")}\n`;
      const found = await foundIn("typescript", text);
      assert.deepEqual(found.sites, sites);
      assert.deepEqual(found.uses, uses ?? []);
      assert.equal(found.at(found.host.importAt), importAt);
      for (const site of found.host.sites) assertMapHolds(text, site);
    });
  }
});
