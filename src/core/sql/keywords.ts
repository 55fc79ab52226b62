/** SQLite's keywords (https://www.sqlite.org/lang_keywords.html), by how the grammar lets them stand for a name. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keywords that are a plain name wherever the grammar expects no keyword (parse.y's %fallback). */
const nameable = words(`
  ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE CAST COLUMN CONFLICT CURRENT CURRENT_DATE
  CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFERRED DESC DETACH DO EACH END EXCLUDE EXCLUSIVE EXPLAIN FAIL FIRST
  FOLLOWING FOR GENERATED GLOB GROUPS IF IGNORE IMMEDIATE INITIALLY INSTEAD KEY LAST LIKE MATCH MATERIALIZED NO NULLS
  OF OFFSET OTHERS PARTITION PLAN PRAGMA PRECEDING QUERY RAISE RANGE RECURSIVE REGEXP REINDEX RELEASE RENAME REPLACE
  RESTRICT ROLLBACK ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER UNBOUNDED VACUUM VIEW VIRTUAL WITH WITHOUT
`);

/** Words of the join operators: names everywhere but as a bare alias or in a type. */
const joinWords = words("CROSS FULL INNER LEFT NATURAL OUTER RIGHT");

const reserved = words(`
  ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE
  DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FILTER FOREIGN FROM GROUP HAVING IN INDEX INDEXED INSERT INTERSECT INTO IS
  ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER OVER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO
  TRANSACTION UNION UNIQUE UPDATE USING VALUES WHEN WHERE WINDOW
`);

const nameableSet: ReadonlySet<string> = new Set(nameable);
const joinSet: ReadonlySet<string> = new Set(joinWords);
const longest = 17;

/** Both usual spellings of every keyword to the one in upper case; other mixtures are rare and take a second look-up. */
const spellings: ReadonlyMap<string, string> = new Map(
  [...nameable, ...joinWords, ...reserved].flatMap((word): [string, string][] => [
    [word, word],
    [word.toLowerCase(), word],
  ]),
);

/** The keyword in upper case that a bare word is, or undefined. */
export function keywordOf(word: string): string | undefined {
  if (word.length < 2 || word.length > longest) return undefined;
  return spellings.get(word) ?? spellings.get(word.toUpperCase());
}

/** Whether a keyword (in upper case) is a plain name where no keyword is expected. */
export function isNameable(keyword: string): boolean {
  return nameableSet.has(keyword);
}

/** Whether a keyword (in upper case) is one of the words of join operators. */
export function isJoinWord(keyword: string): boolean {
  return joinSet.has(keyword);
}
