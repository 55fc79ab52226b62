import type { Assignment, Expression, InsertStatement, Name, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { columnKind, type ValueKind } from "../kinds/value-kind.ts";
import type { ColumnView, SchemaView, TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** The values that a statement puts into columns, each with its column's kind; `unknown` where the column is not known. */
export function targetsOf(statement: Statement, schema: SchemaView | undefined): ReadonlyMap<Expression, ValueKind> {
  const found = new Map<Expression, ValueKind>();
  const put = (view: ColumnView | undefined, value: Expression): void => {
    found.set(value, view === undefined ? { kind: "unknown" } : columnKind(view));
  };
  const assigned = (assignment: Assignment, table: TableView | undefined): void => {
    if (assignment.target.kind !== "NameList") put(table?.column(nameOf(assignment.target) ?? ""), assignment.value);
  };
  for (const insert of nodesOfKind(statement, "InsertStatement")) {
    const table = schema?.table(nameOf(insert.table.name) ?? "");
    const names: readonly (ColumnView | undefined)[] = insert.columns?.names.map((name: Name) => table?.column(nameOf(name) ?? "")) ?? table?.columns.filter((view) => view.column.generated === undefined) ?? [];
    for (const row of rowsOf(insert)) for (const [i, value] of row.entries()) if (value !== undefined) put(names[i], value);
    for (const upsert of insert.upserts) for (const each of upsert.set?.assignments ?? []) if (each.kind === "Assignment") assigned(each, table);
  }
  for (const update of nodesOfKind(statement, "UpdateStatement")) {
    const table = schema?.table(nameOf(update.table.name) ?? "");
    if (update.set.kind === "SetClause") for (const each of update.set.assignments) if (each.kind === "Assignment") assigned(each, table);
  }
  return found;
}

/** The rows that an INSERT gives; undefined from where places can no longer be counted. */
function rowsOf(insert: InsertStatement): readonly (readonly (Expression | undefined)[])[] {
  if (insert.source.kind !== "SelectStatement") return [];
  return insert.source.terms.flatMap((term) => {
    switch (term.kind) {
      case "ValuesClause":
        return term.rows.map((row) => (row.kind === "ExpressionList" ? counted(row.items) : []));
      case "SelectCore":
        return [counted(term.columns.map((column) => (column.kind === "ResultColumn" ? column.expression : undefined)))];
      default:
        return [];
    }
  });
}

function counted(items: readonly (Expression | undefined)[]): readonly (Expression | undefined)[] {
  const end = items.findIndex((item) => item === undefined || item.kind === "Hole");
  return end < 0 ? items : items.slice(0, end);
}
