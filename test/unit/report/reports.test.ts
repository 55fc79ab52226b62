import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assess } from "#core/report/assessment.ts";
import { assessmentHtml } from "#core/report/assessment-html.ts";
import { sarif } from "#core/report/sarif.ts";
import type { ReportedFinding, ScanReport } from "#core/report/scan-report.ts";
import { countFindings } from "#core/report/scan-report.ts";
import { scanText } from "#core/report/scan-text.ts";
import { grouped, textTable } from "#core/report/text-table.ts";
import { reportedRules } from "#core/rules/registry.ts";

function finding(more: Partial<ReportedFinding>): ReportedFinding {
  return { rule: "like-case", severity: "warning", applicability: "safe", message: "m", range: { start: { line: 4, character: 8 }, end: { line: 4, character: 12 } }, fixes: ["fix"], supplied: [], ...more };
}

const report: ScanReport = {
  version: 1,
  mode: "both",
  schema: undefined,
  inventory: [],
  files: [
    {
      path: "app/a b.py",
      findings: [
        finding({}),
        finding({ rule: "insert-or", severity: "error", applicability: "review", message: "<b>&</b>" }),
        finding({ rule: "direct-connection", applicability: "manual", fixes: [] }),
        finding({ rule: "datetime-function", severity: "information", fixes: [], supplied: ["datetime"] }),
      ],
    },
  ],
  ignored: [{ ...finding({ rule: "null-order" }), path: "app/a b.py", by: "comment", reason: "one row only" }, { ...finding({ rule: "null-order" }), path: "b.py", by: "config", reason: "run on SQLite" }],
  leftOut: [{ path: "x.py", line: 3, reason: 'SQLite would refuse this SQL: near "x": syntax error' }],
  proof: undefined,
};

describe("reports", () => {
  it("count what can be done about each finding", () => {
    assert.deepEqual(countFindings(report.files.flatMap((f) => f.findings)), { safe: 1, review: 1, manual: 1, supplied: 1 });
  });

  it("print one line a finding, as the problem matcher reads it", () => {
    assert.match(scanText(report), /^app\/a b\.py:5:9: error: <b>&<\/b> \[insert-or, review\]$/m);
    assert.match(scanText(report), /4 findings in 1 files: .*; 2 ignored \(1 by comments, 1 by cutover\.json\)/);
    assert.match(scanText(report), /^not looked at: x\.py:3: SQLite would refuse/m);
  });

  it("are SARIF 2.1.0: rules by index, one-based places, encoded paths", () => {
    const log = sarif(report, reportedRules, "1.2.3") as {
      version: string;
      runs: [{ invocations: { toolExecutionNotifications: { message: { text: string }; locations: { physicalLocation: unknown }[] }[] }[]; tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; level: string; locations: [{ physicalLocation: { artifactLocation: { uri: string }; region: object } }]; suppressions?: { kind: string; justification: string }[] }[] }];
    };
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs;
    assert.deepEqual(run.results.map((r) => r.level), ["warning", "error", "warning", "note", "warning", "warning"]);
    assert.deepEqual(run.results.map((r) => r.suppressions?.map(({ kind, justification }) => `${kind}: ${justification}`).join()), [undefined, undefined, undefined, undefined, "inSource: one row only", "external: run on SQLite"]);
    for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
    assert.deepEqual(
      run.invocations[0]?.toolExecutionNotifications.map(({ message, locations }) => [message.text, locations[0]?.physicalLocation]),
      [['not looked at: SQLite would refuse this SQL: near "x": syntax error', { artifactLocation: { uri: "x.py", uriBaseId: "ROOT" }, region: { startLine: 3 } }]],
    );
    assert.deepEqual(run.results[0]?.locations[0].physicalLocation, {
      artifactLocation: { uri: "app/a%20b.py", uriBaseId: "ROOT" },
      region: { startLine: 5, startColumn: 9, endLine: 5, endColumn: 13 },
    });
  });

  it("take any name for a file", () => {
    const odd = { ...report, files: [{ path: "a\ud800/#?%\n\u202e.py", findings: [finding({})] }], ignored: [], leftOut: [] };
    assert.match(JSON.stringify(sarif(odd, reportedRules, "1")), /"uri":"a%EF%BF%BD\/%23%3F%25%0A%E2%80%AE\.py"/);
    assert.match(scanText(odd), /^a\ud800\/#\?%\\u\{a\}\\u\{202e\}\.py:5:9: /);
  });

  it("are one HTML page with nothing of the user's unescaped and nothing from elsewhere", () => {
    const page = assessmentHtml(assess(report, undefined), "a <title>");
    assert.ok(!page.includes("<b>&</b>") && !page.includes("a <title>"));
    assert.doesNotMatch(page, /<script|https?:\/\/|src=/);
    assert.match(page, /No database was at hand/);
  });

  it("lay out tables and numbers", () => {
    assert.equal(textTable([{ heading: "t", align: "left" }, { heading: "rows", align: "right" }], [["a", "1"], ["long", "1,234"]]), "t      rows\n----  -----\na         1\nlong  1,234");
    assert.deepEqual([grouped(0), grouped(999), grouped(1000), grouped(1234567n)], ["0", "999", "1,000", "1,234,567"]);
  });
});
