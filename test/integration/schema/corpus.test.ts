import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Account } from "#core/schema/account-for.ts";
import { decide } from "#core/schema/decide.ts";
import { defaultPolicies } from "#core/schema/decision.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { statementTranslator } from "#engine/proof/statement-translator.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { startServer } from "../../support/shared-server.ts";
import { corpusSchemas, hasCorpus } from "./corpus-schemas.ts";
import { counted } from "./counted.ts";

describe("all DDL of the corpus", { skip: hasCorpus ? false : "the corpus is not beside the repository" }, () => {
  const { schemas, taken, refused } = hasCorpus ? corpusSchemas() : { schemas: [], taken: 0, refused: [] };
  after(() => { for (const { db } of schemas) db.close(); });

  it("finds most of its statements a database: the others need tables that the corpus does not have, or are meant to fail", () => {
    assert.ok(taken > refused.length * 2, `${taken} taken, ${refused.length} refused`);
  });

  for (const major of [14, 18] as const) {
    describe(`PostgreSQL ${major}`, () => {
      let session: PostgresSession;
      before(async () => { session = await (await (await startServer(major)).newDatabase()).target.connect(); });
      after(async () => { await session.close(); });

      it("is translated and loads, or is named with the reason, object by object", async () => {
        const views: Account[] = [];
        for (const { name, db } of schemas) {
          const catalog = introspect({ kind: "database", name, path: undefined, db, unloaded: [], close: () => undefined });
          const plan = makePlan(catalog, decide(catalog, undefined, defaultPolicies, new Map()), { schema: "corpus", targetVersion: major, collation: "C" }, statementTranslator);
          try {
            views.push(...[(await counted(db, plan, session)).kinds.get("view")].filter((each) => each !== undefined));
          } catch (problem) {
            throw new Error(`${name}: ${problem instanceof Error ? problem.message : String(problem)}`, { cause: problem });
          }
        }
        const sum = (of: (account: Account) => number): number => views.reduce((total, each) => total + of(each), 0);
        assert.ok(sum((each) => each.translated) * 3 > sum((each) => each.found) * 2, `${sum((each) => each.translated)} of ${sum((each) => each.found)} views translated`);
      });
    });
  }
});
