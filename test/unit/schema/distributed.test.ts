import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { distribute, type DistributionChoice } from "#core/schema/distributed.ts";
import { planOf } from "./plan-of.ts";

const nothing: DistributionChoice = { columns: new Map(), reference: new Set(), local: new Set() };
const ddl = `
  CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE countries (code TEXT PRIMARY KEY);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id), country TEXT REFERENCES countries (code), number TEXT, UNIQUE (tenant_id, number));
  CREATE UNIQUE INDEX orders_number ON orders (lower(number));
  CREATE TABLE items (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id), order_id INTEGER REFERENCES orders (id));
  CREATE TABLE big (id INTEGER PRIMARY KEY, v TEXT);
  CREATE TABLE keyless (a TEXT, b TEXT);`;
const rows = `
  INSERT INTO tenants VALUES (1, 'a'), (2, 'b'); INSERT INTO countries VALUES ('DE');
  INSERT INTO orders VALUES (1, 1, 'DE', 'x'), (2, 2, NULL, 'y'); INSERT INTO items VALUES (1, 1, 1);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO big SELECT i, '' FROM n; INSERT INTO keyless SELECT v, v FROM big;`;

describe("a distributed target", () => {
  it("keeps together what belongs to one row of the table that most refer to, and says what it costs", async () => {
    const { tables, costs, statements } = distribute(await planOf(ddl, { rows }), nothing);
    assert.deepEqual(tables.map(({ table, role, column }) => [table, role, column]), [
      ["tenants", "distributed", "id"],
      ["countries", "reference", undefined],
      ["orders", "distributed", "tenant_id"],
      ["items", "distributed", "tenant_id"],
      ["big", "distributed", "id"],
      ["keyless", "local", undefined],
    ]);
    assert.deepEqual(statements, [
      "ALTER TABLE public.items DROP CONSTRAINT items_order_id_fkey",
      "ALTER TABLE public.orders DROP CONSTRAINT orders_pkey",
      "ALTER TABLE public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id, tenant_id)",
      "DROP INDEX public.orders_number",
      statements.find((each) => each.startsWith("CREATE UNIQUE INDEX orders_number")),
      "ALTER TABLE public.items DROP CONSTRAINT items_pkey",
      "ALTER TABLE public.items ADD CONSTRAINT items_pkey PRIMARY KEY (id, tenant_id)",
      "SELECT create_reference_table('public.countries')",
      "SELECT create_distributed_table('public.tenants', 'id', colocate_with => 'none')",
      "SELECT create_distributed_table('public.orders', 'tenant_id', colocate_with => 'public.tenants')",
      "SELECT create_distributed_table('public.items', 'tenant_id', colocate_with => 'public.tenants')",
      "SELECT create_distributed_table('public.big', 'id', colocate_with => 'none')",
    ]);
    assert.match(statements[4] ?? "", /, tenant_id\)$/);
    assert.equal(costs.length, 4);
    assert.match(costs.join("\n"), /foreign key of items \(order_id\) to orders goes: it does not hold the distribution columns of both/);
  });

  it("obeys cutover.json", async () => {
    const plan = await planOf(ddl, { rows });
    const { tables } = distribute(plan, { columns: new Map([["keyless", "A"], ["orders", "country"], ["big", "nowhere"]]), reference: new Set(["items"]), local: new Set(["countries"]) });
    assert.deepEqual(tables.map(({ table, role, column }) => [table, role, column]), [
      ["tenants", "distributed", "id"],
      ["countries", "local", undefined],
      ["orders", "local", undefined],
      ["items", "reference", undefined],
      ["big", "local", undefined],
      ["keyless", "distributed", "a"],
    ]);
    assert.match(tables[2]?.reason ?? "", /holds NULLs/);
    assert.match(tables[4]?.reason ?? "", /nowhere, which it does not have/);
  });
});
