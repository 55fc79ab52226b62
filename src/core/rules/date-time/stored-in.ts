import type { Expression, Node } from "#core/sql/nodes.ts";
import type { ColumnView, SchemaView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** The column that an INSERT or UPDATE puts a value into; `unknown` when the schema at hand does not tell; undefined for a value that is not stored. */
export function storedIn(node: Expression, ancestors: readonly Node[], schema: SchemaView | undefined): ColumnView | "unknown" | undefined {
  const parent = ancestors.at(-1);
  if (parent?.kind === "Assignment") {
    const statement = ancestors.findLast((each) => each.kind === "UpdateStatement" || each.kind === "InsertStatement");
    if (statement === undefined || parent.target.kind === "NameList") return "unknown";
    return schema?.table(nameOf(statement.table.name) ?? "")?.column(nameOf(parent.target) ?? "") ?? "unknown";
  }
  const [insert, select, term] = ancestors.slice(-4);
  if (parent?.kind === "ExpressionList") return insert?.kind === "InsertStatement" && term?.kind === "ValuesClause" ? column(insert, parent.items.indexOf(node), parent.items, schema) : undefined;
  if (parent?.kind !== "ResultColumn") return undefined;
  if (insert?.kind !== "InsertStatement" || select?.kind !== "SelectStatement" || term?.kind !== "SelectCore") return undefined;
  const items = term.columns.flatMap((each) => (each.kind === "ResultColumn" ? [each.expression] : []));
  return items.length < term.columns.length ? "unknown" : column(insert, items.indexOf(node), items, schema);
}

function column(insert: Node & { readonly kind: "InsertStatement" }, place: number, items: readonly Expression[], schema: SchemaView | undefined): ColumnView | "unknown" {
  const table = schema?.table(nameOf(insert.table.name) ?? "");
  if (table === undefined || place < 0 || items.slice(0, place).some((each) => each.kind === "Hole")) return "unknown";
  if (insert.columns === undefined) return table.columns.filter((view) => view.column.generated === undefined)[place] ?? "unknown";
  if (insert.columns.names.slice(0, place + 1).some((name) => name.kind === "Hole")) return "unknown";
  return table.column(nameOf(insert.columns.names[place]) ?? "") ?? "unknown";
}
