import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Column, Table } from "./catalog.ts";
import { columnKey, foldName, type Decision, type Policies } from "./decision.ts";
import type { ExpressionContext, ScopeColumn } from "./expression-context.ts";
import { targetColumn, type TargetNames } from "./target-names.ts";

/** What the DDL of one catalog is made with. */
export interface DdlContext {
  readonly names: TargetNames;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly collation: Policies["collation"];
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
  };
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
