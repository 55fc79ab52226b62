import type { Declaration } from "./declaration.ts";

/** A table as all statements that make it have it. */
export interface DeclaredTable {
  readonly columns: ReadonlySet<string>;
  readonly neverNull: ReadonlySet<string>;
  readonly keys: readonly (readonly string[])[];
}

/** By folded name. */
export type DeclaredTables = ReadonlyMap<string, DeclaredTable>;

/**
 * What a project's own CREATE TABLE statements say of its tables. Where several make a table of one name (a migration that builds it
 * anew), only what all of them say is taken; a table that is renamed to, changed or made in a way that cannot be told is left out.
 */
export function declaredTables(declarations: readonly Declaration[]): DeclaredTables {
  const byTable = new Map<string, Declaration[]>();
  for (const each of declarations) byTable.set(each.table, [...(byTable.get(each.table) ?? []), each]);
  const tables = new Map<string, DeclaredTable>();
  for (const [name, all] of byTable) {
    const [first, ...others] = all.filter(({ kind }) => kind === "table");
    if (first === undefined || all.some(({ kind }) => kind === "unknown")) continue;
    const columns = new Set(all.flatMap((each) => each.columns));
    const mayBeNull = new Set(all.flatMap((each) => each.columns.filter((column) => !each.neverNull.includes(column))));
    const keys = first.keys.filter((key) => others.every((other) => other.keys.some((each) => each.length === key.length && each.every((column) => key.includes(column)))));
    tables.set(name, { columns, neverNull: new Set([...columns].filter((column) => !mayBeNull.has(column))), keys });
  }
  return tables;
}
