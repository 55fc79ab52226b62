import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import { distribute } from "#core/schema/distributed.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { ask } from "../../support/move.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Citus itself is not here: functions of its names only take down what they are called with, and PostgreSQL sees that every table is there. */
const recorders = `
  CREATE TABLE calls (place serial, call text);
  CREATE FUNCTION create_reference_table(t regclass) RETURNS void LANGUAGE sql AS $$ INSERT INTO calls (call) VALUES ('reference ' || t) $$;
  CREATE FUNCTION create_distributed_table(t regclass, c text, colocate_with text) RETURNS void LANGUAGE sql AS $$ INSERT INTO calls (call)
    SELECT t || ' by ' || attname FROM pg_attribute WHERE attrelid = t AND attname = c AND NOT attisdropped AND (colocate_with = 'none' OR colocate_with::regclass IS NOT NULL) $$;`;

for (const { label, empty } of allTargets.filter((target) => target.label !== "embedded")) {
  describe(`the DDL of a distributed target on ${label}`, () => {
    it("runs after the move, as far as it is PostgreSQL's own", async () => {
      const from = join(temporaryFolder(), "distributed.db");
      const db = new Database(from);
      db.exec(`
        CREATE TABLE "Tenant" (id INTEGER PRIMARY KEY, name TEXT UNIQUE); CREATE TABLE kind (code TEXT PRIMARY KEY);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, "tenantId" INTEGER NOT NULL REFERENCES "Tenant" (id), kind TEXT REFERENCES kind (code), n TEXT UNIQUE); CREATE UNIQUE INDEX u ON orders (n, lower(kind)) WHERE n <> ')';
        CREATE TABLE lines (id INTEGER PRIMARY KEY, "tenantId" INTEGER NOT NULL REFERENCES "Tenant" (id), "order" INTEGER REFERENCES orders (id));
        INSERT INTO "Tenant" VALUES (1, 'a'); INSERT INTO kind VALUES ('k'); INSERT INTO orders VALUES (1, 1, 'k', 'n'); INSERT INTO lines VALUES (1, 1, 1);`);
      db.close();
      const { plan, close } = await readPlan({ source: from, profile: true });
      close();
      const target = await empty();
      try {
        await migrate({ from, target, plan, workspace: temporaryFolder() });
        const { statements } = distribute(plan, { columns: new Map(), reference: new Set(), local: new Set() });
        const session = await target.connect();
        await session.script(recorders);
        for (const statement of statements) await session.query(statement);
        await session.close();
        assert.deepEqual((await ask(target, "SELECT call FROM calls ORDER BY place")).flat(), ["reference kind", '"Tenant" by id', 'orders by tenantId', "lines by tenantId"]);
        const lacking = await ask(target, `SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'tenantId' WHERE i.indisunique AND NOT a.attnum = ANY (i.indkey::int2[])`);
        assert.deepEqual(lacking, []);
      } finally {
        await target.close();
      }
    });
  });
}
