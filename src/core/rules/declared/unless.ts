import type { DeclaredTables } from "./declared-tables.ts";

/** What would make a finding idle, if the project's own CREATE TABLE statements said it. Names are folded. */
export type Unless =
  /** The column, of whichever of these tables has it, is never NULL. */
  | { readonly kind: "never-null"; readonly tables: readonly string[]; readonly column: string }
  /** The column, of whichever of these tables has it, is declared BOOLEAN. */
  | { readonly kind: "flag"; readonly tables: readonly string[]; readonly column: string }
  /** One of these tables has the column. */
  | { readonly kind: "has-column"; readonly tables: readonly string[]; readonly column: string }
  /** The table has a key whose columns are all held to one value: by equalities that each have exactly one column of its own on their sides. */
  | { readonly kind: "one-row"; readonly table: string; readonly equalities: readonly (readonly string[])[] }
  /** The column is that of one of these tables alone, whose primary key is grouped; `grouped` has for each table the columns that are named with it. `*`: all columns of all of them. */
  | { readonly kind: "grouped-key"; readonly tables: readonly { readonly name: string; readonly grouped: readonly string[] }[]; readonly column: string };

/** Whether what is declared makes a finding idle. */
export function isIdle(unless: readonly Unless[] | undefined, declared: DeclaredTables): boolean {
  return unless !== undefined && unless.length > 0 && unless.every((each) => holds(each, declared));
}

function holds(unless: Unless, declared: DeclaredTables): boolean {
  switch (unless.kind) {
    case "flag":
    case "never-null": {
      const tables = unless.tables.map((name) => declared.get(name));
      const having = tables.filter((table) => table?.columns.has(unless.column) === true);
      return having.length > 0 && tables.every((table) => table !== undefined) && having.every((table) => (unless.kind === "flag" ? table?.flags : table?.neverNull)?.has(unless.column) === true);
    }
    case "has-column":
      return unless.tables.some((name) => declared.get(name)?.columns.has(unless.column) === true);
    case "grouped-key": {
      const tables = unless.tables.map(({ name, grouped }) => ({ table: declared.get(name), grouped }));
      const isKeyed = ({ table, grouped }: (typeof tables)[number]): boolean => table !== undefined && table.primaryKey.length > 0 && table.primaryKey.every((column) => grouped.includes(column));
      if (unless.column === "*") return tables.every(isKeyed);
      const [only, ...others] = tables.filter(({ table }) => table?.columns.has(unless.column) === true);
      return only !== undefined && others.length === 0 && tables.every(({ table }) => table !== undefined) && isKeyed(only);
    }
    case "one-row": {
      const table = declared.get(unless.table);
      if (table === undefined) return false;
      const held = new Set(unless.equalities.flatMap((sides) => {
        const own = sides.filter((column) => table.columns.has(column));
        return own.length === 1 ? own : [];
      }));
      return table.keys.some((key) => key.length > 0 && key.every((column) => held.has(column)));
    }
  }
}
