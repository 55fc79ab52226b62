import { parseStatement } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Catalog, View } from "./catalog.ts";
import { scopeColumn, type DdlContext } from "./column-scope.ts";
import { foldName } from "./decision.ts";
import type { PlannedObject, ReportedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";
import type { StatementTranslator } from "./statement-translator.ts";
import { nameAllocator, targetColumn, targetRelation } from "./target-names.ts";
import { mentionsTable, translateQuery, type Relation, type RelationColumn, type TranslatedQuery } from "./translate-select.ts";
import { refuse, Untranslatable } from "./translated-value.ts";

/** What the planning of views needs; `objects` and `reported` are added to. */
export interface ViewPlanning {
  readonly catalog: Catalog;
  readonly ddl: DdlContext;
  /** A relation's name in PostgreSQL as DDL writes it. */
  readonly qualified: (name: string) => string;
  /** Translates a whole query by the query rules. */
  readonly translate: StatementTranslator;
  /** What stands before the name of a table. */
  readonly prefix: string;
  readonly objects: PlannedObject[];
  readonly reported: ReportedObject[];
}

/** The columns of a view that the query rules translated are known by their names alone. */
type Outcome = { readonly relation: Relation | undefined } | { readonly reason: string };

/** Plans every view, those that others use before them: SQLite looks at a view's names when it is used, PostgreSQL when it is made. */
export function planViews(planning: ViewPlanning): void {
  const tables = new Map<string, Relation>(
    planning.catalog.tables.filter((table) => table.virtual === undefined).map((table) => {
      const name = targetRelation(planning.ddl.names, table.name);
      const columns: RelationColumn[] = table.columns.map((column) => ({
        name: column.name,
        target: targetColumn(planning.ddl.names, table.name, column.name),
        column: scopeColumn(planning.ddl, table, column),
      }));
      const rowid = columns.find((column) => column.name === table.rowidAlias);
      return [foldName(table.name), { sql: planning.qualified(name), name, columns, rowid }];
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
    const outcome = planView(planning, view, {
      relation: (name) => {
        const table = tables.get(foldName(name));
        if (table !== undefined) return table;
        const other = views.get(foldName(name));
        if (other === undefined) return undefined;
        const result = planned(other);
        if ("reason" in result) return refuse(`it reads the view ${other.name}, which is left out`);
        return result.relation ?? refuse(`it reads the view ${other.name}, whose types are not known`);
      },
      byRules: (name) => {
        const other = views.get(foldName(name));
        if (other === undefined) return undefined;
        const result = planned(other);
        if ("reason" in result) return `it reads the view ${other.name}, which is left out`;
        return result.relation === undefined ? undefined : `it reads the view ${other.name}, which was translated in another way`;
      },
    });
    open.delete(key);
    done.set(key, outcome);
    return outcome;
  };
  for (const view of planning.catalog.views) planned(view);
}

/** What other tables and views are to a view. */
interface Others {
  readonly relation: (name: string) => Relation | undefined;
  /** Why the query rules may not speak of a view by this name: undefined when they may, or when it is none. */
  readonly byRules: (name: string) => string | undefined;
}

function planView(planning: ViewPlanning, view: View, others: Others): Outcome {
  const source = sourceKey("view", view.name);
  const name = targetRelation(planning.ddl.names, view.name);
  const notes: string[] = [];
  const own = translated(view, others.relation, notes);
  const query = "reason" in own ? (byRules(planning, view, others.byRules, notes) ?? own) : own;
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
  return { relation: query === own ? { sql: planning.qualified(name), name, columns: query.columns } : undefined };
}

/** The view by the query rules, which know more constructs; undefined when they do not vouch for it either. */
function byRules(planning: ViewPlanning, view: View, refused: (name: string) => string | undefined, notes: string[]): Pick<TranslatedQuery, "sql" | "columns"> | undefined {
  const statement = parseStatement(view.sql);
  if (statement.kind !== "CreateViewStatement" || statement.select.kind !== "SelectStatement" || view.columns === undefined) return undefined;
  for (const { table } of nodesOfKind(statement.select, "TableReference")) if (table.name.kind === "Identifier" && refused(table.name.value) !== undefined) return undefined;
  for (const { table } of nodesOfKind(statement.select, "InTable")) if (table.name.kind === "Identifier" && refused(table.name.value) !== undefined) return undefined;
  // SQLite never looks at a common table that nobody reads; PostgreSQL wants a recursive one to have a first part.
  if (nodesOfKind(statement.select, "CommonTable").some(({ name, query }) => name.kind === "Identifier" && query.kind === "Subquery" && query.select.terms.length < 2 && mentionsTable(query, name.value))) return undefined;
  // PostgreSQL takes no comma inside of the parentheses of a join, and no name without letters.
  if (nodesOfKind(statement.select, "ParenthesizedSource").some((each) => each.terms.length > 1)) return undefined;
  if (nodesOfKind(statement.select, "Identifier").some((each) => each.value === "")) return undefined;
  const { span } = statement.select;
  const result = planning.translate(view.sql.slice(span.start, span.end), { rows: [], prefix: planning.prefix });
  if ("reason" in result) return undefined;
  notes.splice(0, notes.length, ...result.notes);
  const names = nameAllocator();
  const column = { type: "text", affinity: "BLOB", collation: undefined, bytewise: false } as const;
  return { sql: result.sql, columns: view.columns.map((name) => ({ name, target: names.take(name), column })) };
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
