import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Ajv, type AnySchema } from "ajv";
import { CutoverError } from "#core/cutover-error.ts";
import { parseConfig } from "#engine/workspace/config.ts";

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../media/cutover.schema.json"), "utf8")) as AnySchema;
const accepts = new Ajv({ strict: true }).compile(schema);

const good: readonly unknown[] = [
  {},
  { mode: "postgres" },
  { databases: [{ source: "db/a.db", target: "embedded" }] },
  { databases: [{ name: "main", source: "db/a.db", target: "env:DATABASE_URL" }], schema: "app" },
  { targetVersion: 18, schema: "app" },
  { policies: { keys: "identity", booleans: "integer", json: "text", dates: "timestamptz", collation: "default" } },
  { ignores: [{ paths: ["tests/**"], rules: ["like-case"], reason: "run on SQLite" }, { rules: ["null-order"], reason: "one row" }], severity: { "like-case": "off", "ignore-comment": "error" } },
  { overrides: { "users.created_at": "timestamptz" }, drivers: { "app/server/**": "asyncpg", "api/**": "jdbc" }, ignore: ["legacy/**"] },
  { policies: { integers: "integer", texts: "varchar", uuids: "uuid" } },
  { partitions: { events: { by: "created_at", every: "month" }, Readings: { by: "id", every: 1_000_000, ahead: 0 } } },
  { distributed: { target: "citus" } },
  { distributed: { target: "citus", columns: { orders: "tenant_id" }, reference: ["countries"], local: [] } },
  { limits: {} },
  { limits: { maxFileBytes: 20_000_000, maxFileSeconds: 30 } },
  { connections: {} },
  { connections: { min: 2, max: 8, timeout: 30, statementTimeout: 600_000, lockTimeout: 0 } },
  { backups: { days: 7 } },
  { backups: { days: 0 } },
];
const bad: readonly unknown[] = [
  [],
  { mode: "sqlite" },
  { databases: {} },
  { databases: [{ source: "a.db" }] },
  { databases: [{ source: "", target: "embedded" }] },
  { targetVersion: 13 },
  { targetVersion: "18" },
  { policies: { keys: "serial" } },
  { policies: { colour: "blue" } },
  { overrides: { created_at: "date" } },
  { overrides: { "users.created_at": "datetime" } },
  { drivers: { "app/**": "sqlite3" } },
  { ignore: "legacy" },
  { ignores: [{ paths: ["tests/**"] }] },
  { ignores: [{ reason: "all of it" }] },
  { ignores: [{ rules: [], reason: "none" }] },
  { ignores: [{ rules: ["like-case"], reason: "x", files: [] }] },
  { severity: { "like-case": "hint" } },
  { severity: { "Like Case": "off" } },
  { partitions: { events: { by: "created_at" } } },
  { partitions: { events: { by: "", every: "month" } } },
  { partitions: { events: { by: "created_at", every: "week" } } },
  { partitions: { events: { by: "id", every: 0 } } },
  { partitions: { events: { by: "id", every: 10, ahead: -1 } } },
  { partitions: { events: { by: "id", every: 10, first: 1 } } },
  { distributed: {} },
  { distributed: { target: "spanner" } },
  { distributed: { target: "citus", columns: { orders: "" } } },
  { distributed: { target: "citus", reference: "countries" } },
  { distributed: { target: "citus", nodes: 3 } },
  { unknown: true },
  { limits: { maxFileBytes: "5MB" } },
  { limits: { maxFileSeconds: 0 } },
  { limits: { maxFileSeconds: 0.5 } },
  { limits: { memory: 1 } },
  { connections: { max: 0 } },
  { connections: { timeout: "30s" } },
  { connections: { lockTimeout: -1 } },
  { connections: { idle: 10 } },
  { backups: 30 },
  { backups: { days: -1 } },
  { backups: { days: 30, folder: "backups" } },
];

describe("cutover.json: the editor's schema and the reader agree", () => {
  for (const value of good) {
    it(`accept ${JSON.stringify(value)}`, () => {
      assert.ok(accepts(value), JSON.stringify(accepts.errors));
      assert.doesNotThrow(() => parseConfig(JSON.stringify(value), "cutover.json"));
    });
  }
  for (const value of bad) {
    it(`refuse ${JSON.stringify(value)}`, () => {
      assert.ok(!accepts(value));
      assert.throws(
        () => parseConfig(JSON.stringify(value), "cutover.json"),
        (error) => error instanceof CutoverError && error.tag === "config-invalid",
      );
    });
  }
});

describe("cutover.json", () => {
  it("may hold comments and trailing commas", () => {
    assert.equal(parseConfig('{\n  // the way back stays open\n  "mode": "both",\n}', "cutover.json").mode, "both");
  });
  it("names the database after its file unless told otherwise", () => {
    const config = parseConfig('{ "databases": [{ "source": "db/workflow.history.db", "target": "embedded" }] }', "cutover.json");
    assert.equal(config.databases[0]?.name, "workflow.history");
  });
});
