// A type that a person chose in cutover.json is obeyed by every verb, with and without it.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import Database from "better-sqlite3";
import { ask } from "../../support/move.ts";
import { cli } from "../../support/cli.ts";
import { embeddedTarget } from "#engine/postgres/embedded.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ddl = `
  CREATE TABLE Users (id INTEGER PRIMARY KEY, is_active INTEGER NOT NULL DEFAULT 1, created_at TEXT, "Größe" TEXT);
  CREATE INDEX active ON Users (is_active) WHERE is_active = 1;
  CREATE VIEW actives AS SELECT id, created_at FROM Users WHERE is_active = 1;`;

function workspace(overrides: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  const db = new Database(join(folder, "app.db"));
  db.exec(`${ddl} INSERT INTO Users VALUES (1, 1, '2024-05-01 10:00:00', '12'), (2, 0, '2024-05-02 10:00:00', '13')`);
  db.close();
  writeFileSync(join(folder, "app.py"), `import sqlite3\ncon = sqlite3.connect("app.db")\ncon.execute("SELECT id FROM users WHERE is_active = 1")\n`);
  writeFileSync(join(folder, "cutover.json"), JSON.stringify({ databases: [{ source: "app.db", target: "embedded:pg" }], overrides }));
  return folder;
}

interface Types {
  readonly tables: readonly { readonly columns: readonly { readonly name: string; readonly type: string; readonly overridden: boolean }[] }[];
}

const typesIn = async (folder: string, pg: string): Promise<unknown> => {
  const target = embeddedTarget(join(folder, pg), pg);
  try {
    return await ask(target, `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'Users' ORDER BY ordinal_position`);
  } finally {
    await target.close();
  }
};

const cases: readonly { readonly name: string; readonly overrides: Readonly<Record<string, string>>; readonly types: readonly string[]; readonly finds: boolean }[] = [
  { name: "without a choice", overrides: {}, types: ["bigint", "boolean", "timestamp without time zone", "text"], finds: true },
  { name: "with choices, in any case", overrides: { "users.IS_ACTIVE": "bigint", "USERS.created_at": "text", "users.GRößE": "numeric" }, types: ["bigint", "bigint", "text", "numeric"], finds: false },
];

for (const { name, overrides, types, finds } of cases) {
  test(`schema, scan, migrate and validate decide alike ${name}`, async () => {
    const folder = workspace(overrides);
    const columns = ["id", "is_active", "created_at", "Größe"];
    const rows = columns.map((column, i) => [column, types[i]]);

    const said = JSON.parse((await cli(folder, ["schema", "app.db", "--format", "json"])).out) as Types;
    assert.deepEqual(said.tables[0]?.columns.map((column) => column.type), types.map((type) => type.replace(" without time zone", "")));
    assert.deepEqual(said.tables[0].columns.map((column) => column.overridden), types.map((_, i) => i > 0 && Object.keys(overrides).length > 0));

    const scanned = await cli(folder, ["scan", ".", "--format", "text"]);
    assert.equal(/app\.py:3:.*\[boolean-flag,/.test(scanned.out), finds, scanned.out);

    const applied = await cli(folder, ["schema", "app.db", "--to", "embedded:schema-only"]);
    assert.equal(applied.code, 0, applied.err);
    assert.deepEqual(await typesIn(folder, "schema-only"), rows);

    const migrated = await cli(folder, ["migrate", "--progress", "none"]);
    assert.equal(migrated.code, 0, migrated.err);
    assert.deepEqual(await typesIn(folder, "pg"), rows);

    const validated = await cli(folder, ["validate", "--level", "cells"]);
    assert.equal(validated.code, 0, validated.out + validated.err);
  });
}

test("a schema is made in a target whole or not at all, and never over what is there without being told", async () => {
  const folder = workspace({});
  const first = await cli(folder, ["schema", "app.db", "--to", "embedded:pg"]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /made \d+ objects in embedded:pg, schema public/);

  const again = await cli(folder, ["schema", "app.db", "--to", "embedded:pg"]);
  assert.equal(again.code, 3, again.err);
  assert.match(again.err, /Users/);
  assert.match(again.err, /--drop/);

  const target = embeddedTarget(join(folder, "pg"), "pg");
  await ask(target, `CREATE VIEW mine AS SELECT id FROM "Users"`);
  await target.close();
  const refused = await cli(folder, ["schema", "app.db", "--to", "embedded:pg", "--drop"]);
  assert.equal(refused.code, 3, "what somebody else made to depend on a table is not dropped with it");
  assert.match(refused.err, /mine/);
  assert.deepEqual(await typesIn(folder, "pg"), [["id", "bigint"], ["is_active", "boolean"], ["created_at", "timestamp without time zone"], ["Größe", "text"]]);

  const after = embeddedTarget(join(folder, "pg"), "pg");
  await ask(after, "DROP VIEW mine");
  await after.close();
  writeFileSync(join(folder, "cutover.json"), JSON.stringify({ overrides: { "users.created_at": "text" } }));
  const dropped = await cli(folder, ["schema", "app.db", "--to", "embedded:pg", "--drop"]);
  assert.equal(dropped.code, 0, dropped.err);
  assert.match(dropped.out, /dropped in embedded:pg: .*Users/);
  assert.deepEqual(await typesIn(folder, "pg"), [["id", "bigint"], ["is_active", "boolean"], ["created_at", "text"], ["Größe", "text"]]);
});

test("a folder of migrations is run in its order", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "migrations"));
  writeFileSync(join(folder, "migrations", "0001_users.up.sql"), "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);");
  writeFileSync(join(folder, "migrations", "0002_age.up.sql"), "ALTER TABLE users ADD COLUMN age INTEGER; INSERT INTO users VALUES (1, 'a', 2);");
  writeFileSync(join(folder, "migrations", "0010_drop.up.sql"), "ALTER TABLE users DROP COLUMN name;");
  writeFileSync(join(folder, "migrations", "0010_drop.down.sql"), "DROP TABLE users;");
  const made = await cli(folder, ["schema", "migrations"]);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /CREATE TABLE public\.users \(\s+id bigserial[^,]*,\s+age bigint\s+\)/);
  writeFileSync(join(folder, "migrations", "0011_bad.sql"), "\nALTER TABLE nobody ADD COLUMN x;");
  assert.match((await cli(folder, ["schema", "migrations"])).err, /0011_bad\.sql:2/);
});
