import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cli, type CliResult } from "../../support/cli.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

interface Line {
  readonly id: unknown;
  readonly sql: string;
  readonly outcome: string;
  readonly findings: readonly { readonly rule: string; readonly message: string; readonly applicability: string }[];
}

const ddl = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, is_active BOOLEAN NOT NULL DEFAULT 1, age INTEGER);";

async function translated(statements: readonly string[], args: readonly string[]): Promise<{ readonly result: CliResult; readonly lines: readonly Line[] }> {
  const input = statements.map((sql, id) => JSON.stringify({ id, sql })).join("\n");
  const result = await cli(temporaryFolder(), ["translate", "--jsonl", ...args], {}, input);
  return { result, lines: result.out.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Line) };
}

function schemaFile(): string {
  const path = join(temporaryFolder(), "schema.sql");
  writeFileSync(path, ddl);
  return path;
}

describe("cutover translate", () => {
  it("writes one answer a line, of exactly the contract's fields", async () => {
    const { result, lines } = await translated(
      [
        "SELECT id FROM users WHERE is_active = 1 AND name = ? ORDER BY age, id",
        "SELECT id FROM users LIMIT 1",
        "SELECT strftime('%J', name) FROM users",
        "SELECT FROM WHERE",
        "INSERT OR REPLACE INTO users (name, is_active, age) VALUES (:name, 1, :age)",
      ],
      ["--schema", schemaFile()],
    );
    assert.equal(result.code, 1, result.err);
    assert.deepEqual(lines.map(({ id, outcome }) => [id, outcome]), [[0, "verified"], [1, "review"], [2, "manual"], [3, "unparsed"], [4, "review"]]);
    for (const line of lines) {
      assert.deepEqual(Object.keys(line), ["id", "sql", "outcome", "findings"]);
      for (const finding of line.findings) assert.deepEqual(Object.keys(finding), ["rule", "message", "applicability"]);
    }
    assert.equal(lines[0]?.sql, "SELECT id FROM users WHERE is_active = TRUE AND name = $1 ORDER BY age NULLS FIRST, id");
    assert.ok(lines[2]?.findings.some(({ rule, message }) => rule === "rejected" && message.includes("function strftime(unknown, text) does not exist")));
  });

  it("without a schema nothing is verified, and what depends on types is review", async () => {
    const { result, lines } = await translated(["SELECT id FROM users", "SELECT id FROM users WHERE name = ?", "DROP TABLE users"], []);
    assert.deepEqual(lines.map((line) => line.outcome), ["translated", "review", "translated"]);
    assert.match(lines[1]?.findings[0]?.message ?? "", /--schema/);
    assert.equal(result.code, 1);
    assert.equal((await translated(["SELECT id FROM users"], [])).result.code, 0);
  });

  it("keeps SQLite's numbers of parameters (TRAPS 43), in every style", async () => {
    const sql = "UPDATE users SET age = :age WHERE name = :name AND age <> :age";
    const text = async (params: string): Promise<string | undefined> => (await translated([sql], ["--params", params])).lines[0]?.sql;
    assert.equal(await text("numeric"), "UPDATE users SET age = $1 WHERE name = $2 AND age <> $1");
    assert.equal(await text("psycopg"), "UPDATE users SET age = %(age)s WHERE name = %(name)s AND age <> %(age)s");
    assert.equal(await text("named"), sql);
    assert.equal(await text("qmark"), "UPDATE users SET age = ? WHERE name = ? AND age <> ?");
    // Read as $1 twice after a first pass, this would change places.
    assert.equal((await translated(["SELECT id FROM users WHERE age = ?2 AND name = ?1"], [])).lines[0]?.sql, "SELECT id FROM users WHERE age = $2 AND name = $1");
  });

  it("a parameter that is grouped by is never verified (TRAPS 43)", async () => {
    const { lines } = await translated(["SELECT age + ?, count(*) FROM users GROUP BY age + ?"], ["--schema", schemaFile()]);
    assert.equal(lines[0]?.outcome, "manual");
  });

  it("translates a script and keeps what stands between the statements", async () => {
    const { code, out } = await cli(temporaryFolder(), ["translate"], {}, "-- first\nSELECT id FROM users; -- second\nSELECT ifnull(name, 'x') FROM users;\n");
    assert.equal(out, "-- first\nSELECT id FROM users; -- second\nSELECT COALESCE(name, 'x') FROM users;\n");
    assert.equal(code, 1);
  });

  it("translates DDL in both modes", async () => {
    for (const mode of ["postgres", "both"]) {
      const { lines } = await translated(["CREATE TABLE logs (id INTEGER PRIMARY KEY AUTOINCREMENT, at DATETIME)"], ["--mode", mode]);
      assert.match(lines[0]?.sql ?? "", /id bigserial/);
      assert.equal(lines[0]?.outcome, "translated", JSON.stringify(lines[0]?.findings));
    }
  });

  it("compares the rows of a database at hand", async () => {
    const file = sqliteFile(`${ddl} INSERT INTO users VALUES (1, 'Bob', 1, 30), (2, 'bob', 0, 7)`);
    const { lines } = await translated(["SELECT name FROM users WHERE age > 7", "SELECT CAST(age / 4.0 AS INTEGER) FROM users"], ["--schema", file]);
    assert.deepEqual(lines.map((line) => line.outcome), ["verified", "manual"]);
    assert.ok(lines[1]?.findings.some((finding) => finding.rule === "rows-differ"));
  });

  it("in mode both the server gets what the adapter sends: time() and the clock's words, too", async () => {
    const { lines } = await translated(["SELECT time('10:20'), date('2024-01-02')", "SELECT CURRENT_TIME > '00:00:00'"], ["--schema", schemaFile(), "--mode", "both"]);
    assert.deepEqual(lines.map(({ findings }) => findings.filter(({ rule }) => rule === "rejected")), [[], []]);
  });

  it("in mode both the adapter's functions are there", async () => {
    const { lines } = await translated(["SELECT group_concat(name, ',') FROM users"], ["--schema", schemaFile(), "--mode", "both"]);
    assert.ok(lines[0]?.findings.every((finding) => finding.rule !== "rejected"), JSON.stringify(lines));
  });

  it("refuses lines and arguments that it cannot read", async () => {
    const folder = temporaryFolder();
    const bad = await cli(folder, ["translate", "--jsonl"], {}, '{"id":1,"sql":"SELECT 1"}\n{"id":2}\n');
    assert.equal(bad.code, 2);
    assert.match(bad.err, /line 2/);
    assert.equal((await cli(folder, ["translate", "file.sql"])).code, 2);
    assert.equal((await cli(folder, ["translate", "--params", "odd"])).code, 2);
    assert.equal((await cli(folder, ["translate", "--schema", "missing.db"])).code, 2);
  });

  it("reads a real stdin", async () => {
    const out = await new Promise<string>((resolve, reject) => {
      const child = execFile(process.execPath, [join(import.meta.dirname, "../../../src/cli/main.ts"), "translate"], (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(new Error(error.message, { cause: error }));
      });
      child.stdin?.end("SELECT id FROM users");
    });
    assert.equal(out, "SELECT id FROM users\n");
  });
});
