import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import { defaultPolicies } from "#core/schema/decision.ts";
import type { PartitionChoice } from "#core/schema/partition-choice.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask } from "../../support/move.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const partitions = new Map<string, PartitionChoice>([["history", { by: "created_at", every: "month", ahead: 2 }], ["readings", { by: "id", every: 1000, ahead: 1 }]]);

/** The seed's largest table, and one that is divided by its key. */
function source(): string {
  const path = join(temporaryFolder(), "partitions.db");
  const db = new Database(path);
  db.exec(`
    CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE history (id INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL REFERENCES owners (id), adw_id TEXT NOT NULL, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, ok INTEGER CHECK (ok IN (0, 1)));
    CREATE INDEX history_adw ON history (adw_id); CREATE UNIQUE INDEX history_once ON history (adw_id, created_at);
    CREATE TABLE readings (id INTEGER PRIMARY KEY, value REAL);
    CREATE TABLE notes (history INTEGER REFERENCES history (id), note TEXT);
    INSERT INTO owners VALUES (1, 'a'), (2, 'b');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      INSERT INTO history (owner, adw_id, created_at, ok) SELECT 1 + i % 2, 'adw' || i, datetime('2024-11-03', '+' || (i * 40) || ' minutes'), i % 2 FROM n;
    INSERT INTO readings SELECT id - 700, id / 3.0 FROM history; INSERT INTO notes VALUES (7, 'seven');`);
  db.close();
  return path;
}

for (const { label, empty } of allTargets) {
  describe(`partitioned tables onto ${label}`, () => {
    it("are made, filled and equal, each row in its partition", async () => {
      const from = source();
      const target = await empty();
      try {
        for (const keys of ["bigserial", "identity"] as const) {
          const { plan, close } = await readPlan({ source: from, profile: true, partitions, policies: { ...defaultPolicies, keys } });
          close();
          const report = await migrate({ from, target, plan, workspace: temporaryFolder(), drop: keys === "identity" });
          for (const table of report.tables) assert.equal(table.copied, table.sourceRows, table.table);
          assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
        }
        const rows = await ask(target, "SELECT tableoid::regclass::text, count(*)::text FROM history GROUP BY 1 ORDER BY 1");
        const wanted = new Database(from, { readonly: true });
        assert.deepEqual(rows, wanted.prepare<[], [string, string]>("SELECT 'history_' || strftime('%Y_%m', created_at), CAST(count(*) AS TEXT) FROM history GROUP BY 1 ORDER BY 1").raw().all());
        wanted.close();
        assert.deepEqual(await ask(target, "SELECT count(*)::text FROM history_default"), [["0"]]);
        assert.deepEqual(await ask(target, "SELECT count(*)::text FROM readings_minus_1000"), [["699"]]);
        // A row of a coming month, one of another time, and a number that continues.
        await ask(target, "INSERT INTO history (owner, adw_id, ok) VALUES (1, 'now', true)");
        await ask(target, "INSERT INTO history (owner, adw_id, created_at, ok) VALUES (1, 'old', '1999-01-01 00:00:00', false)");
        assert.deepEqual(await ask(target, "SELECT id::text, tableoid::regclass::text = 'history_default' FROM history WHERE adw_id IN ('now', 'old') ORDER BY id"), [["2501", "f"], ["2502", "t"]]);
        await assert.rejects(ask(target, "INSERT INTO history (owner, adw_id, ok) VALUES (9, 'nobody', true)"), /history_owner_fkey/);
        const plans = await ask(target, "EXPLAIN SELECT * FROM history WHERE created_at >= '2024-12-01' AND created_at < '2025-01-01'");
        assert.match(plans.join("\n"), /history_2024_12/);
        assert.doesNotMatch(plans.join("\n"), /history_2024_11|history_2025/);
      } finally {
        await target.close();
      }
    });
  });
}
