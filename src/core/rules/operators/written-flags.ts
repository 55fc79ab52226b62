import type { Assignment, Expression, InsertStatement, Name, NameList, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Mode } from "../mode.ts";
import type { SqlFinding } from "../rule.ts";
import type { ColumnView, SchemaView, TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { becomes, meetsFlag, unwrap } from "./flag-value.ts";

/** Values that an INSERT or UPDATE puts into flag columns. */
export function* writtenFlags(statement: Statement, schema: SchemaView, flagOf: (node: Expression) => ColumnView | undefined, text: string, mode: Mode): Iterable<SqlFinding> {
  const put = function* (view: ColumnView | undefined, value: Expression): Iterable<SqlFinding> {
    if (view?.decision.type !== "boolean") return;
    const toggled = toggledFlag(value, flagOf);
    if (toggled === undefined) yield* meetsFlag(view, value, mode);
    else yield toggle(view, value, text.slice(toggled.span.start, toggled.span.end));
  };
  const assigned = function* (set: Assignment, table: TableView): Iterable<SqlFinding> {
    const value = unwrap(set.value);
    if (set.target.kind === "NameList") {
      if (value.kind !== "RowValue") return;
      for (const [i, name] of untilHole(set.target.names).entries()) {
        const item = value.items[i];
        if (item !== undefined && !value.items.slice(0, i + 1).some(isHole)) yield* put(table.column(nameOf(name) ?? ""), item);
      }
    } else yield* put(table.column(nameOf(set.target) ?? ""), set.value);
  };
  for (const insert of nodesOfKind(statement, "InsertStatement")) {
    const table = schema.table(nameOf(insert.table.name) ?? "");
    if (table === undefined) continue;
    const columns = columnsOf(insert.columns, table);
    for (const row of rowsOf(insert)) for (const [i, item] of row.entries()) yield* put(columns[i], item);
    for (const upsert of insert.upserts) for (const set of upsert.set?.assignments ?? []) if (set.kind === "Assignment") yield* assigned(set, table);
  }
  for (const update of nodesOfKind(statement, "UpdateStatement")) {
    const table = schema.table(nameOf(update.table.name) ?? "");
    if (table === undefined || update.set.kind !== "SetClause") continue;
    for (const set of update.set.assignments) if (set.kind === "Assignment") yield* assigned(set, table);
  }
}

function columnsOf(list: NameList | undefined, table: TableView): readonly (ColumnView | undefined)[] {
  if (list !== undefined) return untilHole(list.names).map((name) => table.column(nameOf(name) ?? ""));
  return table.columns.filter((c) => c.column.generated === undefined);
}

/** The rows that an INSERT gives, each up to what may be any number of columns. */
function rowsOf(insert: InsertStatement): readonly (readonly Expression[])[] {
  if (insert.source.kind !== "SelectStatement") return [];
  return insert.source.terms.flatMap((term) => {
    switch (term.kind) {
      case "ValuesClause":
        return term.rows.flatMap((row) => (row.kind === "ExpressionList" ? [untilHole(row.items)] : []));
      case "SelectCore": {
        const star = term.columns.findIndex((column) => column.kind === "AllColumns");
        const known = star < 0 ? term.columns : term.columns.slice(0, star);
        return [untilHole(known.flatMap((column) => (column.kind === "ResultColumn" ? [column.expression] : [])))];
      }
      default:
        return [];
    }
  });
}

/** Behind an interpolation that may be several items, places can no longer be counted. */
function untilHole<T extends Name | Expression>(items: readonly T[]): readonly T[] {
  const hole = items.findIndex(isHole);
  return hole < 0 ? items : items.slice(0, hole);
}

function isHole(item: { readonly kind: string }): boolean {
  return item.kind === "Hole";
}

/** The flag of `1 - flag`, which turns it over. */
function toggledFlag(value: Expression, flagOf: (node: Expression) => ColumnView | undefined): Expression | undefined {
  const node = unwrap(value);
  if (node.kind !== "BinaryExpression" || node.operator !== "-") return undefined;
  const one = unwrap(node.left);
  return one.kind === "NumericLiteral" && one.text === "1" && flagOf(node.right) !== undefined ? node.right : undefined;
}

function toggle(view: ColumnView, value: Expression, flag: string): SqlFinding {
  const node = unwrap(value);
  return {
    span: node.span,
    severity: "error",
    message: `${becomes(view)}, and PostgreSQL does not subtract it; NOT turns it over on both.`,
    fixes: [{ kind: "edit", title: "Write NOT", applicability: "safe", edits: [{ span: node.span, newText: `NOT ${flag}` }] }],
  };
}
