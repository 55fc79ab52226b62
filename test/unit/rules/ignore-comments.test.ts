import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ignoreComments } from "#core/rules/ignores/ignore-comments.ts";

const read = (text: string): readonly unknown[] => ignoreComments(text).map(({ scope, rules, reason, lines }) => [scope, rules.join(" "), reason, lines]);

describe("ignore comments", () => {
  const cases: readonly [string, string, readonly unknown[]][] = [
    ["behind code, they speak of their own line", "run(sql)  # cutover-ignore[like-case]: a number", [["line", "like-case", "a number", [0]]]],
    ["alone on a line, they speak of the next one, too", "  // cutover-ignore[like-case]: a number\nrun(sql)", [["line", "like-case", "a number", [0, 1]]]],
    ["above other comments, they speak of the code below", "# cutover-ignore[a]: x\n# cutover-ignore[b]: y\n# noqa\nrun()", [["line", "a", "x", [0, 3]], ["line", "b", "y", [1, 3]]]],
    ["may name several rules", "-- cutover-ignore[a, b ,c]: x", [["line", "a b c", "x", [0, 1]]]],
    ["may speak of the file", "/* cutover-ignore-file[a]: SQLite only */", [["file", "a", "SQLite only", [0, 1]]]],
    ["end where a block comment ends", "x = 1; /* cutover-ignore[a]: why */ y()", [["line", "a", "why", [0]]]],
    ["may stand in a line of a block comment", "/*\n * cutover-ignore[a]: why\n */\nrun()", [["line", "a", "why", [1, 3]]]],
    ["are read in markup", "<!-- cutover-ignore[a]: why -->", [["line", "a", "why", [0, 1]]]],
    ["end with the literal that holds the SQL", 'db.run("SELECT 1 -- cutover-ignore[a]: why");', [["line", "a", "why", [0]]]],
    ["end with the line that the literal writes", String.raw`db.run("SELECT 1 -- cutover-ignore[a]: why\nFROM t");`, [["line", "a", "why", [0]]]],
    ["keep quotes within the reason", `-- cutover-ignore[a]: it's "so" said`, [["line", "a", `it's "so" said`, [0, 1]]]],
    ["without a reason have none", "# cutover-ignore[a]", [["line", "a", undefined, [0, 1]]]],
    ["with nothing behind the colon have none", "# cutover-ignore[a]: ...", [["line", "a", undefined, [0, 1]]]],
    ["without a rule name none", "# cutover-ignore: because", [["line", "", "because", [0, 1]]]],
    ["want the word itself", "# cutover-ignored[a]: x\n# cutover-ignore-files[a]: x\nx = 'cutover-ignore[a]: x'", []],
    ["want to begin the comment", "# see cutover-ignore[a]: x", []],
    ["count lines with any end", "a\r\nb\r// cutover-ignore[a]: x\nc", [["line", "a", "x", [2, 3]]]],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => {
      assert.deepEqual(read(text), expected);
    });
  }

  it("say where they stand", () => {
    const text = "x\n/* cutover-ignore[a]: why */";
    assert.deepEqual(ignoreComments(text).map(({ span }) => text.slice(span.start, span.end)), ["cutover-ignore[a]: why"]);
  });
});
