import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { looksLikeFragment, looksLikeSql, startsLikeSql } from "#core/hosts/looks-like-sql.ts";

const sql: readonly string[] = [
  "SELECT 1",
  "SELECT ?",
  "SELECT * FROM users",
  "select * from users",
  "select id, name from users where id = ?",
  "Select Id, Name From Users Where Id = @id",
  "SELECT a FROM t",
  "select id from users",
  "SELECT DISTINCT status FROM phase_queue ORDER BY status",
  "SELECT COUNT(*) FROM t",
  "SELECT last_insert_rowid()",
  "SELECT changes();",
  "SELECT EXISTS(SELECT 1 FROM t WHERE a = ?)",
  "SELECT 'a' AS kind, NULL",
  "SELECT t.* FROM t JOIN u ON u.id = t.id",
  "SELECT u.name n FROM users u WHERE u.id = 1",
  "SELECT queue_id, status, priority, ready_timestamp, started_at FROM phase_queue ",
  "\n    SELECT id\n    FROM workflow_history\n    WHERE created_at > datetime('now', '-7 days')\n",
  "-- the newest first\nSELECT id FROM t ORDER BY id DESC",
  "/* all of them */ SELECT id FROM t",
  "(SELECT id FROM t) UNION ALL SELECT id FROM u",
  "SELECT \"order\" FROM \"group\"",
  "SELECT CASE WHEN a = 1 THEN 'the one from here' ELSE b END FROM t",
  "SELECT a FROM (SELECT b AS a FROM t)",
  "WITH recent AS (SELECT id FROM t) SELECT * FROM recent",
  "with recursive n(x) as (values(1) union all select x + 1 from n where x < 9) select x from n",
  "INSERT INTO t VALUES (?, ?)",
  "insert into t (a, b) values (:a, :b)",
  "INSERT OR IGNORE INTO queue_config (config_key) VALUES (?)",
  "INSERT OR REPLACE INTO t(a) SELECT a FROM u",
  "INSERT INTO t DEFAULT VALUES",
  "REPLACE INTO t (a) VALUES (1)",
  "UPDATE t SET a = 1",
  "update users set name = ? where id = ?",
  "UPDATE OR IGNORE t SET a = b + 1 WHERE c IS NULL",
  "UPDATE phase_queue SET (a, b) = (1, 2)",
  "DELETE FROM users",
  "DELETE FROM users WHERE id = ?",
  "delete from adw_locks",
  "delete from t where created_at < datetime('now')",
  "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)",
  "CREATE TABLE IF NOT EXISTS t(id)",
  "create temporary table x as select 1",
  "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a, b)",
  "CREATE VIEW v AS SELECT a FROM t",
  "CREATE TRIGGER trg AFTER INSERT ON t BEGIN SELECT 1; END",
  "CREATE VIRTUAL TABLE docs USING fts5(title, body)",
  "ALTER TABLE t ADD COLUMN x TEXT",
  "ALTER TABLE t RENAME TO u",
  "DROP TABLE IF EXISTS t",
  "DROP INDEX i;",
  "drop table users",
  "PRAGMA foreign_keys = ON",
  "PRAGMA table_info(users)",
  "pragma journal_mode=WAL",
  "VALUES (1, 2), (3, 4)",
  "EXPLAIN QUERY PLAN SELECT * FROM t WHERE a = 1",
  "BEGIN IMMEDIATE",
  "\n\tBEGIN;\n\tCREATE TABLE t (id INTEGER);\n\tCOMMIT;",
  "BEGIN TRANSACTION",
  "ATTACH DATABASE 'other.db' AS other",
  "ROLLBACK TO SAVEPOINT one",
];

const prose: readonly string[] = [
  "Select a file from the list",
  "Select a file",
  "Select all from here",
  "SELECT A PLAN FROM THE LIST BELOW",
  "select one of these options from the menu",
  "select the rows from your table",
  "Select name from contacts",
  "Select one, two or three from the menu",
  "Selected items were moved from the inbox",
  "selection from menu",
  "Please select a table from which to read",
  "Update the status",
  "Update available: set your preferences now",
  "Update your profile and set a password",
  "update this set of rows",
  "Updated 3 rows",
  "Update settings",
  "Insert into the slot",
  "Insert your card",
  "insert into place",
  "Insert a coin into a machine (or two)",
  "Delete the file from disk",
  "Delete from cart",
  "Delete from the list where you found it.",
  "delete from here",
  "Deleted from archive",
  "Create table of contents",
  "Create a table (or two) for the guests",
  "Create index cards on demand",
  "Create view of the world as seen from above",
  "create trigger warnings",
  "Create new project",
  "Alter table manners",
  "Alter ego",
  "Drop table here",
  "Drop files here",
  "Drop the index",
  "Drop index finger",
  "With great power comes great responsibility",
  "with a friend as (he said) usual",
  "Values are compared",
  "values (see below)",
  "Replace into what?",
  "Replace the text",
  "Begin",
  "begin at the beginning",
  "Commit your changes",
  "COMMIT",
  "End of file",
  "Explain this to me",
  "EXPLAIN THE PLAN",
  "Attach a file as PDF",
  "Release notes",
  "ROLLBACK",
  "pragma once",
  "PRAGMA of the C compiler",
  "Analyze the data",
  "vacuum cleaner",
  "SELECT",
  "UPDATE",
  "select-from-menu",
  "from select import poll",
  "SELECT EVERYTHING",
  "select(fd_set)",
  "INSERT COIN",
  "https://example.org/select?from=a",
  "Savepoint reached",
  "",
  "where",
];

describe("text that looks like SQL by itself", () => {
  for (const text of sql) it(JSON.stringify(text), () => { assert.equal(looksLikeSql(text), true); });
  it("with holes where names and lists belong", () => {
    const text = "INSERT INTO {table} ({names}) VALUES ({marks})";
    const holes = [...text.matchAll(/\{\w+\}/g)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
    assert.equal(looksLikeSql(text, holes), true);
    assert.equal(looksLikeSql("SELECT {columns} FROM {table}", [{ start: 7, end: 16 }, { start: 22, end: 29 }]), true);
    assert.equal(looksLikeSql("UPDATE {table} SET {assignments}", [{ start: 7, end: 14 }, { start: 19, end: 32 }]), true);
  });
});

describe("text for people", () => {
  for (const text of prose) it(JSON.stringify(text), () => { assert.equal(looksLikeSql(text), false); });
  it("with holes", () => {
    assert.equal(looksLikeSql("Select {what} from the {where} list", [{ start: 7, end: 13 }, { start: 23, end: 30 }]), false);
    assert.equal(looksLikeSql("Updated {n} rows", [{ start: 8, end: 11 }]), false);
    assert.equal(looksLikeSql("Delete {name} from disk", [{ start: 7, end: 13 }]), false);
  });
});

describe("text handed to a database call", () => {
  for (const text of ["BEGIN", "COMMIT", "ROLLBACK", "VACUUM", "SAVEPOINT a", "SELECT name", "ANALYZE t", "  delete from t"]) {
    it(JSON.stringify(text), () => { assert.equal(startsLikeSql(text), true); });
  }
  for (const text of ["task-1", "", "SELECTED", "hello", "run"]) {
    it(`not ${JSON.stringify(text)}`, () => { assert.equal(startsLikeSql(text), false); });
  }
  it("starting with a hole", () => {
    assert.equal(startsLikeSql("{SELECT}WHERE id = ?", [{ start: 0, end: 8 }]), true);
    assert.equal(startsLikeSql("{name}", [{ start: 0, end: 6 }]), false);
  });
});

describe("text joined to SQL", () => {
  for (const text of [" AND x = ?", "status = ?", "WHERE a IS NULL", "ORDER BY a", "name LIKE :q", "created_at >= datetime('now')", "a DESC", "(?, ?)", " LIMIT ?", "is_archived = 0", "lower(name) = 'a'", "id IN (1, 2)", "NOT a IN (SELECT b FROM c)", "u.id = t.id"]) {
    it(JSON.stringify(text), () => { assert.equal(looksLikeFragment(text), true); });
  }
  for (const text of ["name", "users", "", "a, b", "main.users", "%text%", "what?", "Really? Yes", "-30 minutes"]) {
    it(`not ${JSON.stringify(text)}`, () => { assert.equal(looksLikeFragment(text), false); });
  }
});
