import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { proveSyntax } from "#engine/proof/prover.ts";
import { makePair, type Pair } from "./pair.ts";

describe("the prover's verdicts", () => {
  let postgres: Pair;
  let both: Pair;
  before(async () => {
    postgres = await makePair("postgres");
    both = await makePair("both");
  });

  it("holds the whole schema", () => {
    assert.deepEqual(postgres.prover.refused, []);
    assert.deepEqual(both.prover.refused, []);
  });

  it("asks a server, not only a parser: strftime() parses and is rejected, unless the adapter's functions are there", async () => {
    const sql = "SELECT strftime('%Y', name) FROM people";
    assert.equal((await proveSyntax(sql)).verdict, "unchecked");
    const refused = await postgres.prover.prove(sql);
    assert.ok(refused.verdict === "rejected" && refused.gate === "server");
    assert.equal(refused.sqlState, "42883");
    assert.equal(refused.offset, sql.indexOf("strftime"));
    assert.equal((await both.prover.prove(sql)).verdict, "prepared");
  });

  it("gives the place of a wrong column in UTF-16 units, behind letters of two units and placeholders", async () => {
    const sql = "SELECT '😀é', ?1, ? FROM people WHERE id = ?12 AND nope = 1";
    const refused = await postgres.prover.prove(sql);
    assert.ok(refused.verdict === "rejected");
    assert.equal(refused.sqlState, "42703");
    assert.equal(refused.offset, sql.indexOf("nope"));
    const unparsed = await postgres.prover.prove("SELECT '😀' FROM WHERE");
    assert.ok(unparsed.verdict === "rejected" && unparsed.gate === "parser");
    assert.equal(unparsed.offset, "SELECT '😀' FROM ".length);
  });

  it("rejects what only the grammar knows: the type DATETIME, DO UPDATE without a target (TRAPS 50)", async () => {
    const cast = await postgres.prover.prove("SELECT CAST(name AS DATETIME) FROM people");
    assert.ok(cast.verdict === "rejected" && cast.gate === "server" && /datetime/.test(cast.message));
    const upsert = await postgres.prover.prove("INSERT INTO orders (person, amount) VALUES (1, 2) ON CONFLICT DO UPDATE SET amount = 1");
    assert.ok(upsert.verdict === "rejected");
  });

  it("prepares against the schema's keys, with placeholders of SQLite's", async () => {
    assert.deepEqual(await postgres.prover.prove("INSERT INTO orders (person, amount) VALUES (?, ?) ON CONFLICT (person, amount) DO NOTHING"), { verdict: "prepared", difference: undefined });
    assert.equal((await postgres.prover.prove("INSERT INTO orders (person) VALUES (?) ON CONFLICT (note) DO NOTHING")).verdict, "rejected");
  });

  it("does not take a limit of the embedded server for a refusal", async () => {
    const verdict = await postgres.prover.prove(`SELECT ${Array.from({ length: 3000 }, () => "'a'").join(" || ")}`);
    assert.ok(verdict.verdict === "unchecked" || verdict.verdict === "prepared", JSON.stringify(verdict));
    assert.equal((await postgres.prover.prove("SELECT id FROM people")).verdict, "prepared");
  });

  it("makes and changes objects and undoes it, those of the schema at hand put out of the way", async () => {
    for (const sql of [
      "CREATE TABLE people (a int REFERENCES orders (id))",
      "CREATE INDEX people_age ON people (age)",
      "ALTER TABLE people ADD COLUMN age bigint",
      "ALTER TABLE people ADD COLUMN fresh text",
      "ALTER TABLE people RENAME COLUMN nick TO called",
      "CREATE VIEW names AS SELECT name FROM people",
      "DROP INDEX IF EXISTS nowhere",
      "CREATE TABLE copy AS SELECT id FROM people",
    ]) {
      assert.deepEqual(await postgres.prover.prove(sql, sql), { verdict: "prepared", difference: undefined }, sql);
    }
    const refused = await postgres.prover.prove("CREATE INDEX people_sum ON people (sum(age))");
    assert.ok(refused.verdict === "rejected" && refused.gate === "server", JSON.stringify(refused));
    const old = await postgres.prover.prove("ALTER TABLE of_old RENAME TO of_late");
    assert.ok(old.verdict === "unchecked" && old.reason.includes("of_old"));
    assert.equal((await postgres.prover.prove("SELECT nick, age FROM people")).verdict, "prepared");
  });

  it("says why it checks no other statements and no scripts", async () => {
    const other = await postgres.prover.prove("BEGIN");
    assert.ok(other.verdict === "unchecked" && other.reason !== "");
    assert.equal((await postgres.prover.prove("SELECT 1; SELECT 2")).verdict, "unchecked");
    assert.equal((await postgres.prover.prove("-- nothing")).verdict, "unchecked");
  });

  it("runs queries on both engines and compares the rows", async () => {
    assert.deepEqual(await postgres.prover.prove("SELECT * FROM people", "SELECT * FROM people"), { verdict: "proven", rows: 7 });
    for (const [original, translated, kind] of [
      ["SELECT CAST(2.7 AS INTEGER)", "SELECT CAST(2.7 AS INTEGER)", "rows"], // TRAPS 49
      ["SELECT 5.5 % 2", "SELECT 5.5 % 2", "rows"], // TRAPS 73
      ["SELECT 1 / (id - id) FROM people", "SELECT 1 / (id - id) FROM people", "failure"], // TRAPS 73
      ["SELECT id FROM people WHERE 10 IN ('10')", "SELECT id FROM people WHERE 10 IN ('10')", "rows"], // TRAPS 49
      ["SELECT age FROM people ORDER BY age", "SELECT age FROM people ORDER BY age", "order"], // TRAPS 47
    ] as const) {
      const verdict = await postgres.prover.prove(translated, original);
      assert.ok(verdict.verdict === "prepared" && verdict.difference?.kind === kind, `${original}: ${JSON.stringify(verdict)}`);
    }
  });

  it("does not run what reads the clock, or has a parameter that nothing tells about", async () => {
    for (const sql of ["SELECT CURRENT_TIMESTAMP", "SELECT id FROM people WHERE $1"]) {
      assert.deepEqual(await postgres.prover.prove(sql, sql.replace("$1", "?1")), { verdict: "prepared", difference: undefined }, sql);
    }
  });

  it("takes values for parameters from the rows, a pattern's in other letters", async () => {
    const proven = await postgres.prover.prove("SELECT id FROM people WHERE name = $1 AND age = $2 ORDER BY id LIMIT $3", "SELECT id FROM people WHERE name = ?1 AND age = ?2 ORDER BY id LIMIT ?3");
    assert.deepEqual(proven, { verdict: "proven", rows: 1 });
    const differs = await postgres.prover.prove("SELECT id FROM people WHERE name LIKE $1", "SELECT id FROM people WHERE name LIKE ?1"); // TRAPS 41
    assert.ok(differs.verdict === "prepared" && differs.difference !== undefined && differs.difference.message.startsWith("with the values '%ANN%', SQLite gives 2 rows, PostgreSQL 0"), JSON.stringify(differs));
  });

  it("makes changes on both engines, compares the tables, and undoes them", async () => {
    const changes: readonly (readonly [original: string, translated: string])[] = [
      ["INSERT INTO orders (person, amount, note) VALUES (?1, ?2, ?3)", "INSERT INTO orders (person, amount, note) VALUES ($1, $2, $3)"],
      ["UPDATE people SET age = age + 1 WHERE name = ?1 RETURNING id, age", "UPDATE people SET age = age + 1 WHERE name = $1 RETURNING id, age"],
      ["DELETE FROM orders WHERE amount = 10", "DELETE FROM orders WHERE amount = 10"],
      ["INSERT OR IGNORE INTO orders (person, amount) VALUES (1, 10)", "INSERT INTO orders (person, amount) VALUES (1, 10) ON CONFLICT DO NOTHING"],
    ];
    for (let again = 0; again < 2; again++) {
      for (const [original, translated] of changes) assert.equal((await postgres.prover.prove(translated, original)).verdict, "proven", original);
    }
    const differs = await postgres.prover.prove("UPDATE people SET age = 8 WHERE age > 7", "UPDATE people SET age = 8 WHERE age >= 7");
    assert.ok(differs.verdict === "prepared" && differs.difference?.message.startsWith('what it changed in "people" differs'), JSON.stringify(differs));
    const refused = await postgres.prover.prove("INSERT INTO orders (person, amount) VALUES (1, 10)", "INSERT OR IGNORE INTO orders (person, amount) VALUES (1, 10)");
    assert.ok(refused.verdict === "prepared" && refused.difference?.kind === "failure" && refused.difference.message.includes("PostgreSQL gives an error"), JSON.stringify(refused));
  });
});
