/**
 * A string literal that means the same whatever standard_conforming_strings says: backslashes go into an E'' literal.
 * NUL cannot be written in PostgreSQL text at all.
 * @throws RangeError when the text holds a NUL character.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS
 */
export function postgresString(value: string): string {
  if (value.includes("\0")) throw new RangeError("PostgreSQL text cannot hold NUL");
  const doubled = value.replaceAll("'", "''");
  return value.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
