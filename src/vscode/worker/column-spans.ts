import type { Span } from "#core/text/span.ts";

/**
 * Where the columns are defined in the text of a CREATE TABLE, SQLite's or PostgreSQL's: by name, as written but
 * unquoted and lower-cased. It only looks at names, commas and parentheses, so that it serves both and any text that is
 * not a table yields nothing.
 */
export function columnSpans(ddl: string): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  let depth = 0;
  let first: Lexeme | undefined;
  let last: Lexeme | undefined;
  const endItem = (): void => {
    if (first !== undefined && last !== undefined && !(first.kind === "word" && tableConstraints.has(first.name.toLowerCase()))) {
      const key = first.name.toLowerCase();
      if (!spans.has(key)) spans.set(key, { start: first.start, end: last.end });
    }
    first = undefined;
    last = undefined;
  };
  for (const lexeme of lexemes(ddl)) {
    if (lexeme.text === ")" && --depth === 0) {
      endItem();
      return spans;
    }
    if (depth === 1 && lexeme.text === ",") endItem();
    else if (depth >= 1) {
      first ??= lexeme;
      last = lexeme;
    }
    if (lexeme.text === "(") depth++;
  }
  return spans;
}

/** Words that begin a table constraint; as a column's name they would stand in quotes. */
const tableConstraints = new Set(["constraint", "primary", "unique", "check", "foreign", "exclude", "like"]);

interface Lexeme extends Span {
  readonly kind: "word" | "quoted" | "other";
  readonly text: string;
  /** The text without its quotes. */
  readonly name: string;
}

function* lexemes(sql: string): Generator<Lexeme> {
  const pattern = /--[^\n]*|\/\*[^]*?(?:\*\/|$)|\s+|("(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*')|([\p{L}_][\p{L}\p{N}_$]*)|([^])/guy;
  for (const match of sql.matchAll(pattern)) {
    const [text, quoted, word, other] = match;
    const span = { start: match.index, end: match.index + text.length };
    if (quoted !== undefined) yield { kind: "quoted", text, name: unquote(quoted), ...span };
    else if (word !== undefined || other !== undefined) yield { kind: word === undefined ? "other" : "word", text, name: text, ...span };
  }
}

function unquote(quoted: string): string {
  const quote = quoted.charAt(0);
  const inner = quoted.slice(1, -1);
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}
