import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { accountFor } from "#core/schema/account-for.ts";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { embeddedTarget } from "#engine/postgres/embedded.ts";
import type { PostgresSession, PostgresTarget } from "#engine/postgres/session.ts";
import { checkDdl } from "#engine/proof/check-ddl.ts";
import { parsePostgres } from "#engine/proof/parse-postgres.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { databases, root } from "./helpers.ts";

/** What is in a file by SQLite's own list, read without any of our code. */
function masterCounts(path: string): { readonly tables: number; readonly indexes: number; readonly views: number; readonly triggers: number; readonly keys: number } {
  const db = new Database(path, { readonly: true });
  const count = (where: string): number => Number(db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE ${where}`).pluck().get());
  const counts = {
    tables: count("type = 'table'"),
    indexes: count("type = 'index' AND sql IS NOT NULL"),
    views: count("type = 'view'"),
    triggers: count("type = 'trigger'"),
    keys: count("type = 'index' AND sql IS NULL"),
  };
  db.close();
  return counts;
}

describe("real databases, on the embedded PostgreSQL", () => {
  const folder = mkdtempSync(join(tmpdir(), "cutover-schema-"));
  let target: PostgresTarget;
  let session: PostgresSession;
  before(async () => {
    target = embeddedTarget(join(folder, "pg"), "embedded");
    session = await target.connect();
  });
  after(async () => {
    await session.close();
    await target.close();
    rmSync(folder, { recursive: true });
  });

  const found = databases();
  if (found.length === 0) it("needs the folder of databases beside the repository", { skip: "it is not there" }, () => undefined);

  for (const path of found) {
    it(`${basename(path)}: everything is translated or named, and loads`, async () => {
      const read = await readPlan({ source: path, profile: true });
      try {
        const { plan, catalog } = read;
        const master = masterCounts(path);
        assert.equal(catalog.tables.length + catalog.virtualTables.length + catalog.internalTables.length, master.tables);
        assert.equal(catalog.views.length, master.views);
        assert.equal(catalog.triggers.length, master.triggers);
        const { kinds, total } = accountFor(plan);
        assert.equal(total.found, total.translated + total.leftOut);

        const script = renderDdl(plan);
        assert.equal(await parsePostgres(script), undefined);
        const check = await checkDdl(plan, session);
        assert.deepEqual(check.failures.map(({ object, gate, message }) => ({ name: object.name, gate, message, sql: object.sql })), []);

        // Counted from PostgreSQL's own catalog, after running the script as a user would.
        const schema = "loaded";
        await session.script(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`);
        const again = await readPlan({ source: path, profile: true, schema });
        again.close();
        await session.script(renderDdl(again.plan));
        const count = async (sql: string): Promise<number> => Number((await session.query(sql)).rows[0]?.[0]);
        const relations = (kind: string): Promise<number> => count(`SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${schema}' AND c.relkind = '${kind}'`);
        const constraints = (kind: string): Promise<number> => count(`SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = '${schema}' AND c.contype = '${kind}'`);
        assert.equal(await relations("r"), catalog.tables.length);
        assert.equal(await relations("v"), kinds.get("view")?.translated ?? 0);
        assert.equal((await constraints("p")) + (await constraints("u")), (kinds.get("primary-key")?.translated ?? 0) + (kinds.get("unique")?.translated ?? 0));
        assert.equal(await constraints("f"), kinds.get("foreign-key")?.translated ?? 0);
        assert.equal(await constraints("c"), kinds.get("check")?.translated ?? 0);
        const plainIndexes = await count(`SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${schema}' AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))`);
        assert.equal(plainIndexes, kinds.get("index")?.translated ?? 0);
        await session.script(`DROP SCHEMA ${schema} CASCADE`);
      } finally {
        read.close();
      }
    });
  }

  const sample = join(root, "sample/app/server/db/schema.sql");
  it("the sample's schema: 26 tables, 41 indexes, nothing left out", { skip: existsSync(sample) ? false : "the sample is not there" }, async () => {
    const read = await readPlan({ source: sample, profile: false });
    const { plan } = read;
    read.close();
    const { kinds } = accountFor(plan);
    assert.equal(kinds.get("table")?.translated, 26);
    assert.equal(kinds.get("index")?.translated, 41);
    assert.deepEqual(plan.reported.filter((each) => each.kind !== "internal-table"), []);
    assert.deepEqual((await checkDdl(plan, session)).failures, []);
  });
});
