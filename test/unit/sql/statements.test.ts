// One line per form of the grammar: what SQLite takes, what it refuses and in which words. SQLite itself is asked too.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import { parseScript } from "#core/sql/parse.ts";
import type { NodeKind } from "#core/sql/nodes.ts";
import { checkScript } from "./support/check-tree.ts";

const accepted: readonly (readonly [NodeKind, string])[] = [
  ["SelectStatement", "SELECT 1"],
  ["SelectStatement", "SELECT DISTINCT a AS x, t.*, *, b y, c 'z' FROM main.t AS u, v JOIN w USING (a, b) LEFT OUTER JOIN x ON a = b"],
  ["SelectStatement", "SELECT a FROM t NATURAL CROSS JOIN u NOT INDEXED WHERE a GROUP BY b, c HAVING d ORDER BY e DESC NULLS LAST, f LIMIT 1 OFFSET 2"],
  ["SelectStatement", "SELECT a desc, b offset FROM t INDEXED BY i LIMIT 2, 1"],
  ["SelectStatement", "SELECT * FROM json_each(?, '$') AS j, (SELECT 1) s, (a JOIN b) c"],
  ["SelectStatement", "WITH RECURSIVE a(x) AS NOT MATERIALIZED (SELECT 1), b AS (VALUES (1), (2)) SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3 INTERSECT VALUES (4)"],
  ["SelectStatement", "SELECT sum(x) FILTER (WHERE y) OVER (w PARTITION BY a, b ORDER BY c RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM t WINDOW w AS (ROWS CURRENT ROW), v AS (w)"],
  ["SelectStatement", "SELECT count(*) OVER w, count(DISTINCT a), group_concat(a, ',' ORDER BY b DESC), window, over, filter FROM t WINDOW w AS ()"],
  ["SelectStatement", "VALUES (1, 2), (3, 4)"],
  ["InsertStatement", "INSERT OR IGNORE INTO main.t AS u (a, b) VALUES (1, 2)"],
  ["InsertStatement", "REPLACE INTO t DEFAULT VALUES RETURNING *, a AS b"],
  ["InsertStatement", "INSERT INTO t SELECT 1 WHERE true ON CONFLICT (a COLLATE nocase DESC) WHERE b DO UPDATE SET (c, d) = (1, 2), e = excluded.e WHERE f ON CONFLICT DO NOTHING RETURNING a"],
  ["InsertStatement", "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x"],
  ["UpdateStatement", "UPDATE OR REPLACE t AS u INDEXED BY i SET a = 1, (b, c) = (SELECT 1, 2) FROM v, w WHERE d RETURNING e ORDER BY f LIMIT 1"],
  ["DeleteStatement", "DELETE FROM main.t AS u NOT INDEXED WHERE a RETURNING * ORDER BY b LIMIT 1 OFFSET 2"],
  ["CreateTableStatement", "CREATE TEMP TABLE IF NOT EXISTS t (a INTEGER PRIMARY KEY DESC ON CONFLICT FAIL AUTOINCREMENT, b VARCHAR(10, -2) NOT NULL ON CONFLICT IGNORE DEFAULT -1 UNIQUE, c)"],
  ["CreateTableStatement", "CREATE TABLE t (a DEFAULT (1 + 2) CHECK (a > 0) COLLATE nocase, b DEFAULT x REFERENCES u (c) ON DELETE SET NULL ON UPDATE NO ACTION MATCH full NOT DEFERRABLE INITIALLY IMMEDIATE)"],
  ["CreateTableStatement", "CREATE TABLE t (a, b TEXT GENERATED ALWAYS AS (a || 1) STORED, c AS (a), CONSTRAINT x PRIMARY KEY (a DESC, b COLLATE nocase) UNIQUE (c) ON CONFLICT ROLLBACK, CHECK (a), FOREIGN KEY (a, b) REFERENCES u DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID, STRICT"],
  ["CreateTableStatement", "CREATE TABLE t AS SELECT 1 AS a"],
  ["CreateTableStatement", "CREATE TABLE [a b] (\"c\"\"d\" `e` 'f', CONSTRAINT g)"],
  ["CreateIndexStatement", "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON t (a COLLATE nocase DESC, lower(b)) WHERE a IS NOT NULL"],
  ["CreateViewStatement", "CREATE TEMPORARY VIEW IF NOT EXISTS v (a, b) AS SELECT 1, 2"],
  ["CreateTriggerStatement", "CREATE TRIGGER IF NOT EXISTS r AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a > 1 BEGIN UPDATE u SET a = 1 FROM v; INSERT INTO u VALUES (1) ON CONFLICT DO NOTHING; DELETE FROM u WHERE a; SELECT RAISE(ABORT, 'no'); SELECT RAISE(IGNORE); END"],
  ["CreateTriggerStatement", "CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN WITH x AS (SELECT 1) SELECT * FROM x; END"],
  ["CreateVirtualTableStatement", "CREATE VIRTUAL TABLE IF NOT EXISTS main.f USING fts5 (a, b UNINDEXED, tokenize = 'porter (x, y)', c(1, 2))"],
  ["CreateVirtualTableStatement", "CREATE VIRTUAL TABLE f USING fts4"],
  ["AlterTableStatement", "ALTER TABLE t RENAME TO u"],
  ["AlterTableStatement", "ALTER TABLE t RENAME a TO b"],
  ["AlterTableStatement", "ALTER TABLE main.t ADD COLUMN a TEXT NOT NULL DEFAULT ''"],
  ["AlterTableStatement", "ALTER TABLE t DROP COLUMN a"],
  ["AlterTableStatement", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) ON CONFLICT IGNORE"],
  ["AlterTableStatement", "ALTER TABLE t DROP CONSTRAINT c"],
  ["AlterTableStatement", "ALTER TABLE t ALTER COLUMN a SET NOT NULL"],
  ["AlterTableStatement", "ALTER TABLE t ALTER a DROP NOT NULL"],
  ["DropStatement", "DROP TABLE IF EXISTS main.t"],
  ["DropStatement", "DROP TRIGGER r"],
  ["PragmaStatement", "PRAGMA main.user_version = -1"],
  ["PragmaStatement", "PRAGMA foreign_keys(ON)"],
  ["PragmaStatement", "PRAGMA integrity_check"],
  ["AttachStatement", "ATTACH DATABASE 'a.db' AS b KEY 'c'"],
  ["DetachStatement", "DETACH b"],
  ["BeginStatement", "BEGIN IMMEDIATE TRANSACTION"],
  ["CommitStatement", "END TRANSACTION x"],
  ["RollbackStatement", "ROLLBACK TRANSACTION TO SAVEPOINT s"],
  ["SavepointStatement", "SAVEPOINT 's'"],
  ["ReleaseStatement", "RELEASE s"],
  ["VacuumStatement", "VACUUM main INTO 'x.db'"],
  ["AnalyzeStatement", "ANALYZE main.t"],
  ["ReindexStatement", "REINDEX nocase"],
  ["ExplainStatement", "EXPLAIN QUERY PLAN SELECT 1"],
  ["SelectStatement", "SELECT a.b.c, left, \"x\".'y', indexed, replace(a, 'b', 'c'), like(1, 2), glob, key FROM t"],
  ["SelectStatement", "SELECT 1 ISNULL, 1 NOTNULL, 1 NOT NULL, 1 IS NOT DISTINCT FROM NULL, (1, 2) IN (VALUES (1, 2)), 1 IN t, 1 NOT IN main.f(1, 2), EXISTS (SELECT 1)"],
  ["SelectStatement", "SELECT a LIKE b ESCAPE '\\', a NOT GLOB b, a REGEXP b, a MATCH b, a NOT BETWEEN 1 AND 2 AND 3, CASE WHEN 1 THEN 2 END, CAST(a AS), CAST(a AS DOUBLE PRECISION)"],
  ["SelectStatement", "SELECT 0x1F, 1e3, .5, 1_000.0_1, x'AB', 'it''s', current_timestamp, ?, ?12, :a, @b, $c, a -> '$' ->> 0, ~-+1, NOT NOT 1"],
];

const refused: readonly (readonly [sql: string, message: string])[] = [
  ["SELECT", "incomplete input"],
  ["SELECT a,", "incomplete input"],
  ["SELECT a,;", 'near ";": syntax error'],
  ["SELECT FROM t", 'near "FROM": syntax error'],
  ["SELECT * FROM t WHERE", "incomplete input"],
  ["SELECT * FROM t WHERE a = 'b", `unrecognized token: "'b"`],
  ["SELECT 1a", 'unrecognized token: "1a"'],
  ["SELECT x'a'", `unrecognized token: "x'a'"`],
  ["SELECT #1", 'near "#1": syntax error'],
  ["SELECT cast", "incomplete input"],
  ["SELECT a NOT b", 'near "b": syntax error'],
  ["SELECT 1 BETWEEN 2 OR 3 AND 4", "incomplete input"],
  ["SELECT 1 ORDER BY 1 UNION SELECT 2", "ORDER BY clause should come after UNION not before"],
  ["SELECT * FROM a LEFT INNER JOIN b", "unknown join type: LEFT INNER"],
  ["SELECT * FROM a ON b", "a JOIN clause is required before ON"],
  ["SELECT ?0", "variable number must be between ?1 and ?32766"],
  ["VALUES (1) ORDER BY 1", 'near "ORDER": syntax error'],
  ["INSERT INTO t(a) VALUES (1) ON CONFLICT DO", "incomplete input"],
  ["INSERT INTO t a VALUES (1)", 'near "a": syntax error'],
  ["UPDATE t SET a", "incomplete input"],
  ["DELETE t", 'near "t": syntax error'],
  ["CREATE TABLE t", "incomplete input"],
  ["CREATE TABLE t ()", 'near ")": syntax error'],
  ["CREATE TABLE t (a) WITHOUT x", "unknown table option: x"],
  ["CREATE TABLE t (a, PRIMARY KEY (a), b)", 'near "b": syntax error'],
  ["CREATE TRIGGER r AFTER INSERT ON z BEGIN SELECT 1; DROP TABLE t; END", 'near "DROP": syntax error'],
  ["CREATE TRIGGER r AFTER INSERT ON z BEGIN DELETE FROM t INDEXED BY i; END", "the INDEXED BY clause is not allowed on UPDATE or DELETE statements within triggers"],
  ["CREATE VIRTUAL TABLE t USING f(a", "incomplete input"],
  ["DROP t", 'near "t": syntax error'],
  ["EXPLAIN EXPLAIN SELECT 1", 'near "EXPLAIN": syntax error'],
  ["FOO BAR", 'near "FOO": syntax error'],
];

/** Errors that SQLite gives for the text alone. */
const textual = /syntax error|incomplete input|unrecognized token|unknown join type|should come after|is required before|unknown table option|variable number|not allowed on UPDATE/;

function sqliteSays(sql: string): string {
  const db = new Database(":memory:");
  try {
    db.exec("CREATE TABLE z (a)");
    db.prepare(sql);
    return "accepted";
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return textual.test(message) ? message : "accepted";
  } finally {
    db.close();
  }
}

describe("statements", () => {
  for (const [kind, sql] of accepted) {
    it(`takes ${sql}`, () => {
      const script = parseScript(`-- before\n${sql} /* after */ ; `);
      assert.deepEqual(script.errors, []);
      assert.deepEqual(script.statements.map((statement) => statement.kind), [kind]);
      const [statement] = script.statements;
      assert.equal(script.source.slice(statement?.span.start, statement?.span.end), sql);
      checkScript(script);
      assert.equal(sqliteSays(sql), "accepted");
    });
  }
  for (const [sql, message] of refused) {
    it(`refuses ${sql}`, () => {
      const script = parseScript(sql);
      assert.deepEqual(script.errors.map((error) => error.message), [message]);
      checkScript(script);
      assert.equal(sqliteSays(sql), message);
    });
  }

  it("goes on after a broken statement", () => {
    const script = parseScript("SELECT a FROM; SELEC 1; CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT ,; SELECT 2; END; SELECT 3");
    assert.deepEqual(script.statements.map((statement) => statement.kind), ["SelectStatement", "ErrorNode", "CreateTriggerStatement", "SelectStatement"]);
    assert.deepEqual(script.errors.map((error) => error.message), ['near ";": syntax error', 'near "SELEC": syntax error', 'near ",": syntax error']);
    checkScript(script);
  });

  it("keeps what it understood of a half-typed statement", () => {
    const script = parseScript("SELECT a, FROM t WHERE b = ");
    const [statement] = script.statements;
    assert.ok(statement?.kind === "SelectStatement");
    const [core] = statement.terms;
    assert.ok(core?.kind === "SelectCore");
    assert.deepEqual(core.columns.map((column) => column.kind === "ResultColumn" && column.expression.kind), ["ColumnReference", "ErrorNode"]);
    assert.equal(core.from?.terms.length, 1);
    assert.equal(core.where?.condition.kind, "BinaryExpression");
    assert.equal(statement.problem?.message, 'near "FROM": syntax error');
  });
});
