// What a project's own CREATE TABLE statements show, and what they leave open.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { declarationsIn } from "#core/rules/declared/declarations-in.ts";
import { declaredTables, type DeclaredTables } from "#core/rules/declared/declared-tables.ts";
import { isIdle } from "#core/rules/declared/unless.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

async function declared(...scripts: readonly string[]): Promise<DeclaredTables> {
  const hosts = await Promise.all(scripts.map((sql) => readHostFile("sql", sql)));
  return declaredTables(hosts.flatMap(({ sites }) => sites.flatMap((site) => declarationsIn(site))));
}

const neverNull: readonly (readonly [what: string, scripts: readonly string[], columns: readonly string[]])[] = [
  ["NOT NULL and the rowid", ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT)"], ["a", "id"]],
  ["a primary key: PostgreSQL takes no NULL there", ["CREATE TABLE t (id TEXT PRIMARY KEY, n INT)"], ["id"]],
  ["the rowid as the table's constraint", ["CREATE TABLE t (id INTEGER, a TEXT, PRIMARY KEY (id))"], ["id"]],
  ["the key of a table without a rowid", ["CREATE TABLE t (a TEXT, b TEXT, c TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID"], ["a", "b"]],
  ["what two statements say alike", ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL)", "create table T (id integer primary key, A text)"], ["id"]],
  ["one more column", ["CREATE TABLE t (id INTEGER PRIMARY KEY); ALTER TABLE t ADD COLUMN a TEXT NOT NULL DEFAULT ''; ALTER TABLE t ADD b TEXT"], ["a", "id"]],
  ["a table that is renamed to, and made elsewhere", ["CREATE TABLE t (id INTEGER PRIMARY KEY)", "ALTER TABLE t_new RENAME TO t"], []],
  ["a table that is built anew", ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL)", "CREATE TABLE t_new (id INTEGER PRIMARY KEY, a TEXT, b TEXT NOT NULL); DROP TABLE t; ALTER TABLE t_new RENAME TO t"], ["b", "id"]],
  ["a table that is set aside", ["ALTER TABLE t RENAME TO t_old; CREATE TABLE t (id INTEGER PRIMARY KEY)"], ["id"]],
  ["a column that is renamed", ["CREATE TABLE t (id INTEGER PRIMARY KEY); ALTER TABLE t RENAME COLUMN id TO key"], []],
  ["a table made from a query", ["CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE TABLE t AS SELECT 1 AS id"], []],
  ["a view of the name", ["CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE VIEW t AS SELECT NULL AS id"], []],
];

describe("tables that the project's own statements make", () => {
  for (const [what, scripts, columns] of neverNull) {
    it(what, async () => {
      assert.deepEqual([...((await declared(...scripts)).get("t")?.neverNull ?? [])].sort(), columns);
    });
  }

  it("says that a column is never NULL only where every table that has it says so", async () => {
    const tables = await declared("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL); CREATE TABLE u (uid INTEGER PRIMARY KEY, a TEXT)");
    const ask = (column: string, ...names: readonly string[]): boolean => isIdle([{ kind: "never-null", tables: names, column }], tables);
    assert.equal(ask("a", "t"), true);
    assert.equal(ask("a", "t", "u"), false);
    assert.equal(ask("id", "t", "u"), true);
    assert.equal(ask("id", "t", "elsewhere"), false);
    assert.equal(ask("other", "t"), false);
    assert.equal(isIdle([{ kind: "has-column", tables: ["u", "t"], column: "uid" }], tables), true);
    assert.equal(isIdle([{ kind: "has-column", tables: ["t", "elsewhere"], column: "oid" }], tables), false);
    const flags = await declared("CREATE TABLE f (on1 BOOLEAN, on2 INTEGER)");
    assert.equal(isIdle([{ kind: "flag", tables: ["f"], column: "on1" }], flags), true);
    assert.equal(isIdle([{ kind: "flag", tables: ["f"], column: "on2" }], flags), false);
    assert.equal(isIdle([], tables), false);
    assert.equal(isIdle(undefined, tables), false);
  });

  it("says that a column may stand beside a grouped key only where it is that table's, and the key is grouped whole", async () => {
    const tables = await declared("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE u (x INT, y INT, b TEXT, PRIMARY KEY (x, y)); CREATE TABLE v (id INT, c TEXT)");
    const ask = (column: string, ...tablesOf: readonly (readonly [name: string, ...grouped: readonly string[]])[]): boolean =>
      isIdle([{ kind: "grouped-key", column, tables: tablesOf.map(([name, ...grouped]) => ({ name, grouped })) }], tables);
    assert.equal(ask("a", ["t", "id"]), true);
    assert.equal(ask("a", ["t", "a"]), false);
    assert.equal(ask("b", ["u", "x"]), false);
    assert.equal(ask("b", ["u", "x", "y"], ["t"]), true);
    assert.equal(ask("b", ["u", "x", "y"], ["elsewhere"]), false);
    assert.equal(ask("c", ["v", "id"]), false);
    assert.equal(ask("id", ["t", "id"], ["v", "id"]), false);
    assert.equal(ask("*", ["t", "id"]), true);
    assert.equal(ask("*", ["t", "id"], ["v", "id"]), false);
  });

  it("says that a query gives one row only by a whole key that compares by bytes", async () => {
    const tables = await declared("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, code TEXT COLLATE BINARY UNIQUE, a TEXT, b TEXT, UNIQUE (a, b))");
    const ask = (...equalities: readonly (readonly string[])[]): boolean => isIdle([{ kind: "one-row", table: "t", equalities }], tables);
    assert.equal(ask(["id"]), true);
    assert.equal(ask(["id", "outer_id"]), true);
    assert.equal(ask(["id", "a"]), false);
    assert.equal(ask(["name"]), false);
    assert.equal(ask(["code"]), true);
    assert.equal(ask(["a"]), false);
    assert.equal(ask(["b"], ["a"]), true);
    assert.equal(ask(), false);
  });
});
