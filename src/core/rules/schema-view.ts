import type { Column, ForeignKey, Table, VirtualTable } from "#core/schema/catalog.ts";
import { columnKey, type Decision } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { RowVariable } from "#core/schema/statement-translator.ts";
import { targetColumn, targetRelation } from "#core/schema/target-names.ts";
import type { NameList, SelectStatement } from "#core/sql/nodes.ts";
import { parseStatement } from "#core/sql/parse.ts";

/** A column with what was decided about it. */
export interface ColumnView {
  readonly column: Column;
  readonly decision: Decision;
  /** Whether it can hold NULL: neither NOT NULL nor part of a key that SQLite keeps free of NULLs. */
  readonly nullable: boolean;
}

/** A table as the rules need it. */
export interface TableView {
  readonly table: Table;
  /** In order of declaration. */
  readonly columns: readonly ColumnView[];
  readonly column: (name: string) => ColumnView | undefined;
  /** Column lists that are unique whatever the row: the primary key first, then UNIQUE constraints and plain unique indexes. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Those of `uniqueKeys` that compare without case (or by another collation): PostgreSQL has an index on an expression for them. */
  readonly foldedKeys: readonly (readonly string[])[];
  /** Whether some unique index is partial or over an expression, so that `uniqueKeys` is not the whole story. */
  readonly hasOtherUniqueIndexes: boolean;
  /** Foreign keys of other tables that point here. */
  readonly referencedBy: readonly { readonly table: string; readonly key: ForeignKey }[];
  readonly hasTriggers: boolean;
  /** Whether some of them are left out of the plan, or do not quite the same there. */
  readonly triggersDiffer: boolean;
}

/** A view's query, and the names that it gives its columns where it says them. */
export interface QueryView {
  readonly columns: NameList | undefined;
  readonly select: SelectStatement;
}

/** The schema at hand, by name as SQLite compares names: ASCII case folded. */
export interface SchemaView {
  readonly table: (name: string) => TableView | undefined;
  /** Every column of that name in any table: what a fragment without a FROM clause can mean. */
  readonly columnsNamed: (name: string) => readonly ColumnView[];
  /** The table that a trigger of this name stands on. */
  readonly triggerOn: (name: string) => string | undefined;
  readonly virtualTable: (name: string) => VirtualTable | undefined;
  readonly view: (name: string) => QueryView | undefined;
  /** What a table or view is called in PostgreSQL; undefined for one that is not there. */
  readonly targetRelation: (name: string) => string | undefined;
  /** What a table's column is called in PostgreSQL. */
  readonly targetColumn: (table: string, column: string) => string;
  /** Rows that a statement may name besides its own tables': those of the trigger that it stands in. */
  readonly rows: readonly RowVariable[];
}

/** Makes the view of a plan. Linear in the schema's size; build it once per plan. */
export function schemaView(plan: Pick<Plan, "catalog" | "decisions" | "names"> & { readonly reported?: Plan["reported"] }): SchemaView {
  const { catalog } = plan;
  const tables = new Map<string, TableView>();
  const byColumn = new Map<string, ColumnView[]>();
  for (const table of catalog.tables) {
    // What takes a virtual table's place has other columns: nobody may take the one for the other.
    if (table.virtual !== undefined) continue;
    const columns: ColumnView[] = [];
    for (const column of table.columns) {
      const decision = plan.decisions.get(columnKey(table.name, column));
      if (decision === undefined) continue;
      const nullable = !column.notNull && table.rowidAlias !== column.name && !(table.withoutRowid && table.primaryKey?.columns.includes(column.name) === true);
      const view = { column, decision, nullable };
      columns.push(view);
      const name = fold(column.name);
      byColumn.set(name, [...(byColumn.get(name) ?? []), view]);
    }
    const index = new Map(columns.map((view) => [fold(view.column.name), view]));
    const unique = catalog.indexes.filter((i) => i.unique && fold(i.table) === fold(table.name));
    const plain = unique.filter((i) => i.where === undefined && i.keys.every((key) => key.kind === "column"));
    const keys = [
      ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
      ...table.uniques,
      ...plain.map((i) => ({ columns: i.keys.map((key) => key.text), collations: i.keys.map((key) => key.collation) })),
    ];
    tables.set(fold(table.name), {
      table,
      columns,
      column: (name) => index.get(fold(name)),
      uniqueKeys: distinct(keys.map((key) => key.columns)),
      foldedKeys: keys.filter((key) => key.collations.some((collation) => collation !== undefined && collation.toUpperCase() !== "BINARY")).map((key) => key.columns),
      hasOtherUniqueIndexes: plain.length < unique.length,
      referencedBy: catalog.tables.flatMap((other) =>
        other.foreignKeys.filter((key) => fold(key.parent) === fold(table.name)).map((key) => ({ table: other.name, key })),
      ),
      hasTriggers: catalog.triggers.some((t) => fold(t.table) === fold(table.name)),
      triggersDiffer: plan.reported?.some((each) => each.kind === "trigger" && fold(each.table ?? "") === fold(table.name)) ?? false,
    });
  }
  const views = new Map(catalog.views.map((view) => [fold(view.name), view.sql]));
  const parsed = new Map<string, QueryView | undefined>();
  const view = (name: string): QueryView | undefined => {
    const key = fold(name);
    const sql = views.get(key);
    if (sql === undefined) return undefined;
    if (!parsed.has(key)) {
      const statement = parseStatement(sql);
      parsed.set(key, statement.kind === "CreateViewStatement" && statement.select.kind === "SelectStatement" ? { columns: statement.columns, select: statement.select } : undefined);
    }
    return parsed.get(key);
  };
  return {
    table: (name) => tables.get(fold(name)),
    columnsNamed: (name) => byColumn.get(fold(name)) ?? [],
    view,
    targetRelation: (name) => (tables.has(fold(name)) || views.has(fold(name)) ? targetRelation(plan.names, name) : undefined),
    targetColumn: (table, column) => targetColumn(plan.names, table, column),
    triggerOn: (name) => catalog.triggers.find((each) => fold(each.name) === fold(name))?.table,
    virtualTable: (name) => catalog.virtualTables.find((each) => fold(each.name) === fold(name)),
    rows: [],
  };
}

function distinct(keys: readonly (readonly string[])[]): (readonly string[])[] {
  const seen = new Map<string, readonly string[]>();
  for (const key of keys) {
    const id = key.map(fold).sort().join("\0");
    if (!seen.has(id)) seen.set(id, key);
  }
  return [...seen.values()];
}

/** SQLite compares names with ASCII case folded only. */
export function fold(name: string): string {
  return name.replace(/[A-Z]/g, (c) => c.toLowerCase());
}
