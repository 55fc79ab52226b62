import type { LanguageInventory } from "#core/hosts/inventory.ts";
import type { IgnoredBy } from "#core/rules/ignores/ignored-finding.ts";
import { countFindings, type ProofReport, type ScanReport } from "./scan-report.ts";
import { grouped, textTable } from "./text-table.ts";

const right = (heading: string): { heading: string; align: "right" } => ({ heading, align: "right" });
const left = (heading: string): { heading: string; align: "left" } => ({ heading, align: "left" });

/** A scan for people and for the editor's problem matcher: one line a finding, then the inventory and the sums. */
export function scanText(report: ScanReport): string {
  const lines: string[] = [];
  for (const file of report.files) {
    for (const finding of file.findings) {
      const at = finding.range.start;
      lines.push(`${shown(file.path)}:${at.line + 1}:${at.character + 1}: ${finding.severity}: ${finding.message} [${finding.rule}, ${finding.applicability}]`);
    }
  }
  if (lines.length > 0) lines.push("");
  for (const left of report.leftOut) lines.push(`not looked at: ${shown(left.path)}${left.line === undefined ? "" : `:${left.line}`}: ${left.reason}`);
  if (report.leftOut.length > 0) lines.push("");
  lines.push(inventoryText(report), "", findingsByRule(report), "", ...summaryLines(report), "");
  return lines.join("\n");
}

/** Where things stand, and what PostgreSQL said where it was asked. */
export function summaryLines(report: ScanReport): string[] {
  return [summaryLine(report), ...(report.proof === undefined ? [] : [proofLine(report.proof)])];
}

/** What PostgreSQL said of the sites, in one line. */
function proofLine({ sites, outcomes, verdicts }: ProofReport): string {
  const { verified, translated, review, manual, unparsed, unchecked } = outcomes;
  const parts = [
    `${grouped(verified)} verified (${grouped(verdicts.proven)} with the same rows on both engines)`,
    ...(translated === 0 ? [] : [`${grouped(translated)} translated and not prepared`]),
    `${grouped(review)} to review`,
    `${grouped(manual)} for a person (${grouped(verdicts.rejected)} refused by PostgreSQL)`,
    ...(unparsed === 0 ? [] : [`${grouped(unparsed)} that SQLite would refuse`]),
    `${grouped(unchecked)} put together at run time and not checked`,
  ];
  return `${grouped(sites.length)} SQL sites with every fix made, on the embedded PostgreSQL: ${parts.join(", ")}`;
}

/** The inventory: one row a language. */
export function inventoryText({ inventory }: ScanReport): string {
  const cells = (i: LanguageInventory): string[] =>
    [i.files, i.sites, i.helperFiles.length, i.helperCalls, i.placeholders + i.namedPlaceholders, i.autoincrementFiles.length, i.datetimeFiles.length].map((n) => grouped(n));
  return textTable(
    [left("language"), right("files"), right("SQL sites"), right("import the helper"), right("helper calls"), right("placeholders"), right("AUTOINCREMENT files"), right("datetime() files")],
    inventory.map((language) => [language.language, ...cells(language)]),
  ) + others(inventory);
}

/** What of the code is another engine's already, in one line. */
function others(inventory: readonly LanguageInventory[]): string {
  const sum = (engine: keyof LanguageInventory["otherSites"]): number => inventory.reduce((total, language) => total + language.otherSites[engine], 0);
  const named = ([["PostgreSQL's own", sum("postgresql")], ["MySQL's own", sum("mysql")], ["another engine's own", sum("other")]] as const).filter(([, count]) => count > 0);
  return named.length === 0 ? "" : `\nleft alone: ${named.map(([whose, count]) => `${grouped(count)} SQL sites are ${whose}`).join(", ")}`;
}

/** Findings by rule, with what can be done about them. */
export function findingsByRule(report: ScanReport): string {
  const findings = report.files.flatMap((file) => file.findings.map((finding) => ({ ...finding, path: file.path })));
  const rules = [...new Set(findings.map((f) => f.rule))].sort();
  return textTable(
    [left("rule"), right("findings"), right("files"), right("safe"), right("review"), right("manual"), right("supplied")],
    rules.map((rule) => {
      const own = findings.filter((f) => f.rule === rule);
      const counts = countFindings(own);
      return [rule, own.length, new Set(own.map((f) => f.path)).size, counts.safe, counts.review, counts.manual, counts.supplied].map((cell) => (typeof cell === "number" ? grouped(cell) : cell));
    }),
  );
}

/** One line that says where things stand. */
function summaryLine(report: ScanReport): string {
  const findings = report.files.flatMap((file) => file.findings);
  const counts = countFindings(findings);
  return (
    `${grouped(findings.length)} findings in ${grouped(report.files.length)} files: ${grouped(counts.safe)} with a safe fix, ${grouped(counts.review)} to review, ` +
    `${grouped(counts.manual)} for a person, ${grouped(counts.supplied)} supplied by the adapter` +
    (report.ignored.length === 0 ? "" : `; ${grouped(report.ignored.length)} ignored (${ignoredBy(report)})`) +
    (report.schema === undefined ? " (no schema at hand: pass --schema or name a database in cutover.json for more)" : "")
  );
}

const decided: Record<IgnoredBy, string> = { comment: "by comments", config: "by cutover.json", severity: "of rules turned off" };

/** Who has decided to leave how many findings alone. */
function ignoredBy({ ignored }: ScanReport): string {
  return Object.entries(decided)
    .map(([by, words]) => ({ count: ignored.filter((each) => each.by === by).length, words }))
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => `${grouped(count)} ${words}`)
    .join(", ");
}

/** A path on one line: a name may hold anything, and nothing of it may look like a line of ours. */
function shown(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}
