import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits } from "#core/text/edit.ts";
import { offsetMap } from "#core/text/offset-map.ts";

// The file:  ..ab\ncd{x}ef" "gh..   with `\n` an escape of one character, `{x}` a hole, and two literals.
const file = '..ab\\ncd{x}ef" "gh..';
const text = "ab\ncd{x}efgh";
const encode = (t: string): string | undefined => (t.includes("!") ? undefined : t.replaceAll("\n", "\\n"));
const map = offsetMap(
  [
    { kind: "verbatim", text: { start: 0, end: 2 }, file: { start: 2, end: 4 }, literal: 0 },
    { kind: "escape", text: { start: 2, end: 3 }, file: { start: 4, end: 6 }, literal: 0 },
    { kind: "verbatim", text: { start: 3, end: 5 }, file: { start: 6, end: 8 }, literal: 0 },
    { kind: "hole", text: { start: 5, end: 8 }, file: { start: 8, end: 11 }, literal: 0 },
    { kind: "verbatim", text: { start: 8, end: 10 }, file: { start: 11, end: 13 }, literal: 0 },
    { kind: "verbatim", text: { start: 10, end: 12 }, file: { start: 16, end: 18 }, literal: 1 },
  ],
  [
    { contents: { start: 2, end: 13 }, encode },
    { contents: { start: 16, end: 18 }, encode },
  ],
);

describe("from text to file", () => {
  const examples: readonly (readonly [from: string, start: number, end: number, inFile: string])[] = [
    ["a character", 0, 1, "a"],
    ["an escape whole", 2, 3, "\\n"],
    ["over an escape", 1, 4, "b\\nc"],
    ["a part of a hole, widened", 6, 7, "{x}"],
    ["over the seam of two literals", 9, 11, 'f" "g'],
    ["all", 0, 12, 'ab\\ncd{x}ef" "gh'],
  ];
  for (const [name, start, end, inFile] of examples) {
    it(name, () => {
      const span = map.toFile({ start, end });
      assert.equal(file.slice(span.start, span.end), inFile);
    });
  }
  it("an empty range has a place", () => {
    assert.deepEqual(map.toFile({ start: 3, end: 3 }), { start: 6, end: 6 });
    assert.deepEqual(map.toFile({ start: 12, end: 12 }), { start: 18, end: 18 });
  });
});

describe("from file to text", () => {
  const examples: readonly (readonly [start: number, end: number, inText: string | undefined])[] = [
    [2, 3, "a"],
    [5, 6, "\n"],
    [9, 10, "{x}"],
    [12, 17, "fg"],
    [0, 2, undefined],
    [18, 20, undefined],
  ];
  for (const [start, end, inText] of examples) {
    it(JSON.stringify(file.slice(start, end)), () => {
      const span = map.toText({ start, end });
      assert.equal(span === undefined ? undefined : text.slice(span.start, span.end), inText);
    });
  }
});

describe("edits", () => {
  const edited = (start: number, end: number, newText: string): string | undefined => {
    const edits = map.mapEdit({ span: { start, end }, newText });
    return edits === undefined ? undefined : applyEdits(file, edits);
  };
  it("escapes for the literal", () => { assert.equal(edited(0, 1, "x\ny"), '..x\\nyb\\ncd{x}ef" "gh..'); });
  it("replaces an escape whole", () => { assert.equal(edited(2, 3, " "), '..ab cd{x}ef" "gh..'); });
  it("replaces over a seam: the new text goes into the first literal", () => { assert.equal(edited(9, 11, "X"), '..ab\\ncd{x}eX" "h..'); });
  it("inserts behind what it follows", () => { assert.equal(edited(10, 10, "X"), '..ab\\ncd{x}efX" "gh..'); });
  it("inserts at the start and the end", () => {
    assert.equal(edited(0, 0, "X"), '..Xab\\ncd{x}ef" "gh..');
    assert.equal(edited(12, 12, "X"), '..ab\\ncd{x}ef" "ghX..');
  });
  it("inserts beside a hole", () => {
    assert.equal(edited(5, 5, "X"), '..ab\\ncdX{x}ef" "gh..');
    assert.equal(edited(8, 8, "X"), '..ab\\ncd{x}Xef" "gh..');
  });
  it("deletes", () => { assert.equal(edited(0, 5, ""), '..{x}ef" "gh..'); });
  it("never loses a hole", () => {
    assert.equal(edited(4, 9, "X"), undefined);
    assert.equal(edited(5, 8, ""), undefined);
    assert.equal(edited(6, 6, "X"), undefined);
  });
  it("says when the literal cannot hold the text", () => { assert.equal(edited(0, 1, "!"), undefined); });
  it("an edit of nothing changes nothing", () => { assert.deepEqual(map.mapEdit({ span: { start: 3, end: 3 }, newText: "" }), []); });
});

describe("an empty literal", () => {
  const empty = offsetMap([], [{ contents: { start: 1, end: 1 }, encode }]);
  it("takes an insertion between its delimiters", () => { assert.deepEqual(empty.mapEdit({ span: { start: 0, end: 0 }, newText: "x" }), [{ span: { start: 1, end: 1 }, newText: "x" }]); });
  it("has a place", () => { assert.deepEqual(empty.toFile({ start: 0, end: 0 }), { start: 1, end: 1 }); });
});
