import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { foundIn } from "./found-in.ts";
import { assertMapHolds } from "./map-holds.ts";

/** Each site as `start-end kind library.method/parameters@call text <hole>`; places are line:column from 1. */
const sites = [
  "6:24-7:33 statement rusqlite.query_row/passed@37:5 SELECT id, title FROM notes WHERE owner = ?1",
  "8:20-8:54 statement - SELECT id, \"title\" FROM notes",
  "12:24-12:78 script rusqlite.execute_batch/none@12:5 PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL;",
  "17:24-17:63 statement rusqlite.execute/passed@17:11 INSERT INTO notes (title) VALUES (?1)",
  "29:15-29:111 statement rusqlite.prepare/unknown@30:20 SELECT * FROM notes WHERE id IN ({}) OR n IN ({more}) ORDER BY {order} -- {} <formatted {} ?@27:23> <formatted {more} ?@28:36> <formatted {order}>",
  "31:20-31:48 statement rusqlite.query_row/none@31:5 SELECT count(*) FROM notes",
  "32:34-32:68 fragment rusqlite.execute/none@36:5 SELECT id FROM notes WHERE 1 = 1",
  "33:20-33:37 fragment rusqlite.execute/none@36:5  AND owner = ?1",
  "34:14-34:30 fragment rusqlite.execute/none@36:5  AND kind = ?2",
  "35:24-35:43 fragment rusqlite.execute/none@36:5  ORDER BY id DESC",
  "35:53-35:67 fragment rusqlite.execute/none@36:5  ORDER BY id",
  "43:17-43:49 statement sqlx.query/passed@43:5 DELETE FROM notes WHERE id = ?",
  "44:33-44:74 statement sqlx.query_scalar/passed@44:13 SELECT count(*) FROM notes WHERE id = ?",
  "45:27-45:50 statement sqlx.query_as/none@45:5 SELECT id FROM notes",
  "46:31-46:56 statement sqlx.query_as/none@46:5 SELECT title FROM notes",
];

/** Each use as `kind name place`. */
const uses = [
  "driver-import rusqlite 2:1",
  "driver-import sqlx 3:1",
  "helper-definition open 10:8",
  "connect Connection::open 11:16",
  "script-call execute_batch 12:10",
  "error-class rusqlite::Error::SqliteFailure 18:13",
  "error-class ErrorCode::ConstraintViolation 18:64",
  "lastrowid last_insert_rowid 23:13",
];



describe("Rust files", () => {
  it("give their SQL and their uses of SQLite, at the exact places", async () => {
    const source = await readFile(new URL("../../fixtures/hosts/store.rs", import.meta.url), "utf8");
    const found = await foundIn("rust", source);
    assert.deepEqual(found.sites, sites);
    assert.deepEqual(found.uses, uses);
    assert.equal(found.at(found.host.importAt), "4:1");
    for (const site of found.host.sites) assertMapHolds(source, site);
  });

  it("give the calls inside of macros whose tokens are not parsed", async () => {
    const found = await foundIn("rust", 'use rusqlite::Connection;\nfn f(db: &Connection) {\n    assert!(db.execute("DELETE FROM t", []).is_ok());\n    assert_eq!(db.query_row("SELECT n FROM t WHERE a = ?1", [2], |r| r.get::<_, i64>(0)).unwrap(), 1);\n    assert_eq!(made, "SELECT a FROM t");\n    info!("deleted {}", map.get("select"));\n}\n');
    assert.deepEqual(found.sites, ["3:24-3:39 statement rusqlite.execute/none@3:23 DELETE FROM t", "4:29-4:59 statement rusqlite.query_row/passed@4:28 SELECT n FROM t WHERE a = ?1"]);
  });

  it("tell a project's own layer by values that are bound by name", async () => {
    const found = await foundIn("rust", 'fn f() {\n    query("SELECT n FROM t WHERE a = :a")?.bind("a", 1).fetch(&db);\n    sqlx::query("SELECT n FROM t WHERE a = ?").bind(1).fetch_one(&db);\n}\n');
    assert.deepEqual(found.sites.map((site) => site.split(" ")[2]?.split("@")[0]), ["query-builder.query/passed", "sqlx.query/passed"]);
  });

  it("leave prose and other objects' methods alone", async () => {
    const found = await foundIn("rust", 'fn f() {\n    info!("Select a file from the list");\n    map.get("select");\n    let x = "Delete from cart";\n    if y == "DELETE FROM t" {}\n    panic!("SELECT a FROM t");\n    let b = b"SELECT a FROM t";\n}\n');
    assert.deepEqual(found.sites, []);
  });
});
