import { CutoverError } from "#core/cutover-error.ts";
import type { DdlTranslation } from "#core/rules/rule.ts";
import { addedColumn } from "#core/schema/added-column.ts";
import type { Catalog, Trigger } from "#core/schema/catalog.ts";
import { decide } from "#core/schema/decide.ts";
import { foldName, type Overrides, type Policies } from "#core/schema/decision.ts";
import { inlineDdl } from "#core/schema/inline-ddl.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { Plan } from "#core/schema/plan.ts";
import { describe } from "#core/schema/render-ddl.ts";
import { sourceKey } from "#core/schema/source-objects.ts";
import { withParents } from "#core/schema/with-parents.ts";
import type { AlterTableStatement } from "#core/sql/nodes.ts";
import { parseScript } from "#core/sql/parse.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Span } from "#core/text/span.ts";
import { statementTranslator } from "../proof/statement-translator.ts";
import { loadedDriver } from "./driver.ts";
import { introspect } from "./introspect.ts";
import { openDdlWith } from "./open-ddl.ts";

/**
 * Makes a translator for DDL found in code, as the application would run it: CREATE TABLE, CREATE INDEX, CREATE VIEW and CREATE TRIGGER in any number, or one
 * `ALTER TABLE … ADD COLUMN`, of which it gives what follows the table's name. A table that the plan knows gets the types that
 * were decided for it; another one is decided by its declaration. A source has been opened before (the plan's), so that SQLite is loaded.
 */
export function ddlTranslator(plan: Plan, policies: Policies, overrides: Overrides): (sql: string) => DdlTranslation {
  const decided: Overrides = new Map([...[...plan.decisions].map(([key, { type }]) => [key, type] as const), ...overrides]);

  /** The plan of some DDL among the tables that are known, and what has to be said of it. */
  const planned = (ddl: string, triggers: readonly Trigger[] = []): Made | Refused => {
    const found = read(ddl);
    if ("reason" in found) return found;
    const own = new Set([...found.tables, ...found.views].map(({ name }) => foldName(name)));
    const catalog: Catalog = {
      ...found,
      tables: withParents([...found.tables, ...plan.catalog.tables.filter((table) => !own.has(foldName(table.name)))]),
      indexes: [...found.indexes, ...plan.catalog.indexes.filter((index) => !own.has(foldName(index.table)))],
      views: [...found.views, ...plan.catalog.views.filter((view) => !own.has(foldName(view.name)))],
      // The others count for the order in which they run; one that is known keeps its place among them.
      triggers: [...plan.catalog.triggers.map((trigger) => triggers.find((each) => foldName(each.name) === foldName(trigger.name)) ?? trigger), ...triggers.filter((trigger) => !plan.catalog.triggers.some((each) => foldName(each.name) === foldName(trigger.name)))],
    };
    const keys = new Set(triggers.map(({ name }) => sourceKey("trigger", name)));
    const made = makePlan(catalog, decide(catalog, undefined, policies, decided), { ...plan.options, partitions: new Map(), createSchema: false, qualified: false }, statementTranslator);
    const reported = made.reported.filter((each) => (each.kind === "trigger" ? keys.has(each.source) : own.has(foldName(each.table ?? each.name))));
    return { plan: made, found, reported, triggers: keys };
  };

  const added = (sql: string, statement: AlterTableStatement): DdlTranslation => {
    if (statement.action.kind !== "AddColumn") return { ok: false, reason: "it adds no column" };
    if (statement.table.name.kind !== "Identifier") return { ok: false, reason: "the table's name is filled in at run time" };
    const name = statement.table.name.value;
    const { span } = statement.action.column;
    // Alone, its decision is the one that the plan has for it, if it has one; a CHECK may need the other columns.
    const alone = planned(`CREATE TABLE ${postgresIdentifier(name)} (${sql.slice(span.start, span.end)}\n)`);
    const known = plan.catalog.tables.find((table) => foldName(table.name) === foldName(name));
    const made = !("reason" in alone) || known === undefined ? alone : planned(`${known.sql};\n${sql}`);
    if ("reason" in made) return { ok: false, reason: made.reason };
    const column = made.found.tables[0]?.columns.at(-1)?.name ?? "";
    const text = addedColumn(made.plan, made === alone ? undefined : plan, name);
    if (text === undefined) return { ok: false, reason: "its definition is not understood" };
    const shown = [`${name}.${column}`, `${name} (${column})`, name];
    return { ok: true, sql: text, review: made.reported.filter((each) => alone === made || shown.includes(each.name)).map(describe) };
  };

  return (sql) => {
    const { statements } = parseScript(sql);
    const [first] = statements;
    if (statements.length === 1 && first?.kind === "AlterTableStatement") return added(sql, first);
    const ifNotExists = new Set<string>();
    const temporary = new Set<string>();
    let permanent = sql;
    const blank = ({ start, end }: Span): void => {
      permanent = permanent.slice(0, start) + permanent.slice(start, end).replace(/[^\n]/g, " ") + permanent.slice(end);
    };
    const triggers: Trigger[] = [];
    for (const statement of statements) {
      if (statement.kind === "CreateTriggerStatement") {
        const { name, table } = statement;
        if (name.name.kind !== "Identifier" || table.name.kind !== "Identifier") return { ok: false, reason: "a trigger's name is filled in at run time" };
        if (statement.temporarySpan !== undefined) return { ok: false, reason: `the trigger ${name.name.value} is temporary: PostgreSQL keeps no trigger for one connection alone` };
        if (statement.ifNotExistsSpan !== undefined) ifNotExists.add(foldName(name.name.value));
        triggers.push({ name: name.name.value, table: table.name.value, sql: sql.slice(statement.span.start, statement.span.end) });
        blank(statement.span);
        continue;
      }
      if (statement.kind !== "CreateTableStatement" && statement.kind !== "CreateIndexStatement" && statement.kind !== "CreateViewStatement") return { ok: false, reason: "it holds statements other than CREATE TABLE, CREATE INDEX, CREATE VIEW and CREATE TRIGGER" };
      if (statement.kind === "CreateTableStatement" && statement.select !== undefined) return { ok: false, reason: "it makes a table from a query" };
      const name = statement.name.name.kind === "Identifier" ? foldName(statement.name.name.value) : undefined;
      if (name !== undefined && statement.ifNotExistsSpan !== undefined) ifNotExists.add(name);
      if (name === undefined || statement.kind === "CreateIndexStatement" || statement.temporarySpan === undefined) continue;
      temporary.add(name);
      blank(statement.temporarySpan);
    }
    const made = planned(permanent, triggers);
    if ("reason" in made) return { ok: false, reason: made.reason };
    const views = new Set(made.found.views.map((view) => foldName(view.name)));
    // A view or trigger that is left out is not said to be looked at: there is nothing.
    const lost = made.reported.find((each) => (each.kind === "view" || each.kind === "trigger") && each.outcome === "left-out");
    if (lost !== undefined) return { ok: false, reason: describe(lost) };
    const replaced = [...views].filter((name) => ifNotExists.has(name));
    return {
      ok: true,
      sql: inlineDdl(made.plan, { tables: made.found.tables.map((table) => table.name), views, triggers: made.triggers, ifNotExists, temporary }),
      review: [
        ...made.reported.map(describe),
        ...replaced.map((name) => `view ${name}: PostgreSQL has no IF NOT EXISTS for a view, so that one of this name is written anew`),
        ...triggers.filter(({ name }) => ifNotExists.has(foldName(name))).map(({ name }) => `trigger ${name}: PostgreSQL has no IF NOT EXISTS for a trigger, so that one of this name is written anew`),
      ],
    };
  };
}

interface Made {
  readonly plan: Plan;
  /** What the DDL itself made. */
  readonly found: Catalog;
  readonly reported: Plan["reported"];
  /** Keys of its triggers. */
  readonly triggers: ReadonlySet<string>;
}

interface Refused {
  readonly reason: string;
}

/** The objects that some DDL makes, or SQLite's refusal. */
function read(ddl: string): Catalog | Refused {
  try {
    const source = openDdlWith(loadedDriver(), ddl, "the code");
    try {
      return introspect(source);
    } finally {
      source.close();
    }
  } catch (problem) {
    if (problem instanceof CutoverError) return { reason: problem.why ?? problem.message };
    throw problem;
  }
}
