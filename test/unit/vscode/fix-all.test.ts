import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DocumentFinding, DocumentFix, TextChange } from "#protocol/worker.ts";
import { fixAll } from "../../../src/vscode/codeActions/fix-all.ts";
import { quickFixes, repeatedRules, touches } from "../../../src/vscode/codeActions/quick-fixes.ts";

const at = (line: number, from: number, to: number): TextChange["range"] => ({ start: { line, character: from }, end: { line, character: to } });
const change = (line: number, from: number, to: number, newText: string): TextChange => ({ range: at(line, from, to), newText });
const fix = (applicability: DocumentFix["applicability"], ...changes: readonly TextChange[]): DocumentFix => ({ title: "Write it so", applicability, changes });
const finding = (rule: string, range: TextChange["range"], ...fixes: readonly DocumentFix[]): DocumentFinding => ({
  rule,
  message: "found",
  severity: "warning",
  applicability: fixes[0]?.applicability ?? "manual",
  range,
  fixes,
  supplied: [],
  tables: [],
});
const safe = (one: DocumentFix): boolean => one.applicability === "safe";

/** Applies changes as the editor does: from the end, none touching another. */
function applied(text: string, changes: readonly TextChange[]): string {
  const lines = text.split("\n");
  for (const { range, newText } of [...changes].reverse()) {
    const first = lines[range.start.line] ?? "";
    const last = lines[range.end.line] ?? "";
    lines.splice(range.start.line, range.end.line - range.start.line + 1, first.slice(0, range.start.character) + newText + last.slice(range.end.character));
  }
  return lines.join("\n");
}

describe("fixAll", () => {
  const text = "import db\nrun('a = ?')\nrun('b = ?')\n";

  it("applies the preferred fix of every finding, in the text's order", () => {
    const made = fixAll(text, [finding("p", at(2, 9, 10), fix("safe", change(2, 9, 10, "%s"))), finding("p", at(1, 9, 10), fix("safe", change(1, 9, 10, "%s")), fix("safe", change(1, 9, 10, ":a")))], safe);
    assert.equal(applied(text, made.changes), "import db\nrun('a = %s')\nrun('b = %s')\n");
    assert.deepEqual([made.fixed, made.held], [2, 0]);
  });

  it("leaves alone what is not accepted", () => {
    const made = fixAll(text, [finding("p", at(1, 9, 10), fix("review", change(1, 9, 10, "%s"))), finding("q", at(1, 0, 3))], safe);
    assert.deepEqual(made, { changes: [], fixed: 0, held: 0 });
  });

  it("makes the same insertion of two fixes once", () => {
    const imported = change(0, 9, 9, ", by_engine");
    const made = fixAll(text, [finding("p", at(1, 9, 10), fix("safe", imported, change(1, 9, 10, "%s"))), finding("p", at(2, 9, 10), fix("safe", imported, change(2, 9, 10, "%s")))], safe);
    assert.equal(applied(text, made.changes), "import db, by_engine\nrun('a = %s')\nrun('b = %s')\n");
    assert.equal(made.fixed, 2);
  });

  it("keeps a fix whole or not at all when it meets another", () => {
    const made = fixAll(text, [finding("p", at(1, 5, 10), fix("safe", change(1, 5, 10, "x"))), finding("q", at(1, 9, 10), fix("safe", change(1, 9, 10, "%s"), change(2, 9, 10, "%s")))], safe);
    assert.equal(applied(text, made.changes), "import db\nrun('x')\nrun('b = ?')\n");
    assert.deepEqual([made.fixed, made.held], [1, 1]);
  });

  it("counts characters as the editor does, in UTF-16 units and with either line end", () => {
    const odd = "é😀 = ?\r\nb = ?\r\n";
    const made = fixAll(odd, [finding("p", at(0, 6, 7), fix("safe", change(0, 6, 7, "%s"))), finding("p", at(1, 4, 5), fix("safe", change(1, 4, 5, "%s")))], safe);
    assert.deepEqual(made.changes, [change(0, 6, 7, "%s"), change(1, 4, 5, "%s")]);
  });
});

describe("quickFixes", () => {
  const findings = [
    finding("p", at(1, 9, 10), fix("safe", change(1, 9, 10, "%s")), fix("review", change(1, 9, 10, ":a"))),
    finding("q", at(3, 0, 4)),
    finding("p", at(5, 0, 4), fix("safe", change(5, 0, 4, "x"))),
  ];

  it("offers every fix of the findings at the cursor, the first one preferred", () => {
    assert.deepEqual(
      quickFixes(findings, at(1, 10, 10)).map(({ fix: offered, preferred }) => [offered.applicability, preferred]),
      [
        ["safe", true],
        ["review", false],
      ],
    );
  });

  it("offers nothing for a manual finding, nor away from every finding", () => {
    assert.deepEqual(quickFixes(findings, at(3, 1, 1)), []);
    assert.deepEqual(quickFixes(findings, at(4, 0, 0)), []);
  });

  it("knows the rules that the file breaks more than once", () => {
    assert.deepEqual(repeatedRules(findings, at(1, 9, 9)), ["p"]);
    assert.deepEqual(repeatedRules(findings, at(3, 0, 0)), []);
    assert.deepEqual(repeatedRules(findings.slice(0, 2), at(1, 9, 9)), []);
  });

  it("counts both ends of a range as touching it", () => {
    assert.ok(touches(at(1, 4, 8), at(1, 8, 8)));
    assert.ok(touches(at(1, 4, 8), at(1, 4, 4)));
    assert.ok(!touches(at(1, 4, 8), at(1, 9, 9)));
    assert.ok(touches({ start: { line: 0, character: 5 }, end: { line: 3, character: 0 } }, at(2, 90, 91)));
  });
});
