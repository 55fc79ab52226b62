import type { ColumnReference, Expression, Node, WhereClause } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import type { Table } from "./catalog.ts";
import { foldName } from "./decision.ts";
import { nameText } from "./trigger-model.ts";

/**
 * How a trigger's statement meets the table that the trigger stands on: not at all, by the row that fired it alone (`WHERE id =
 * NEW.id`), by other rows than that alone (`WHERE id <> NEW.id`), or by any.
 */
export type OwnTableUse = "none" | "own-row" | "other-rows" | "any";

/** Looks at a statement or an expression of a trigger's. The worst of its uses counts. */
export function ownTableUse(root: Node, table: Table): OwnTableUse {
  const name = foldName(table.name);
  const keys = singleKeys(table);
  const found = new Set<OwnTableUse>();
  walk(root, {
    enter(node, ancestors) {
      switch (node.kind) {
        case "InsertStatement":
          if (foldName(nameText(node.table.name)) === name) found.add("any");
          return;
        case "UpdateStatement":
        case "DeleteStatement":
          if (foldName(nameText(node.table.name)) === name) found.add(node.kind === "UpdateStatement" && node.from !== undefined ? "any" : useOf(node.where, nameText(node.alias?.name) || name, keys));
          return;
        case "InTable":
          if (foldName(nameText(node.table.name)) === name) found.add("any");
          return;
        case "TableReference": {
          if (foldName(nameText(node.table.name)) !== name) return;
          const core = ancestors.findLast((each) => each.kind === "SelectCore");
          found.add(core?.from?.terms.length === 1 ? useOf(core.where, nameText(node.alias?.name) || name, keys) : "any");
          return;
        }
        default:
          return;
      }
    },
  });
  if (found.size === 0) return "none";
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : "any";
}

/** Columns that tell one row from every other, each with what it stands for: all names of the rowid are one. Folded. */
function singleKeys(table: Table): ReadonlyMap<string, string> {
  const lists = [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...table.uniques];
  const single = lists.flatMap(({ columns, collations }) => (columns.length === 1 && collations.every((each) => each === undefined) ? columns.map(foldName) : []));
  const own = new Set(table.columns.map((column) => foldName(column.name)));
  const rowid = table.withoutRowid ? [] : ["rowid", "oid", "_rowid_"].filter((each) => !own.has(each));
  return new Map([...single.map((name) => [name, name] as const), ...[...rowid, ...(table.rowidAlias === undefined ? [] : [foldName(table.rowidAlias)])].map((name) => [name, "the rowid"] as const)]);
}

function useOf(where: Node | undefined, source: string, keys: ReadonlyMap<string, string>): OwnTableUse {
  if (where?.kind !== "WhereClause") return "any";
  let use: OwnTableUse = "any";
  for (const term of conjuncts(where)) {
    const operator = term.kind === "BinaryExpression" ? term.operator : term.kind === "IsExpression" && !term.distinctFrom ? (term.not ? "IS NOT" : "IS") : undefined;
    if (operator === undefined || (term.kind !== "BinaryExpression" && term.kind !== "IsExpression")) continue;
    if (!comparesKey(term.left, term.right, source, keys) && !comparesKey(term.right, term.left, source, keys)) continue;
    if (operator === "=" || operator === "==" || operator === "IS") return "own-row";
    if (operator === "<>" || operator === "!=" || operator === "IS NOT") use = "other-rows";
  }
  return use;
}

function conjuncts({ condition }: WhereClause): Expression[] {
  const open = [condition];
  const found: Expression[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "ParenthesizedExpression") open.push(next.expression);
    else if (next.kind === "BinaryExpression" && next.operator === "AND") open.push(next.left, next.right);
    else found.push(next);
  }
  return found;
}

function comparesKey(column: Expression, row: Expression, source: string, keys: ReadonlyMap<string, string>): boolean {
  if (column.kind !== "ColumnReference" || row.kind !== "ColumnReference" || !isRow(row) || isRow(column)) return false;
  if (column.table !== undefined && foldName(nameText(column.table)) !== foldName(source)) return false;
  const key = keys.get(foldName(nameText(column.column)));
  return key !== undefined && key === keys.get(foldName(nameText(row.column)));
}

/** Whether a reference is to a column of NEW or OLD. */
export function isRow({ table }: ColumnReference): boolean {
  return /^(?:new|old)$/i.test(nameText(table));
}
