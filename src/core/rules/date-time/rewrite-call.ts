import type { Expression } from "#core/sql/nodes.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import { replace } from "../rewrite.ts";
import { slotCounts } from "./render.ts";
import { slot } from "./moment.ts";

/**
 * The edits that put a template in the place of a node. Expressions that it names once, in their order, stay where they are, so
 * that other fixes may change them; a column that it names more often is written out. Comments stay. Undefined when an
 * expression would have to be moved or repeated.
 */
export function rewriteCall(node: { readonly span: Span }, template: string, slots: readonly Expression[], sql: string): Edit[] | undefined {
  const counts = slotCounts(template, slots.length);
  const places = slots.map((_, i) => template.indexOf(slot(i)));
  const inOrder = slots.every((each, i) => i === 0 || ((places[i] ?? 0) > (places[i - 1] ?? 0) && each.span.start >= (slots[i - 1]?.span.end ?? 0)));
  if (counts.every((count) => count === 1) && inOrder) {
    const edits: Edit[] = [];
    let at = node.span.start;
    let from = 0;
    let opened = "";
    for (const [i, { span, kind }] of slots.entries()) {
      const enclosed = !atoms.has(kind);
      edits.push(gap(sql, { start: at, end: span.start }, opened + template.slice(from, places[i]) + (enclosed ? "(" : "")));
      opened = enclosed ? ")" : "";
      at = span.end;
      from = (places[i] ?? 0) + 1;
    }
    edits.push(gap(sql, { start: at, end: node.span.end }, opened + template.slice(from)));
    return edits;
  }
  if (!slots.every((each) => each.kind === "ColumnReference")) return undefined;
  const text = slots.reduce((filled, { span }, i) => filled.replaceAll(slot(i), sql.slice(span.start, span.end)), template);
  return [replace(node.span, text + comments(sql, node.span))];
}

/** Expressions that hold together whatever stands beside them. */
const atoms: ReadonlySet<string> = new Set(["ColumnReference", "FunctionCall", "BindParameter", "StringLiteral", "NumericLiteral", "ParenthesizedExpression", "CastExpression", "Subquery", "CaseExpression", "CurrentTimeLiteral"]);

function gap(sql: string, span: Span, text: string): Edit {
  return replace(span, text + comments(sql, span));
}

function comments(sql: string, { start, end }: Span): string {
  return tokenize(sql.slice(start, end))
    .filter((token) => token.kind === "comment")
    .map((token) => ` ${sql.slice(start + token.start, start + token.end)}${sql.startsWith("--", start + token.start) ? "\n" : ""}`)
    .join("");
}
