import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { makePair, type Pair } from "./pair.ts";
import { everyType, randomExpression } from "./random-expression.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** More of it by hand: EXPRESSIONS_COUNT=20000 EXPRESSIONS_SEED=5 node --test test/integration/proof/expressions.test.ts */
const count = Number(process.env["EXPRESSIONS_COUNT"] ?? 900);
const seed = Number(process.env["EXPRESSIONS_SEED"] ?? 1);

for (const mode of ["postgres", "both"] as const) {
  describe(`random expressions of every type in mode ${mode}`, () => {
    let pair: Pair;
    before(async () => {
      pair = await makePair(mode, everyType);
    });

    it("whatever is verified gives the same rows", async () => {
      const random = seededRandom(seed);
      let verified = 0;
      const wrong: string[] = [];
      for (let i = 0; i < count; i++) {
        const sql = randomExpression(random);
        const { outcome, sql: translated } = await pair.translate(sql);
        if (outcome !== "verified" && outcome !== "translated") continue;
        verified++;
        const truth = await pair.truth(sql, translated);
        if (truth.verdict !== "proven") wrong.push(`${sql}\n→ ${translated}\n${JSON.stringify(truth)}`);
      }
      assert.deepEqual(wrong, []);
      assert.ok(verified > count / 6, `only ${verified} were verified`);
    });
  });
}
