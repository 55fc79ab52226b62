import type { InsertStatement, UpdateStatement } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";

/** Removes `OR action` with the blank before it, or turns REPLACE into INSERT. Comments stay. */
export function dropAction(change: InsertStatement | UpdateStatement, text: string): Edit[] {
  if (change.kind === "InsertStatement" && change.verb === "REPLACE") return [{ span: change.verbSpan, newText: "INSERT" }];
  const { or } = change;
  if (or?.action === undefined) return [];
  const inside = text.slice(or.span.start + "OR".length, or.span.end - or.action.length);
  const before = text.slice(change.verbSpan.end, or.span.start);
  // A comment between the words takes their place, with the blanks around it: a line's end may belong to it.
  if (/\S/.test(inside)) return [{ span: or.span, newText: inside.trimStart().replace(/[ \t]+$/, "") }];
  const blank = /\S/.test(before) ? 0 : before.length;
  return [{ span: { start: or.span.start - blank, end: or.span.end }, newText: "" }];
}
