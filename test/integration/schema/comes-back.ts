import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { accountFor } from "#core/schema/account-for.ts";
import { compareCatalogs } from "#core/schema/compare-catalogs.ts";
import { decide } from "#core/schema/decide.ts";
import { defaultPolicies } from "#core/schema/decision.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import { introspectPostgres } from "#engine/postgres/introspect.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import { statementTranslator } from "#engine/proof/statement-translator.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { profile } from "#engine/sqlite/profile/profile.ts";
import type { RandomSchema, RandomTable } from "./random-schema.ts";

/** What of a random schema SQLite took. */
interface Made {
  readonly source: Source;
  readonly tables: readonly RandomTable[];
  readonly refused: number;
}

function make(schema: RandomSchema): Made {
  const db = new Database(":memory:");
  db.defaultSafeIntegers(true);
  db.pragma("foreign_keys = off");
  const taken = (sql: string): boolean => {
    try {
      db.exec(sql);
      return true;
    } catch (problem) {
      if (!(problem instanceof Database.SqliteError)) throw problem;
      return false;
    }
  };
  const tables = schema.tables.filter(({ sql }) => taken(sql));
  const others = schema.others.filter(taken);
  for (const row of schema.rows) taken(row);
  // A view's names are looked at when it is used: one that SQLite itself cannot read says nothing.
  for (const view of db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'view'").all()) {
    const name = `"${view.name.replaceAll('"', '""')}"`;
    if (!taken(`SELECT * FROM ${name} LIMIT 0`)) taken(`DROP VIEW ${name}`);
  }
  return {
    source: { kind: "database", name: "random.db", path: undefined, db, unloaded: [], close: () => void db.close() },
    tables,
    refused: schema.tables.length - tables.length + schema.others.length - others.length,
  };
}

/** The parts of each table as they were written against what was read: nothing may be lost on the way in. */
function sameAsWritten(made: Made, catalog: ReturnType<typeof introspect>): void {
  const sum = (of: (table: RandomTable) => number): number => made.tables.reduce((total, table) => total + of(table), 0);
  const read = (of: (table: (typeof catalog.tables)[number]) => number): number => catalog.tables.reduce((total, table) => total + of(table), 0);
  assert.equal(catalog.tables.length, made.tables.length);
  assert.equal(read((table) => table.columns.length), sum((table) => table.columns));
  assert.equal(read((table) => table.checks.length), sum((table) => table.checks));
  assert.equal(read((table) => table.foreignKeys.length), sum((table) => table.foreignKeys));
  assert.equal(read((table) => table.columns.filter((column) => column.default !== undefined).length), sum((table) => table.defaults));
  assert.equal(read((table) => table.columns.filter((column) => column.generated !== undefined).length), sum((table) => table.generated));
}

/** What became of one schema. */
export interface CameBack {
  readonly objects: number;
  readonly translated: number;
  /** Statements that SQLite itself refused. */
  readonly refused: number;
  readonly reasons: readonly string[];
}

/** Translates a random schema, loads it into a schema of its own and reads it back. @throws AssertionError when something is neither there nor reported */
export async function comesBack(schema: RandomSchema, session: PostgresSession): Promise<CameBack> {
  const made = make(schema);
  try {
    const catalog = introspect(made.source);
    sameAsWritten(made, catalog);
    const profiles = schema.rows.length === 0 ? undefined : await profile(made.source, catalog);
    const plan = makePlan(catalog, decide(catalog, profiles, defaultPolicies, new Map()), {
      schema: "random", targetVersion: session.version, collation: "C", ...(profiles === undefined ? {} : { profiles }),
    }, statementTranslator);
    const { total } = accountFor(plan);
    assert.equal(total.found, total.translated + total.leftOut);
    await session.script("DROP SCHEMA IF EXISTS random CASCADE");
    for (const { sql } of plan.objects) {
      try {
        await session.query(sql);
      } catch (problem) {
        if (problem instanceof PostgresFailure) assert.fail(`${problem.message}\n${sql}`);
        throw problem;
      }
    }
    const found = await introspectPostgres(session, "random");
    assert.deepEqual(compareCatalogs(plan, found), []);
    // A view has the columns that SQLite gives it, unless it is among those reported.
    for (const view of catalog.views) {
      const there = found.views.find(({ name }) => name === targetRelation(plan.names, view.name));
      if (there === undefined) continue;
      const columns = made.source.db.prepare<[string], string>("SELECT name FROM pragma_table_info(?)").pluck().all(view.name);
      assert.equal(there.columns.length, columns.length);
    }
    // The script as a user would run it says the same.
    await session.script(`DROP SCHEMA random CASCADE; ${renderDdl(plan)}`);
    const again = await introspectPostgres(session, "random");
    assert.deepEqual(again, found);
    return {
      objects: total.found,
      translated: total.translated,
      refused: made.refused,
      reasons: plan.reported.filter(({ outcome }) => outcome === "left-out").map(({ kind, reason }) => `${kind}: ${reason}`),
    };
  } finally {
    made.source.close();
  }
}
