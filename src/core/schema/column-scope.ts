import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Column, Table } from "./catalog.ts";
import { columnKey, foldName, type ColumnProfile, type Decision, type Policies, type PostgresType } from "./decision.ts";
import type { ExpressionContext, ScopeColumn } from "./expression-context.ts";
import type { PlanOptions } from "./plan.ts";
import { targetColumn, type TargetNames } from "./target-names.ts";

/** What the DDL of one catalog is made with. */
export interface DdlContext {
  readonly names: TargetNames;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly collation: Policies["collation"];
  /** What the columns hold, where their data was looked at. */
  readonly profiles?: PlanOptions["profiles"] | undefined;
}

/** A table's column as expressions over it see it; `qualifier` is written before it, when there is one. */
export function scopeColumn(ddl: DdlContext, table: Table, column: Column, qualifier?: string): ScopeColumn {
  const decision = ddl.decisions.get(columnKey(table.name, column));
  const name = postgresIdentifier(targetColumn(ddl.names, table.name, column.name));
  return {
    sql: qualifier === undefined ? name : `${postgresIdentifier(qualifier)}.${name}`,
    type: decision?.type ?? "text",
    affinity: column.affinity,
    collation: column.collation,
    bytewise: decision?.type !== "text" || decision.collation === "C",
    mixed: isMixed(decision?.type ?? "text", ddl.profiles?.get(columnKey(table.name, column))),
  };
}

/** Whether the column holds values of another class than its type's: numbers, texts, BLOBs. */
function isMixed(type: PostgresType, profile: ColumnProfile | undefined): boolean {
  if (profile === undefined) return false;
  const { integers, reals, texts, blobs } = profile;
  switch (type) {
    case "bytea":
      return integers + reals + texts > 0;
    case "bigint":
    case "integer":
    case "numeric":
    case "double precision":
    case "boolean":
      return texts + blobs > 0;
    default:
      return integers + reals + blobs > 0;
  }
}

/** The context of an expression that belongs to one table: CHECK, generated column, index. `notes` collects remarks. */
export function tableContext(ddl: DdlContext, table: Table, immutable: boolean, notes: string[]): ExpressionContext {
  return {
    column: (qualifier, name) => {
      if (qualifier !== undefined && foldName(qualifier) !== foldName(table.name)) return undefined;
      const column = table.columns.find((each) => foldName(each.name) === foldName(name));
      return column === undefined ? undefined : scopeColumn(ddl, table, column);
    },
    immutable,
    aggregates: false,
    notes,
  };
}
