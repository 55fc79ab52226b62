import type { CommonTable } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** Whether a WITH table reads itself. */
export function usesItself(table: CommonTable): boolean {
  const name = nameOf(table.name);
  if (name === undefined) return false;
  let found = false;
  walk(table.query, {
    enter(node) {
      found ||= node.kind === "TableReference" && node.table.schema === undefined && fold(nameOf(node.table.name) ?? "") === fold(name);
    },
  });
  return found;
}
