import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { witness } from "#engine/proof/witness.ts";

describe("the independent witness", () => {
  for (const [original, rewritten] of [
    ["SELECT a.x, y FROM t a JOIN u ON a.id = u.id WHERE z = ?", "SELECT a.x, y FROM t a JOIN u ON a.id = u.id WHERE z = $1"],
    ["INSERT OR IGNORE INTO t (a, b) VALUES (?, ?)", "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT DO NOTHING"],
    ["INSERT OR REPLACE INTO t (a, b) VALUES (?, ?)", "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b"],
    ["SELECT Name FROM T ORDER BY Name DESC", "SELECT name FROM t ORDER BY name DESC NULLS LAST"],
  ] as const) {
    it(`agrees to ${rewritten}`, async () => {
      assert.deepEqual(await witness(original, rewritten), { kind: "agrees" });
    });
  }

  it("names a table and a column that the rewrite lost or brought in", async () => {
    const said = await witness("SELECT a, b FROM t WHERE c = 1", "SELECT a FROM u WHERE c = 1");
    assert.deepEqual(said, { kind: "differs", differences: ["- table select::t", "+ table select::u", "- column b"] });
  });

  it("says nothing of what it cannot read", async () => {
    assert.equal((await witness("SELECT 1 WHERE x NOTNULL ISNULL GLOB", "SELECT 1")).kind, "silent");
  });
});
