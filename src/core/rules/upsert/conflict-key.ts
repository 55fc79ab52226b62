import { fold, type TableView } from "../schema-view.ts";

/** The one key by which a row of these columns can meet another, or why there is none. */
export function conflictKey(view: TableView, given: readonly string[]): readonly string[] | string {
  const has = (name: string): boolean => given.some((each) => fold(each) === fold(name));
  const { name, rowidAlias } = view.table;
  // A rowid alias that is not given gets a fresh value and so never conflicts.
  const keys = view.uniqueKeys.filter((key) => !(key.length === 1 && rowidAlias !== undefined && fold(key[0] ?? "") === fold(rowidAlias) && !has(rowidAlias)));
  const [key] = keys;
  if (key === undefined) return `"${name}" has no unique key that the given columns could violate, so a plain INSERT may be what is meant.`;
  if (keys.length > 1) return `"${name}" has several unique keys (${keys.map((k) => k.join(", ")).join("; ")}), and a new row may replace more than one old row. Delete the old rows, then insert, in one transaction.`;
  if (!key.every(has)) return `the key (${key.join(", ")}) of "${name}" is not among the given columns.`;
  if (view.foldedKeys.includes(key)) return `the key (${key.join(", ")}) of "${name}" compares without case, for which PostgreSQL has an index on lower(): ON CONFLICT has to name that expression there. Delete the old row, then insert, in one transaction.`;
  return key;
}
