import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { renderDdl } from "#core/schema/render-ddl.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { PostgresFailure } from "#engine/postgres/session.ts";
import { allTargets } from "../../support/targets.ts";
import { planOf } from "../../unit/schema/plan-of.ts";

/** Statements that are the same SQL on both sides: taken by both or refused by both, and the same rows afterwards. */
interface Example {
  readonly about: string;
  readonly ddl: string;
  readonly writes: readonly string[];
  /** Queries whose rows must be the same, as texts, in this order. */
  readonly queries: readonly string[];
}

const examples: readonly Example[] = [
  {
    about: "NOT NULL, CHECK and UNIQUE",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL CHECK (s IN ("open", 'closed')), n INTEGER CHECK (n BETWEEN 1 AND 10 OR n IS NULL),
      p REAL CHECK (p >= 0), u TEXT UNIQUE, x TEXT CHECK (length(x) > 2 AND x NOT LIKE 'AB%'), g TEXT CHECK (g GLOB '[a-c]*' OR g ISNULL), m INTEGER CHECK (m % 3 = 1 AND m / 2 > 1))`,
    writes: [
      "INSERT INTO t (s, n) VALUES ('open', 1)", "INSERT INTO t (s) VALUES ('other')", "INSERT INTO t (s) VALUES (NULL)", "INSERT INTO t (s, n) VALUES ('closed', 11)",
      "INSERT INTO t (s, p) VALUES ('open', -0.5)", "INSERT INTO t (s, u) VALUES ('open', 'a')", "INSERT INTO t (s, u) VALUES ('open', 'a')", "INSERT INTO t (s, u) VALUES ('open', 'A')",
      "INSERT INTO t (s, x) VALUES ('open', 'ab')", "INSERT INTO t (s, x) VALUES ('open', 'abc')", "INSERT INTO t (s, x) VALUES ('open', 'xyz')",
      "INSERT INTO t (s, g) VALUES ('open', 'bcd')", "INSERT INTO t (s, g) VALUES ('open', 'Bcd')", "INSERT INTO t (s, m) VALUES ('open', 7)", "INSERT INTO t (s, m) VALUES ('open', 1)",
    ],
    queries: ["SELECT s, n, p, u, x, g, m FROM t ORDER BY " + ["s", "n", "p", "u", "x", "g", "m"].map((c) => `${c} NULLS FIRST`).join(", ")],
  },
  {
    about: "UNIQUE without case, and partial unique indexes",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, grp INTEGER, state TEXT NOT NULL DEFAULT 'open'); CREATE UNIQUE INDEX one_open ON t (grp) WHERE state = 'open'`,
    writes: [
      "INSERT INTO t (name, grp) VALUES ('Ann', 1)", "INSERT INTO t (name, grp) VALUES ('ANN', 2)", "INSERT INTO t (name, grp) VALUES ('Bob', 1)", "INSERT INTO t (name, grp, state) VALUES ('Bob', 1, 'done')",
      "INSERT INTO t (name, grp) VALUES (NULL, NULL)", "INSERT INTO t (name, grp) VALUES (NULL, NULL)", "INSERT INTO t (name) VALUES ('Ärmel')", "INSERT INTO t (name) VALUES ('ärmel')",
    ],
    queries: ["SELECT name, grp, state FROM t ORDER BY id"],
  },
  {
    about: "foreign keys and their actions",
    ddl: `CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE); CREATE TABLE a (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE CASCADE);
      CREATE TABLE b (id INTEGER PRIMARY KEY, c TEXT DEFAULT 'none' REFERENCES p(code) ON DELETE SET NULL ON UPDATE CASCADE); CREATE TABLE d (p INTEGER REFERENCES p(id) ON DELETE RESTRICT)`,
    writes: [
      "INSERT INTO p (id, code) VALUES (1, 'x'), (2, 'y'), (3, 'z')", "INSERT INTO a (p) VALUES (1), (2)", "INSERT INTO a (p) VALUES (9)", "INSERT INTO b (c) VALUES ('x'), ('y')", "INSERT INTO b (c) VALUES ('q')",
      "INSERT INTO d VALUES (3)", "UPDATE p SET code = 'yy' WHERE id = 2", "DELETE FROM p WHERE id = 1", "DELETE FROM p WHERE id = 3", "INSERT INTO b DEFAULT VALUES",
    ],
    queries: ["SELECT id, code FROM p ORDER BY id", "SELECT id, p FROM a ORDER BY id", "SELECT c FROM b ORDER BY c NULLS FIRST", "SELECT p FROM d"],
  },
  {
    about: "defaults and generated columns",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 0x10, b REAL DEFAULT .5, c TEXT DEFAULT 'it''s', d TEXT DEFAULT "", e BLOB DEFAULT x'4142', n INTEGER DEFAULT -3, w TEXT DEFAULT (lower('AB') || 1),
      twice INTEGER AS (n * 2), more INTEGER GENERATED ALWAYS AS (twice + 1) STORED, full TEXT AS (c || '-' || n) VIRTUAL, sign TEXT AS (CASE WHEN n < 0 THEN 'minus' ELSE 'plus' END), q INTEGER AS (7 / n))`,
    writes: ["INSERT INTO t DEFAULT VALUES", "INSERT INTO t (n, c) VALUES (0, NULL)", "INSERT INTO t (n, c) VALUES (5, 'x')", "INSERT INTO t (twice) VALUES (5)"],
    queries: ["SELECT id, a, b, c, d, hex_e, n, w, twice, more, full, sign, q FROM (SELECT t.*, length(e) AS hex_e FROM t) AS t ORDER BY id"].map((sql) => sql.replaceAll("full", '"full"')),
  },
  {
    about: "rowid aliases hand out ids",
    ddl: "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT)",
    writes: ["INSERT INTO a (x) VALUES ('p'), ('q')", "INSERT INTO b (x) VALUES ('r')", "INSERT INTO b (id, x) VALUES (50, 's')", "INSERT INTO a (id, x) VALUES (1, 'again')"],
    queries: ["SELECT id, x FROM a ORDER BY id", "SELECT id, x FROM b ORDER BY id"],
  },
  {
    about: "views give the same rows",
    ddl: `CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT, price REAL, is_sold INTEGER NOT NULL DEFAULT 0 CHECK (is_sold IN (0, 1)), kind TEXT COLLATE NOCASE);
      CREATE TABLE s (p INTEGER REFERENCES p(id), n INTEGER);
      CREATE VIEW joined AS SELECT p.name AS who, s.n, p.price * s.n AS total FROM p LEFT JOIN s ON s.p = p.id;
      CREATE VIEW grouped AS SELECT name, count(*) AS rows, sum(n) AS n, avg(n) AS mean, max(price) AS top FROM p JOIN s ON s.p = p.id GROUP BY name HAVING sum(n) > 1;
      CREATE VIEW flags AS SELECT id, is_sold = 0 AS free, NOT is_sold AS open, price > 2 AND name IS NOT NULL AS dear FROM p WHERE NOT is_sold OR price / 0 IS NULL;
      CREATE VIEW likes AS SELECT name FROM p WHERE name LIKE 'a_%' OR kind = 'TOOL';
      CREATE VIEW over_view (a, b) AS SELECT who, total FROM joined WHERE total > 3;
      CREATE VIEW both_kinds AS SELECT name AS x FROM p UNION SELECT kind FROM p ORDER BY x;
      CREATE VIEW sub AS SELECT name, (SELECT max(n) FROM s WHERE s.p = p.id) AS most FROM p WHERE id IN (SELECT p FROM s) AND EXISTS (SELECT 1 FROM s WHERE s.p = p.id);
      CREATE VIEW cte AS WITH big AS (SELECT * FROM s WHERE n > 1) SELECT p.id, big.n FROM p, big WHERE big.p = p.id`,
    writes: [
      "INSERT INTO p (name, price, kind) VALUES ('ann', 1.5, 'Tool'), ('Alf', 3.25, 'toy'), ('bob', NULL, 'TOOL'), (NULL, 4.0, NULL)", "INSERT INTO s VALUES (1, 2), (1, 3), (2, 1), (2, NULL), (3, 7)",
    ],
    queries: [
      "SELECT who, n, total FROM joined ORDER BY coalesce(who, ''), coalesce(n, 0)", "SELECT name, rows, n, mean, top FROM grouped ORDER BY name NULLS FIRST", "SELECT id, free, open, dear FROM flags ORDER BY id", "SELECT name FROM likes ORDER BY name",
      "SELECT a, b FROM over_view ORDER BY b", "SELECT count(x), min(x), max(x) FROM both_kinds", "SELECT name, most FROM sub ORDER BY name NULLS FIRST", "SELECT id, n FROM cte ORDER BY id, n",
    ],
  },
  {
    about: "views that recurse, number and list values",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t(id), name TEXT, n INTEGER, day DATE);
      CREATE VIEW five AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 5) SELECT i FROM c;
      CREATE VIEW tree (id, depth, path) AS WITH RECURSIVE c AS (SELECT id, 0 AS depth, name AS path FROM t WHERE up IS NULL UNION ALL SELECT t.id, c.depth + 1, c.path || '/' || t.name FROM t JOIN c ON t.up = c.id) SELECT id, depth, path FROM c;
      CREATE VIEW reach AS WITH RECURSIVE c(x) AS (SELECT 2 UNION SELECT (x * 3) % 7 FROM c) SELECT x FROM c;
      CREATE VIEW framed AS SELECT id, sum(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS two, sum(n) OVER w AS running, count(*) OVER (w ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS near,
        lag(n) OVER w AS before, lead(name, 2) OVER w AS later, first_value(name) OVER w AS first, nth_value(n, 2) OVER w AS second, ntile(2) OVER w AS half, percent_rank() OVER (ORDER BY n) AS share FROM t WINDOW w AS (ORDER BY id);
      CREATE VIEW listed AS VALUES (1, 'x', NULL), (2, 'y', 2.5);
      CREATE VIEW named AS WITH c (k, v) AS (SELECT n, name FROM t) SELECT k + 1 AS next, v FROM c;
      CREATE VIEW by_rowid AS SELECT rowid AS r, name FROM t WHERE t._rowid_ > 1;
      CREATE VIEW days AS SELECT id FROM t WHERE day BETWEEN datetime('2020-01-02') AND datetime('2020-01-03');
      CREATE VIEW twice AS SELECT a.name, b.name FROM t AS a JOIN t AS b ON a.up = b.id`,
    writes: [
      "INSERT INTO t (id, up, name, n, day) VALUES (1, NULL, 'root', 5, '2020-01-01'), (2, 1, 'a', 7, '2020-01-02'), (3, 1, 'b', NULL, '2020-01-03'), (4, 2, 'aa', 7, '2020-01-04'), (5, 4, 'aaa', -1, NULL)",
    ],
    queries: [
      "SELECT i FROM five ORDER BY i", "SELECT id, depth, path FROM tree ORDER BY id", "SELECT x FROM reach ORDER BY x", "SELECT id, two, running, near, before, later, first, second, half, share FROM framed ORDER BY id",
      "SELECT column1, column2, column3 FROM listed ORDER BY column1", "SELECT next, v FROM named ORDER BY v", "SELECT r, name FROM by_rowid ORDER BY r", "SELECT id FROM days ORDER BY id", "SELECT count(*) FROM twice",
    ],
  },
  {
    about: "keys that compare without the blanks at the end",
    ddl: "CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT COLLATE RTRIM UNIQUE CHECK (code <> 'no'), x TEXT); CREATE UNIQUE INDEX one ON t (x COLLATE RTRIM)",
    writes: ["INSERT INTO t (code, x) VALUES ('a ', 'p')", "INSERT INTO t (code, x) VALUES ('a', 'q')", "INSERT INTO t (code, x) VALUES (' a', 'p  ')", "INSERT INTO t (code, x) VALUES ('no ', 'r')", "INSERT INTO t (code, x) VALUES ('A', 'r')"],
    queries: ["SELECT code, x FROM t ORDER BY id"],
  },
  {
    about: "foreign keys on several columns, on itself, deferred, and with a default",
    ddl: `CREATE TABLE p (a INTEGER, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID; CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 0, b TEXT DEFAULT 'z', FOREIGN KEY (a, b) REFERENCES p ON DELETE SET DEFAULT ON UPDATE CASCADE);
      CREATE TABLE node (id INTEGER PRIMARY KEY, up INTEGER REFERENCES node(id) ON DELETE CASCADE); CREATE TABLE late (id INTEGER PRIMARY KEY, other INTEGER REFERENCES late(id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE g (id INTEGER PRIMARY KEY, n INTEGER, up INTEGER AS (n + 0) STORED REFERENCES q(id) ON DELETE SET NULL); CREATE TABLE q (id INTEGER PRIMARY KEY)`,
    writes: [
      "INSERT INTO p VALUES (0, 'z'), (1, 'x'), (2, 'y')", "INSERT INTO c (a, b) VALUES (1, 'x'), (2, 'y')", "INSERT INTO c (a, b) VALUES (1, 'y')", "INSERT INTO c (a, b) VALUES (NULL, 'nowhere')", "UPDATE p SET b = 'xx' WHERE a = 1", "DELETE FROM p WHERE a = 2", "DELETE FROM p WHERE a = 0",
      "INSERT INTO node VALUES (1, NULL), (2, 1), (3, 2), (4, NULL)", "INSERT INTO node VALUES (9, 8)", "DELETE FROM node WHERE id = 1", "INSERT INTO late VALUES (1, 1)", "INSERT INTO late VALUES (2, 7)", "INSERT INTO q VALUES (4)", "INSERT INTO g (n) VALUES (4)", "DELETE FROM q WHERE id = 4",
    ],
    queries: ["SELECT a, b FROM p ORDER BY a", "SELECT a, b FROM c ORDER BY id", "SELECT id FROM node ORDER BY id", "SELECT id, other FROM late ORDER BY id", "SELECT up FROM g"],
  },
  {
    about: "defaults that are computed, and generated columns of every kind",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT (upper('x') || 'y'), b INTEGER DEFAULT (7 / 2), c INTEGER DEFAULT (-(-3)), d REAL DEFAULT 1e3, e INTEGER DEFAULT TRUE, f TEXT DEFAULT word, g NUMERIC DEFAULT (5 % 3), h INTEGER DEFAULT (length('abc')),
      n INTEGER, s TEXT COLLATE NOCASE,
      up TEXT AS (upper(s)), cut TEXT AS (substr(s, 2, 2)) STORED, big INTEGER AS (n > 3), same INTEGER AS (s = 'ABC') STORED, kind TEXT AS (typeof(n)), pick TEXT AS (coalesce(s, 'none')), rest INTEGER AS (n % 3) STORED, bits INTEGER AS (n & 6), at INTEGER AS (instr(s, 'b')), bare INTEGER AS (n IS NULL),
      hexed TEXT AS (hex(s)) STORED, flat TEXT AS (replace(s, 'a', '')), has INTEGER AS (s LIKE 'A%'), between_ INTEGER AS (n BETWEEN 2 AND 5), either TEXT AS (iif(n > 3, 'more', 'less')))`,
    writes: ["INSERT INTO t (n, s) VALUES (1, 'abc')", "INSERT INTO t (n, s) VALUES (5, 'Abc ')", "INSERT INTO t (n, s) VALUES (NULL, NULL)", "INSERT INTO t (n, s) VALUES (-7, 'x\y')"],
    queries: ["SELECT id, a, b, c, d, e, f, g, h, up, cut, big, same, kind, pick, rest, bits, at, bare, hexed, flat, has, between_, either FROM t ORDER BY id"],
  },
  {
    about: "a primary key of texts, WITHOUT ROWID and STRICT",
    ddl: `CREATE TABLE k (code TEXT PRIMARY KEY NOT NULL, n INT) STRICT, WITHOUT ROWID; CREATE TABLE m (a INTEGER, b TEXT, v REAL, PRIMARY KEY (b, a DESC)) WITHOUT ROWID; CREATE UNIQUE INDEX shifted ON m (abs(v)) WHERE a > 0`,
    writes: ["INSERT INTO k VALUES ('a', 1)", "INSERT INTO k VALUES ('a', 2)", "INSERT INTO k VALUES (NULL, 3)", "INSERT INTO k VALUES ('A', 4)", "INSERT INTO m VALUES (1, 'x', 2.5)", "INSERT INTO m VALUES (1, 'x', 3.5)", "INSERT INTO m VALUES (2, 'x', -2.5)", "INSERT INTO m VALUES (-2, 'x', -2.5)", "INSERT INTO m VALUES (NULL, 'y', 9)"],
    queries: ["SELECT code, n FROM k ORDER BY code", "SELECT a, b, v FROM m ORDER BY b, a"],
  },
];

/** Numbers print in their own ways (1.0 and 1): texts that are numbers are compared as numbers. */
function comparable(rows: readonly (readonly unknown[])[]): (string | number | null)[][] {
  return rows.map((row) => row.map((cell) => {
    if (cell === null || cell === undefined) return null;
    const text = typeof cell === "string" ? cell : typeof cell === "number" || typeof cell === "bigint" || typeof cell === "boolean" ? String(cell) : JSON.stringify(cell);
    return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  }));
}

for (const { label, empty } of allTargets) describe(`the translated schema behaves like the original, on ${label}`, () => {
  let session: PostgresSession;
  before(async () => { session = await (await empty()).connect(); });
  after(async () => { await session.close(); });

  for (const { about, ddl, writes, queries } of examples) {
    it(about, async () => {
      const plan = await planOf(ddl, { targetVersion: session.version });
      assert.deepEqual(plan.reported.filter((each) => each.outcome === "left-out" && each.kind !== "internal-table"), []);
      const sqlite = new Database(":memory:");
      // This build takes "x" for a name only; the statements below mean the same without.
      sqlite.exec(ddl.replaceAll('"open"', "'open'"));
      await session.script(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${renderDdl(plan)}`);
      for (const write of writes) {
        const taken = ((): boolean => {
          try {
            sqlite.exec(write);
            return true;
          } catch (problem) {
            assert.ok(problem instanceof Error && "code" in problem);
            return false;
          }
        })();
        try {
          await session.query(write);
          assert.ok(taken, `only PostgreSQL takes: ${write}`);
        } catch (problem) {
          if (!(problem instanceof PostgresFailure)) throw problem;
          assert.ok(!taken, `only SQLite takes: ${write} (${problem.message})`);
        }
      }
      for (const query of queries) {
        const here = sqlite.prepare<unknown[], unknown[]>(query).raw(true).all();
        assert.ok(here.length > 0, `no rows: ${query}`);
        assert.deepEqual(comparable((await session.query(query)).rows), comparable(here), query);
      }
      sqlite.close();
    });
  }
});
