import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { defaultPolicies } from "#core/schema/decision.ts";
import { openProver } from "#engine/proof/prover.ts";
import { basisOf } from "#engine/proof/translation-basis.ts";
import { translateSql } from "#engine/proof/translate-sql.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { atEnd } from "../../support/at-end.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { randomSelect } from "./random-select.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const schema = `
CREATE TABLE a (id INTEGER PRIMARY KEY, g INTEGER, v INTEGER, name TEXT NOT NULL, tag TEXT COLLATE NOCASE);
CREATE TABLE b (id INTEGER PRIMARY KEY, g INTEGER, w INTEGER, note TEXT);
CREATE TABLE only (n INTEGER);
`;
/** NULLs, duplicates, texts in both cases, rows without a partner on either side. */
const rows = `
INSERT INTO a VALUES (1, 1, 10, 'an', 'X'), (2, 1, NULL, 'bo', 'x'), (3, 2, 30, 'An', NULL), (4, NULL, 10, 'cy', 'y'), (5, 2, 5, 'bo', 'Y'), (6, NULL, NULL, 'di', NULL);
INSERT INTO b VALUES (1, 1, 5, 'p'), (2, NULL, 10, NULL), (3, 2, 5, 'q'), (7, 9, NULL, 'p'), (8, 1, 30, 'Q');
INSERT INTO only VALUES (1), (3), (3), (NULL);
`;

/** Long enough to meet every structure; a run takes a few seconds on an idle machine. */
const statements = 700;
const longest = 20_000;

for (const mode of ["postgres", "both"] as const) {
  describe(`random SELECTs in mode ${mode}`, () => {
    it("whatever is verified gives the same rows", async () => {
      const folder = temporaryFolder();
      const ddl = join(folder, "schema.sql");
      writeFileSync(ddl, schema);
      const basis = await basisOf(ddl, await loadConfig(folder), mode, new AbortController().signal);
      const read = await readPlan({ source: sqliteFile(schema + rows), policies: defaultPolicies, profile: false });
      const prover = await openProver({ plan: read.plan, mode, source: read.source });
      atEnd(async () => {
        await basis.close();
        await prover.close();
        read.close();
      });
      const random = seededRandom(mode === "both" ? 23 : 19);
      const begun = Date.now();
      let verified = 0;
      for (let i = 0; i < statements && Date.now() - begun < longest; i++) {
        const sql = randomSelect(random);
        const { outcome, sql: translated } = await translateSql(sql, { mode, params: "numeric", schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover });
        if (outcome !== "verified" && outcome !== "translated") continue;
        const truth = await prover.prove(translated, sql);
        // What this SQLite does not run, or what reads a WITH table, has no rows to compare; rows that an order does not tell apart have none.
        if (truth.verdict === "prepared" && (truth.difference === undefined || (truth.difference.kind === "order" && !/ORDER BY[^)]*\bid\b/.test(sql)))) continue;
        verified++;
        assert.equal(truth.verdict, "proven", `${sql}\n→ ${translated}\n${JSON.stringify(truth)}`);
      }
      assert.ok(verified > 40, `only ${verified} were verified`);
    });
  });
}
