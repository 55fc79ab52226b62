import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { generatedProject, lines, postgresEnv, pythonWithDrivers } from "./generated-project.ts";

const helper = `"""Connections."""
import os
import sqlite3
import time
from contextlib import contextmanager


@contextmanager
def get_connection(db_path: str = "unused.db", max_retries: int = 3, retry_delay: float = 0.1):
    """Opens the database."""
    for attempt in range(max_retries):
        try:
            conn = sqlite3.connect(os.environ["TEST_SQLITE"])
            break
        except sqlite3.OperationalError:
            time.sleep(retry_delay)
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA foreign_keys = ON")
    try:
        yield conn
    except Exception:
        conn.rollback()
        raise
    else:
        conn.commit()
    finally:
        conn.close()
`;

const script = (name: string): string => fileURLToPath(new URL(`./python/${name}`, import.meta.url));
const found = pythonWithDrivers();
const skip = found === undefined ? "no Python with psycopg2 or psycopg: on Debian `apt-get install python3-psycopg2`, or name one in CUTOVER_TEST_PYTHON" : false;

describe("the generated Python adapter", { skip }, () => {
  const python = found?.python ?? "python3";
  const project = async (): Promise<string> => {
    const root = await generatedProject("python", [
      { path: "app/server/utils/db_connection.py", text: helper },
      { path: "app/server/utils/__init__.py", text: "" },
      { path: "app/server/routes.py", text: "from utils.db_connection import get_connection\n" },
    ]);
    await copyFile(script("manners.py"), join(root, "app/server/manners.py"));
    await copyFile(script("limits.py"), join(root, "app/server/limits.py"));
    return join(root, "app/server");
  };

  it("keeps sqlite3's manners on PostgreSQL", async () => {
    const cwd = await project();
    const quiet = ["-W", "ignore"];
    const sqlite = await lines(python, [...quiet, "manners.py"], cwd, { TEST_SQLITE: join(temporaryFolder(), "a.db") });
    assert.ok(sqlite.length > 90);
    for (const major of [14, 18] as const) {
      const server = await startServer(major);
      for (const driver of found?.drivers ?? []) {
        const { name } = await server.newDatabase();
        const postgres = await lines(python, [...quiet, "manners.py"], cwd, { ...postgresEnv(server, name), POSTGRES_DRIVER: driver });
        assert.deepEqual(postgres, sqlite, `${driver} on PostgreSQL ${major}`);
      }
    }
  });

  for (const driver of found?.drivers ?? []) {
    it(`${driver}: says what goes wrong at its limits`, async () => {
      const cwd = await project();
      const server = await startServer(18);
      const { name, url } = await server.newDatabase();
      const printed = await lines(python, ["-W", "ignore", "limits.py"], cwd, {
        ...postgresEnv(server, name),
        POSTGRES_DRIVER: driver,
        POSTGRES_POOL_MAX: "2",
        POSTGRES_TIMEOUT: "0.5",
        TEST_URL: url,
      });
      const said = new Map(printed.map((line) => JSON.parse(line) as [string, unknown]));
      const expected: readonly [string, unknown][] = [
        ["cause", ["UniqueViolation", "SQLITE_CONSTRAINT_UNIQUE", "23505"]],
        ["exhausted", ["OperationalError", "no PostgreSQL connection became free within 0.5 s: all 2 are in use (POSTGRES_POOL_MAX, POSTGRES_TIMEOUT)"]],
        ["waited", true],
        ["waits for one", 1],
        ["pool", { open: 2, idle: 2, in_use: 0, max: 2 }],
        ["replaced", 1],
        ["undone", 0],
        ["temporary", "no such table: scratch"],
        ["create_function", ["NotSupportedError", "create_function('f') is SQLite's; on PostgreSQL write the function in PL/pgSQL and create it in the database"]],
        ["pragma", ["NotSupportedError", "PRAGMA user_version has no counterpart on PostgreSQL"]],
        ["attach", ["NotSupportedError", "ATTACH DATABASE has no counterpart on PostgreSQL: use a schema"]],
        ["nul", ["DataError", "PostgreSQL cannot store the character U+0000 in text"]],
        ["injection", "'; DROP TABLE t; --"],
        ["backslash", "\\'; DROP TABLE t; --"],
        ["old strings", ["\\'", "a\\", "it''s"]],
        ["immediate", ["a in", "a out", "b in", "b out"]],
        ["deadlock", ["database is locked"]],
        ["without savepoints", "OperationalError"],
        ["fork", [true, null]],
        ["password", ["OperationalError", true, false]],
        ["no server", "OperationalError"],
        ["port", ["ValueError", "POSTGRES_PORT is 'many'; it must be a number"]],
        ["db_type", ["ValueError", "DB_TYPE is 'oracle'; it must be 'sqlite' or 'postgresql'"]],
        ["by_engine", "ValueError"],
        ["postgres", 2],
        ["DATABASE_URL", [[2]]],
      ];
      assert.deepEqual([...said], expected);
    });
  }

  it("warns once that the old helper is deprecated, at the caller's line", async () => {
    const cwd = await project();
    const code = "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n  warnings.simplefilter('always')\n  from utils.db_connection import get_connection\n  for _ in range(3):\n    with get_connection() as c: c.execute('SELECT 1')\nprint([(w.category.__name__, str(w.message), w.filename) for w in seen])";
    const [line] = await lines(python, ["-c", code], cwd, { TEST_SQLITE: join(temporaryFolder(), "a.db") });
    assert.equal(line, "[('DeprecationWarning', 'get_connection() is deprecated: use database.get_adapter()', '<string>')]");
  });

  it("hands the helper's arguments on to SQLite, call by call", async () => {
    const text = helper.replace('os.environ["TEST_SQLITE"]', "db_path");
    const root = await generatedProject("python", [
      { path: "utils/db_connection.py", text },
      { path: "main.py", text: "from utils.db_connection import get_connection\n" },
    ]);
    const code = "from utils.db_connection import get_connection\nfor p in ('one.db', 'two.db'):\n  with get_connection(p) as c: print(c.execute('PRAGMA database_list').fetchone()[2].split('/')[-1])\nfrom database import get_adapter\nwith get_adapter().get_connection() as c: print(c.execute('PRAGMA database_list').fetchone()[2].split('/')[-1])";
    assert.deepEqual(await lines(python, ["-W", "ignore", "-c", code], root, { SQLITE_DB_PATH: "three.db" }), ["one.db", "two.db", "three.db"]);
  });

  it("serves a helper that returns its connection", async () => {
    const text = 'import sqlite3\n\ndef connect(path="a.db"):\n    conn = sqlite3.connect(path)\n    conn.isolation_level = None\n    return conn\n';
    const root = await generatedProject("python", [
      { path: "db.py", text },
      { path: "main.py", text: "from db import connect\n" },
    ]);
    const code =
      "import db\nc = db.connect()\nc.execute('CREATE TABLE t (a INTEGER)')\nc.execute('INSERT INTO t VALUES (1)')\nprint(c.in_transaction, c.execute('SELECT a FROM t').fetchone())\nc.close()\nc = db.connect()\nprint(c.execute('SELECT COUNT(*) FROM t').fetchall())";
    const sqlite = await lines(python, ["-W", "ignore", "-c", code], root, {});
    assert.deepEqual(sqlite, ["False (1,)", "[(1,)]"]);
    const server = await startServer(18);
    const { name } = await server.newDatabase();
    assert.deepEqual(await lines(python, ["-W", "ignore", "-c", code], root, postgresEnv(server, name)), sqlite);
  });

  it("is the same text when it is generated again", async () => {
    const cwd = await project();
    const text = await readFile(join(cwd, "database/sqlite_adapter.py"), "utf8");
    assert.match(text, /def open_connection\(db_path: str = "unused.db"/);
    assert.doesNotMatch(text, /#\{/);
  });
});
