import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import Database from "better-sqlite3";
import { CutoverError, type ErrorTag } from "#core/cutover-error.ts";
import { accountFor } from "#core/schema/account-for.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openDdl } from "#engine/sqlite/open-ddl.ts";
import { openSource } from "#engine/sqlite/open-source.ts";
import { openAny, readPlan } from "#engine/sqlite/read-plan.ts";

const folder = mkdtempSync(join(tmpdir(), "cutover-source-"));
after(() => { rmSync(folder, { recursive: true }); });

async function refused(path: string, tag: ErrorTag): Promise<CutoverError> {
  try {
    const source = await openAny(path);
    try {
      introspect(source);
    } finally {
      source.close();
    }
  } catch (problem) {
    assert.ok(problem instanceof CutoverError, String(problem));
    assert.equal(problem.tag, tag);
    assert.notEqual(problem.next, "");
    return problem;
  }
  return assert.fail(`${path} was opened`);
}

function made(name: string, sql: string): string {
  const path = join(folder, name);
  const db = new Database(path);
  db.exec(sql);
  db.close();
  return path;
}

describe("opening a source", () => {
  it("says that a file is not there", async () => {
    await refused(join(folder, "none.db"), "source-missing");
    await refused(join(folder, "none.sql"), "source-missing");
    await refused(join(folder, "none", "deep.db"), "source-missing");
  });

  it("says that a file is not SQLite", async () => {
    const path = join(folder, "letter.db");
    writeFileSync(path, "Dear database, ".repeat(100));
    const problem = await refused(path, "source-not-sqlite");
    assert.equal(problem.where, path);
  });

  it("says that a path is a folder", async () => {
    await refused(folder, "source-unreadable");
  });

  it("takes a file of 0 bytes for the empty database that it is to SQLite", async () => {
    const path = join(folder, "empty.db");
    writeFileSync(path, "");
    const source = await openSource(path);
    assert.deepEqual(introspect(source).tables, []);
    source.close();
    assert.equal(readFileSync(path).length, 0);
  });

  it("says that another process holds the database, within two seconds", async () => {
    const path = made("held.db", "CREATE TABLE t (a)");
    const holder = new Database(path);
    holder.exec("BEGIN EXCLUSIVE");
    const start = performance.now();
    await refused(path, "source-locked");
    assert.ok(performance.now() - start < 2000);
    holder.close();
  });

  it("says that a database is damaged", async () => {
    const path = made("damaged.db", "CREATE TABLE t (a); CREATE INDEX i ON t (a)");
    const bytes = readFileSync(path);
    bytes.fill(0xaa, 100, 4096);
    writeFileSync(path, bytes);
    await refused(path, "source-unreadable");
  });

  it("says that it has no right to read", { skip: process.getuid?.() === 0 ? "root reads everything" : false }, async () => {
    const path = made("secret.db", "CREATE TABLE t (a)");
    chmodSync(path, 0);
    await refused(path, "source-unreadable");
  });

  it("TRAP 63: reads what is still in the write-ahead log, and leaves the database as it was", async () => {
    const path = join(folder, "wal.db");
    const writer = new Database(path);
    writer.pragma("journal_mode = wal");
    writer.pragma("wal_autocheckpoint = 0");
    writer.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)");
    const before = readFileSync(path);
    const source = await openSource(path);
    assert.equal(source.db.prepare("SELECT count(*) FROM t").pluck().get(), 2n);
    assert.throws(() => source.db.exec("INSERT INTO t VALUES (3)"));
    source.close();
    assert.deepEqual(readFileSync(path), before);
    writer.close();
  });
});

describe("a database that needs its application", () => {
  it("is read all the same: functions, collations and modules of the application's own are named", async () => {
    const path = join(folder, "application.db");
    const db = new Database(path);
    db.function("mine", { deterministic: true }, (value: unknown) => value);
    db.exec("CREATE TABLE t (a TEXT CHECK (mine(a) > 1), b INTEGER AS (mine(a)), c TEXT); CREATE INDEX i ON t (mine(c)); INSERT INTO t (a) VALUES ('2')");
    db.close();
    const read = await readPlan({ source: path, profile: true });
    read.close();
    assert.deepEqual(read.plan.reported.map(({ kind, outcome }) => [kind, outcome]), [["generated-column", "left-out"], ["check", "left-out"], ["index", "left-out"]]);
    for (const { reason } of read.plan.reported) assert.match(reason, /mine\(\)/);
    accountFor(read.plan);
  });
});

describe("DDL as a source", () => {
  it("names the line of a statement that SQLite refuses", async () => {
    const path = join(folder, "bad.sql");
    writeFileSync(path, "CREATE TABLE a (x);\n\nCREATE TABLE b (y,);\n");
    const problem = await refused(path, "source-unreadable");
    assert.equal(problem.where, `${path}:3`);
    assert.match(problem.why ?? "", /near "\)": syntax error/);
  });

  it("TRAP 80: takes a double-quoted string where the application's SQLite does", async () => {
    const source = await openDdl(`CREATE TABLE t (a TEXT CHECK (a IN ("x", "it's")), b TEXT DEFAULT "y"); CREATE INDEX i ON t (a) WHERE b = "z"`, "t.sql");
    const { tables, indexes } = introspect(source);
    source.close();
    assert.equal(tables[0]?.checks[0]?.expression, `a IN ('x', 'it''s')`);
    assert.equal(indexes[0]?.where, `b = 'z'`);
  });

  it("loads what `.schema` and `.dump` print, and runs nothing else", async () => {
    const elsewhere = join(folder, "elsewhere.db");
    const source = await openDdl(
      `PRAGMA foreign_keys=OFF; BEGIN TRANSACTION; CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO a VALUES (1);
       CREATE TABLE sqlite_sequence(name,seq); ATTACH '${elsewhere}' AS x; DELETE FROM sqlite_sequence; ALTER TABLE a ADD COLUMN b TEXT; COMMIT;`,
      "dump.sql",
    );
    const { tables } = introspect(source);
    source.close();
    assert.deepEqual(tables.map((table) => [table.name, table.autoincrement, table.columns.map((column) => column.name)]), [["a", true, ["id", "b"]]]);
    assert.throws(() => readFileSync(elsewhere));
  });
});
