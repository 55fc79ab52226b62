import type { Span } from "./span.ts";

/** One replacement of a range of a text. An empty `span` inserts; an empty `newText` deletes. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** Two edits of one text want to change the same characters (or insert at the same place). */
export function conflicts(a: Edit, b: Edit): boolean {
  if (a.span.start === a.span.end && b.span.start === b.span.end) return a.span.start === b.span.start;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

/**
 * Takes groups of edits in order of priority and keeps each group whole or not at all: a group is dropped when
 * any of its edits conflicts with one already kept. Identical edits (same span, same text) are one.
 */
export function mergeEdits<G extends { readonly edits: readonly Edit[] }>(groups: Iterable<G>): { kept: G[]; dropped: G[]; edits: Edit[] } {
  const kept: G[] = [];
  const dropped: G[] = [];
  const edits: Edit[] = [];
  for (const group of groups) {
    const fresh = group.edits.filter((e) => !edits.some((k) => sameEdit(e, k)));
    if (fresh.some((e) => edits.some((k) => conflicts(e, k)))) {
      dropped.push(group);
      continue;
    }
    kept.push(group);
    edits.push(...fresh);
  }
  edits.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { kept, dropped, edits };
}

function sameEdit(a: Edit, b: Edit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;
}

/**
 * Applies edits that do not conflict with each other, in any order, to a text.
 * @throws RangeError when an edit lies outside the text or two of them conflict: a caller must have merged them.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let out = "";
  let at = 0;
  for (const edit of sorted) {
    const { start, end } = edit.span;
    if (start < at || end < start || end > text.length) {
      throw new RangeError(`edit at ${start}..${end} overlaps another or lies outside the text of ${text.length}`);
    }
    out += text.slice(at, start) + edit.newText;
    at = end;
  }
  return out + text.slice(at);
}
