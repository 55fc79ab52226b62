const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/**
 * Words that PostgreSQL (14 to 18) does not take for a column, table or alias unless they are quoted: its reserved ones, as
 * `pg_get_keywords()` lists them. TRUE and FALSE are left out: they are values on both engines.
 */
export const reservedNames = set(`
  all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
  constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default
  deferrable desc distinct do else end except fetch for foreign freeze from full grant group having ilike in initially inner intersect
  into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer
  overlaps placing primary references returning right select session_user similar some symmetric system_user table tablesample then to
  trailing union unique user using variadic verbose when where window with
`);

/** Reserved words that are values: unquoted, PostgreSQL runs the statement and means something else. */
export const valueNames = set(`user current_user session_user system_user current_role current_catalog current_schema localtime localtimestamp`);

/** Words that PostgreSQL does not take for a result's name without AS. */
export const labelsWithAs = set(`
  array as char character create day except fetch filter for from grant group having hour intersect into isnull limit minute month
  notnull offset on order over overlaps precision returning second to union varying where window with within without year
`);
