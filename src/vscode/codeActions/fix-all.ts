import { mergeEdits } from "#core/text/edit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { DocumentFinding, DocumentFix, Range, TextChange } from "#protocol/worker.ts";

import { toEdit } from "./to-edit.ts";

/** What applying many fixes at once comes to. */
export interface FixAll {
  /** Changes that do not touch each other, in the text's order. */
  readonly changes: readonly TextChange[];
  /** How many findings they mend. */
  readonly fixed: number;
  /** How many findings wait for another round, because their changes touch those of one already taken. */
  readonly held: number;
}

/**
 * Takes the preferred fix of each finding, in the text's order and each whole or not at all, as far as they do not
 * conflict. Findings without a fix that `accept` takes are left alone.
 */
export function fixAll(text: string, findings: readonly DocumentFinding[], accept: (fix: DocumentFix) => boolean): FixAll {
  const lines = lineIndex(text);
  const groups = findings
    .flatMap((finding) => {
      const fix = finding.fixes[0];
      return fix === undefined || !accept(fix) ? [] : [fix];
    })
    .map((fix) => ({
      edits: fix.changes.map((change) => toEdit(change, lines)),
    }));
  const { kept, dropped, edits } = mergeEdits(groups);
  const range = (start: number, end: number): Range => ({ start: lines.positionAt(start), end: lines.positionAt(end) });
  return { changes: edits.map(({ span, newText }) => ({ range: range(span.start, span.end), newText })), fixed: kept.length, held: dropped.length };
}
