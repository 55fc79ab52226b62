import assert from "node:assert/strict";
import fc from "fast-check";
import { after, before, describe, it } from "node:test";
import type { PostgresSession, PostgresTarget } from "#engine/postgres/session.ts";
import { allTargets } from "../../support/targets.ts";
import { comesBack } from "./comes-back.ts";
import { randomSchema } from "./random-schema.ts";

const runs = Number(process.env["CUTOVER_RUNS"] ?? 30);
const seed = Number(process.env["CUTOVER_SEED"] ?? 20261122);

describe("random schemas come back from PostgreSQL as they were, or with a reason", () => {
  for (const { label, empty } of allTargets) {
    describe(label, () => {
      let target: PostgresTarget;
      let session: PostgresSession;
      before(async () => {
        target = await empty();
        session = await target.connect();
      });
      after(async () => { await session.close(); });

      it(`${runs} schemas`, async () => {
        let [objects, translated] = [0, 0];
        await fc.assert(fc.asyncProperty(randomSchema, async (schema) => {
          const back = await comesBack(schema, session);
          objects += back.objects;
          translated += back.translated;
        }), { numRuns: runs, seed });
        // The generator would show nothing if SQLite refused most of what it writes, or we left it out.
        assert.ok(objects > runs * 10, `${objects} objects`);
        assert.ok(translated * 10 > objects * 6, `${translated} of ${objects} translated`);
      });
    });
  }
});
