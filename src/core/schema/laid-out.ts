import { format } from "sql-formatter";
import { tokenize } from "#core/sql/tokenize.ts";

/**
 * A PostgreSQL query over several lines, for people. Only blanks change: when the formatter would change anything else, or
 * cannot read the text, it comes back as it is.
 */
export function laidOut(sql: string): string {
  let text: string;
  try {
    text = format(sql, { language: "postgresql", tabWidth: 4, expressionWidth: 100, keywordCase: "preserve" });
  } catch {
    return sql;
  }
  return words(text) === words(sql) ? text : sql;
}

/** The text without the blanks between its tokens; quoting is the same in SQLite and PostgreSQL but for E'' strings. */
function words(sql: string): string {
  return tokenize(sql)
    .filter((token) => token.kind !== "blank")
    .map((token) => sql.slice(token.start, token.end))
    .join(" ");
}
