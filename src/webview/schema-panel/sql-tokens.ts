/** How a stretch of SQL is coloured. */
export type TokenStyle = "keyword" | "string" | "number" | "comment" | "plain";

export interface StyledText {
  readonly style: TokenStyle;
  readonly text: string;
}

/** The words of DDL that are coloured; types are left as they are, they are what one reads. */
const keywords = new Set(
  (
    "add alter always and as asc autoincrement begin between by cascade check collate column comment constraint create current_date current_time " +
    "current_timestamp default deferrable deferred delete desc end exists false for foreign from function generated glob identity if in index initially " +
    "insert is key like not null on only or owned primary references restrict returns row schema select sequence set stored strict table then " +
    "trigger true unique update using values view virtual when where with without rowid"
  ).split(" "),
);

/** Splits SQL text into stretches to be coloured; together they are the text. */
export function styleSql(sql: string): readonly StyledText[] {
  const out: StyledText[] = [];
  const pattern = /(--[^\n]*|\/\*[^]*?(?:\*\/|$))|('(?:[^']|'')*')|("(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])|([\p{L}_][\p{L}\p{N}_$]*)|(\d[\d.]*)|[^]/guy;
  for (const [text, comment, string, , word, number] of sql.matchAll(pattern)) {
    const style = comment !== undefined ? "comment" : string !== undefined ? "string" : number !== undefined ? "number" : word !== undefined && keywords.has(word.toLowerCase()) ? "keyword" : "plain";
    const last = out.at(-1);
    if (last?.style === style) out[out.length - 1] = { style, text: last.text + text };
    else out.push({ style, text });
  }
  return out;
}
