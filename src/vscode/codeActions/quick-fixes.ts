import type { DocumentFinding, DocumentFix, Range } from "#protocol/worker.ts";

/** One quick fix of the light bulb. */
export interface QuickFix {
  readonly finding: DocumentFinding;
  readonly fix: DocumentFix;
  /** The first fix of its finding. */
  readonly preferred: boolean;
}

/** The fixes of every finding that touches the range, in the order of the findings and of their fixes. */
export function quickFixes(findings: readonly DocumentFinding[], range: Range): readonly QuickFix[] {
  return findings
    .filter((finding) => touches(finding.range, range))
    .flatMap((finding) =>
      finding.fixes.map((fix, i) => ({
        finding,
        fix,
        preferred: i === 0,
      })),
    );
}

/** The rules among the findings that touch the range and of which the file holds at least two findings with a fix. */
export function repeatedRules(findings: readonly DocumentFinding[], range: Range): readonly string[] {
  const fixable = findings.filter((finding) => finding.fixes.length > 0);
  const here = new Set(fixable.filter((finding) => touches(finding.range, range)).map((finding) => finding.rule));
  return [...here].filter((rule) => fixable.filter((finding) => finding.rule === rule).length > 1);
}

/** Whether two ranges share a position, ends included, as the editor asks for a cursor beside a squiggle. */
export function touches(a: Range, b: Range): boolean {
  return !before(a.end, b.start) && !before(b.end, a.start);
}

function before(a: Range["start"], b: Range["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
