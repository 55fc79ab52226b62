import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { postgresTypes } from "#core/schema/type-fit.ts";
import { applyEdits } from "#core/text/edit.ts";
import { parseConfig } from "#engine/workspace/config.ts";
import { overrideEdits } from "#engine/workspace/override-edit.ts";
import { configText } from "../../../src/vscode/commands/config-text.ts";

const set = (text: string, table: string, column: string, type: (typeof postgresTypes)[number] | undefined): string => applyEdits(text, overrideEdits(text, { table, column, type }));

describe("writing a choice into cutover.json", () => {
  it("adds the first one, and keeps every comment", () => {
    const before = configText("app.db");
    const after = set(before, "orders", "total", "numeric");
    assert.deepEqual([...parseConfig(after, "cutover.json").overrides], [["orders.total", "numeric"]]);
    for (const line of before.split("\n").filter((each) => each.includes("//"))) assert.ok(after.includes(line), line);
  });

  const cases: readonly [string, string, string][] = [
    ["a member on its own line", '{\n  "overrides": {\n    "a.b": "text"\n  }\n}\n', '{\n  "overrides": {\n    "a.b": "text",\n    "t.c": "date"\n  }\n}\n'],
    ["a comment behind the last one", '{\n  "overrides": {\n    "a.b": "text" // money\n  }\n}', '{\n  "overrides": {\n    "a.b": "text", // money\n    "t.c": "date"\n  }\n}'],
    ["a trailing comma", '{\n\t"overrides": {\n\t\t"a.b": "text", // money\n\t},\n}', '{\n\t"overrides": {\n\t\t"a.b": "text", // money\n\t\t"t.c": "date",\n\t},\n}'],
    ["one line", '{ "overrides": { "a.b": "text" } }', '{ "overrides": { "a.b": "text", "t.c": "date" } }'],
    ["a comment over two lines", '{\n  "overrides": {\n    "a.b": "text" /* one\n two */\n  }\n}', '{\n  "overrides": {\n    "a.b": "text",\n    "t.c": "date" /* one\n two */\n  }\n}'],
    ["the same column in another case", '{ "overrides": { "T.C": "text" /* why */ } }', '{ "overrides": { "T.C": "date" /* why */ } }'],
    ["the line ends of Windows", '{\r\n  "overrides": {\r\n    "a.b": "text"\r\n  }\r\n}', '{\r\n  "overrides": {\r\n    "a.b": "text",\r\n    "t.c": "date"\r\n  }\r\n}'],
  ];
  for (const [name, before, after] of cases) it(`keeps the layout: ${name}`, () => { assert.equal(set(before, "t", "c", "date"), after); });

  const removals: readonly [string, string, string][] = [
    ["the first one, with the comment of the second", '{\n  "overrides": {\n    "t.c": "date",\n    // why\n    "a.b": "text"\n  }\n}', '{\n  "overrides": {\n    // why\n    "a.b": "text"\n  }\n}'],
    ["the last one", '{\n  "overrides": {\n    "a.b": "text",\n    "t.c": "date"\n  }\n}', '{\n  "overrides": {\n    "a.b": "text"\n  }\n}'],
    ["the only one", '{\n  "overrides": {\n    "t.c": "date"\n  }\n}', '{\n  "overrides": {\n  }\n}'],
    ["one of a line", '{ "overrides": { "t.c": "date", "a.b": "text" } }', '{ "overrides": { "a.b": "text" } }'],
    ["one that is not there", '{ "overrides": { "a.b": "text" } }', '{ "overrides": { "a.b": "text" } }'],
    ["the last one, below a comment", '{\n  "overrides": {\n    "a.b": "text", // kept\n    "t.c": "date"\n  }\n}', '{\n  "overrides": {\n    "a.b": "text" // kept\n  }\n}'],
    ["one that is there twice", '{ "overrides": { "t.c": "date", "T.C": "text" } }', '{ "overrides": { } }'],
  ];
  for (const [name, before, after] of removals) it(`takes back ${name}`, () => { assert.equal(set(before, "T", "C", undefined), after); });

  it("changes nothing of a file that cannot be read", () => {
    assert.throws(() => overrideEdits('{ "overrides": ', { table: "t", column: "c", type: "date" }), /cannot be changed/);
    assert.throws(() => overrideEdits('{ "overrides": [] }', { table: "t", column: "c", type: "date" }), /cannot be changed/);
  });

  it("leaves a file that says what was chosen last, and no comment goes with another's choice", () => {
    const blank = fc.constantFrom("", " ", "\n    ");
    const gap = fc.constantFrom("", " ", "\n", "\n  ", " // said\n  ", " /* said */ ");
    const key = fc.constantFrom("t.c", "T.C", "a.b", "x.y", "Ä.ö");
    const text = fc.tuple(fc.uniqueArray(fc.tuple(key, gap, blank, gap), { maxLength: 4, selector: ([name]) => name.toLowerCase() }), fc.boolean(), gap).map(
      ([members, trailing, end]) => `{ "overrides": {${members.map(([name, a, b, c], i) => `${a}"${name}"${b}: "text"${c}${i < members.length - 1 || trailing ? "," : ""}`).join("")}${end}} }`,
    );
    fc.assert(
      fc.property(text, fc.array(fc.tuple(fc.constantFrom(["t", "c"], ["a", "B"], ["new", "one"], ["Ä", "ö"]), fc.option(fc.constantFrom(...postgresTypes), { nil: undefined })), { minLength: 1, maxLength: 5 }), (start, changes) => {
        let now = start;
        for (const [[table = "", column = ""], type] of changes) {
          const before = parseConfig(now, "cutover.json").overrides;
          const said = now.match(/said/g)?.length ?? 0;
          now = set(now, table, column, type);
          const expected = new Map(before);
          const name = `${table}.${column}`.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
          if (type === undefined) expected.delete(name);
          else expected.set(name, type);
          assert.deepEqual(new Map([...parseConfig(now, "cutover.json").overrides].sort()), new Map([...expected].sort()), now);
          assert.equal(now.match(/said/g)?.length ?? 0, said, now);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
