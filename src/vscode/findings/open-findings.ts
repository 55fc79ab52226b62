import type { DocumentFinding } from "#protocol/worker.ts";

/** Whether a finding asks for something to be done: what the generated adapter supplies may stay as it is. */
export function isOpen({ supplied, fixes }: Pick<DocumentFinding, "supplied" | "fixes">): boolean {
  return supplied.length === 0 || fixes.length > 0;
}

/** How many of the findings ask for something to be done. */
export function countOpen(findings: readonly Pick<DocumentFinding, "supplied" | "fixes">[]): number {
  return findings.filter(isOpen).length;
}
