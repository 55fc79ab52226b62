import type { PostgresType } from "#core/schema/decision.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { CopiedColumn } from "../migrate/chunk-sql.ts";

/**
 * A column as the server hashes it. Where its own hash takes different values for the same (`-0` and `0`, `{}` and `[]`, `1.5` and `-1.5`
 * as numeric), the value goes in by its bits or its text.
 */
const hashedAs: Readonly<Record<PostgresType, (column: string) => string>> = {
  bigint: asItIs,
  integer: asItIs,
  boolean: asItIs,
  "double precision": (c) => `float8send(${c})`,
  numeric: (c) => `trim_scale(${c})::text COLLATE "C"`,
  text: (c) => `${c} COLLATE "C"`,
  bytea: asItIs,
  timestamp: asItIs,
  timestamptz: asItIs,
  date: asItIs,
  jsonb: (c) => `${c}::text COLLATE "C"`,
  uuid: asItIs,
};

function asItIs(c: string): string {
  return c;
}

/**
 * SQL for the sum of the hashes of rows, as `numeric` (NULL for no rows): what {@link makeRowChecksum} makes of their lines, up to multiples of 2^64.
 * @param alias what the columns belong to.
 * @see https://www.postgresql.org/docs/current/functions-comparisons.html#ROW-WISE-COMPARISON
 */
export function targetChecksum(columns: readonly CopiedColumn[], alias: string): string {
  const row = columns.map((column) => hashedAs[column.type](`${alias}.${postgresIdentifier(column.target)}`)).join(", ");
  return `sum(hash_record_extended(ROW(int8send(hash_record_extended(ROW(${row}), 0))), 0))`;
}

/** The sum as the server gives it, within 64 bits without a sign. */
export function readChecksum(text: string | null | undefined): bigint {
  return BigInt.asUintN(64, BigInt(text ?? "0"));
}
