import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertEdits, assertReads } from "./literal-table.ts";
import { assertMapHolds } from "./map-holds.ts";

/** Each site as `start-end kind library.method/parameters@call text <hole>`; places are line:column from 1. */
const sites = [
  "14:19-18:2 statement database/sql.Query/passed@75:2 \n\tSELECT id, title, datetime(created_at)\n\tFROM notes\n\tWHERE owner = ? -- who\n",
  "33:23-33:50 statement database/sql.Exec/none@33:15 PRAGMA journal_mode = WAL",
  "40:36-41:15 statement database/sql.ExecContext/passed@40:14 INSERT OR IGNORE INTO notes (title) VALUES (?)",
  "51:7-51:107 statement database/sql.Query/unknown@52:9 SELECT * FROM notes WHERE id IN (%s) AND title LIKE '%x%' ORDER BY %s <formatted %s ?@50:46> <formatted %s>",
  "56:11-56:45 fragment database/sql.Prepare/passed@68:15 SELECT id FROM notes WHERE 1 = 1",
  "57:20-57:31 fragment database/sql.Prepare/passed@68:15 owner = ?",
  "59:25-59:37 fragment database/sql.Prepare/passed@68:15 tag LIKE ?",
  "60:12-60:50 fragment database/sql.Prepare/passed@68:15  AND {strings.Join(conds, \" AND \")} <joined strings.Join(conds, \" AND \")>",
  "63:17-63:45 fragment database/sql.QueryRow/passed@65:12 SELECT count(*) FROM notes",
  "64:17-64:35 fragment database/sql.QueryRow/passed@65:12  WHERE owner = ?",
  "73:12-73:44 statement - DELETE FROM notes WHERE id = ?",
  "74:24-74:52 statement - UPDATE notes SET title = ?",
];

/** Each use as `kind name place`. */
const uses = [
  "driver-import github.com/mattn/go-sqlite3 11:2",
  "helper-definition Open 28:6",
  "connect sql.Open 29:13",
  "error-class sqlite3.Error 42:10",
  "error-class sqlite3.ErrConstraintUnique 43:49",
  "lastrowid LastInsertId 46:13",
  "helper-call Open 76:11",
];

/** Wraps a literal into a file. */
const file = (literal: string): string => `package a\n\nvar v = ${literal}\n`;


describe("Go files", () => {
  it("give their SQL and their uses of SQLite, at the exact places", async () => {
    const source = await readFile(new URL("../../fixtures/hosts/store.go", import.meta.url), "utf8");
    const found = await foundIn("go", source);
    assert.deepEqual(found.sites, sites);
    assert.deepEqual(found.uses, uses);
    assert.equal(found.at(found.host.importAt), "13:1");
    for (const site of found.host.sites) assertMapHolds(source, site);
  });

  it("read literals as Go's specification says", async () => {
    await assertReads("go", [
      [file('"SELECT \'a\\tb\\x41\\u00e9\\U0001F600\\101\\"\' FROM t"'), "SELECT 'a\tbAé😀A\"' FROM t"],
      [file("`SELECT 'a\\n'\r\nFROM t`"), "SELECT 'a\\n'\nFROM t"],
      [file('"SELECT a " + /* and */ "FROM t"'), "SELECT a FROM t"],
      [file('"SELECT \\xff FROM t"'), "SELECT \\xff FROM t"],
      [file('"SELECT \\q FROM t"'), undefined],
    ]);
  });

  it("write edits so that Go reads what is meant, or refuse", async () => {
    await assertEdits("go", [
      [file('"SELECT a FROM t"'), "a", "\"x\" || '\\\n'", file('"SELECT \\"x\\" || \'\\\\\\n\' FROM t"')],
      [file('"SELECT a FROM t"'), "a", "'\0'", file('"SELECT \'\\u0000\' FROM t"')],
      [file("`SELECT a FROM t`"), "a", "\"x\" \\ \n", file('`SELECT "x" \\ \n FROM t`')],
      [file("`SELECT a\r\nFROM t`"), "a", "a,\nb", file("`SELECT a,\r\nb\r\nFROM t`")],
      [file("`SELECT a FROM t`"), "a", "`a`", undefined],
      [file('fmt.Sprintf("SELECT a FROM %s", t)'), "a", "'%'", file('fmt.Sprintf("SELECT \'%%\' FROM %s", t)')],
      [file('fmt.Sprintf("SELECT a FROM %s", t)'), "%s", "x", undefined],
    ]);
  });

  it("leave prose and other objects' methods alone", async () => {
    const found = await foundIn("go", 'package a\n\nfunc f() {\n\tlog.Printf("Select a file from the list")\n\tm.Get("select", "update")\n\tx := "Delete from cart"\n\tif y == "DELETE FROM t" {\n\t}\n}\n');
    assert.deepEqual(found.sites, []);
  });
});
