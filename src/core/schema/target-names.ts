import { maxIdentifierBytes } from "#core/sql/postgres-identifier.ts";
import type { Catalog } from "./catalog.ts";
import { columnKey, foldName } from "./decision.ts";

/** The names of tables, views and columns in PostgreSQL. */
export interface TargetNames {
  /** By folded source name; tables and views. */
  readonly relations: ReadonlyMap<string, string>;
  /** By `columnKey(table, column)`. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The name of a table or view in PostgreSQL. */
export function targetRelation(names: TargetNames, relation: string): string {
  return names.relations.get(foldName(relation)) ?? relation;
}

/** The name of a table's column in PostgreSQL. */
export function targetColumn(names: TargetNames, table: string, column: string): string {
  return names.columns.get(columnKey(table, column)) ?? column;
}

/** Hands out names of one namespace: each one once, none too long. */
export interface NameAllocator {
  /** The wanted name, or one like it that is free and fits. */
  take(wanted: string): string;
  has(name: string): boolean;
}

/** Starts a namespace; `reserved` are names that nobody may have. */
export function nameAllocator(reserved: readonly string[] = []): NameAllocator {
  const taken = new Set(reserved);
  return {
    has: (name) => taken.has(name),
    take(wanted) {
      const fitting = wanted === "" ? "unnamed" : fits(wanted) ? wanted : shortened(wanted);
      let name = fitting;
      for (let n = 2; taken.has(name); n++) name = shortenedTo(fitting, maxIdentifierBytes - `_${n}`.length) + `_${n}`;
      taken.add(name);
      return name;
    },
  };
}

/** PostgreSQL's system columns, which every table has. */
const systemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/** Names every table, view and column; `relations` goes on to name indexes and constraints, which share the namespace. */
export function targetNames(catalog: Catalog): { readonly names: TargetNames; readonly relations: NameAllocator } {
  const relations = nameAllocator();
  const relationNames = new Map<string, string>();
  const columnNames = new Map<string, string>();
  // Names that fit are given out first: a shortened one must not take the name of another.
  for (const { name } of [...catalog.tables, ...catalog.views].toSorted((a, b) => Number(fits(b.name)) - Number(fits(a.name)))) {
    relationNames.set(foldName(name), relations.take(name));
  }
  for (const table of catalog.tables) {
    const columns = nameAllocator(systemColumns);
    for (const column of table.columns.toSorted((a, b) => Number(fits(b.name)) - Number(fits(a.name)))) {
      columnNames.set(columnKey(table.name, column), columns.take(column.name));
    }
  }
  return { names: { relations: relationNames, columns: columnNames }, relations };
}

function fits(name: string): boolean {
  return name !== "" && new TextEncoder().encode(name).length <= maxIdentifierBytes;
}

/** Cuts a name and ends it with eight digits that depend on all of it: the same name gets the same short form every time. */
function shortened(name: string): string {
  return `${shortenedTo(name, maxIdentifierBytes - 9)}_${fingerprint(name)}`;
}

function shortenedTo(name: string, bytes: number): string {
  let result = "";
  let used = 0;
  for (const character of name) {
    used += new TextEncoder().encode(character).length;
    if (used > bytes) break;
    result += character;
  }
  return result;
}

/** FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
