import type { ProofReport, ProvenSite, ReportedFile, ReportedIgnored, ScanReport } from "#core/report/scan-report.ts";
import { engineOf } from "#core/hosts/engine-of.ts";
import type { Mode } from "#core/rules/mode.ts";
import { proofRules } from "#core/rules/registry.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { leaveAlone } from "#engine/workspace/analyze-text.ts";
import type { Config } from "#engine/workspace/config.ts";
import { located } from "#engine/workspace/scan-file.ts";
import { reported, type Scan } from "#engine/workspace/scan-workspace.ts";
import { proveSite } from "./prove-site.ts";
import type { TranslationBasis } from "./translation-basis.ts";

export interface ProveScanOptions {
  readonly config: Config;
  readonly mode: Mode;
  readonly signal: AbortSignal;
}

/** Puts every site of a scan to the engines: the report with what they said, and their own findings among the others. */
export async function proveScan({ report, withSites, read }: Scan, basis: TranslationBasis, { config, mode, signal }: ProveScanOptions): Promise<ScanReport> {
  const sites: ProvenSite[] = [];
  const ignored: ReportedIgnored[] = [];
  const found = new Map<string, ReportedFile>(report.files.map((file) => [file.path, file]));
  for (const path of withSites) {
    const file = await read(path);
    if (file === undefined) continue;
    const { text, host } = file;
    const lines = lineIndex(text);
    for (const site of host.sites) {
      signal.throwIfAborted();
      if (engineOf(site, text) !== undefined) continue;
      const { outcome, verdict, findings } = await proveSite(site, { mode, schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover });
      sites.push({ path, range: { start: lines.positionAt(site.span.start), end: lines.positionAt(site.span.end) }, outcome, verdict: verdict.verdict, message: messageOf(verdict) });
      if (findings.length === 0) continue;
      const sorted = leaveAlone(findings, { path, text, sites: host.sites }, config);
      ignored.push(...sorted.ignored.map((each) => ({ path, ...reported(located(each.finding, lines)), by: each.by, reason: each.reason })));
      // What is wrong with the file's comments the scan has said already.
      const own = sorted.findings.filter(({ rule }) => proofRules.some(({ id }) => id === rule));
      const all = [...(found.get(path)?.findings ?? []), ...own.map((finding) => reported(located(finding, lines)))];
      all.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
      found.set(path, { path, findings: all });
    }
  }
  const byPath = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { ...report, files: byPath, ignored: [...report.ignored, ...ignored], proof: summed(sites) };
}

function summed(sites: readonly ProvenSite[]): ProofReport {
  const outcomes = { verified: 0, translated: 0, review: 0, manual: 0, unparsed: 0, unchecked: 0 };
  const verdicts = { proven: 0, prepared: 0, rejected: 0, unchecked: 0 };
  for (const { outcome, verdict } of sites) {
    outcomes[outcome]++;
    verdicts[verdict]++;
  }
  return { outcomes, verdicts, sites };
}

function messageOf(verdict: Verdict): string | undefined {
  switch (verdict.verdict) {
    case "proven":
      return `both engines gave the same ${verdict.rows === 1 ? "row" : `${verdict.rows} rows`}`;
    case "prepared":
      return verdict.difference?.message;
    case "rejected":
      return verdict.message;
    case "unchecked":
      return verdict.reason;
  }
}
