import assert from "node:assert/strict";
import { test } from "node:test";
import { columnDifferences } from "#core/rules/ddl/column-differences.ts";
import { tableDifferences } from "#core/rules/ddl/table-differences.ts";
import { parseStatement } from "#core/sql/parse.ts";
import { embeddedTarget } from "../support/embedded-target.ts";

/** Definitions of a column, each with what is said of it. */
const columns: Readonly<Record<string, readonly string[]>> = {
  "a TEXT": [],
  "a TEXT NOT NULL DEFAULT 'x' UNIQUE": [],
  "a TEXT DEFAULT NULL CHECK (length(a) > 0 AND a <> 'y')": [],
  "a TEXT DEFAULT 0": [],
  'a TEXT DEFAULT ""': ["A text in double quotes is a column's name to PostgreSQL"],
  "a TEXT DEFAULT none": ["The word none is no text to PostgreSQL"],
  "a TEXT DEFAULT CURRENT_TIMESTAMP": ["CURRENT_TIMESTAMP is UTC in whole seconds in SQLite, and the session's time with its fractions in PostgreSQL"],
  "a TEXT COLLATE NOCASE": ["PostgreSQL has no collation NOCASE"],
  "a TEXT COLLATE binary": ["PostgreSQL has no collation BINARY"],
  'a TEXT COLLATE "C"': [],
  "a TEXT UNIQUE ON CONFLICT IGNORE": ["PostgreSQL has no ON CONFLICT in a definition"],
  "a VARCHAR": [],
  "a VARCHAR(20)": ["SQLite does not hold a text to its length, PostgreSQL does"],
  "a CHAR(2)": ["SQLite holds a CHAR to no length; PostgreSQL does, and fills it with blanks"],
  "a TEXT(20)": ["PostgreSQL has no type TEXT of a length"],
  "a": ["PostgreSQL has no column without a type"],
  "a BLOB": ["PostgreSQL has no type BLOB"],
  "a DATETIME": ["PostgreSQL has no type DATETIME"],
  "a NVARCHAR(10)": ["PostgreSQL has no type NVARCHAR"],
  "a INTEGER": ["INTEGER has 64 bits in SQLite and 32 in PostgreSQL"],
  "a int default 0": ["INT has 64 bits in SQLite and 32 in PostgreSQL"],
  "a INT(11)": ["PostgreSQL has no type INT of a length"],
  "a INTEGER DEFAULT ''": ["INTEGER has 64 bits in SQLite and 32 in PostgreSQL", "INTEGER has a default that is no number"],
  "a INTEGER DEFAULT true": ["INTEGER has 64 bits in SQLite and 32 in PostgreSQL", "TRUE is no number to PostgreSQL"],
  "a INTEGER DEFAULT CURRENT_TIMESTAMP": ["INTEGER has 64 bits in SQLite and 32 in PostgreSQL", "CURRENT_TIMESTAMP is no number to PostgreSQL"],
  "a SMALLINT": ["SMALLINT has 64 bits in SQLite and 16 in PostgreSQL"],
  "a BIGINT DEFAULT -1": [],
  "a BIGINT DEFAULT '5'": [],
  "a BIGINT(20)": ["PostgreSQL has no type BIGINT of a length"],
  "a REAL": ["REAL is a double in SQLite and has about 7 digits in PostgreSQL"],
  "a DOUBLE": ["PostgreSQL has no type DOUBLE"],
  "a DOUBLE PRECISION": [],
  "a FLOAT DEFAULT 0.5": [],
  "a FLOAT(10)": ["FLOAT is a double in SQLite and has about 7 digits in PostgreSQL"],
  "a DECIMAL(10, 2)": ["DECIMAL is a double in SQLite and an exact decimal in PostgreSQL"],
  "a BOOLEAN": ["BOOLEAN takes no 0 and 1 in PostgreSQL"],
  "a BOOLEAN DEFAULT (false)": [],
  "a BOOLEAN NOT NULL DEFAULT 0": ["BOOLEAN takes no 0 and 1 in PostgreSQL", "PostgreSQL takes no number for a flag's default"],
  "a TIMESTAMP": ["TIMESTAMP takes nothing else in PostgreSQL, and any value in SQLite"],
  "a DATE DEFAULT 0": ["DATE takes nothing else in PostgreSQL, and any value in SQLite", "PostgreSQL takes no number for the default of DATE"],
  "a INTEGER PRIMARY KEY": ["INTEGER PRIMARY KEY gives ids in SQLite only"],
  "a INTEGER PRIMARY KEY AUTOINCREMENT": ["INTEGER PRIMARY KEY gives ids in SQLite only", "PostgreSQL has no AUTOINCREMENT"],
  "a TEXT PRIMARY KEY": [],
  "a TEXT PRIMARY KEY DESC": ["PostgreSQL has no key with DESC"],
  "a TEXT GENERATED ALWAYS AS (lower(b)) STORED": [],
  "a TEXT AS (lower(b)) STORED": ["PostgreSQL wants GENERATED ALWAYS before AS"],
};

/** Tables, each with what is said of it besides its columns. */
const tables: Readonly<Record<string, readonly string[]>> = {
  "CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a, b))": [],
  "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID": ["PostgreSQL has no WITHOUT ROWID"],
  "CREATE TABLE t (a TEXT) STRICT": ["PostgreSQL has no STRICT"],
  "CREATE TABLE t (a TEXT, UNIQUE (a DESC))": ["PostgreSQL has no key with DESC"],
  "CREATE TABLE t (a TEXT, UNIQUE (a COLLATE NOCASE))": ["PostgreSQL has no collation NOCASE"],
  "CREATE TABLE t (a TEXT, UNIQUE (a) ON CONFLICT REPLACE)": ["PostgreSQL has no ON CONFLICT in a definition"],
  "CREATE TABLE t (a BIGINT, CHECK (a IN (1, 2)))": [],
};

test("what is said of a column's definition is what PostgreSQL does with it", async () => {
  const session = await embeddedTarget().connect();
  try {
    for (const [definition, expected] of Object.entries(columns)) {
      const sql = `CREATE TABLE t (${definition}, b TEXT)`;
      const statement = parseStatement(sql);
      assert.equal(statement.kind, "CreateTableStatement", sql);
      const column = statement.columns[0];
      assert.equal(column?.kind, "ColumnDefinition", sql);
      const differences = columnDifferences(column);
      assert.deepEqual(differences.map(({ text }) => text), expected, sql);
      assert.equal(await isRefused(session, sql), differences.some(({ refused }) => refused), sql);
    }
  } finally {
    await session.close();
  }
});

test("what is said of a table is what PostgreSQL does with it", async () => {
  const session = await embeddedTarget().connect();
  try {
    for (const [sql, expected] of Object.entries(tables)) {
      const statement = parseStatement(sql);
      assert.equal(statement.kind, "CreateTableStatement", sql);
      const differences = tableDifferences(statement);
      assert.deepEqual(differences.map(({ text }) => text), expected, sql);
      assert.equal(await isRefused(session, sql), differences.some(({ refused }) => refused), sql);
    }
  } finally {
    await session.close();
  }
});

type Session = Awaited<ReturnType<ReturnType<typeof embeddedTarget>["connect"]>>;

async function isRefused(session: Session, sql: string): Promise<boolean> {
  try {
    await session.query(sql);
    await session.query("DROP TABLE t");
    return false;
  } catch {
    return true;
  }
}
