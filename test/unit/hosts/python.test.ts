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
    name: "direct calls",
    source: [
      "import sqlite3",
      "db = sqlite3.connect(\"a.db\")",
      "db.execute(\"SELECT 1\")",
      "db.execute(\"SELECT a FROM t WHERE b = ?\", (1,))",
      "db.executemany(\"INSERT INTO t VALUES (?)\", rows)",
      "db.executescript(\"\"\"",
      "DELETE FROM t;",
      "\"\"\")",
      "db.execute(*args)",
      "db.execute(\"SELECT a FROM t\", *args)",
      "db.execute(sql=\"SELECT a FROM u\", parameters=[1])",
    ],
    sites: [
      "3:12-3:22 statement sqlite3.execute/none@3:1 SELECT 1",
      "4:12-4:41 statement sqlite3.execute/passed@4:1 SELECT a FROM t WHERE b = ?",
      "5:16-5:42 statement sqlite3.executemany/passed@5:1 INSERT INTO t VALUES (?)",
      "6:18-8:4 script sqlite3.executescript/none@6:1 \nDELETE FROM t;\n",
      "10:12-10:29 statement sqlite3.execute/unknown@10:1 SELECT a FROM t",
      "11:16-11:33 statement sqlite3.execute/passed@11:1 SELECT a FROM u",
    ],
    uses: [
      "driver-import sqlite3 1:1",
      "connect sqlite3.connect 2:6", "script-call executescript 6:4"],
    importAt: "2:1",
  },
  {
    name: "aiosqlite",
    source: [
      "import aiosqlite",
      "async def f():",
      "    async with aiosqlite.connect(\"a.db\") as db:",
      "        await db.execute(\"DELETE FROM t\")",
      "        async with db.execute(\"SELECT a FROM t WHERE b = :b\", {\"b\": 1}) as cur:",
      "            pass",
      "        yield db",
    ],
    sites: [
      "4:26-4:41 statement aiosqlite.execute/none@4:15 DELETE FROM t",
      "5:31-5:61 statement aiosqlite.execute/passed@5:20 SELECT a FROM t WHERE b = :b",
    ],
    uses: [
      "driver-import aiosqlite 1:1",
      "helper-definition f 2:11",
      "connect aiosqlite.connect 3:16",
    ],
    importAt: "2:1",
  },
  {
    name: "names",
    source: [
      "Q = \"SELECT a FROM t WHERE b = ?\"",
      "class R:",
      "    BY_ID = \"SELECT * FROM r WHERE id = ?\"",
      "    def get(self, db, id):",
      "        return db.execute(self.BY_ID, (id,))",
      "def f(db):",
      "    return db.execute(Q, (1,))",
      "def g(db, Q):",
      "    return db.execute(Q)",
    ],
    sites: [
      "1:5-1:34 statement unknown.execute/passed@7:12 SELECT a FROM t WHERE b = ?",
      "3:13-3:43 statement unknown.execute/passed@5:16 SELECT * FROM r WHERE id = ?",
    ],
    importAt: "1:1",
  },
  {
    name: "branches",
    source: [
      "def f(db, newest):",
      "    if newest:",
      "        sql = \"SELECT a FROM t ORDER BY a DESC\"",
      "    else:",
      "        sql = \"SELECT a FROM t\"",
      "    return db.execute(sql)",
    ],
    sites: [
      "3:15-3:48 statement unknown.execute/none@6:12 SELECT a FROM t ORDER BY a DESC",
      "5:15-5:32 statement unknown.execute/none@6:12 SELECT a FROM t",
    ],
    importAt: "1:1",
  },
  {
    name: "assembled",
    source: [
      "def f(db, a, b):",
      "    sql = \"SELECT a FROM t WHERE 1 = 1\"",
      "    params = []",
      "    if a:",
      "        sql += \" AND a = ?\"",
      "        params.append(a)",
      "    sql = sql + \" ORDER BY a\"",
      "    sql += f\" LIMIT {b}\"",
      "    return db.execute(sql, params)",
    ],
    sites: [
      "2:11-2:40 fragment unknown.execute/passed@9:12 SELECT a FROM t WHERE 1 = 1",
      "5:16-5:28 fragment unknown.execute/passed@9:12  AND a = ?",
      "7:11-7:30 fragment unknown.execute/passed@9:12 {sql} ORDER BY a <joined sql>",
      "8:12-8:25 fragment unknown.execute/passed@9:12  LIMIT {b} <interpolated b>",
    ],
    importAt: "1:1",
  },
  {
    name: "clauses",
    source: [
      "def f(db, name):",
      "    clauses = [\"deleted = 0\"]",
      "    if name:",
      "        clauses.append(\"name LIKE ?\")",
      "    where = \" WHERE \" + \" AND \".join(clauses) if clauses else \"\"",
      "    return db.execute(\"SELECT * FROM t\" + where, [name])",
    ],
    sites: [
      "2:16-2:29 fragment unknown.execute/passed@6:12 deleted = 0",
      "4:24-4:37 fragment unknown.execute/passed@6:12 name LIKE ?",
      "5:13-5:46 fragment unknown.execute/passed@6:12  WHERE {\" AND \".join(clauses)} <joined \" AND \".join(clauses)>",
      "6:23-6:48 statement unknown.execute/passed@6:12 SELECT * FROM t{where} <joined where>",
    ],
    importAt: "1:1",
  },
  {
    name: "set list",
    source: [
      "def f(db, fields):",
      "    sets = \", \".join(f\"{k} = ?\" for k in fields)",
      "    db.execute(f\"UPDATE t SET {sets} WHERE id = ?\", (*fields.values(), 1))",
    ],
    sites: [
      "2:22-2:32 fragment unknown.execute/passed@3:5 {k} = ? <interpolated k>",
      "3:16-3:51 statement unknown.execute/passed@3:5 UPDATE t SET {sets} WHERE id = ? <interpolated sets>",
    ],
    importAt: "1:1",
  },
  {
    name: "placeholder lists",
    source: [
      "def f(db, ids, rows):",
      "    marks = \",\".join(\"?\" * len(ids))",
      "    db.execute(f\"DELETE FROM t WHERE id IN ({marks})\", ids)",
      "    db.execute(\"DELETE FROM t WHERE id IN (\" + \", \".join([\"?\"] * len(ids)) + \")\", ids)",
      "    db.execute(\"DELETE FROM t WHERE id IN (%s)\" % \",\".join(\"?\" for _ in ids), ids)",
      "    db.execute(\"DELETE FROM t WHERE id IN ({})\".format((\"?,\" * len(ids))[:-1]), ids)",
      "    values = \", \".join([\"(?, ?)\"] * len(rows))",
      "    db.execute(f\"INSERT INTO t VALUES {values}\", rows)",
      "    q = []",
      "    for i in ids:",
      "        q.append(\"?\")",
      "    db.execute(f\"DELETE FROM t WHERE id IN ({', '.join(q)})\", ids)",
    ],
    sites: [
      "3:16-3:54 statement unknown.execute/passed@3:5 DELETE FROM t WHERE id IN ({marks}) <interpolated marks ?@2:23>",
      "4:16-4:81 statement unknown.execute/passed@4:5 DELETE FROM t WHERE id IN ({\", \".join([\"?\"] * len(ids))}) <joined \", \".join([\"?\"] * len(ids)) ?@4:60>",
      "5:16-5:77 statement unknown.execute/passed@5:5 DELETE FROM t WHERE id IN (%s) <formatted %s ?@5:61>",
      "6:16-6:79 statement unknown.execute/passed@6:5 DELETE FROM t WHERE id IN ({}) <formatted {} ?@6:58>",
      "7:25-7:33 fragment unknown.execute/passed@8:5 (?, ?)",
      "8:16-8:48 statement unknown.execute/passed@8:5 INSERT INTO t VALUES {values} <interpolated values>",
      "12:16-12:61 statement unknown.execute/passed@12:5 DELETE FROM t WHERE id IN ({', '.join(q)}) <interpolated ', '.join(q) ?@11:19>",
    ],
    importAt: "1:1",
  },
  {
    name: "percent",
    source: [
      "def f(db, t):",
      "    db.execute(\"SELECT * FROM %s WHERE a LIKE '%%x%%' AND b = %d\" % (t, 1))",
      "    db.execute(\"SELECT * FROM {} WHERE a = '{{}}'\".format(t))",
      "    db.execute(\"SELECT * FROM t WHERE a LIKE '%x'\")",
    ],
    sites: [
      "2:16-2:75 statement unknown.execute/none@2:5 SELECT * FROM %s WHERE a LIKE '%x%' AND b = %d <formatted %s> <formatted %d>",
      "3:16-3:61 statement unknown.execute/none@3:5 SELECT * FROM {} WHERE a = '{}' <formatted {}>",
      "4:16-4:51 statement unknown.execute/none@4:5 SELECT * FROM t WHERE a LIKE '%x'",
    ],
    importAt: "1:1",
  },
  {
    name: "wrapped",
    source: [
      "from textwrap import dedent",
      "from sqlalchemy import text",
      "def f(db):",
      "    db.execute(dedent(\"\"\"",
      "        SELECT a",
      "        FROM t",
      "    \"\"\"))",
      "    db.execute(\"\"\"",
      "      SELECT 1",
      "    \"\"\".strip())",
      "    db.execute(text(\"SELECT a FROM t WHERE b = :b\"), {\"b\": 1})",
    ],
    sites: [
      "4:23-7:8 statement query-builder.execute/none@4:5 \n        SELECT a\n        FROM t\n    ",
      "8:16-10:8 statement query-builder.execute/none@8:5 \n      SELECT 1\n    ",
      "11:21-11:51 statement query-builder.execute/passed@11:5 SELECT a FROM t WHERE b = :b",
    ],
    importAt: "3:1",
  },
  {
    name: "dict/list",
    source: [
      "QUERIES = {",
      "    \"all\": \"SELECT * FROM t\",",
      "    \"hello\": \"Select a file from the list\",",
      "}",
      "MIGRATIONS = [\"CREATE TABLE a (b)\", (\"2\", \"ALTER TABLE a ADD COLUMN c\")]",
      "for m in MIGRATIONS:",
      "    db.execute(m)",
    ],
    sites: [
      "2:12-2:29 statement - SELECT * FROM t",
      "5:15-5:35 statement - CREATE TABLE a (b)",
      "5:43-5:71 statement - ALTER TABLE a ADD COLUMN c",
    ],
    importAt: "1:1",
  },
  {
    name: "not sql",
    source: [
      "\"\"\"SELECT a FROM docstring\"\"\"",
      "import logging",
      "logging.info(\"SELECT a FROM t\")",
      "print(\"DELETE FROM t\")",
      "def f():",
      "    \"\"\"UPDATE t SET a = 1\"\"\"",
      "    raise ValueError(\"SELECT a FROM t\")",
      "assert x, \"DELETE FROM t\"",
      "if \"SELECT a FROM t\" in y: pass",
      "parser.add_argument(\"--q\", help=\"SELECT a FROM t\")",
      "executor.execute(\"job-1\")",
      "b = b\"SELECT a FROM t\"",
      "args = []",
      "args.append(\"days=%d\" % days)",
      "text = \", \".join(args)",
    ],
    sites: [],
    importAt: "3:1",
  },
  {
    name: "kwargs+return+default",
    source: [
      "def q(sql=\"SELECT a FROM t\"):",
      "    return \"SELECT b FROM t\"",
      "self._run(\"SELECT c FROM t WHERE x = ?\", 1)",
      "x = run(query=\"SELECT d FROM t\")",
      "log.debug(\"x\", self.db.execute(\"SELECT e FROM t\"))",
    ],
    sites: [
      "1:11-1:28 statement - SELECT a FROM t",
      "2:12-2:29 statement - SELECT b FROM t",
      "3:11-3:40 statement - SELECT c FROM t WHERE x = ?",
      "4:15-4:32 statement - SELECT d FROM t",
      "5:32-5:49 statement unknown.execute/none@5:16 SELECT e FROM t",
    ],
    importAt: "1:1",
  },
  {
    name: "uses",
    source: [
      "import sqlite3",
      "from sqlite3 import connect as open_it, IntegrityError",
      "def get_db(path):",
      "    conn = sqlite3.connect(path)",
      "    conn.row_factory = sqlite3.Row",
      "    return conn",
      "def with_db(fn):",
      "    with open_it(\"x\") as c:",
      "        fn(c)",
      "def direct():",
      "    return sqlite3.connect(\"x\")",
      "def local():",
      "    c = sqlite3.connect(\"x\")",
      "    c.close()",
      "try:",
      "    cur = get_db(\"a\").execute(\"INSERT INTO t VALUES (1)\")",
      "    print(cur.lastrowid)",
      "except (sqlite3.OperationalError, IntegrityError) as e:",
      "    pass",
      "except sqlite3.Error:",
      "    pass",
    ],
    sites: [
      "16:31-16:57 statement sqlite3.execute/none@16:11 INSERT INTO t VALUES (1)",
    ],
    uses: [
      "driver-import sqlite3 1:1",
      "driver-import sqlite3 2:1",
      "helper-definition get_db 3:5",
      "connect sqlite3.connect 4:12",
      "row-factory row_factory 5:5",
      "helper-definition with_db 7:5",
      "connect open_it 8:10",
      "helper-definition direct 10:5",
      "connect sqlite3.connect 11:12",
      "connect sqlite3.connect 13:9",
      "helper-call get_db 16:11",
      "lastrowid lastrowid 17:15",
      "error-class OperationalError 18:9",
      "error-class IntegrityError 18:35",
      "error-class Error 20:8",
    ],
    importAt: "3:1",
  },
  {
    name: "names in circles and bushes",
    source: [
      "def f(db, x):",
      "    a = b = \"SELECT a FROM t\"",
      ...Array.from({ length: 30 }, (_, i) => `    if x == ${i}: a = a + b + \" AND c = ${i}\"; b = b + a`),
      "    db.execute(a)",
    ],
    sites: [
      "2:13-2:30 fragment unknown.execute/none@33:5 SELECT a FROM t",
      ...Array.from({ length: 30 }, (_, i) => `${i + 3}:${i < 10 ? 20 : 21}-${i + 3}:${i < 10 ? 40 : 42} fragment unknown.execute/none@33:5 {a}{b} AND c = ${i} <joined a> <joined b>`),
    ],
    importAt: "1:1",
  },
  {
    name: "nested choice",
    source: [
      "def f(db, desc, flt):",
      "    db.execute(f\"SELECT * FROM t {'WHERE a = ?' if flt else ''} ORDER BY a {'DESC' if desc else 'ASC'}\", p)",
    ],
    sites: [
      "2:16-2:104 statement unknown.execute/passed@2:5 SELECT * FROM t {'WHERE a = ?' if flt else ''} ORDER BY a {'DESC' if desc else 'ASC'} <interpolated 'WHERE a = ?' if flt else ''> <interpolated 'DESC' if desc else 'ASC'>",
      "2:35-2:48 fragment unknown.execute/passed@2:5 WHERE a = ?",
    ],
    importAt: "1:1",
  },
  {
    name: "walrus/chained/tuple",
    source: [
      "a = b = \"SELECT a FROM t\"",
      "q, p = \"SELECT b FROM t WHERE c = ?\", (1,)",
      "db.execute(q, p)",
      "if (s := \"SELECT c FROM t\"): db.execute(s)",
    ],
    sites: [
      "1:9-1:26 statement - SELECT a FROM t",
      "2:8-2:37 statement unknown.execute/passed@3:1 SELECT b FROM t WHERE c = ?",
      "4:10-4:27 statement unknown.execute/none@4:30 SELECT c FROM t",
    ],
    importAt: "1:1",
  },
];

describe("Python files", () => {
  for (const { name, source, sites, uses, importAt } of examples) {
    it(name, async () => {
      const text = `${source.join("\n")}\n`;
      const found = await foundIn("python", text);
      assert.deepEqual(found.sites, sites);
      assert.deepEqual(found.uses, uses ?? []);
      assert.equal(found.at(found.host.importAt), importAt);
      for (const site of found.host.sites) assertMapHolds(text, site);
    });
  }
});
