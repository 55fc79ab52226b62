import type { Declaration } from "./declaration.ts";

/** A table as all statements that make it have it. */
export interface DeclaredTable {
  readonly columns: ReadonlySet<string>;
  readonly neverNull: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  readonly keys: readonly (readonly string[])[];
  /** Empty where the statements do not agree. */
  readonly primaryKey: readonly string[];
}

/** By folded name. */
export type DeclaredTables = ReadonlyMap<string, DeclaredTable>;

/**
 * What a project's own CREATE TABLE statements say of its tables. Where several make a table of one name (a migration that builds it
 * anew, perhaps under another name first), only what all of them say is taken; a table that is changed or made in a way that cannot be told is left out.
 */
export function declaredTables(declarations: readonly Declaration[]): DeclaredTables {
  const byTable = new Map<string, Declaration[]>();
  for (const each of declarations) byTable.set(each.table, [...(byTable.get(each.table) ?? []), each]);
  const tables = new Map<string, DeclaredTable>();
  for (const name of byTable.keys()) {
    const all = ofTable(name, byTable);
    const [first, ...others] = all.filter(({ kind }) => kind === "table");
    if (first === undefined || all.some(({ kind }) => kind === "unknown")) continue;
    const columns = new Set(all.flatMap((each) => each.columns));
    const mayBeNull = new Set(all.flatMap((each) => each.columns.filter((column) => !each.neverNull.includes(column))));
    const noFlags = new Set(all.flatMap((each) => each.columns.filter((column) => !each.flags.includes(column))));
    const keys = first.keys.filter((key) => others.every((other) => other.keys.some((each) => each.length === key.length && each.every((column) => key.includes(column)))));
    const primaryKey = others.every((other) => other.primaryKey.join("\0") === first.primaryKey.join("\0")) ? first.primaryKey : [];
    tables.set(name, { columns, primaryKey, neverNull: new Set([...columns].filter((column) => !mayBeNull.has(column))), flags: new Set([...columns].filter((column) => !noFlags.has(column))), keys });
  }
  return tables;
}

/** What is said of a table, and of those that became it by a new name. */
function ofTable(name: string, byTable: ReadonlyMap<string, readonly Declaration[]>): readonly Declaration[] {
  const names = new Set([name]);
  const all: Declaration[] = [];
  for (const each of names) {
    const said = byTable.get(each) ?? [];
    // One that nobody made is not known.
    if (!said.some(({ kind }) => kind === "table" || kind === "renamed")) all.push({ table: name, kind: "unknown", columns: [], neverNull: [], flags: [], keys: [], primaryKey: [] });
    all.push(...said);
    for (const { kind, from } of said) if (kind === "renamed" && from !== undefined) names.add(from);
  }
  return all;
}
