import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertEdits, assertReads } from "./literal-table.ts";
import { assertMapHolds } from "./map-holds.ts";

/** Each site as `start-end kind library.method/parameters@call text <hole>`; places are line:column from 1. */
const sites = [
  "7:14-8:42 statement sqlite3.get_first_value/passed@45:5 SELECT id, title FROM notes WHERE owner = ?",
  "9:9-9:44 statement - SELECT count(*), 'x' FROM notes",
  "13:16-13:42 statement sqlite3.execute/none@13:5 PRAGMA foreign_keys = ON",
  "19:17-19:55 statement sqlite3.execute/passed@19:5 INSERT INTO notes (title) VALUES (?)",
  "28:17-28:23 statement sqlite3.execute/passed@28:5 SELECT *\n  FROM notes\n\n WHERE id IN (#{marks}) OR n IN (#{more})\n ORDER BY #{order}\n <interpolated marks ?@26:16> <interpolated more ?@27:23> <interpolated order>",
  "35:11-35:19 script sqlite3.execute_batch/none@38:5       DELETE FROM notes WHERE title = '\\n #{x}'\n",
  "39:14-39:48 fragment sqlite3.query/passed@44:5 SELECT id FROM notes WHERE 1 = 1",
  "40:14-40:30 fragment sqlite3.query/passed@44:5  AND owner = ?",
  "42:14-42:24 fragment sqlite3.query/passed@44:5 kind = ?",
  "43:14-43:43 fragment sqlite3.query/passed@44:5  AND #{conds.join(\" AND \")} <joined conds.join(\" AND \")>",
  "46:12-46:84 statement - SELECT id FROM notes WHERE title LIKE '%a' ORDER BY %s <formatted %s>",
  "47:23-47:57 statement active-record.find_by_sql/passed@47:5 SELECT * FROM users WHERE id = ?",
  "48:43-48:67 statement active-record.execute/none@48:5 UPDATE users SET a = 1",
];

/** Each use as `kind name place`. */
const uses = [
  "driver-import sqlite3 3:1",
  "helper-definition open 11:12",
  "connect SQLite3::Database.new 12:10",
  "row-factory results_as_hash 14:8",
  "lastrowid last_insert_row_id 20:9",
  "error-class SQLite3::ConstraintException 21:10",
  "script-call execute_batch 38:9",
];

/** Wraps a literal into a file. */
const file = (literal: string): string => `v = ${literal}\n`;


describe("Ruby files", () => {
  it("give their SQL and their uses of SQLite, at the exact places", async () => {
    const source = await readFile(new URL("../../fixtures/hosts/note_store.rb", import.meta.url), "utf8");
    const found = await foundIn("ruby", source);
    assert.deepEqual(found.sites, sites);
    assert.deepEqual(found.uses, uses);
    assert.equal(found.at(found.host.importAt), "4:1");
    for (const site of found.host.sites) assertMapHolds(source, site);
  });

  it("read literals as Ruby's documentation says", async () => {
    await assertReads("ruby", [
      [file("'SELECT \\'a\\\\b\\n\\' FROM t'"), "SELECT 'a\\b\\n' FROM t"],
      [file('"SELECT \'\\t\\x41\\u00e9\\u{1F600}\\101\\s\\q\' FROM t"'), "SELECT '\tAé😀A q' FROM t"],
      [file('"SELECT #{a}, \'# b\' FROM t"'), "SELECT #{a}, '# b' FROM t"],
      [file("%q(SELECT count(*), '\\n' FROM t)"), "SELECT count(*), '\\n' FROM t"],
      [file('%Q{SELECT "a", #{b} FROM t}'), 'SELECT "a", #{b} FROM t'],
      [file("%(SELECT 'a' FROM t)"), "SELECT 'a' FROM t"],
      ["v = <<~SQL\n  SELECT a,\n\n    \\\"b\\\"\n  FROM t\nSQL\n", 'SELECT a,\n\n  "b"\nFROM t\n'],
      ["v = <<-'SQL'\n  SELECT '\\n #{a}' FROM t\n  SQL\n", "  SELECT '\\n #{a}' FROM t\n"],
      [file("'SELECT a ' \\\n  \"FROM t\""), "SELECT a FROM t"],
      [file('"SELECT \'%%\', %s FROM t" % x'), "SELECT '%', %s FROM t"],
    ]);
  });

  it("write edits so that Ruby reads what is meant, or refuse", async () => {
    await assertEdits("ruby", [
      [file("'SELECT a FROM t'"), "a", "'x' || '\\'", file("'SELECT \\'x\\' || \\'\\\\\\' FROM t'")],
      [file('"SELECT a FROM t"'), "a", '"x" || \'#{y}\'', file('"SELECT \\"x\\" || \'\\#{y}\' FROM t"')],
      [file("%q(SELECT a FROM t)"), "a", "count(*)", file("%q(SELECT count(*) FROM t)")],
      [file("%q(SELECT a FROM t)"), "a", "')'", undefined],
      ["v = <<~SQL\n  SELECT a\n  FROM t\nSQL\n", "a", "a,\nb", "v = <<~SQL\n  SELECT a,\n  b\n  FROM t\nSQL\n"],
      ["v = <<~SQL\n  SELECT a\n  FROM t\nSQL\n", "SELECT", " SELECT", undefined],
      ["v = <<~SQL\n  SELECT a\n  FROM t\nSQL\n", "a", "a,\nSQL", undefined],
      [file('format("SELECT a FROM %s", t)'), "a", "'%'", file('format("SELECT \'%%\' FROM %s", t)')],
    ]);
  });

  it("leave prose and other objects' methods alone", async () => {
    const found = await foundIn("ruby", 'log.info("Select a file from the list")\nmap.query("select")\nx = "Delete from cart"\nif y == "DELETE FROM t"\nend\nraise "SELECT a FROM t"\n');
    assert.deepEqual(found.sites, []);
  });
});
