import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PostgresType } from "#core/schema/decision.ts";
import { decisionOf, lineOf, planOf, reportsOf, sqlOf } from "./plan-of.ts";

interface Case {
  readonly about: string;
  /** The column's declaration, after its name. */
  readonly declared: string;
  readonly name?: string;
  /** SQL values of the column, one for each row. */
  readonly values: readonly string[];
  readonly type: PostgresType;
  readonly evidence?: RegExp;
  readonly warning?: RegExp;
}

const cases: readonly Case[] = [
  { about: "ISO timestamps", declared: "TEXT", values: ["'2024-01-02 03:04:05'", "'2024-02-29 23:59:59.25'", "NULL"], type: "timestamp", evidence: /^2 of 2 values are ISO timestamps/ },
  { about: "a T between day and time changes the text, not the instant", declared: "TEXT", values: ["'2024-01-02T03:04:05'"], type: "timestamp", warning: /1 of them have a T/ },
  { about: "one text that is no timestamp", declared: "TEXT", values: ["'2024-01-02 03:04:05'", "'2024-01-03 03:04:05'", "'never'"], type: "text", evidence: /^2 of 3 values are ISO timestamps, 1 is not/ },
  { about: "a day that does not exist", declared: "TEXT", values: ["'2024-02-30 00:00:00'"], type: "text" },
  { about: "24:00:00, which SQLite takes for the next day", declared: "TEXT", values: ["'2024-02-01 24:00:00'"], type: "text" },
  { about: "a leap second, which SQLite refuses", declared: "TEXT", values: ["'2016-12-31 23:59:60'"], type: "text" },
  { about: "the year 0, which PostgreSQL does not have", declared: "TEXT", values: ["'0000-01-01 00:00:00'"], type: "text" },
  { about: "more digits than a microsecond", declared: "TEXT", values: ["'2024-01-02 03:04:05.1234567'"], type: "text" },
  { about: "a zone", declared: "TEXT", values: ["'2024-01-02 03:04:05Z'", "'2024-01-02T03:04:05+02:00'"], type: "text", evidence: /ISO timestamps with a zone/ },
  { about: "BLOBs and numbers", declared: "", values: ["x'00'", "1", "'a'"], type: "bytea", evidence: /bytes hold them all, texts as UTF-8, numbers as their digits/, warning: /2 of 3 values are no BLOBs/ },
  { about: "dates", declared: "TEXT", values: ["'2024-02-29'", "'1999-12-31'"], type: "date" },
  { about: "TRAP 27: epoch numbers in a DATETIME stay numbers", declared: "DATETIME", values: ["1627303906122", "1381"], type: "bigint", evidence: /the values are numbers/ },
  { about: "TRAP 28: 0 in a DATETIME beside texts", declared: "DATETIME", values: ["0", "'2024-01-02 03:04:05'"], type: "text", evidence: /1 integer, 1 text/, warning: /1 of 2 values are numbers/ },
  { about: "TRAP 23: 64-bit integers", declared: "INTEGER", values: ["9223372036854775807", "-9223372036854775808"], type: "bigint", evidence: /from -9,223,372,036,854,775,808 to 9,223,372,036,854,775,807/ },
  { about: "TRAP 21: a text among integers", declared: "INTEGER", values: ["1", "2", "'many'"], type: "text", evidence: /2 integers, 1 text/, warning: /2 of 3 values are numbers/ },
  { about: "a real among integers", declared: "INTEGER", values: ["1", "2.5"], type: "double precision" },
  { about: "a real among integers that no double holds", declared: "INTEGER", values: ["9007199254740993", "2.5"], type: "numeric", warning: /computes decimally/ },
  { about: "TRAP 22: VARCHAR(n) was never enforced", declared: "VARCHAR(3)", values: ["'longer than three'"], type: "text" },
  { about: "TRAP 24: a flag by its name", declared: "INTEGER", name: "is_active", values: ["0", "1"], type: "boolean" },
  { about: "TRAP 26: a declared BOOLEAN", declared: "BOOLEAN", values: ["0", "1", "NULL"], type: "boolean" },
  { about: "TRAP 25: one 2 makes it no flag", declared: "BOOLEAN", name: "is_active", values: ["0", "1", "2"], type: "bigint" },
  { about: "a flag by its CHECK", declared: "INTEGER CHECK (c IN (0, 1))", values: ["1"], type: "boolean" },
  { about: "a young counter is no flag", declared: "INTEGER DEFAULT 0", name: "retry_count", values: ["0", "1"], type: "bigint" },
  { about: "JSON objects and arrays", declared: "TEXT", values: [`'{"a": [1, 2.50, "x"]}'`, "'[]'", "' {\"b\": null}'"], type: "jsonb" },
  { about: "a key twice, which jsonb would drop", declared: "TEXT", values: [`'{"a": 1, "a": 2}'`], type: "text", evidence: /jsonb would change 1 of them/ },
  { about: "the same key in an escape", declared: "TEXT", values: [`'{"a": 1, "\\u0061": 2}'`], type: "text" },
  { about: "\\u0000 in JSON, which jsonb refuses", declared: "TEXT", values: [`'{"a": "\\u0000"}'`], type: "text" },
  { about: "a lone surrogate in JSON", declared: "TEXT", values: [`'["\\ud800"]'`], type: "text" },
  { about: "an escaped backslash before u0000", declared: "TEXT", values: [`'["\\\\u0000"]'`], type: "jsonb" },
  { about: "plain JSON numbers are text", declared: "TEXT", values: ["'1'", "'2'"], type: "text" },
  { about: "an empty string among JSON", declared: "TEXT", values: ["'{}'", "''"], type: "text" },
  { about: "a default that is no JSON", declared: "TEXT DEFAULT ''", values: ["'{}'"], type: "text", evidence: /the default '' is none/ },
  { about: "BLOBs", declared: "BLOB", values: ["x'00ff'"], type: "bytea" },
  { about: "TRAP 31: a text in a BLOB column", declared: "BLOB", values: ["x'00ff'", "'text'"], type: "bytea", warning: /1 of 2 values are no BLOBs/ },
  { about: "decimals", declared: "DECIMAL(10,2)", values: ["19.99", "5"], type: "numeric", evidence: /exact decimals/ },
  { about: "a decimal column with a binary fraction", declared: "DECIMAL(10,2)", values: ["19.99", "0.1 + 0.2"], type: "double precision", evidence: /not all are decimals of at most 15 digits/ },
  { about: "infinity", declared: "REAL", values: ["9e999", "1.5"], type: "double precision" },
  { about: "TRAP 30, 64: bytes that are not UTF-8", declared: "TEXT", values: ["CAST(x'ff41' AS TEXT)", "'ok'"], type: "text", warning: /^1 of 2 texts are not valid UTF-8/ },
  { about: "TRAP 30: a real U+FFFD is valid", declared: "TEXT", values: ["CAST(x'efbfbd' AS TEXT)"], type: "text" },
  { about: "TRAP 29: NUL in text", declared: "TEXT", values: ["'a' || char(0) || 'b'", "'c'"], type: "text", warning: /^1 of 2 texts hold U\+0000/ },
  { about: "texts of which most are no texts", declared: "TEXT", values: ["'a' || char(0) || 'b'", "CAST(x'ff41' AS TEXT)", "'c'"], type: "bytea", evidence: /2 of 3 texts are not valid UTF-8 or hold U\+0000/, warning: /1 of 3 values are texts and become their bytes/ },
  { about: "UUIDs stay text unless declared", declared: "TEXT", values: ["'123e4567-e89b-12d3-a456-426614174000'"], type: "text", evidence: /uuid would hold them/ },
  { about: "declared UUIDs", declared: "UUID", values: ["'123e4567-e89b-12d3-a456-426614174000'"], type: "uuid" },
];

describe("decisions by all values", () => {
  for (const { about, declared, name = "c", values, type, evidence, warning } of cases) {
    it(`${about}: ${type}`, async () => {
      const plan = await planOf(`CREATE TABLE t (k INTEGER PRIMARY KEY, ${name} ${declared})`, { rows: values.map((value) => `INSERT INTO t (${name}) VALUES (${value});`).join("\n") });
      const decision = decisionOf(plan, "t", name);
      assert.equal(decision.type, type, decision.evidence);
      if (evidence !== undefined) assert.match(decision.evidence, evidence);
      if (warning === undefined) assert.deepEqual(decision.warnings, []);
      else assert.match(decision.warnings.join("\n"), warning);
      assert.ok(decision.confidence > 0 && decision.confidence <= 1);
    });
  }
});

describe("decisions", () => {
  it("say that they went by the declaration when there is no data", async () => {
    const plan = await planOf("CREATE TABLE t (a INTEGER, b BLOB, c JSON, d DATE, e, f BOOLEAN)");
    assert.deepEqual(["a", "b", "c", "d", "e", "f"].map((c) => decisionOf(plan, "t", c).type), ["bigint", "bytea", "jsonb", "date", "text", "boolean"]);
    assert.match(decisionOf(plan, "t", "a").evidence, /by its declaration, no data was looked at/);
    assert.match(decisionOf(await planOf("CREATE TABLE t (a INTEGER)", { rows: "" }), "t", "a").evidence, /the table is empty/);
  });

  it("give a foreign key's column its parent's type", async () => {
    const ddl = "CREATE TABLE p (code TEXT PRIMARY KEY); CREATE TABLE c (code VARCHAR(9) REFERENCES p, again INTEGER REFERENCES p(code))";
    const plan = await planOf(ddl);
    assert.deepEqual([decisionOf(plan, "c", "code").type, decisionOf(plan, "c", "again").type], ["text", "text"]);
    const dated = await planOf(ddl, { rows: "INSERT INTO p VALUES ('2024-01-01'); INSERT INTO c (code) VALUES ('2024-01-01')" });
    assert.deepEqual([decisionOf(dated, "p", "code").type, decisionOf(dated, "c", "code").type], ["date", "date"]);
  });

  it("leave a foreign key out, with the reason, when the child's values do not fit the parent's type", async () => {
    const plan = await planOf("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p)", { rows: "INSERT INTO c VALUES ('none')" });
    assert.equal(decisionOf(plan, "c", "p").type, "text");
    assert.deepEqual(reportsOf(plan), ["foreign-key c (p) to p: p is text and p.id is bigint: PostgreSQL does not compare them"]);
  });

  it("keep a jsonb-looking key as text: an index compares texts", async () => {
    const plan = await planOf("CREATE TABLE t (a TEXT UNIQUE)", { rows: "INSERT INTO t VALUES ('{}')" });
    assert.equal(decisionOf(plan, "t", "a").type, "text");
  });

  it("obey overrides, and say what does not fit them", async () => {
    const plan = await planOf("CREATE TABLE T (a TEXT)", { rows: "INSERT INTO t VALUES ('x'), ('2024-01-01')", overrides: new Map([["t.A", "date"]]) });
    const decision = decisionOf(plan, "t", "a");
    assert.deepEqual([decision.type, decision.overridden, decision.warnings], ["date", true, ["1 of 2 values do not fit date"]]);
  });

  it("obey policies", async () => {
    const ddl = "CREATE TABLE t (is_a INTEGER, j TEXT, d TEXT)";
    const rows = "INSERT INTO t VALUES (1, '{}', '2024-01-01 00:00:00')";
    const plain = await planOf(ddl, { rows, policies: { booleans: "integer", json: "text", dates: "text" } });
    assert.deepEqual(["is_a", "j", "d"].map((c) => decisionOf(plain, "t", c).type), ["bigint", "text", "text"]);
    assert.equal(decisionOf(await planOf(ddl, { rows, policies: { dates: "timestamptz" } }), "t", "d").type, "timestamptz");
  });

  it("make a primary key that holds NULL a UNIQUE constraint, and say so", async () => {
    const plan = await planOf("CREATE TABLE t (a TEXT PRIMARY KEY)", { rows: "INSERT INTO t VALUES (NULL), (NULL), ('x')" });
    assert.deepEqual(sqlOf(plan, "unique"), ["ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey UNIQUE (a)"]);
    assert.match(reportsOf(plan).join(), /a holds NULLs/);
  });

  it("look at every chunk of a long table", async () => {
    const rows = "INSERT INTO t (c) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000) SELECT CASE i WHEN 44999 THEN 'x' ELSE i END FROM n";
    const plan = await planOf("CREATE TABLE t (k INTEGER PRIMARY KEY, c INTEGER)", { rows });
    assert.match(decisionOf(plan, "t", "c").evidence, /44,999 integers, 1 text/);
    assert.equal(lineOf(plan, "t", "k"), "k bigserial");
  });

  it("read tables without a rowid and with columns called rowid", async () => {
    const plan = await planOf("CREATE TABLE a (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID; CREATE TABLE b (rowid TEXT, oid TEXT, _rowid_ TEXT)", {
      rows: "INSERT INTO a VALUES ('x', 1), ('y', 2); INSERT INTO b VALUES ('2024-01-01', '{}', 'z')",
    });
    assert.match(decisionOf(plan, "a", "v").evidence, /^2 of 2 values are integers, from 1 to 2$/);
    assert.deepEqual(["rowid", "oid", "_rowid_"].map((c) => decisionOf(plan, "b", c).type), ["date", "jsonb", "text"]);
  });
});
