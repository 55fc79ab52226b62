import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { compatSql } from "#engine/generate/compat-sql.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { settingOf } from "../../rules/support/analyze.ts";
import { openEngines, type Engines } from "../../rules/support/engines.ts";
import { readFixtures } from "../../rules/support/fixture.ts";
import { prove } from "../../rules/support/prove.ts";
import { startServer } from "../../support/shared-server.ts";

// The rules' own tests run on the embedded server, which is of the newest version.
describe("what the rules write, on the oldest supported server", () => {
  let session: PostgresSession;
  before(async () => {
    const { target } = await (await startServer(14)).newDatabase();
    session = await target.connect();
    await session.script(compatSql());
    await session.script("SET TimeZone = 'UTC'");
  });
  after(() => session.close());

  for (const fixture of readFixtures()) {
    const proofs = fixture.cases.filter((each) => each.prove && !each.differs);
    if (proofs.length === 0) continue;
    describe(fixture.rule, () => {
      let engines: Engines;
      before(async () => { engines = await openEngines(fixture, session); });
      after(() => engines.sqlite.close());
      for (const each of proofs) {
        it(each.name, async () => {
          await prove(each, settingOf(each, { schema: engines.view, translateDdl: engines.translateDdl }), engines);
        });
      }
    });
  }

  it("is the oldest", async () => {
    assert.match(String((await session.query("SHOW server_version_num")).rows[0]?.[0]), /^14/);
  });
});
