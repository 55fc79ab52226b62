import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Engine } from "#core/hosts/engine-name.ts";
import { engineNamed } from "#core/hosts/engine-name.ts";
import type { Language } from "#core/hosts/site.ts";
import { whoseSql } from "#core/hosts/whose-sql.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

/** Whose each site of a file is, in order; `-` where nothing says so. */
async function whose(language: Language, source: string, path?: string): Promise<(Engine | "-")[]> {
  const host = await readHostFile(language, source);
  const { site } = whoseSql({ source, host, path });
  return host.sites.map((each) => site(each) ?? "-");
}

describe("whose SQL a site is", () => {
  const words: readonly (readonly [Engine | "-", string])[] = [
    ["-", "SELECT a FROM t WHERE b = $1"],
    ["-", "SELECT ':: now() ILIKE' FROM t"],
    ["-", "INSERT INTO t (a) VALUES (?) RETURNING id"],
    ["-", "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET b = excluded.b"],
    ["-", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, data JSONB, at TIMESTAMPTZ)"],
    ["-", "SELECT strftime('%s', 'now'), now() FROM t"],
    ["-", "SELECT serial FROM devices WHERE interval = 3"],
    ["-", "SELECT string_agg(a, ',') FROM t"],
    ["-", "UPDATE t SET a = 1 WHERE position IN (1, 2)"],
    ["postgresql", "SELECT a::text FROM t WHERE b = $1::jsonb"],
    ["postgresql", "SELECT a FROM t WHERE b ILIKE $1"],
    ["postgresql", "CREATE TABLE t (id SERIAL PRIMARY KEY, a TEXT)"],
    ["postgresql", "CREATE TABLE t (id BIGSERIAL, a TEXT)"],
    ["postgresql", "SELECT a FROM t WHERE id = ANY($1)"],
    ["postgresql", "SELECT DISTINCT ON (a) a, b FROM t"],
    ["postgresql", "SELECT setval('t_id_seq', (SELECT MAX(id) FROM t), true)"],
    ["postgresql", "SELECT a FROM t WHERE at > $1 - INTERVAL '1 day'"],
    ["postgresql", "SELECT a AT TIME ZONE 'UTC' FROM t"],
    ["postgresql", "SELECT relname FROM pg_class WHERE relkind = 'r'"],
    ["postgresql", "ALTER TABLE t ALTER COLUMN a TYPE bigint"],
    ["mysql", "CREATE TABLE `t` (`id` INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB"],
    ["other", "SELECT a FROM t ORDER BY a FETCH FIRST 10 ROWS ONLY"],
    ["other", 'SELECT "tabname" FROM "SYSCAT"."TABLES"'],
    ["mysql", "SELECT User, Host FROM mysql.user ORDER BY User"],
    ["mysql", "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)"],
    ["mysql", "INSERT INTO t (a) VALUES (UNIX_TIMESTAMP())"],
    ["mysql", "ALTER TABLE t ADD COLUMN x TEXT CHARACTER SET utf8mb4"],
    ["other", "SELECT id FROM jobs WHERE state = 0 LIMIT 1 FOR UPDATE SKIP LOCKED"],
    ["other", "INSERT INTO t (at) VALUES (NOW())"],
    ["other", "SELECT table_name FROM information_schema.tables WHERE table_schema = ?"],
  ];
  for (const [engine, sql] of words) {
    it(`by its words: ${sql}`, async () => {
      assert.deepEqual(await whose("python", `conn.execute("""${sql}""", values)\n`), [engine]);
    });
  }

  it("takes types that SQLite takes for nobody's, but in a file that has nothing of SQLite for PostgreSQL's", async () => {
    const ddl = 'conn.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, data JSONB)")\n';
    assert.deepEqual(await whose("python", ddl), ["postgresql"]);
    assert.deepEqual(await whose("python", `import sqlite3\nconn = sqlite3.connect("a.db")\n${ddl}`), ["-"]);
  });

  const branches: readonly { readonly language: Language; readonly name: string; readonly source: string; readonly engines: readonly (Engine | "-")[] }[] = [
    {
      language: "python",
      name: "if and else",
      source: `def f(conn, dialect):\n    if dialect == "postgresql":\n        conn.execute("SELECT 1 FROM t")\n    elif dialect == "mysql":\n        conn.execute("SELECT 2 FROM t")\n    else:\n        conn.execute("SELECT 3 FROM t")\n    conn.execute("SELECT 4 FROM t")\n`,
      engines: ["postgresql", "mysql", "-", "-"],
    },
    {
      language: "python",
      name: "sqlite or not, and a branch that leaves",
      source: `def f(conn, engine):\n    if engine.name == 'sqlite':\n        return conn.execute("SELECT 1 FROM t")\n    return conn.execute("SELECT 2 FROM t")\n\ndef g(conn, engine):\n    sql = "SELECT 3 FROM t" if engine.name != 'sqlite' else "SELECT 4 FROM t"\n    return conn.execute(sql)\n`,
      engines: ["sqlite", "other", "other", "sqlite"],
    },
    {
      language: "python",
      name: "isinstance, flags, and conditions that ask something else",
      source: `def f(self, conn):\n    if isinstance(self.database_engine, PostgresEngine):\n        conn.execute("SELECT 1 FROM t")\n    if self.is_postgres and x:\n        conn.execute("SELECT 2 FROM t")\n    if sqlite3.sqlite_version_info < (3, 35):\n        conn.execute("SELECT 3 FROM t")\n    if dialect == "postgresql" or debug:\n        conn.execute("SELECT 4 FROM t")\n    if config.sqlite_path == path:\n        conn.execute("SELECT 5 FROM t")\n`,
      engines: ["postgresql", "postgresql", "-", "-", "-"],
    },
    {
      language: "python",
      name: "classes and functions",
      source: `class PostgresStore:\n    def a(self):\n        self.conn.execute("SELECT 1 FROM t")\n\nclass MySqliteStore:\n    def a(self):\n        self.conn.execute("SELECT 2 FROM t")\n\ndef _upsert_mysql(conn):\n    conn.execute("SELECT 3 FROM t")\n\ndef migrate_to_postgres(conn):\n    conn.execute("SELECT 4 FROM t")\n`,
      engines: ["postgresql", "sqlite", "mysql", "-"],
    },
    {
      language: "typescript",
      name: "switch, ternary, if",
      source: "switch (driver) {\n  case \"sqlite\":\n    db.exec(`SELECT 1 FROM t`);\n    break;\n  case \"postgres\":\n  case \"pg\":\n    db.exec(`SELECT 2 FROM t`);\n    break;\n  default:\n    db.exec(`SELECT 3 FROM t`);\n}\nconst q = isPostgres ? `SELECT 4 FROM t` : `SELECT 5 FROM t`;\nif (db.dialect !== 'postgres') {\n  db.exec(`SELECT 6 FROM t`);\n} else {\n  db.exec(`SELECT 7 FROM t`);\n}\n",
      engines: ["sqlite", "postgresql", "-", "postgresql", "-", "-", "postgresql"],
    },
    {
      language: "go",
      name: "switch, receiver, a branch that leaves",
      source: "package a\n\nfunc (s *Store) f() {\n\tswitch s.driver {\n\tcase \"postgres\":\n\t\ts.db.Exec(\"SELECT 1 FROM t\")\n\tcase DialectSQLite:\n\t\ts.db.Exec(\"SELECT 2 FROM t\")\n\t}\n\tif s.Driver == \"sqlite\" {\n\t\ts.db.Exec(\"SELECT 3 FROM t\")\n\t\treturn\n\t}\n\ts.db.Exec(\"SELECT 4 FROM t\")\n}\n\nfunc (s *PostgresStore) g() {\n\ts.db.Exec(\"SELECT 5 FROM t\")\n}\n",
      engines: ["postgresql", "sqlite", "sqlite", "other", "postgresql"],
    },
    {
      language: "java",
      name: "equals, enum, switch",
      source: "class Dao {\n  void f() throws Exception {\n    if (type.equals(\"postgresql\")) {\n      st.executeUpdate(\"UPDATE t SET b = 1\");\n    } else {\n      st.executeUpdate(\"UPDATE t SET b = 2\");\n    }\n    if (type == DatabaseType.MYSQL) st.executeUpdate(\"UPDATE t SET b = 3\");\n    switch (type) {\n      case POSTGRESQL: st.executeUpdate(\"UPDATE t SET b = 4\"); break;\n      case SQLITE: st.executeUpdate(\"UPDATE t SET b = 5\"); break;\n    }\n  }\n}\nclass MySqlDao {\n  void f() throws Exception { st.executeUpdate(\"UPDATE t SET b = 6\"); }\n}\n",
      engines: ["postgresql", "-", "mysql", "postgresql", "sqlite", "mysql"],
    },
    {
      language: "csharp",
      name: "enum, negation, class",
      source: "class Repo {\n  void F() {\n    if (_db.DatabaseType == DatabaseType.PostgreSQL)\n    {\n      conn.Execute(\"UPDATE t SET b = 1\");\n    }\n    else\n    {\n      conn.Execute(\"UPDATE t SET b = 2\");\n    }\n    if (_db.DatabaseType != DatabaseType.SQLite)\n    {\n      conn.Execute(\"UPDATE t SET b = 3\");\n    }\n  }\n}\nclass NpgsqlRepo {\n  void F() { conn.Execute(\"UPDATE t SET b = 4\"); }\n}\n",
      engines: ["postgresql", "-", "other", "postgresql"],
    },
    {
      language: "php",
      name: "if, switch, class, array",
      source: "<?php\nclass Dao {\n  function f() {\n    if ($this->pdo->dbType() === 'pgsql') {\n      $this->pdo->exec('UPDATE t SET b = 1');\n    } else {\n      $this->pdo->exec('UPDATE t SET b = 2');\n    }\n    switch ($driver) {\n      case 'mysql':\n        $this->pdo->exec('UPDATE t SET b = 3');\n        break;\n    }\n    $q = ['pgsql' => 'UPDATE t SET b = 4', 'sqlite' => 'UPDATE t SET b = 5'];\n  }\n}\nclass EntryDAOPGSQL {\n  function f() { $this->pdo->exec('UPDATE t SET b = 6'); }\n}\n",
      engines: ["postgresql", "-", "mysql", "postgresql", "sqlite", "postgresql"],
    },
    {
      language: "ruby",
      name: "if, case, class",
      source: "class Dao\n  def f\n    if adapter == \"postgresql\"\n      db.execute(\"UPDATE t SET b = 1\")\n    else\n      db.execute(\"UPDATE t SET b = 2\")\n    end\n    case adapter\n    when \"mysql2\"\n      db.execute(\"UPDATE t SET b = 3\")\n    when \"sqlite3\"\n      db.execute(\"UPDATE t SET b = 4\")\n    end\n  end\nend\nclass PostgresqlAdapter\n  def f\n    db.execute(\"UPDATE t SET b = 5\")\n  end\nend\n",
      engines: ["postgresql", "-", "mysql", "sqlite", "postgresql"],
    },
    {
      language: "rust",
      name: "match, impl",
      source: "fn f(c: &C, kind: Kind) {\n    match kind {\n        Kind::Postgres => c.execute(\"UPDATE t SET b = 1\", []),\n        Kind::Sqlite => c.execute(\"UPDATE t SET b = 2\", []),\n    };\n}\nimpl Store for PostgresStore {\n    fn f(&self) {\n        self.c.execute(\"UPDATE t SET b = 3\", []);\n    }\n}\n",
      engines: ["postgresql", "sqlite", "postgresql"],
    },
  ];
  for (const { language, name, source, engines } of branches) {
    it(`by the code around it: ${language}, ${name}`, async () => {
      assert.deepEqual(await whose(language, source), engines);
    });
  }

  const paths: readonly (readonly [string, Engine | "-"])[] = [
    ["migrations/postgres/001.sql", "postgresql"],
    ["migrations/sqlite/001.sql", "sqlite"],
    ["store/db/mysql/memo.sql", "mysql"],
    ["db/0_base_schema_postgres.sql", "postgresql"],
    ["schema/pg/a.sql", "postgresql"],
    ["h2.sql", "other"],
    ["db/patch-add-sqlserver-monitor.sql", "-"],
    ["tools/sqlite_to_postgres.sql", "-"],
    ["migrate_to_postgres/a.sql", "-"],
    ["src/pages/a.sql", "-"],
    ["db/a.sql", "-"],
  ];
  for (const [path, engine] of paths) {
    it(`by its path: ${path}`, async () => {
      assert.deepEqual(await whose("sql", "SELECT a FROM t;\n", path), [engine]);
    });
  }

  it("by the only drivers of its file, unless the file speaks of SQLite", async () => {
    const call = 'cur.execute("SELECT a FROM t WHERE b = 1")\n';
    assert.deepEqual(await whose("python", `import psycopg\n${call}`), ["postgresql"]);
    assert.deepEqual(await whose("python", `import pymysql\n${call}`), ["mysql"]);
    assert.deepEqual(await whose("python", `import psycopg\nimport sqlite3\n${call}`), ["-"]);
    assert.deepEqual(await whose("python", `import psycopg  # or sqlite, by the configuration\n${call}`), ["-"]);
    // pq.Array is for any engine's code.
    assert.deepEqual(await whose("go", 'package a\n\nimport "github.com/lib/pq"\n\nfunc f() { db.Exec("SELECT 1 FROM t") }\n'), ["-"]);
    assert.deepEqual(await whose("go", 'package a\n\nimport _ "github.com/lib/pq"\n\nfunc f() { db.Exec("SELECT 1 FROM t") }\n'), ["postgresql"]);
  });

  it("by FluentMigrator's IfDatabase", async () => {
    assert.deepEqual(await whose("csharp", 'class A { void F() { IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql("DELETE FROM files WHERE path LIKE 1"); IfDatabase(ProcessorIdConstants.PostgreSQL).Execute.Sql("DELETE FROM files WHERE path LIKE 1"); } }\n'), ["sqlite", "postgresql"]);
  });

  it("by the name that it is given", async () => {
    assert.deepEqual(await whose("python", 'POSTGRES_SCHEMA = """CREATE TABLE t (a INTEGER)"""\nSCHEMA = """CREATE TABLE t (a INTEGER)"""\n'), ["postgresql", "-"]);
    assert.deepEqual(await whose("java", 'class A { Map<String, String> m = Map.of("SQLite", "INSERT INTO t VALUES (1)", "PostgreSQL", "INSERT INTO t VALUES (2)"); }\n'), ["sqlite", "postgresql"]);
  });

  it("keeps what only SQLite understands, wherever it stands", async () => {
    assert.deepEqual(await whose("sql", "PRAGMA foreign_keys = off;\n", "postgres/a.sql"), ["-"]);
  });
});

describe("names of engines", () => {
  const names: readonly (readonly [string, Engine | undefined])[] = [
    ["PostgresStore", "postgresql"], ["PgStore", "postgresql"], ["pg_store", "postgresql"], ["EntryDAOPGSQL", "postgresql"], ["MySqlFoo", "mysql"], ["MySQLStore", "mysql"], ["PostgreSQL", "postgresql"],
    ["MySqliteHelper", "sqlite"], ["BetterSqlite3Store", "sqlite"], ["SqliteToPostgres", undefined], ["page", undefined], ["upgrade", undefined], ["jpg", undefined], ["copyToPostgres", undefined], ["from_mysql", undefined], ["h264", undefined],
    ["surrealdb", "other"], ["StarRocksClient", "other"], ["archive", undefined], ["presto", "other"], ["tidb", "mysql"], ["cutidbase", undefined], ["TimescaleStore", "postgresql"],
  ];
  for (const [name, engine] of names) it(`${name}: ${engine ?? "none"}`, () => { assert.equal(engineNamed(name), engine); });
});
