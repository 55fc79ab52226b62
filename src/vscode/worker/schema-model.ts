import type { Column, Table } from "#core/schema/catalog.ts";
import { columnKey, foldName, type Decision } from "#core/schema/decision.ts";
import { offersFor } from "#core/schema/offers.ts";
import type { Plan, PlannedObject, ReportedObject } from "#core/schema/plan.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import { typeChoices } from "#core/schema/type-choices.ts";
import type { Span } from "#core/text/span.ts";
import type { ColumnModel, SchemaModel, TableEntry, TableModel } from "#protocol/worker.ts";
import { columnSpans } from "./column-spans.ts";
import type { Decided } from "./schema-readings.ts";

/** Below it a choice is for a person to look at. */
const sure = 0.7;

/** What the schema panel shows of a decided source, with one of its tables. */
export function schemaModel(source: string, decided: Decided, table: string | undefined): SchemaModel {
  const { plan, kind, profiled, state } = decided;
  const shown = plan.catalog.tables.find((each) => table !== undefined && foldName(each.name) === foldName(table)) ?? plan.catalog.tables[0];
  const remarks = remarksByTable(plan);
  return {
    source,
    tables: plan.catalog.tables.map((each) => tableEntry(each, plan, remarks)),
    values: kind === "ddl" ? "none" : profiled === undefined ? "unread" : profiled === state ? "read" : "stale",
    reported: plan.reported.map(({ kind: what, name, outcome, reason }) => ({ kind: what, name, outcome, reason })),
    notes: notesOn(source, decided),
    table: shown === undefined ? undefined : tableModel(shown, decided, remarks),
  };
}

/** SQL on both sides as one reads it beside each other: of one table, or all of it. */
export function tableSql(table: Table, plan: Plan): { readonly sqlite: string; readonly postgres: string } {
  const indexes = plan.catalog.indexes.filter((index) => index.table === table.name).map((index) => index.sql);
  const triggers = plan.catalog.triggers.filter((trigger) => trigger.table === table.name).map((trigger) => trigger.sql);
  return {
    sqlite: statements([table.sql, ...indexes, ...triggers]),
    postgres: statements(plan.objects.filter((object) => belongsTo(object, table, plan)).map((object) => object.sql)),
  };
}

/** Every object of the source as it is stored. */
export function sourceSql({ catalog }: Plan): string {
  const { tables, virtualTables, indexes, views, triggers } = catalog;
  return statements([...tables, ...virtualTables, ...indexes, ...views, ...triggers].map((object) => object.sql));
}

function tableEntry(table: Table, { decisions }: Plan, remarks: ReadonlyMap<string, readonly ReportedObject[]>): TableEntry {
  const columns = table.columns.filter((column) => asksForALook(decisions.get(columnKey(table.name, column)))).length;
  return { name: table.name, columns: table.columns.map((column) => column.name), look: columns + (remarks.get(foldName(table.name))?.length ?? 0) };
}

function tableModel(table: Table, decided: Decided, remarks: ReadonlyMap<string, readonly ReportedObject[]>): TableModel {
  const { plan } = decided;
  const { sqlite: sqliteDdl, postgres: postgresDdl } = tableSql(table, plan);
  const created = plan.objects.find((object) => object.kind === "table" && belongsTo(object, table, plan));
  const before = created === undefined ? 0 : postgresDdl.indexOf(created.sql);
  const sqliteSpans = columnSpans(table.sql);
  const postgresSpans = created === undefined ? new Map<string, Span>() : columnSpans(created.sql);
  return {
    name: table.name,
    columns: table.columns.map((column) => ({
      ...columnModel(table, column, decided),
      sqliteSpan: sqliteSpans.get(column.name.toLowerCase()),
      postgresSpan: moved(postgresSpans.get(targetColumn(plan.names, table.name, column.name).toLowerCase()), before),
    })),
    sqliteDdl,
    postgresDdl,
    warnings: (remarks.get(foldName(table.name)) ?? []).map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
    offers: offersFor(plan)
      .filter((offer) => offer.table === table.name)
      .map(({ reason, costs, partition, sql }) => ({ reason, costs, how: partition === undefined ? sql.map((statement) => `${statement};`).join("\n") : `"partitions": ${JSON.stringify({ [table.name]: partition })}` })),
  };
}

function columnModel(table: Table, column: Column, { plan, profiles, automatic }: Decided): Omit<ColumnModel, "sqliteSpan" | "postgresSpan"> {
  const key = columnKey(table.name, column);
  const decision = plan.decisions.get(key);
  return {
    name: column.name,
    sqliteType: column.declaredType,
    postgresType: decision === undefined ? "" : typeText(decision),
    type: decision?.type ?? "",
    automatic: automatic.get(key)?.type ?? "",
    choices: typeChoices(plan.catalog, table, column, profiles?.get(key), plan.decisions),
    evidence: decision?.evidence ?? "",
    warnings: decision?.warnings ?? [],
    suggestions: (decision?.suggestions ?? []).map(({ reason }) => reason),
    confidence: decision?.confidence ?? 0,
    overridden: decision?.overridden ?? false,
    look: asksForALook(decision),
  };
}

function asksForALook(decision: Decision | undefined): boolean {
  return decision !== undefined && (decision.confidence < sure || decision.warnings.length > 0);
}

/** What was reported of each table and of what belongs to it, by folded name. */
function remarksByTable(plan: Plan): ReadonlyMap<string, readonly ReportedObject[]> {
  const found = new Map<string, ReportedObject[]>();
  for (const reported of plan.reported) {
    const table = reported.table ?? (reported.kind === "table" ? reported.name : undefined);
    if (table === undefined) continue;
    const known = found.get(foldName(table));
    if (known === undefined) found.set(foldName(table), [reported]);
    else known.push(reported);
  }
  return found;
}

/** Statements that were refused; choices that no column of the only configured source has. */
function notesOn(source: string, { code, config, plan }: Decided): string[] {
  const refused = (code?.refused ?? []).map(({ where, message, why }) => `${where ?? source}: ${message}${why === undefined ? "" : ` (${why})`}`);
  if (config.databases.length !== 1 || config.databases[0]?.source !== source) return refused;
  const unknown = [...config.overrides.keys()].filter((key) => !plan.decisions.has(key));
  return [...refused, ...unknown.map((key) => `cutover.json chooses a type for ${key}, but ${source} has no such column`)];
}

/** The type as one says it; the collation, which is the same for all text of a database, stands in the DDL. */
function typeText({ type, keyStyle, length }: Decision): string {
  switch (keyStyle) {
    case "bigserial":
      return type === "integer" ? "serial" : "bigserial";
    case "identity":
      return `${type} identity`;
    case "none":
      return type === "text" && length !== undefined ? `varchar(${length})` : type;
  }
}

function belongsTo(object: PlannedObject, table: Table, plan: Plan): boolean {
  if (object.table !== undefined) return foldName(object.table) === foldName(table.name);
  return object.kind === "table" && object.name === targetRelation(plan.names, table.name);
}

function statements(sql: readonly string[]): string {
  return sql.map((statement) => `${statement.replace(/[\s;]+$/, "")};`).join("\n\n");
}

function moved(span: Span | undefined, by: number): Span | undefined {
  return span === undefined ? undefined : { start: span.start + by, end: span.end + by };
}
