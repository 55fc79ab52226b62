import type { PostgresType } from "#core/schema/decision.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";

/**
 * How rows travel: COPY's CSV format, quoted by U+0001. Real text hardly ever holds that character, so that SQLite can build whole chunks of
 * rows without looking for characters to escape; NULL is nothing, unquoted. A line that begins with a quote or a number cannot be taken
 * for COPY's end-of-data mark.
 * @see https://www.postgresql.org/docs/current/sql-copy.html
 */
export const quote = "\u0001";
export const delimiter = ",";
export const copyOptions = `WITH (FORMAT csv, DELIMITER '${delimiter}', QUOTE E'\\x01', ESCAPE E'\\x01', NULL '', ENCODING 'UTF8')`;

/** Whether values of a type go in quotes: all whose text may hold a delimiter, a quote, a line's end, or nothing. */
export const quoted: Readonly<Record<PostgresType, boolean>> = {
  bigint: false,
  integer: false,
  boolean: false,
  "double precision": false,
  numeric: false,
  text: true,
  bytea: false,
  timestamp: false,
  timestamptz: false,
  date: false,
  jsonb: true,
  uuid: false,
};

/** The options of a COPY … TO STDOUT that prints rows as the copy writes them. */
export function copyOutOptions(columns: readonly { readonly name: string; readonly type: PostgresType }[]): string {
  const forced = columns.filter(({ type }) => quoted[type]).map(({ name }) => postgresIdentifier(name));
  return forced.length === 0 ? copyOptions : `${copyOptions.slice(0, -1)}, FORCE_QUOTE (${forced.join(", ")}))`;
}

/** One row's line from its values' texts. */
export function formatLine(texts: readonly (string | null)[], types: readonly PostgresType[]): string {
  const fields = texts.map((text, i) => {
    if (text === null) return "";
    const type = types[i];
    return type !== undefined && !quoted[type] ? text : `${quote}${text.includes(quote) ? text.replaceAll(quote, quote + quote) : text}${quote}`;
  });
  return `${fields.join(delimiter)}\n`;
}
