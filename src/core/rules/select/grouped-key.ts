import type { AllColumns, ColumnReference, SelectCore } from "#core/sql/nodes.ts";
import type { Unless } from "../declared/unless.ts";
import { fold } from "../schema-view.ts";
import { nameOf, type Meanings, type Source } from "../scope.ts";
import { groupedExpressions, perhapsGrouped } from "./grouped.ts";

/** What would show that PostgreSQL takes a column that is not grouped: that the primary key of its table is. An outer join makes no difference to it. */
export function groupedKeyIf(node: ColumnReference | AllColumns, core: SelectCore, meanings: Meanings): Unless | undefined {
  const qualifier = nameOf(node.table);
  const column = node.kind === "AllColumns" ? "*" : nameOf(node.column);
  if (column === undefined || (node.table !== undefined && qualifier === undefined)) return undefined;
  const sources = meanings.sources(core).filter((source) => qualifier === undefined || fold(source.name) === fold(qualifier));
  const group = [...groupedExpressions(core, meanings), ...perhapsGrouped(core, meanings)].flatMap((each) => {
    const name = each.kind === "ColumnReference" ? nameOf(each.column) : undefined;
    return each.kind === "ColumnReference" && name !== undefined ? [{ table: nameOf(each.table), name: fold(name) }] : [];
  });
  const tables = sources.map((source) => {
    const name = tableName(source, meanings);
    const grouped = group.filter(({ table }) => table === undefined || fold(table) === fold(source.name)).map((each) => each.name);
    return name === undefined ? undefined : { name: fold(name), grouped };
  });
  const known = tables.filter((table) => table !== undefined);
  return known.length === 0 || known.length < tables.length ? undefined : { kind: "grouped-key", tables: known, column: fold(column) };
}

function tableName({ node }: Source, meanings: Meanings): string | undefined {
  if (node?.kind !== "TableReference" || node.table.schema !== undefined || meanings.isCommonTable(node.table)) return undefined;
  return nameOf(node.table.name);
}
