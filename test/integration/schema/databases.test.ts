import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { accountFor } from "#core/schema/account-for.ts";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { introspectPostgres } from "#engine/postgres/introspect.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { checkDdl } from "#engine/proof/check-ddl.ts";
import { parsePostgres } from "#engine/proof/parse-postgres.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { allTargets } from "../../support/targets.ts";
import { counted } from "./counted.ts";
import { databases, root } from "./helpers.ts";

for (const { label, empty } of allTargets) {
  describe(`real databases, on ${label}`, () => {
    let session: PostgresSession;
    before(async () => { session = await (await empty()).connect(); });
    after(async () => { await session.close(); });

    const found = databases();
    if (found.length === 0) it("needs the folder of databases beside the repository", { skip: "it is not there" }, () => undefined);

    for (const path of found) {
      it(`${basename(path)}: everything is translated or named, and loads`, async () => {
        const read = await readPlan({ source: path, profile: true, schema: "loaded", targetVersion: session.version });
        try {
          await counted(read.source.db, read.plan, session);
          // The script as a user would run it makes the same.
          const script = renderDdl(read.plan);
          assert.equal(await parsePostgres(script), undefined);
          for (const { sql } of read.plan.objects) await session.query(sql);
          const one = await introspectPostgres(session, "loaded");
          await session.script(`DROP SCHEMA loaded CASCADE; ${script}`);
          assert.deepEqual(await introspectPostgres(session, "loaded"), one);
          await session.script("DROP SCHEMA loaded CASCADE");
        } finally {
          read.close();
        }
      });
    }

    const sample = join(root, "sample/app/server/db/schema.sql");
    it("the sample's schema: 26 tables, 41 indexes, nothing left out", { skip: existsSync(sample) ? false : "the sample is not there" }, async () => {
      const read = await readPlan({ source: sample, profile: false });
      const { plan } = read;
      read.close();
      const { kinds } = accountFor(plan);
      assert.equal(kinds.get("table")?.translated, 26);
      assert.equal(kinds.get("index")?.translated, 41);
      assert.deepEqual(plan.reported.filter((each) => each.kind !== "internal-table"), []);
      assert.deepEqual((await checkDdl(plan, session)).failures, []);
    });
  });
}
