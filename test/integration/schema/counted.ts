import assert from "node:assert/strict";
import type { Database } from "better-sqlite3";
import { accountFor, type Accounts } from "#core/schema/account-for.ts";
import { compareCatalogs } from "#core/schema/compare-catalogs.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { SourceKind } from "#core/schema/source-objects.ts";
import { introspectPostgres } from "#engine/postgres/introspect.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";

/** What a database holds by SQLite's own lists, read without any of our code. */
function inSqlite(db: Database): Partial<Record<SourceKind, number>> {
  const count = (sql: string): number => Number(db.prepare(sql).pluck().get());
  const plain = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    .pluck()
    .all()
    .filter((name) => db.prepare<[string], string>("SELECT type FROM pragma_table_list(?) WHERE schema = 'main'").pluck().get(name) === "table");
  const each = (from: string, where: string): number => plain.reduce((sum, name) => sum + Number(db.prepare<[string]>(`SELECT count(*) FROM ${from} WHERE ${where}`).pluck().get(name)), 0);
  return {
    table: plain.length,
    column: each("pragma_table_xinfo(?, 'main')", "true"),
    default: each("pragma_table_xinfo(?, 'main')", "dflt_value IS NOT NULL"),
    "generated-column": each("pragma_table_xinfo(?, 'main')", "hidden > 1"),
    "primary-key": each("pragma_table_xinfo(?, 'main') AS x", "x.pk = 1"),
    unique: each("pragma_index_list(?, 'main') AS i", "i.origin = 'u'"),
    index: each("pragma_index_list(?, 'main') AS i", "i.origin = 'c'"),
    "foreign-key": each("pragma_foreign_key_list(?, 'main') AS f", "f.seq = 0"),
    view: count("SELECT count(*) FROM sqlite_schema WHERE type = 'view'"),
    trigger: count("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"),
    "virtual-table": count("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"),
  };
}

/**
 * Loads a plan and counts on both sides: objects in = objects translated + objects reported, each of the translated ones is there, and
 * the server refuses no statement. The plan's schema is dropped before and after.
 */
export async function counted(db: Database, plan: Plan, session: PostgresSession): Promise<Accounts> {
  const accounts = accountFor(plan);
  const { kinds, total } = accounts;
  assert.equal(total.found, total.translated + total.leftOut);
  for (const [kind, count] of Object.entries(inSqlite(db))) assert.equal([...kinds].find(([each]) => each === kind)?.[1].found ?? 0, count, kind);
  const left = plan.reported.filter((each) => each.outcome === "left-out");
  for (const each of left) assert.notEqual(each.reason, "");

  const schema = `"${plan.schema.replaceAll('"', '""')}"`;
  await session.script(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  for (const { sql } of plan.objects) {
    try {
      await session.query(sql);
    } catch (problem) {
      if (problem instanceof PostgresFailure) assert.fail(`${problem.message}\n${sql}`);
      throw problem;
    }
  }
  assert.deepEqual(compareCatalogs(plan, await introspectPostgres(session, plan.schema)), []);
  const count = async (sql: string): Promise<number> => Number((await session.query(sql, [plan.schema])).rows[0]?.[0]);
  const relations = (kind: string): Promise<number> => count(`SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = '${kind}'`);
  const constraints = (kind: string): Promise<number> => count(`SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = $1 AND c.contype = '${kind}'`);
  const done = (...of: SourceKind[]): number => of.reduce((sum, kind) => sum + (kinds.get(kind)?.translated ?? 0), 0);
  const forVirtual = plan.objects.filter((object) => object.kind === "table" && object.sources.some((source) => source.startsWith("virtual-table ")));
  assert.equal(await relations("r"), done("table") + forVirtual.length);
  assert.equal(await relations("v"), done("view"));
  assert.equal(await constraints("f"), done("foreign-key"));
  assert.equal(await constraints("c"), done("check"));
  // A key that is compared without case has an index of its own beside its constraint; and so has what stands for a virtual table.
  const more = plan.objects.filter((object) => ["index", "primary-key"].includes(object.kind) && !object.sources.some((source) => /^(?:primary-key|unique|index) /.test(source)));
  assert.equal(await relations("i"), done("primary-key", "unique", "index") + more.length);
  await session.script(`DROP SCHEMA ${schema} CASCADE`);
  return accounts;
}
