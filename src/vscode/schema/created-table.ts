/** A CREATE TABLE in a text, whatever the text is: where it begins, and the table's name as written, unquoted. */
export interface CreatedTable {
  readonly name: string;
  readonly start: number;
}

const create = /\bCREATE\s+(?:TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:[\w$]+\s*\.\s*)?("[^"\n]+"|`[^`\n]+`|\[[^\]\n]+\]|[\p{L}_][\p{L}\p{N}_$]*)\s*(?=\(|AS\b)/giu;

/** Every CREATE TABLE of a text. It only looks at words, to be quick where a light bulb waits: what is really SQL is found by those who read it. */
export function createdTables(text: string): readonly CreatedTable[] {
  return [...text.matchAll(create)].map((match) => ({ name: (match[1] ?? "").replace(/^["`[]|["`\]]$/g, ""), start: match.index }));
}

/** The table whose CREATE TABLE an offset lies in: from its first word to the parenthesis that closes it, or to the next CREATE. */
export function createdTable(text: string, offset: number): CreatedTable | undefined {
  const before = createdTables(text).findLast(({ start }) => start <= offset);
  return before !== undefined && offset <= endOf(text, before.start) ? before : undefined;
}

function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = text.indexOf("(", start); at >= 0 && at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}
