import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits, mergeEdits, type Edit } from "#core/text/edit.ts";

describe("insertions at one place", () => {
  const around = (start: number, end: number, before: string, after: string): Edit[] => [
    { span: { start, end: start }, newText: before, around: { start, end } },
    { span: { start: end, end }, newText: after, around: { start, end } },
  ];

  it("nest by the width of what they enclose, in whatever order they come", () => {
    const groups = [{ edits: around(0, 1, "f(", ")") }, { edits: around(0, 3, "g(", ")") }, { edits: around(2, 3, "h(", ")") }];
    for (const order of [groups, groups.toReversed()]) {
      const { edits, dropped } = mergeEdits(order);
      assert.equal(dropped.length, 0);
      assert.equal(applyEdits("a+b", edits), "g(f(a)+h(b))");
    }
  });

  it("close before the next one opens", () => {
    assert.equal(applyEdits("ab", [...around(1, 2, "[", "]"), ...around(0, 1, "(", ")")]), "(a)[b]");
  });

  it("conflict when they enclose the same, unless they are the same", () => {
    assert.equal(mergeEdits([{ edits: around(0, 1, "f(", ")") }, { edits: around(0, 1, "g(", ")") }]).dropped.length, 1);
    assert.equal(mergeEdits([{ edits: around(0, 1, "f(", ")") }, { edits: around(0, 1, "f(", ")") }]).edits.length, 2);
  });

  it("stand before what replaces the first characters they enclose, and behind what replaces the last", () => {
    const rename: Edit = { span: { start: 0, end: 2 }, newText: "COALESCE" };
    assert.equal(applyEdits("if(x)", mergeEdits([{ edits: around(0, 5, "CAST(", " AS TEXT)") }, { edits: [rename] }]).edits), "CAST(COALESCE(x) AS TEXT)");
  });
});
