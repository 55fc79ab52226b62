import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Finding } from "#core/rules/finding.ts";
import { allRules, useRules } from "#core/rules/registry.ts";
import { parseScript } from "#core/sql/parse.ts";
import { compatSql } from "#engine/generate/compat-sql.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { embeddedTarget } from "../support/embedded-target.ts";
import { analyze, fixAll, settingOf, type Setting } from "./support/analyze.ts";
import { openEngines, type Engines } from "./support/engines.ts";
import { readFixtures, type RuleCase } from "./support/fixture.ts";
import { prove } from "./support/prove.ts";

const fixtures = readFixtures();

describe("rules", () => {
  let session: PostgresSession;
  before(async () => {
    session = await embeddedTarget().connect();
    await session.script(compatSql());
    await session.script("SET TimeZone = 'UTC'");
  });

  it("each have a fixture, and each fixture has a rule", () => {
    assert.deepEqual(fixtures.map((fixture) => fixture.rule).sort(), allRules.map((rule) => rule.id).sort());
  });

  for (const fixture of fixtures) {
    describe(fixture.rule, () => {
      let engines: Engines;
      before(async () => { engines = await openEngines(fixture, session); });
      after(() => engines.sqlite.close());

      it("has eight cases at least, and four proofs where it changes anything", () => {
        assert.ok(fixture.cases.length >= 8, `${fixture.cases.length} cases`);
        const changes = fixture.cases.some((each) => each.fix !== undefined || each.supplied.length > 0);
        const proofs = fixture.cases.filter((each) => each.prove && !each.differs).length;
        // What the adapter gives code is proven where the adapter is (test/integration/generate).
        assert.ok(!changes || proofs >= 4 || useRules.some((rule) => rule.meta.id === fixture.rule), `${proofs} proofs`);
      });

      for (const each of fixture.cases) {
        it(each.name, async () => {
          const setting = settingOf(each, { schema: engines.view, translateDdl: engines.translateDdl });
          const { findings, unparsed } = await analyze(each.text, setting);
          assert.equal(unparsed.length > 0, each.unparsed, unparsed[0]?.message ?? "SQLite would take it");
          const own = findings.filter((finding) => finding.rule === fixture.rule);
          switch (each.kind) {
            case "pass":
              assert.deepEqual(own.map((finding) => finding.message), []);
              break;
            case "fail":
              await checkFail(each, own, setting, engines);
              break;
            case "proof":
              assert.ok(own.length > 0, "the rule says nothing, so there is nothing to prove");
              break;
          }
          if (each.prove) await prove(each, setting, engines);
        });
      }
    });
  }
});

async function checkFail(each: RuleCase, own: readonly Finding[], setting: Setting, { sqlite }: Engines): Promise<void> {
  assert.deepEqual(own.map(({ span }) => each.text.slice(span.start, span.end)), each.at);
  for (const [i, finding] of own.entries()) {
    assert.equal(finding.applicability, each.applicability[i] ?? each.applicability[0], finding.message);
    const part = each.message[i] ?? each.message[0];
    if (part !== undefined) assert.ok(finding.message.includes(part), finding.message);
    // What is to be looked at must be said.
    if (finding.applicability === "review") assert.ok(finding.message.length > 0);
    assert.deepEqual(finding.supplied, each.supplied);
  }
  if (each.fixes !== undefined) assert.deepEqual(own[0]?.fixes.map((fix) => fix.title), each.fixes);
  if (each.fix === undefined) {
    assert.deepEqual(own.flatMap((finding) => finding.fixes.map((fix) => fix.title)), []);
    return;
  }
  const level = each.applicability.includes("review") ? "review" : "safe";
  const fixed = await fixAll(each.text, setting, level, (finding) => own.some((o) => o.rule === finding.rule));
  assert.equal(fixed, each.fix);
  if (setting.host !== "none" || each.mode !== "both" || each.site !== "statement") return;
  assert.equal(parseScript(fixed).errors[0]?.message, undefined);
  if (each.schema && takes(sqlite, each.text)) assert.doesNotThrow(() => sqlite.prepare(fixed), fixed);
}

function takes(sqlite: Engines["sqlite"], sql: string): boolean {
  try {
    sqlite.prepare(sql);
    return true;
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error, String(error));
    return false;
  }
}
