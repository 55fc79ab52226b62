import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { makePair, type Pair } from "./pair.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { randomQuery } from "./random-query.ts";

/** Constructs that PostgreSQL refuses or reads differently; the rules may know some of them, but none may pass for the same. */
const different: readonly string[] = [
  "SELECT CAST(2.7 AS INTEGER)", // TRAPS 49
  "SELECT CAST(score AS INTEGER) FROM people",
  "SELECT id FROM people WHERE 10 IN ('10')", // TRAPS 49
  "SELECT id FROM people ORDER BY id LIMIT -1", // TRAPS 50
  "SELECT id FROM people LIMIT 1, 2",
  "SELECT id FROM people LIMIT 3",
  "INSERT INTO orders (person, amount) VALUES (1, 2) ON CONFLICT DO UPDATE SET note = 'x'", // TRAPS 50
  "DELETE FROM orders ORDER BY id LIMIT 1",
  "UPDATE orders SET note = 'x' LIMIT 1",
  "SELECT 5.5 % 2", // TRAPS 73
  "SELECT 1 / 0",
  "SELECT 7 % 0",
  "SELECT id / age FROM people",
  "SELECT 1 << 33",
  "SELECT x'4142'", // TRAPS 74
  "SELECT length(x'010203')",
  "SELECT substr(name, 0, 2) FROM people",
  "SELECT substr(name, -1) FROM people",
  "SELECT name || 1 FROM people",
  "SELECT age || name FROM people",
  "SELECT id FROM people WHERE name = 10", // TRAPS 45
  "SELECT id FROM people WHERE age = '7'",
  "SELECT id FROM people WHERE age", // TRAPS 48
  "SELECT age = 7 FROM people",
  "SELECT NOT active FROM people",
  "SELECT name, count(*) FROM people GROUP BY age", // TRAPS 42
  "SELECT max(age), name FROM people",
  "SELECT min(age, id) FROM people",
  "SELECT rowid FROM people", // TRAPS 51
  "SELECT id FROM people WHERE name LIKE 'A%'", // TRAPS 41
  "SELECT id FROM people WHERE label = 'red'", // TRAPS 19
  "SELECT label, count(*) FROM people GROUP BY label",
  "SELECT DISTINCT label FROM people",
  "SELECT id FROM people WHERE created > '2020-01-01'",
  "SELECT strftime('%W', created) FROM people", // TRAPS 75
  "SELECT avg(score) FROM people",
  "SELECT sum(score) FROM people",
  "SELECT 0.1 + 0.2",
  "SELECT age + 0.1 FROM people",
  "SELECT 9223372036854775807 + 1",
  "SELECT 0x10",
  "SELECT 1e400",
  "SELECT round(2.5)",
  "SELECT ifnull(age, '10') FROM people",
  "SELECT typeof(age) FROM people",
  "SELECT lower('É')",
  "SELECT user",
  "SELECT count(*) FROM user",
  "SELECT 1 UNION SELECT 2 INTERSECT SELECT 2",
  "SELECT * FROM people NATURAL JOIN orders",
  "SELECT * FROM people JOIN orders USING (id)",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n",
  "SELECT (SELECT amount FROM orders) FROM people",
  "SELECT id FROM people ORDER BY 1",
  "SELECT id AS personId FROM people",
  "SELECT id FROM people WHERE (id, age) = (1, 30)",
  "SELECT id FROM people WHERE age IS 7",
  "SELECT id FROM people WHERE age == 7",
  "SELECT a FROM (SELECT 1 AS a /* /* */ , 2 -- */ */\n)",
  "INSERT INTO orders (person, amount) VALUES (1, 1.5)",
  "INSERT INTO orders (id, amount) VALUES (NULL, 1)", // TRAPS 76
  "INSERT INTO people (name, created) VALUES ('x', '2020-01-01T00:00:00Z')",
  "DELETE FROM people WHERE id = 1",
  "UPDATE people SET id = id + 1",
  "REPLACE INTO orders (id, amount) VALUES (1, 2)", // TRAPS 40
];

/** Statements that are PostgreSQL's affair in mode postgres; in mode both the adapter answers them. */
const answered: readonly string[] = ["PRAGMA foreign_keys = ON", "BEGIN IMMEDIATE"];

/** Constructs that are the same on both, or that a safe fix makes the same. */
const same: readonly string[] = [
  "SELECT * FROM people",
  "SELECT id, name FROM people WHERE id = 3",
  "SELECT id FROM people WHERE active = 1 AND age > 0",
  "SELECT id FROM people ORDER BY age, id",
  "SELECT id FROM people ORDER BY score DESC, id LIMIT 3 OFFSET 1",
  "SELECT age, count(*) FROM people GROUP BY age",
  "SELECT ifnull(age, 0) FROM people",
  "SELECT p.name, o.amount FROM people p JOIN orders o ON o.person = p.id WHERE o.amount BETWEEN 5 AND 15",
  "SELECT id FROM people WHERE id IN (SELECT person FROM orders WHERE note IS NOT NULL)",
  "SELECT id FROM people WHERE name < 'b' OR nick IS NULL",
  "SELECT substr(name, 1, 2), length(name), lower(name) FROM people",
  "SELECT DISTINCT age FROM people",
  "SELECT CASE WHEN age > 7 THEN 'old' ELSE name END FROM people",
  "SELECT name || '!' FROM people",
  "SELECT id / 2, id % 2 FROM people",
  "SELECT id, age + 1 FROM people WHERE score >= 0.1",
];

for (const mode of ["postgres", "both"] as const) {
  describe(`outcomes in mode ${mode}: nothing that differs passes for the same`, () => {
    let pair: Pair;
    before(async () => {
      pair = await makePair(mode);
    });

    for (const sql of mode === "both" ? different : [...different, ...answered]) {
      it(`not shown to be the same: ${sql}`, async () => {
        const { outcome, findings, sql: translated } = await pair.translate(sql);
        if (outcome === "verified" || outcome === "translated") {
          // A rule that has learnt to fix it must give the same rows.
          const truth = await pair.truth(sql, translated);
          assert.equal(truth.verdict, "proven", `${outcome}: ${translated}`);
        } else assert.ok(findings.some((finding) => finding.applicability !== "safe" && finding.message !== ""), "no reason is given");
      });
    }

    for (const sql of same) {
      it(`verified, and the same rows: ${sql}`, async () => {
        const { outcome, sql: translated, findings } = await pair.translate(sql);
        assert.equal(outcome, "verified", JSON.stringify(findings));
        assert.equal((await pair.truth(sql, translated)).verdict, "proven");
      });
    }

    it("random queries: whatever is verified gives the same rows", async () => {
      const random = seededRandom(mode === "both" ? 11 : 7);
      let verified = 0;
      for (let i = 0; i < 600; i++) {
        const sql = randomQuery(random);
        const { outcome, sql: translated } = await pair.translate(sql);
        if (outcome !== "verified" && outcome !== "translated") continue;
        verified++;
        const truth = await pair.truth(sql, translated);
        assert.equal(truth.verdict, "proven", `${sql}\n→ ${translated}\n${JSON.stringify(truth)}`);
      }
      assert.ok(verified > 60, `only ${verified} were verified`);
    });
  });
}
