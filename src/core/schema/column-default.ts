import { parseExpression } from "#core/sql/parse.ts";
import type { Column } from "./catalog.ts";
import type { PostgresType } from "./decision.ts";
import { readDefault, type DefaultValue } from "./default-value.ts";
import { literalAs } from "./literal-as.ts";
import { translateAs } from "./translate-expression.ts";

/** A DEFAULT in PostgreSQL's words, or why it has none. */
export type ColumnDefault = { readonly sql: string; readonly notes: readonly string[] } | { readonly reason: string };

/** Translates a column's DEFAULT for the type that the column gets. */
export function columnDefault(column: Column, text: string, type: PostgresType): ColumnDefault {
  const value = readDefault(text);
  const literal = literalOf(value);
  // DEFAULT 'false' is a text to SQLite, and false to whoever reads a BOOLEAN column through a driver.
  if (type === "boolean" && value.kind === "string" && /^(?:true|false)$/i.test(value.value)) return { sql: value.value.toLowerCase(), notes: [`the default ${text} is a text in SQLite and ${value.value.toLowerCase()} in PostgreSQL`] };
  if (value.kind === "null") return { sql: "NULL", notes: [] };
  if (literal !== undefined) {
    const written = literalAs(literal, type);
    if (written !== undefined) return { sql: written, notes: [] };
    return { reason: `the default ${text} is not a value of ${type}, which its column became${column.affinity === "TEXT" ? "" : ` (declared ${column.declaredType === "" ? "without a type" : column.declaredType})`}` };
  }
  switch (value.kind) {
    case "now":
      return momentDefault(type, text, {
        timestamp: "date_trunc('second', timezone('utc', now()))",
        timestamptz: "date_trunc('second', now())",
        text: "to_char(timezone('utc', now()), 'YYYY-MM-DD HH24:MI:SS')",
      });
    case "today":
      return momentDefault(type, text, { date: "timezone('utc', now())::date", text: "to_char(timezone('utc', now()), 'YYYY-MM-DD')" });
    default: {
      const notes: string[] = [];
      const translation = translateAs(parseExpression(text), type, { column: () => undefined, immutable: false, aggregates: false, notes });
      return "reason" in translation ? { reason: `the default ${text}: ${translation.reason}` } : { sql: translation.sql, notes };
    }
  }
}

function momentDefault(type: PostgresType, text: string, forms: Partial<Record<PostgresType, string>>): ColumnDefault {
  const sql = forms[type];
  return sql === undefined ? { reason: `the default ${text} is a text in SQLite, which is not a value of ${type}` } : { sql, notes: [] };
}

function literalOf(value: DefaultValue): Parameters<typeof literalAs>[0] | undefined {
  switch (value.kind) {
    case "number":
      return { kind: "number", text: value.text };
    case "string":
      return { kind: "string", value: value.value };
    case "boolean":
      return { kind: "number", text: value.value ? "1" : "0" };
    case "blob":
      return { kind: "blob", hex: value.hex };
    default:
      return undefined;
  }
}
