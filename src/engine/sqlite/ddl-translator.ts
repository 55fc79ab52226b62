import { CutoverError } from "#core/cutover-error.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import type { Catalog } from "#core/schema/catalog.ts";
import { decide } from "#core/schema/decide.ts";
import { foldName, type Overrides, type Policies } from "#core/schema/decision.ts";
import { inlineDdl } from "#core/schema/inline-ddl.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { Plan } from "#core/schema/plan.ts";
import { describe } from "#core/schema/render-ddl.ts";
import { withParents } from "#core/schema/with-parents.ts";
import { parseScript } from "#core/sql/parse.ts";
import { loadedDriver } from "./driver.ts";
import { introspect } from "./introspect.ts";
import { openDdlWith } from "./open-ddl.ts";

/**
 * Makes a translator for DDL found in code: CREATE TABLE and CREATE INDEX, as the application would run them. A table that
 * the plan knows gets the types that were decided for it; another one is decided by its declaration.
 * A source has been opened before (the plan's), so that SQLite is loaded.
 */
export function ddlTranslator(plan: Plan, policies: Policies, overrides: Overrides): (sql: string) => DdlTranslation {
  const decided: Overrides = new Map([...[...plan.decisions].map(([key, { type }]) => [key, type] as const), ...overrides]);
  return (sql) => {
    const { statements } = parseScript(sql);
    const ifNotExists = new Set<string>();
    for (const statement of statements) {
      if (statement.kind !== "CreateTableStatement" && statement.kind !== "CreateIndexStatement") return { ok: false, reason: "it holds statements other than CREATE TABLE and CREATE INDEX" };
      if (statement.kind === "CreateTableStatement" && (statement.temporarySpan !== undefined || statement.select !== undefined)) return { ok: false, reason: "it makes a temporary table, or one from a query" };
      if (statement.ifNotExistsSpan !== undefined && statement.name.name.kind === "Identifier") ifNotExists.add(foldName(statement.name.name.value));
    }
    let found: Catalog;
    try {
      const source = openDdlWith(loadedDriver(), sql, "the code");
      try {
        found = introspect(source);
      } finally {
        source.close();
      }
    } catch (problem) {
      if (problem instanceof CutoverError) return { ok: false, reason: problem.why ?? problem.message };
      throw problem;
    }
    const own = new Set(found.tables.map((table) => foldName(table.name)));
    const catalog: Catalog = {
      ...found,
      tables: withParents([...found.tables, ...plan.catalog.tables.filter((table) => !own.has(foldName(table.name)))]),
      indexes: [...found.indexes, ...plan.catalog.indexes.filter((index) => !own.has(foldName(index.table)))],
    };
    const made = makePlan(catalog, decide(catalog, undefined, policies, decided), { ...plan.options, createSchema: false, qualified: false });
    const reported = made.reported.filter((each) => each.table !== undefined ? own.has(foldName(each.table)) : own.has(foldName(each.name)));
    return {
      ok: true,
      sql: inlineDdl(made, found.tables.map((table) => table.name), ifNotExists),
      review: reported.map(describe),
    };
  };
}
