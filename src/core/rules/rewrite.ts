/** The edits that fixes are made of: as small as can be, so that the fixes of what lies inside a rewritten expression go with them. */
import { tokenize } from "#core/sql/tokenize.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";

/** Puts text before and behind a range, which itself may be rewritten by other fixes. */
export function enclose(range: Span, before: string, after: string): Edit[] {
  return [...(before === "" ? [] : [opening(range, before)]), ...(after === "" ? [] : [closing(range, after)])];
}

/** Puts text before a range. */
export function opening(range: Span, newText: string): Edit {
  return { span: { start: range.start, end: range.start }, newText, around: range };
}

/** Puts text behind a range. */
export function closing(range: Span, newText: string): Edit {
  return { span: { start: range.end, end: range.end }, newText, around: range };
}

/** Writes another text in the place of a range; nothing inside of it can be rewritten as well. */
export function replace(range: Span, newText: string): Edit {
  return { span: range, newText };
}

/** Leaves a range out, with the blanks before it. */
export function leaveOut(sql: string, range: Span): Edit {
  let start = range.start;
  while (start > 0 && (sql[start - 1] === " " || sql[start - 1] === "\t")) start--;
  return replace({ start, end: range.end }, "");
}

/** Where a token (an operator or a word, compared without case) first stands in a range, outside of comments and literals. */
export function tokenIn(sql: string, { start, end }: Span, token: string): Span | undefined {
  const wanted = token.toUpperCase();
  const found = tokenize(sql.slice(start, end)).find((each) => each.kind !== "comment" && sql.slice(start + each.start, start + each.end).toUpperCase() === wanted);
  return found === undefined ? undefined : { start: start + found.start, end: start + found.end };
}
