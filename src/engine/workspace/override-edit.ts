import { createScanner, modify, parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { CutoverError } from "#core/cutover-error.ts";
import { foldName, type PostgresType } from "#core/schema/decision.ts";
import { applyEdits, type Edit } from "#core/text/edit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { Span } from "#core/text/span.ts";
import { configFileName } from "./config.ts";

/** A type that a person chooses for a column; undefined takes the choice back. */
export interface OverrideChange {
  readonly table: string;
  readonly column: string;
  readonly type: PostgresType | undefined;
}

/**
 * The edits of a cutover.json's text that write a choice into `overrides`, or take it out. Comments and layout stay as they are; a choice that
 * is there already, in whatever case, is changed in its place.
 * @throws CutoverError config-invalid when the text is no JSON object
 */
export function overrideEdits(text: string, { table, column, type }: OverrideChange): readonly Edit[] {
  const problems: ParseError[] = [];
  const root = parseTree(text, problems, { allowTrailingComma: true });
  const first = problems[0];
  if (text.trim() !== "" && (first !== undefined || root?.type !== "object")) {
    const at = lineIndex(text).positionAt(first?.offset ?? 0);
    throw new CutoverError({
      tag: "config-invalid",
      what: "cutover.json cannot be changed",
      where: `${configFileName}:${at.line + 1}:${at.character + 1}`,
      why: first === undefined ? "it holds no object" : `it is not JSON: ${printParseErrorCode(first.error)}`,
      next: "Mend the file, then choose the type again.",
    });
  }
  const key = `${table}.${column}`;
  const overrides = root?.type === "object" ? memberOf(root, "overrides") : undefined;
  const object = overrides?.children?.[1];
  if (object !== undefined && object.type !== "object") {
    throw new CutoverError({ tag: "config-invalid", what: "cutover.json cannot be changed", where: configFileName, why: "overrides is no object", next: "Mend the file, then choose the type again." });
  }
  const members = object?.children ?? [];
  const same = members.filter((member) => foldName(nameOf(member)) === foldName(key));
  if (type === undefined) {
    const [only, again] = same;
    if (only === undefined) return [];
    const edits = removal(text, members, only);
    if (again === undefined) return edits;
    // The same choice twice: one after the other.
    const once = applyEdits(text, edits);
    return [{ span: { start: 0, end: text.length }, newText: applyEdits(once, overrideEdits(once, { table, column, type })) }];
  }
  // Of a choice that is there twice, the last one counts.
  const value = same.at(-1)?.children?.[1];
  if (value !== undefined) return [{ span: { start: value.offset, end: value.offset + value.length }, newText: JSON.stringify(type) }];
  const last = members.at(-1);
  if (object !== undefined && last !== undefined) return insertion(text, last, `${JSON.stringify(key)}: ${JSON.stringify(type)}`, object.offset + object.length);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const formattingOptions = { insertSpaces: !indent.includes("\t"), tabSize: indent.includes("\t") ? 4 : indent.length, eol };
  return modify(text, ["overrides", key], type, { formattingOptions }).map(({ offset, length, content }) => ({ span: { start: offset, end: offset + length }, newText: content }));
}

function nameOf(member: Node): string {
  const name: unknown = member.children?.[0]?.value;
  return typeof name === "string" ? name : "";
}

function memberOf(object: Node, name: string): Node | undefined {
  return object.children?.findLast((member) => nameOf(member) === name);
}

/** Puts a member behind the last one: a comma where that ends, and the member on a line of its own where the others are, behind the comments of the last one's line. */
function insertion(text: string, last: Node, member: string, end: number): readonly Edit[] {
  const after = last.offset + last.length;
  const comma = tokenAfter(text, after, end);
  const hasComma = comma !== undefined && text[comma.start] === ",";
  const lineStart = text.lastIndexOf("\n", last.offset - 1) + 1;
  const indent = /^[ \t]*$/.exec(text.slice(lineStart, last.offset))?.[0];
  const from = hasComma ? comma.end : after;
  const between = text.slice(from, end - 1);
  const lineEnd = /\r?\n/.exec(between);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const rest = between.slice(0, lineEnd?.index ?? 0);
  // A comment that goes over several lines may hold the line's end.
  const wholeLine = lineEnd !== null && (rest.match(/\/\*/g) ?? []).length === (rest.match(/\*\//g) ?? []).length;
  const at = indent === undefined || !wholeLine ? from : from + lineEnd.index;
  const written = indent === undefined ? ` ${member}` : `${eol}${indent}${member}`;
  if (hasComma) return [{ span: { start: at, end: at }, newText: `${written},` }];
  if (at === after) return [{ span: { start: at, end: at }, newText: `,${written}` }];
  return [
    { span: { start: after, end: after }, newText: "," },
    { span: { start: at, end: at }, newText: written },
  ];
}

/** Takes a member out with one of the commas beside it; its line goes too when it holds nothing else. */
function removal(text: string, members: readonly Node[], member: Node): readonly Edit[] {
  const place = members.indexOf(member);
  const end = member.offset + member.length;
  const next = tokenAfter(text, end, text.length);
  if (next !== undefined && text[next.start] === ",") {
    if (text.slice(end, next.start).trim() === "") return [lineOf(text, { start: member.offset, end: next.end })];
    return [lineOf(text, { start: member.offset, end }), { span: next, newText: "" }];
  }
  // The last one: the comma before it goes.
  const before = members[place - 1];
  const comma = before === undefined ? undefined : tokenAfter(text, before.offset + before.length, member.offset);
  if (comma === undefined) return [lineOf(text, { start: member.offset, end })];
  if (text.slice(comma.end, member.offset).trim() === "") return [{ span: { start: comma.start, end }, newText: "" }];
  return [{ span: comma, newText: "" }, lineOf(text, { start: member.offset, end })];
}

/** Deletes a range, and its line when that holds nothing else. */
function lineOf(text: string, { start, end }: Span): Edit {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end);
  if (text.slice(lineStart, start).trim() === "" && lineEnd >= 0 && text.slice(end, lineEnd).trim() === "") return { span: { start: lineStart, end: lineEnd + 1 }, newText: "" };
  return { span: { start, end: /^[ \t]/.test(text.slice(end)) ? end + 1 : end }, newText: "" };
}

/** The first token at or behind an offset that is no blank and no comment. */
function tokenAfter(text: string, offset: number, end: number): Span | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  const start = scanner.getTokenOffset();
  return start >= Math.min(end, text.length) ? undefined : { start, end: start + scanner.getTokenLength() };
}
