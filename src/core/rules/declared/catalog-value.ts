import type { ColumnReference, Node } from "#core/sql/nodes.ts";
import { fold } from "../schema-view.ts";
import { nameOf, type Meanings, type Source } from "../scope.ts";

/** Columns of SQLite's own tables and of its pragmas' functions, by whether they can be NULL. https://sqlite.org/schematab.html, https://sqlite.org/pragma.html */
const catalogs: Readonly<Record<string, { readonly always: readonly string[]; readonly maybe: readonly string[] }>> = {
  sqlite_master: { always: ["type", "name", "tbl_name"], maybe: ["rootpage", "sql"] },
  sqlite_schema: { always: ["type", "name", "tbl_name"], maybe: ["rootpage", "sql"] },
  sqlite_temp_master: { always: ["type", "name", "tbl_name"], maybe: ["rootpage", "sql"] },
  sqlite_temp_schema: { always: ["type", "name", "tbl_name"], maybe: ["rootpage", "sql"] },
  pragma_table_info: { always: ["cid", "name", "type", "notnull", "pk"], maybe: ["dflt_value"] },
  pragma_table_xinfo: { always: ["cid", "name", "type", "notnull", "pk", "hidden"], maybe: ["dflt_value"] },
  pragma_table_list: { always: ["schema", "name", "type", "ncol", "wr", "strict"], maybe: [] },
  pragma_index_list: { always: ["seq", "name", "unique", "origin", "partial"], maybe: [] },
  pragma_index_info: { always: ["seqno", "cid"], maybe: ["name"] },
  pragma_foreign_key_list: { always: ["id", "seq", "table", "from", "on_update", "on_delete", "match"], maybe: ["to"] },
};

/** Whether a column is one of SQLite's own catalog that always has a value. */
export function isCatalogValue(reference: ColumnReference, meanings: Meanings): boolean {
  const column = nameOf(reference.column);
  if (column === undefined || reference.schema !== undefined) return false;
  const qualified = meanings.source(reference);
  const sources = reference.table === undefined ? meanings.nearest(reference) : qualified === undefined ? [] : [qualified];
  const known = sources.map(catalogOf);
  const name = fold(column);
  return known.some((each) => each?.always.includes(name) === true) && known.every((each) => each !== undefined && !each.maybe.includes(name));
}

function catalogOf({ node, optional }: Source): (typeof catalogs)[string] | undefined {
  const name = optional ? undefined : nameIn(node);
  return name !== undefined && Object.hasOwn(catalogs, name) ? catalogs[name] : undefined;
}

function nameIn(node: Node | undefined): string | undefined {
  switch (node?.kind) {
    case "TableReference":
      return fold(nameOf(node.table.name) ?? "");
    case "TableFunctionCall":
      return fold(nameOf(node.name.name) ?? "");
    default:
      return undefined;
  }
}
