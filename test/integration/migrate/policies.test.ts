import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import { defaultPolicies } from "#core/schema/decision.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask } from "../../support/move.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function source(): string {
  const path = join(temporaryFolder(), "policies.db");
  const db = new Database(path);
  db.exec(`
    CREATE TABLE parent (id INTEGER PRIMARY KEY, code VARCHAR(5) NOT NULL UNIQUE DEFAULT 'x', uid TEXT, at TEXT, taken_at INTEGER, seen_at REAL, total_price REAL);
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id), code VARCHAR(5) REFERENCES parent (code), n INTEGER CHECK (n < 100));
    CREATE INDEX parent_code ON parent (lower(code));
    INSERT INTO parent VALUES (1, 'éééää', '123e4567-e89b-12d3-a456-426614174000', '2024-01-02T03:04:05.25+02:00', 1700000000, 2459581.25, 19.99), (2, 'b', NULL, '2024-01-02T03:04:05Z', 1500000000, 2459580.5, 5);
    INSERT INTO child VALUES (1, 1, 'b', 7), (2, NULL, NULL, NULL);`);
  db.close();
  return path;
}

for (const { label, empty } of allTargets.filter((target) => target.label !== "embedded")) {
  describe(`the types on wish on ${label}`, () => {
    it("hold every value", async () => {
      const from = source();
      const { plan, close } = await readPlan({ source: from, profile: true, policies: { ...defaultPolicies, integers: "integer", texts: "varchar", uuids: "uuid", dates: "timestamptz" } });
      close();
      const target = await empty();
      try {
        await migrate({ from, target, plan, workspace: temporaryFolder() });
        assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
        assert.deepEqual(await ask(target, "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'child'::regclass AND attnum > 0 ORDER BY attnum"), [["id", "integer"], ["parent", "integer"], ["code", "character varying(5)"], ["n", "integer"]]);
        assert.deepEqual(await ask(target, "SELECT (at AT TIME ZONE 'UTC')::text FROM parent ORDER BY id"), [["2024-01-02 01:04:05.25"], ["2024-01-02 03:04:05"]]);
        assert.deepEqual(await ask(target, "INSERT INTO child (parent) VALUES (2) RETURNING id::text"), [["3"]]);
      } finally {
        await target.close();
      }
    });

    it("are what the suggestions say of moments in numbers", async () => {
      const from = source();
      const { plan, close } = await readPlan({ source: from, profile: true });
      close();
      const target = await empty();
      try {
        await migrate({ from, target, plan, workspace: temporaryFolder() });
        const moments: unknown[] = [];
        for (const column of ["taken_at", "seen_at"]) {
          const formula = /to_timestamp\(.*?\)(?= is the moment)/.exec(plan.decisions.get(`parent.${column}`)?.suggestions[0]?.reason ?? "")?.[0] ?? "";
          moments.push(await ask(target, `SELECT (${formula} AT TIME ZONE 'UTC')::text FROM parent ORDER BY id`));
        }
        const wanted = new Database(from, { readonly: true });
        assert.deepEqual(moments, ["datetime(taken_at, 'unixepoch')", "datetime(seen_at)"].map((sql) => wanted.prepare<[], [string]>(`SELECT ${sql} FROM parent ORDER BY id`).raw().all()));
        wanted.close();
      } finally {
        await target.close();
      }
    });
  });
}
