/** Edits of a call's own characters: its name, its parentheses and commas, never what stands between them. */
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import { replace, tokenIn } from "../rewrite.ts";
import type { Call } from "./call.ts";

/** Writes another name. */
export function renamed({ node }: Call, name: string): Edit {
  return replace(node.name.span, name);
}

/** Where the comma behind argument `i` stands. */
export function commaSpan({ sql, args }: Call, i: number): Span {
  const [left, right] = [args[i], args[i + 1]];
  const found = left === undefined || right === undefined ? undefined : tokenIn(sql, { start: left.span.end, end: right.span.start }, ",");
  if (found === undefined) throw new Error(`no comma behind argument ${i + 1}`);
  return found;
}

export function openParenthesis({ node }: Call): Span {
  return { start: node.argumentsSpan.start, end: node.argumentsSpan.start + 1 };
}

export function closeParenthesis({ node }: Call): Span {
  return { start: node.argumentsSpan.end - 1, end: node.argumentsSpan.end };
}

/** Writes a word in the place of a token, with blanks around it where there are none. */
export function word(sql: string, span: Span, text: string): Edit {
  const before = /\s/.test(sql.charAt(span.start - 1)) ? "" : " ";
  const after = /\s/.test(sql.charAt(span.end)) ? "" : " ";
  return replace(span, before + text + after);
}

/** A range and the blanks behind it. */
export function withBlanks(sql: string, { start, end }: Span): Span {
  return { start, end: end + (/^\s*/.exec(sql.slice(end))?.[0].length ?? 0) };
}

/** Deletes the comma behind argument `i`, and the next argument, which is a literal; a comment between them stays. */
export function withoutNext(call: Call, i: number): Edit[] {
  const comma = commaSpan(call, i);
  const next = call.args[i + 1];
  if (next === undefined) return [];
  if (call.sql.slice(comma.end, next.span.start).trim() === "") return [replace({ start: comma.start, end: next.span.end }, "")];
  return [replace(comma, ""), replace(next.span, "")];
}

/** Inserts text behind the last argument, outside of everything that is inserted around it. */
export function append({ node, args }: Call, newText: string): Edit {
  const last = args.at(-1);
  const at = last?.span.end ?? node.argumentsSpan.start + 1;
  return { span: { start: at, end: at }, newText, around: { start: node.span.start, end: at } };
}

/** Puts text around an argument, outside of everything that other rules put around it. */
export function around({ node, args }: Call, i: number, before: string, after: string): Edit[] {
  const span = args[i]?.span;
  if (span === undefined) return [];
  const opened = { span: { start: span.start, end: span.start }, newText: before, around: { start: span.start, end: node.argumentsSpan.end } };
  const closed = { span: { start: span.end, end: span.end }, newText: after, around: { start: node.argumentsSpan.start, end: span.end } };
  return [...(before === "" ? [] : [opened]), ...(after === "" ? [] : [closed])];
}
