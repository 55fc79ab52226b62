import { applyEdits, mergeEdits, type Edit } from "#core/text/edit.ts";
import { contains, type Span } from "#core/text/span.ts";
import type { Fix } from "./finding.ts";

/** A change of a file that a person may take or leave alone. */
export interface WholeChange {
  readonly span: Span;
  readonly newText: string;
  readonly review: boolean;
}

/**
 * Puts the edits of many fixes together, one change for each statement, so that nobody takes the one half of `CAST(… AS TEXT)`.
 * What lies in no statement, such as an import that several fixes need, stays by itself and asks for no review: without
 * it the others would not run.
 * @param fixes whose edits do not conflict (`fixText`)
 * @param statements the places where SQL is built; they may lie in each other
 */
export function byStatement(text: string, fixes: readonly Fix[], statements: readonly Span[]): readonly WholeChange[] {
  const outer = statements.filter((span) => !statements.some((other) => other !== span && contains(other, span) && other.end - other.start > span.end - span.start));
  const { edits } = mergeEdits(fixes);
  const review = fixes.filter((fix) => fix.applicability === "review").flatMap((fix) => fix.edits);
  const groups = new Map<Span | Edit, Edit[]>();
  for (const edit of edits) {
    const key = outer.find((span) => contains(span, edit.span)) ?? edit;
    groups.set(key, [...(groups.get(key) ?? []), edit]);
  }
  return [...groups].map(([key, own]) => {
    const span = { start: Math.min(...own.map((edit) => edit.span.start)), end: Math.max(...own.map((edit) => edit.span.end)) };
    const moved = own.map((edit) => ({ ...edit, span: shifted(edit.span, span.start), ...(edit.around === undefined ? {} : { around: shifted(edit.around, span.start) }) }));
    return { span, newText: applyEdits(text.slice(span.start, span.end), moved), review: !("newText" in key) && own.some((edit) => review.some((each) => sameEdit(each, edit))) };
  });
}

function shifted({ start, end }: Span, by: number): Span {
  return { start: start - by, end: end - by };
}

function sameEdit(a: Edit, b: Edit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;
}
