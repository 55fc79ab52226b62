import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { migrate } from "#engine/migrate/migrate.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { validate } from "#engine/validate/validate.ts";
import { compareDatabases } from "../../support/compare-databases.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = join(import.meta.dirname, "../../../../shared/databases");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(db|sqlite)$/.test(name)) : [];
/** The embedded one takes seconds to start: it gets the two that look most like applications. */
const onEmbedded = new Set(["chinook.sqlite", "pocketbase_data.db"]);

for (const { label, empty } of allTargets) {
  describe(`databases of others onto ${label}`, { skip: files.length === 0 ? `${folder} is not there` : false }, () => {
    for (const file of files) {
      if (label === "embedded" && !onEmbedded.has(file)) continue;
      it(`TRAP 36, 57, 79: ${file} arrives whole`, async (t) => {
        const from = join(folder, file);
        const { plan, close } = await readPlan({ source: from, profile: true });
        close();
        const target = await empty();
        const report = await migrate({ from, target, plan, workspace: temporaryFolder() });
        // The plan that the data makes takes every row: the default policy stops at none.
        for (const table of report.tables) assert.equal(table.copied, table.sourceRows, table.table);
        const { differences } = await validate({ from, target, plan, level: "cells" });
        assert.deepEqual(differences, []);
        // The same without any code of ours: every row and cell, by another driver and the server's binary forms.
        const compared = await compareDatabases(from, target, plan);
        assert.equal(compared.rows, report.tables.reduce((sum, table) => sum + table.sourceRows, 0));
        t.diagnostic(`${report.tables.length} tables, ${compared.rows} rows, ${compared.cells} cells`);
      });
    }
  });
}
