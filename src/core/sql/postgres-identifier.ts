/** Names that PostgreSQL cannot take unquoted as a table or column (reserved, or function/type names), 14 to 18: appendix C of its manual. */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently " +
    "constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default " +
    "deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner " +
    "intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or " +
    "order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table " +
    "tablesample then to trailing true union unique user using variadic verbose when where window with " +
    // Not reserved as column names, but not usable as functions or bare types either: quoting them is always right.
    "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval " +
    "least national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring time timestamp " +
    "treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
  ).split(" "),
);

/** PostgreSQL truncates longer names (NAMEDATALEN - 1); callers must have made them unique within this many bytes. */
export const maxIdentifierBytes = 63;

/**
 * Writes a name so that PostgreSQL reads exactly that name: bare when it is lower-case and not a keyword, quoted otherwise.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
export function postgresIdentifier(name: string): string {
  if (/^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name within a schema, each part quoted as needed. */
export function postgresQualified(schema: string, name: string): string {
  return `${postgresIdentifier(schema)}.${postgresIdentifier(name)}`;
}
