import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TextChange } from "#protocol/worker.ts";
import { fixDiff } from "../../../src/vscode/hover/fix-diff.ts";

const change = (line: number, from: number, to: number, newText: string): TextChange => ({ range: { start: { line, character: from }, end: { line, character: to } }, newText });

describe("fixDiff", () => {
  const text = "def f():\n    run('a = ?')\n    keep()\n    run('b = ?')\n";
  const cases: readonly [string, readonly TextChange[], string | undefined][] = [
    ["one line, without its indentation", [change(1, 13, 14, "%s")], "- run('a = ?')\n+ run('a = %s')"],
    ["several lines, without what stays between them", [change(1, 13, 14, "%s"), change(3, 13, 14, "%s")], "- run('a = ?')\n- run('b = ?')\n+ run('a = %s')\n+ run('b = %s')"],
    ["a line that becomes two", [change(1, 4, 4, "x = 1\n    ")], "+ x = 1"],
    ["nothing for no change", [], undefined],
    ["nothing for more lines than fit", [change(0, 0, 0, "a"), change(3, 0, 0, "b")], undefined],
  ];
  for (const [name, changes, expected] of cases) {
    it(name, () => {
      assert.equal(fixDiff(text, changes, 3), expected);
    });
  }
  it("reads Windows line ends", () => {
    assert.equal(fixDiff("a = ?\r\nb\r\n", [change(0, 4, 5, "%s")], 3), "- a = ?\n+ a = %s");
  });
});
