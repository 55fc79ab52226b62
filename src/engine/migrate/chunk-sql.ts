import type { PostgresType } from "#core/schema/decision.ts";
import { delimiter } from "./copy-format.ts";

/** A column to copy. */
export interface CopiedColumn {
  /** The name in the source. */
  readonly name: string;
  /** The name in the target. */
  readonly target: string;
  readonly type: PostgresType;
  /** NULL would be refused: declared NOT NULL, or part of the primary key. */
  readonly notNull: boolean;
  /** Declared REAL: such a column cannot store a negative zero. */
  readonly realAffinity: boolean;
}

/** Stands for a row that SQL cannot vouch for; no line may hold it otherwise, PostgreSQL has no NUL in text. */
const poison = "char(0)";

/**
 * The storage classes that a type's values may come in. Values of different classes are ordered by class: numbers, texts, BLOBs. So a comparison
 * with the empty text and the empty BLOB tells the class, at a fraction of what typeof() takes.
 * @see https://www.sqlite.org/datatype3.html#sort_order
 */
const classes: Readonly<Record<PostgresType, (c: string) => string>> = {
  bigint: isNumber,
  integer: isNumber,
  boolean: isNumber,
  "double precision": isNumber,
  numeric: isNumber,
  text: isText,
  bytea: isBlob,
  timestamp: isText,
  timestamptz: isText,
  date: isText,
  jsonb: isText,
  uuid: isText,
};

function isNumber(c: string): string {
  return `(${c} >= '') IS NOT TRUE`;
}

function isText(c: string): string {
  return `(${c} < '' OR ${c} >= x'') IS NOT TRUE`;
}

function isBlob(c: string): string {
  return `(${c} < x'') IS NOT TRUE`;
}

/** A value as a field. What it says is looked at by the line verifier, not here. */
const fields: Readonly<Record<PostgresType, (c: string) => string>> = {
  bigint: asItIs,
  integer: asItIs,
  // A real that equals 0 or 1 is the same truth.
  boolean: (c) => `CASE ${c} WHEN 1 THEN 't' WHEN 0 THEN 'f' ELSE ifnull(${c}, '') END`,
  "double precision": asItIs,
  numeric: asItIs,
  text: inQuotes,
  // hex() of NULL is the empty text.
  bytea: (c) => `iif(${c} IS NULL, '', '\\x' || hex(${c}))`,
  timestamp: asItIs,
  timestamptz: (c) => `ifnull(${c} || '+00', '')`,
  date: asItIs,
  jsonb: inQuotes,
  uuid: asItIs,
};

function asItIs(c: string): string {
  return `ifnull(${c}, '')`;
}

function inQuotes(c: string): string {
  return `ifnull(char(1) || ${c} || char(1), '')`;
}

/** SQL for a row's line without its line feed; poison when a value is of a class that its type does not take as it is. */
export function lineExpression(columns: readonly CopiedColumn[], sqlName: (name: string) => string): string {
  const all = columns.map((column) => fields[column.type](sqlName(column.name)));
  // SQLite functions take 1,000 arguments.
  const groups: string[] = [];
  for (let at = 0; at < all.length; at += 500) groups.push(`concat_ws('${delimiter}', ${all.slice(at, at + 500).join(", ")})`);
  const line = groups.length === 1 ? (groups[0] ?? "''") : `concat_ws('${delimiter}', ${groups.join(", ")})`;
  return `CASE WHEN ${conjunction(columns.map((column) => classes[column.type](sqlName(column.name))))} THEN ${line} ELSE ${poison} END`;
}

/** A AND B AND … as a balanced tree: SQLite bounds the depth of an expression. */
function conjunction(conditions: readonly string[]): string {
  if (conditions.length <= 100) return conditions.join(" AND ");
  const half = conditions.length >> 1;
  return `(${conjunction(conditions.slice(0, half))}) AND (${conjunction(conditions.slice(half))})`;
}
