import { applyEdits, givenOffset, mergeEdits } from "#core/text/edit.ts";
import type { Finding, Fix } from "./finding.ts";

/** Which fixes are made without a person choosing each: `safe` ones, or also those that ask for a review. */
export type FixLevel = "safe" | "review";

export interface FixedText {
  readonly text: string;
  /** The place in the given text that a place of `text` comes from. */
  readonly toGiven: (offset: number) => number;
  /** Findings whose preferred fix was made. */
  readonly fixed: readonly { readonly finding: Finding; readonly fix: Fix }[];
  /** Findings whose fix must wait for another pass, because its edits meet those of one that was made. */
  readonly waiting: number;
}

/** Makes the preferred fix of every finding that the level allows; each fix is made whole or not at all. */
export function fixText(text: string, findings: readonly Finding[], level: FixLevel): FixedText {
  const groups = findings.flatMap((finding) => {
    const fix = finding.fixes[0];
    return fix !== undefined && (fix.applicability === "safe" || level === "review") ? [{ finding, fix, edits: fix.edits }] : [];
  });
  const { kept, dropped, edits } = mergeEdits(groups);
  return { text: applyEdits(text, edits), toGiven: (offset) => givenOffset(edits, offset), fixed: kept, waiting: dropped.length };
}
