import type { RuleMeta } from "#core/rules/rule.ts";
import type { Severity } from "#core/rules/finding.ts";
import type { ReportedFinding, ScanReport } from "./scan-report.ts";

const levels: Record<Severity, "error" | "warning" | "note"> = { error: "error", warning: "warning", information: "note" };

/**
 * A scan as SARIF 2.1.0, for code-scanning services and editors.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif(report: ScanReport, rules: readonly RuleMeta[], toolVersion: string): object {
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  const result = (finding: ReportedFinding, path: string): object => ({
    ruleId: finding.rule,
    ruleIndex: index.get(finding.rule),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path), uriBaseId: "ROOT" },
          region: {
            startLine: finding.range.start.line + 1,
            startColumn: finding.range.start.character + 1,
            endLine: finding.range.end.line + 1,
            endColumn: finding.range.end.character + 1,
          },
        },
      },
    ],
    properties: { applicability: finding.applicability, fixes: finding.fixes, supplied: finding.supplied },
  });
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "cutover",
            semanticVersion: toolVersion,
            rules: rules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title },
              fullDescription: { text: `${rule.doc.what} ${rule.doc.why}` },
              help: { text: `${rule.doc.useInstead[report.mode]}\n\n${rule.doc.fixSafety}` },
              properties: { family: rule.family },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        ...(report.proof === undefined ? {} : { properties: { proof: report.proof } }),
        originalUriBaseIds: { ROOT: { description: { text: "The scanned workspace." } } },
        // What was not looked at is told, too.
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.leftOut.map(({ path, line, reason }) => ({
              level: "warning",
              message: { text: `not looked at: ${reason}` },
              locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: "ROOT" }, ...(line === undefined ? {} : { region: { startLine: line } }) } }],
            })),
          },
        ],
        results: [
          ...report.files.flatMap((file) => file.findings.map((finding) => result(finding, file.path))),
          // What is left alone is told, so that a service can show it with its reason.
          ...report.ignored.map((finding) => ({ ...result(finding, finding.path), suppressions: [{ kind: finding.by === "comment" ? "inSource" : "external", status: "accepted", justification: finding.reason }] })),
        ],
      },
    ],
  };
}

/** A path as a relative URI. A name need not be a text that can be encoded: what cannot becomes U+FFFD. */
function uriOf(path: string): string {
  const text = path.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
  // A first part with a colon would read as a scheme.
  return text.split("/").map(encodeURIComponent).join("/");
}
