import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { bindParameters } from "#core/sql/bind-parameters.ts";
import { parseScript } from "#core/sql/parse.ts";
import type { Mode } from "#core/rules/mode.ts";
import { compatSql } from "#engine/generate/compat-sql.ts";
import type { PostgresSession } from "#engine/postgres/session.ts";
import { translateSql } from "#engine/proof/translate-sql.ts";
import { witness } from "#engine/proof/witness.ts";
import { embeddedTarget } from "../support/embedded-target.ts";
import { openEngines, type Engines } from "./support/engines.ts";
import { readFixtures, type RuleCase } from "./support/fixture.ts";
import { canonical } from "./support/outcome.ts";

const fixtures = readFixtures();
const modes: readonly Mode[] = ["postgres", "both"];

/** Every statement of every fixture through `translate` in both modes: what it calls verified or translated gives the same rows. */
describe("what translate claims of the fixtures' statements", () => {
  let session: PostgresSession;
  /** Claims that were put to both engines. */
  let tried = 0;
  before(async () => {
    session = await embeddedTarget().connect();
    await session.script(compatSql());
    await session.script("SET TimeZone = 'UTC'");
  });
  after(() => { assert.ok(tried > 200, `${tried} claims were tried`); });

  for (const fixture of fixtures) {
    describe(fixture.rule, () => {
      let engines: Engines;
      before(async () => { engines = await openEngines(fixture, session); });
      after(() => engines.sqlite.close());
      const statements = new Map(fixture.cases.filter((each) => each.host === "none" && each.site === "statement" && !each.unparsed).map((each) => [`${each.text}\0${each.parameters.join("\0")}`, each]));
      for (const each of statements.values()) {
        for (const mode of modes) {
          it(`${mode}: ${each.text.replace(/\s+/g, " ")}`, async () => {
            if (await claimHolds(each, mode, engines, fixture.rule)) tried++;
          });
        }
      }
    });
  }
});

/** What the connection or chance tells, not the rows. */
const ofSession = /\b(random|randomblob|changes|total_changes|last_insert_rowid)\s*\(/i;

/** Whether there was a claim to try, and SQLite ran the statement. */
async function claimHolds({ text, parameters, then, schema }: RuleCase, mode: Mode, engines: Engines, rule: string): Promise<boolean> {
  if (ofSession.test(text) || new Set(parseScript(text).statements.flatMap((s) => bindParameters(s).map((p) => p.number))).size !== parameters.length) return false;
  const options = { mode, params: "numeric", schema: schema ? engines.view : undefined, translateDdl: schema ? engines.translateDdl : undefined, prover: undefined } as const;
  const { sql, outcome } = await translateSql(text, options);
  if (outcome !== "translated" && outcome !== "verified") return false;
  // The adapter answers these; no server sees them.
  if (mode === "both" && parseScript(text).statements.some(({ kind }) => kind === "PragmaStatement" || kind === "BeginStatement")) return false;
  // A parser that shares nothing with ours still sees every table; the catalog's are other ones on purpose.
  const testimony = await witness(text, sql);
  if (testimony.kind === "differs" && rule !== "sqlite-catalog") assert.deepEqual(testimony.differences.filter((each) => /^- table (select|insert|update|delete)::/.test(each)), [], sql);
  const original = engines.onSqlite(text, parameters, then);
  // What SQLite refuses here (a table of another schema, too few values) has no rows to keep.
  if ("refused" in original) return false;
  const postgres = await engines.onPostgres(sql, parameters, then, mode === "both" ? "adapter-numbered" : "numbered");
  assert.ok(!("refused" in postgres), `${outcome}, and refused: ${JSON.stringify(postgres)}\n${sql}`);
  assert.deepEqual(canonical(postgres, postgres), canonical(original, postgres), sql);
  return true;
}
