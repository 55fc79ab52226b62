import type { SqliteValue } from "#engine/sqlite/rows.ts";

/** The values as SQLite's driver wants them for `?NNN`; none for a statement without parameters. */
export function byNumber(parameters: readonly SqliteValue[]): unknown[] {
  return parameters.length === 0 ? [] : [Object.fromEntries(parameters.map((value, i) => [String(i + 1), value]))];
}
