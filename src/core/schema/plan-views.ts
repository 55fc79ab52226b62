import { parseStatement } from "#core/sql/parse.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Catalog, View } from "./catalog.ts";
import { scopeColumn, type DdlContext } from "./column-scope.ts";
import { foldName } from "./decision.ts";
import type { PlannedObject, ReportedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";
import { targetColumn, targetRelation } from "./target-names.ts";
import { translateQuery, type Relation, type RelationColumn, type TranslatedQuery } from "./translate-select.ts";
import { refuse, Untranslatable } from "./translated-value.ts";

/** What the planning of views needs; `objects` and `reported` are added to. */
export interface ViewPlanning {
  readonly catalog: Catalog;
  readonly ddl: DdlContext;
  /** A relation's name in PostgreSQL as DDL writes it. */
  readonly qualified: (name: string) => string;
  readonly objects: PlannedObject[];
  readonly reported: ReportedObject[];
}

type Outcome = { readonly relation: Relation } | { readonly reason: string };

/** Plans every view, those that others use before them: SQLite looks at a view's names when it is used, PostgreSQL when it is made. */
export function planViews(planning: ViewPlanning): void {
  const tables = new Map<string, Relation>(
    planning.catalog.tables.map((table) => {
      const name = targetRelation(planning.ddl.names, table.name);
      const columns: RelationColumn[] = table.columns.map((column) => ({
        name: column.name,
        target: targetColumn(planning.ddl.names, table.name, column.name),
        column: scopeColumn(planning.ddl, table, column),
      }));
      return [foldName(table.name), { sql: planning.qualified(name), name, columns }];
    }),
  );
  const views = new Map(planning.catalog.views.map((view) => [foldName(view.name), view]));
  const done = new Map<string, Outcome>();
  const open = new Set<string>();
  const planned = (view: View): Outcome => {
    const key = foldName(view.name);
    const before = done.get(key);
    if (before !== undefined) return before;
    if (open.has(key)) return { reason: `${view.name} refers to itself` };
    open.add(key);
    const outcome = planView(planning, view, (name) => {
      const table = tables.get(foldName(name));
      if (table !== undefined) return table;
      const other = views.get(foldName(name));
      if (other === undefined) return undefined;
      const result = planned(other);
      return "reason" in result ? refuse(`it reads the view ${other.name}, which is left out`) : result.relation;
    });
    open.delete(key);
    done.set(key, outcome);
    return outcome;
  };
  for (const view of planning.catalog.views) planned(view);
}

function planView(planning: ViewPlanning, view: View, relation: (name: string) => Relation | undefined): Outcome {
  const source = sourceKey("view", view.name);
  const name = targetRelation(planning.ddl.names, view.name);
  const notes: string[] = [];
  const query = translated(view, relation, notes);
  if ("reason" in query) {
    planning.reported.push({ kind: "view", name: view.name, table: undefined, outcome: "left-out", reason: query.reason, source });
    return query;
  }
  if (name !== view.name) notes.unshift(`is called ${name} in PostgreSQL, which does not take the name as it is`);
  for (const reason of new Set(notes)) planning.reported.push({ kind: "view", name: view.name, table: undefined, outcome: "changed", reason, source });
  planning.objects.push({
    section: "post-data",
    kind: "view",
    name,
    table: undefined,
    sql: `CREATE VIEW ${planning.qualified(name)} (${query.columns.map((column) => postgresIdentifier(column.target)).join(", ")}) AS\n${query.sql}`,
    sources: [source],
  });
  return { relation: { sql: planning.qualified(name), name, columns: query.columns } };
}

function translated(view: View, relation: (name: string) => Relation | undefined, notes: string[]): TranslatedQuery | { readonly reason: string } {
  const statement = parseStatement(view.sql);
  if (statement.kind !== "CreateViewStatement" || statement.problem !== undefined) return { reason: "its text is not understood" };
  if (statement.select.kind !== "SelectStatement") return { reason: "its text is not understood" };
  try {
    const query = translateQuery(statement.select, { relation, text: view.sql, notes });
    if (statement.columns === undefined) return query;
    const names = statement.columns.names.map((name) => (name.kind === "Identifier" ? name.value : ""));
    if (names.length !== query.columns.length) return { reason: "it names another number of columns than it has" };
    return { ...query, columns: query.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name, target: names[i] ?? column.target })) };
  } catch (problem) {
    if (problem instanceof Untranslatable) return { reason: problem.message };
    throw problem;
  }
}
