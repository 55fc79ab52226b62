import type { Inventory } from "#core/hosts/inventory.ts";
import type { Applicability, Severity } from "#core/rules/finding.ts";
import type { IgnoredBy } from "#core/rules/ignores/ignored-finding.ts";
import type { Mode } from "#core/rules/mode.ts";
import type { Outcome } from "#core/rules/outcome.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import type { Position } from "#core/text/line-index.ts";

/** One finding as reports show it: positions are zero-based lines and UTF-16 characters. */
export interface ReportedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly applicability: Applicability;
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
  /** Titles of the fixes offered, preferred first. */
  readonly fixes: readonly string[];
  /** Functions that the generated adapter supplies for it. */
  readonly supplied: readonly string[];
}

export interface ReportedFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly findings: readonly ReportedFinding[];
}

/** A finding that is left alone, with who decided it and why. */
export interface ReportedIgnored extends ReportedFinding {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly by: IgnoredBy;
  readonly reason: string;
}

/** A file, or a site in one, that was not looked at, with the reason. */
export interface LeftOut {
  readonly path: string;
  readonly line: number | undefined;
  readonly reason: string;
}

/** A site's outcome; `unchecked`: it is put together at run time, so that no engine can be asked. */
export type SiteOutcome = Outcome | "unchecked";

/** A site that was put to the engines. */
export interface ProvenSite {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly outcome: SiteOutcome;
  readonly verdict: Verdict["verdict"];
  /** Why it is unchecked, or what the server said. */
  readonly message: string | undefined;
}

/** What the embedded PostgreSQL said of every site, with every fix made. */
export interface ProofReport {
  readonly outcomes: Readonly<Record<SiteOutcome, number>>;
  readonly verdicts: Readonly<Record<Verdict["verdict"], number>>;
  readonly sites: readonly ProvenSite[];
}

/** What `scan --format json` prints. */
export interface ScanReport {
  readonly version: 1;
  readonly mode: Mode;
  /** The schema that the findings were made with, if any. */
  readonly schema: string | undefined;
  readonly inventory: Inventory;
  /** Files with findings, by path. */
  readonly files: readonly ReportedFile[];
  /** Findings that comments or cutover.json leave alone; they are not among those of `files`. */
  readonly ignored: readonly ReportedIgnored[];
  readonly leftOut: readonly LeftOut[];
  /** Undefined when no server was asked: there was no schema at hand, or it was not wanted. */
  readonly proof: ProofReport | undefined;
}

/** How many findings of a report there are, by what can be done about them. */
export interface FindingCounts {
  readonly safe: number;
  readonly review: number;
  readonly manual: number;
  /** Need no edit: the adapter supplies what PostgreSQL lacks. */
  readonly supplied: number;
}

export function countFindings(findings: Iterable<Pick<ReportedFinding, "applicability" | "supplied" | "fixes">>): FindingCounts {
  let safe = 0;
  let review = 0;
  let manual = 0;
  let supplied = 0;
  for (const finding of findings) {
    if (finding.supplied.length > 0 && finding.fixes.length === 0) supplied++;
    else if (finding.applicability === "safe") safe++;
    else if (finding.applicability === "review") review++;
    else manual++;
  }
  return { safe, review, manual, supplied };
}
