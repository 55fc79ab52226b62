import type { Table } from "./catalog.ts";
import { foldName } from "./decision.ts";

/**
 * Table names with parents before their children. Where foreign keys go in a circle no order serves all of them; the circle
 * is cut where it is met first, and the foreign keys are made after the rows anyway.
 */
export function tableOrder(tables: readonly Table[]): string[] {
  const byName = new Map(tables.map((table) => [foldName(table.name), table]));
  const state = new Map<string, "open" | "done">();
  const order: string[] = [];
  for (const root of tables) {
    // A stack of our own: chains of tables may be long.
    const stack: { readonly table: Table; next: number }[] = [];
    const enter = (table: Table): void => {
      if (state.has(foldName(table.name))) return;
      state.set(foldName(table.name), "open");
      stack.push({ table, next: 0 });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const key = top.table.foreignKeys[top.next++];
      if (key === undefined) {
        state.set(foldName(top.table.name), "done");
        order.push(top.table.name);
        stack.pop();
        continue;
      }
      const parent = byName.get(foldName(key.parent));
      if (parent !== undefined) enter(parent);
    }
  }
  return order;
}
