import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { byStatement } from "#core/rules/by-statement.ts";
import type { Fix } from "#core/rules/finding.ts";
import { applyEdits, type Edit } from "#core/text/edit.ts";

const edit = (start: number, end: number, newText: string): Edit => ({ span: { start, end }, newText });
const fix = (applicability: Fix["applicability"], ...edits: readonly Edit[]): Fix => ({ title: "t", applicability, edits, needs: [], settles: [] });

describe("the changes of many fixes", () => {
  const text = "import x\nrun('SELECT a, b')\nrun('SELECT c')\n";
  const sites = [{ start: 13, end: 26 }, { start: 14, end: 20 }, { start: 32, end: 42 }];
  const imported = edit(9, 9, "import y\n");
  const fixes = [fix("safe", imported, edit(21, 21, "F("), edit(22, 22, ")")), fix("review", imported, edit(24, 25, "B")), fix("safe", edit(40, 41, "C"))];
  const changes = byStatement(text, fixes, sites);

  it("are one for each statement, and what stands outside of it by itself", () => {
    assert.deepEqual(changes.map(({ span, newText, review }) => [text.slice(span.start, span.end), newText, review]), [
      ["", "import y\n", false],
      ["a, b", "F(a), B", true],
      ["c", "C", false],
    ]);
  });
  it("change what the fixes change", () => {
    assert.equal(applyEdits(text, changes), "import x\nimport y\nrun('SELECT F(a), B')\nrun('SELECT C')\n");
  });
});
