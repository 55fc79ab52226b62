import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import type { Plan } from "#core/schema/plan.ts";
import { checkDdl } from "#engine/proof/check-ddl.ts";
import { startServer } from "../../support/shared-server.ts";
import { planOf } from "../../unit/schema/plan-of.ts";
import { corpusTriggers } from "./trigger-corpus.ts";

describe("triggers of applications and of SQLite's tests", () => {
  const all = corpusTriggers();

  it("are translated and load on PostgreSQL 14 and 18, or have a reason", { skip: all === undefined ? "the folder of the corpus is not there" : false }, async (t) => {
    assert.ok(all !== undefined);
    const plans: { readonly sql: string; readonly plan: Plan }[] = [];
    const reasons: string[] = [];
    let changed = 0;
    for (const { from, sql, definitions } of all.found) {
      let plan: Plan;
      try {
        plan = await planOf(`${[...definitions, sql].join(";\n")};`);
      } catch (problem) {
        // A table of another database, or one that this SQLite cannot open.
        assert.ok(problem instanceof CutoverError, String(problem));
        reasons.push(`${from}: ${problem.message}`);
        continue;
      }
      const reported = plan.reported.filter((each) => each.kind === "trigger");
      const left = reported.find((each) => each.outcome === "left-out");
      if (left === undefined) plans.push({ sql, plan });
      else reasons.push(`${from}: ${left.reason}`);
      if (left === undefined && reported.length > 0) changed++;
    }
    for (const major of [14, 18] as const) {
      const { target } = await (await startServer(major)).newDatabase();
      const session = await target.connect();
      try {
        for (const { sql, plan } of plans) {
          const { failures } = await checkDdl(plan, session);
          assert.deepEqual(failures.filter(({ object }) => object.kind === "function" || object.kind === "trigger").map(({ message }) => message), [], sql);
        }
      } finally {
        await session.close();
        await target.close();
      }
    }
    t.diagnostic(`${all.found.length} triggers (${all.without} more without their tables): ${plans.length} translated, ${changed} of them with a remark; ${reasons.length} left out`);
    if (process.env["CUTOVER_SHOW_REASONS"] !== undefined) for (const reason of reasons) t.diagnostic(reason);
    // Most of those that are left out are about columns without types, which take any value, or tables with no key but the rowid.
    assert.ok(plans.length >= all.found.length * 0.35, `${plans.length} of ${all.found.length}`);
  });
});
