import type { ColumnReference } from "#core/sql/nodes.ts";
import { fold } from "../schema-view.ts";
import { nameOf, type Meanings, type Source } from "../scope.ts";
import type { Unless } from "./unless.ts";

/** What would show that a column is never NULL where it is read; undefined where no table's declaration could. */
export function neverNull(reference: ColumnReference, meanings: Meanings): Unless | undefined {
  const column = nameOf(reference.column);
  if (column === undefined || reference.schema !== undefined) return undefined;
  const qualified = meanings.source(reference);
  const sources = reference.table === undefined ? meanings.nearest(reference) : qualified === undefined ? [] : [qualified];
  const tables = sources.map((source) => tableOf(source, meanings));
  if (tables.length === 0 || tables.some((table) => table === undefined)) return undefined;
  return { kind: "never-null", tables: tables.map((table) => fold(table ?? "")), column: fold(column) };
}

/** The name of the plain table that a source is, unless an outer join may leave it out. */
export function tableOf({ node, optional, columns }: Source, meanings: Meanings): string | undefined {
  if (optional || columns !== undefined) return undefined;
  const table = node?.kind === "TableReference" ? node.table : node?.kind === "QualifiedName" ? node : undefined;
  return table === undefined || table.schema !== undefined || meanings.isCommonTable(table) ? undefined : nameOf(table.name);
}
