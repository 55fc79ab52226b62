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

/** Stands in a line for a value that SQL cannot vouch for; no line may hold it otherwise, PostgreSQL has no NUL in text. */
const poison = "char(0)";

const dayForm = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
const clockForm = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]";

/** The name of the function that says whether a JSON text is one that jsonb keeps; the reader registers it. */
export const jsonFunction = "cutover_jsonb_keeps";

/**
 * For each type the SQL that gives a stored value's text, as `encodeValue` would, for the values that hardly need a look; poison for all others,
 * which then go through `encodeValue`. It may refuse anything, but must never give another text.
 */
const forms: Readonly<Record<PostgresType, (c: string, column: CopiedColumn) => string>> = {
  bigint: (c) => `WHEN 'integer' THEN ${c}`,
  integer: (c) => `WHEN 'integer' THEN iif(${c} BETWEEN -2147483648 AND 2147483647, ${c}, ${poison})`,
  boolean: (c) => `WHEN 'integer' THEN CASE ${c} WHEN 1 THEN 't' WHEN 0 THEN 'f' ELSE ${poison} END`,
  // SQLite prints a negative zero as 0.0.
  "double precision": (c, { realAffinity }) => `WHEN 'real' THEN ${realAffinity ? c : `iif(${c} = 0.0, ${poison}, ${c})`}`,
  // SQLite prints 17 digits where 15 do not do; up to 15 there is only one shortest text. Inf is known to numeric from 14 on.
  numeric: (c) => `WHEN 'integer' THEN ${c} WHEN 'real' THEN iif(length(${c}) <= 16, ${c}, ${poison})`,
  text: (c) => `WHEN 'text' THEN char(1) || ${c} || char(1) WHEN 'integer' THEN char(1) || ${c} || char(1)`,
  bytea: (c) => `WHEN 'blob' THEN '\\x' || hex(${c})`,
  timestamp: (c) =>
    `WHEN 'text' THEN iif(${c} GLOB '${dayForm} ${clockForm}*' AND datetime(substr(${c}, 1, 19)) = substr(${c}, 1, 19) AND ${c} >= '0001' ` +
    `AND (length(${c}) = 19 OR (length(${c}) BETWEEN 21 AND 26 AND substr(${c}, 20) GLOB '.[0-9]*' AND substr(${c}, 21) NOT GLOB '*[^0-9]*')), ${c}, ${poison})`,
  timestamptz: (c) =>
    `WHEN 'text' THEN iif(length(${c}) = 19 AND ${c} GLOB '${dayForm} ${clockForm}' AND datetime(${c}) = ${c} AND ${c} >= '0001', ${c} || '+00', ${poison})`,
  date: (c) => `WHEN 'text' THEN iif(length(${c}) = 10 AND ${c} GLOB '${dayForm}' AND date(${c}) = ${c} AND ${c} >= '0001', ${c}, ${poison})`,
  jsonb: (c) => `WHEN 'text' THEN iif(json_valid(${c}) AND ${jsonFunction}(${c}), char(1) || ${c} || char(1), ${poison})`,
  uuid: (c) => `WHEN 'text' THEN iif(length(${c}) = 36 AND ${c} GLOB '${[8, 4, 4, 4, 12].map((n) => "[0-9a-f]".repeat(n)).join("-")}', ${c}, ${poison})`,
};

/** SQL for a whole line without its line feed, from the columns' SQL names. */
export function lineExpression(columns: readonly CopiedColumn[], sqlName: (name: string) => string): string {
  const fields = columns.map((column) => {
    const c = sqlName(column.name);
    return `CASE typeof(${c}) ${forms[column.type](c, column)} WHEN 'null' THEN ${column.notNull ? poison : "''"} ELSE ${poison} END`;
  });
  // SQLite functions take 1,000 arguments.
  const groups: string[] = [];
  for (let at = 0; at < fields.length; at += 500) groups.push(`concat_ws('${delimiter}', ${fields.slice(at, at + 500).join(", ")})`);
  return groups.length === 1 ? (groups[0] ?? "''") : `concat_ws('${delimiter}', ${groups.join(", ")})`;
}
