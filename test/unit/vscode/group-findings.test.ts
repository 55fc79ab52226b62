import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DocumentFinding } from "#protocol/worker.ts";
import { reviewReason } from "../../../src/vscode/codeActions/review-reason.ts";
import { groupFindings, type Grouping } from "../../../src/vscode/findings/group-findings.ts";
import { countOpen } from "../../../src/vscode/findings/open-findings.ts";

const finding = (rule: string, line: number, tables: readonly string[], supplied: readonly string[] = []): DocumentFinding => ({
  rule,
  message: "found",
  severity: "warning",
  applicability: "manual",
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
  fixes: [],
  supplied,
  tables,
});
const files = [
  { file: 1, path: "b.py", findings: [finding("p", 3, ["Users"]), finding("q", 5, ["users", "notes"])] },
  { file: 2, path: "a.py", findings: [finding("p", 1, []), finding("r", 2, ["notes"], ["like"])] },
];
const groups = (grouping: Grouping): readonly unknown[] => groupFindings(files, grouping).map(({ label, findings }) => [label, findings.map(({ path, finding: each }) => `${path}:${each.range.start.line}`).join(" ")]);

describe("the Findings view", () => {
  it("groups by rule", () => {
    assert.deepEqual(groups("rule"), [["p", "b.py:3 a.py:1"], ["q", "b.py:5"], ["r", "a.py:2"]]);
  });
  it("groups by file", () => {
    assert.deepEqual(groups("file"), [["a.py", "a.py:1 a.py:2"], ["b.py", "b.py:3 b.py:5"]]);
  });
  it("groups by table whatever the case, a statement under each of its own, and what has none last", () => {
    assert.deepEqual(groups("table"), [["notes", "b.py:5 a.py:2"], ["Users", "b.py:3 b.py:5"], ["", "a.py:1"]]);
  });
  it("counts what asks for something to be done", () => {
    assert.equal(countOpen(files.flatMap((file) => file.findings)), 3);
  });
});

describe("why a fix asks for a review", () => {
  const cases: readonly [string, string, string][] = [
    ["is what the message asks to look at", "PostgreSQL has no such thing. Look at it: the schema is not known here; it reports it.", "the schema is not known here; it reports it"],
    ["is the last sentence otherwise", "PostgreSQL has no such thing. NULL comes out differently.", "NULL comes out differently"],
    ["is cut between words", `It differs: ${"word ".repeat(40)}`, `It differs: ${"word ".repeat(15).trimEnd()}…`],
  ];
  for (const [name, message, reason] of cases) {
    it(name, () => {
      assert.equal(reviewReason(message), reason);
    });
  }
});
