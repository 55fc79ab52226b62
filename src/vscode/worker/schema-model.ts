import type { Column, Table } from "#core/schema/catalog.ts";
import { columnKey, foldName, type Decision } from "#core/schema/decision.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import type { Span } from "#core/text/span.ts";
import type { ColumnModel, SchemaModel, TableModel } from "#protocol/worker.ts";
import { columnSpans } from "./column-spans.ts";

/** What the schema panel shows of a plan. `ddl` is the whole plan as it would be written to a file. */
export function schemaModel(source: string, plan: Plan, ddl: string): SchemaModel {
  return {
    source,
    tables: plan.catalog.tables.map((table) => tableModel(table, plan)),
    postgresDdl: ddl,
    reported: plan.reported.map(({ kind, name, outcome, reason }) => ({ kind, name, outcome, reason })),
  };
}

function tableModel(table: Table, plan: Plan): TableModel {
  const indexes = plan.catalog.indexes.filter((index) => index.table === table.name).map((index) => index.sql);
  const triggers = plan.catalog.triggers.filter((trigger) => trigger.table === table.name).map((trigger) => trigger.sql);
  const sqliteDdl = statements([table.sql, ...indexes, ...triggers]);
  const objects = plan.objects.filter((object) => belongsTo(object, table, plan));
  const postgresDdl = statements(objects.map((object) => object.sql));
  const created = objects.find((object) => object.kind === "table");
  const before = created === undefined ? 0 : postgresDdl.indexOf(created.sql);
  const sqliteSpans = columnSpans(table.sql);
  const postgresSpans = created === undefined ? new Map<string, Span>() : columnSpans(created.sql);
  return {
    name: table.name,
    columns: table.columns.map((column): ColumnModel => {
      const targetName = targetColumn(plan.names, table.name, column.name);
      return columnModel(table, column, plan, sqliteSpans.get(column.name.toLowerCase()), moved(postgresSpans.get(targetName.toLowerCase()), before));
    }),
    sqliteDdl,
    postgresDdl,
    warnings: plan.reported.filter((reported) => reported.table !== undefined && foldName(reported.table) === foldName(table.name)).map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
  };
}

function columnModel(table: Table, column: Column, plan: Plan, sqliteSpan: Span | undefined, postgresSpan: Span | undefined): ColumnModel {
  const decision = plan.decisions.get(columnKey(table.name, column));
  return {
    name: column.name,
    sqliteType: column.declaredType,
    postgresType: decision === undefined ? "" : typeText(decision),
    evidence: decision?.evidence ?? "",
    confidence: decision?.confidence ?? 0,
    overridden: decision?.overridden ?? false,
    sqliteSpan,
    postgresSpan,
  };
}

/** The type as one says it; the collation, which is the same for all text of a database, stands in the DDL. */
function typeText({ type, keyStyle }: Decision): string {
  switch (keyStyle) {
    case "bigserial":
      return "bigserial";
    case "identity":
      return `${type} identity`;
    case "none":
      return type;
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
