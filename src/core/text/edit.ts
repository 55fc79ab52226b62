import type { Span } from "./span.ts";

/** One replacement of a range of a text. An empty `span` inserts; an empty `newText` deletes. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
  /**
   * Of an insertion that opens or closes a range (`CAST(` before it, ` AS TEXT)` behind it): that range. Insertions at one place
   * go together when their ranges differ: those that close come first, and the wider range lies outside.
   */
  readonly around?: Span;
}

/** Two edits of one text want to change the same characters (or insert at the same place in no order that could be known). */
export function conflicts(a: Edit, b: Edit): boolean {
  if (isInsertion(a) && isInsertion(b)) return a.span.start === b.span.start && insertionOrder(a, b) === undefined;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

function isInsertion({ span }: Edit): boolean {
  return span.start === span.end;
}

/** Which of two insertions at one place comes first: negative for `a`; undefined when nothing tells. */
function insertionOrder(a: Edit, b: Edit): number | undefined {
  if (a.around === undefined || b.around === undefined) return undefined;
  const closes = (edit: Edit, range: Span): boolean => edit.span.start === range.end;
  const [first, second] = [closes(a, a.around), closes(b, b.around)];
  if (first !== second) return first ? -1 : 1;
  const wider = (a.around.end - a.around.start) - (b.around.end - b.around.start);
  if (wider === 0) return undefined;
  return first ? wider : -wider;
}

/** From left to right; at one place, insertions before what replaces the characters behind it. */
function compareEdits(a: Edit, b: Edit): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || (isInsertion(a) ? (insertionOrder(a, b) ?? 0) : 0);
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
  edits.sort(compareEdits);
  return { kept, dropped, edits };
}

function sameEdit(a: Edit, b: Edit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText && sameRange(a.around, b.around);
}

function sameRange(a: Span | undefined, b: Span | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.start === b.start && a.end === b.end);
}

/**
 * Applies edits that do not conflict with each other, in any order, to a text.
 * @throws RangeError when an edit lies outside the text or two of them conflict: a caller must have merged them.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort(compareEdits);
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

/**
 * The place in the given text that a place of the edited one comes from: the start of what was replaced, for a place within new text.
 * @param edits as `mergeEdits` gives them: in order, none in conflict with another
 */
export function givenOffset(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { span, newText } of edits) {
    const start = span.start + shift;
    if (offset < start) break;
    if (offset < start + newText.length) return span.start;
    shift += newText.length - (span.end - span.start);
  }
  return offset - shift;
}
