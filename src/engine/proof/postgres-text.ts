import type { SqliteValue } from "#engine/sqlite/rows.ts";

/** A value as text that PostgreSQL reads as a parameter of whatever type. */
export function postgresText(value: SqliteValue): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return `\\x${value.toString("hex")}`;
  return typeof value === "string" ? value : String(value);
}
