import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import Database from "better-sqlite3";
import { jsonFaithful } from "#core/schema/json-faithful.ts";
import { jsonShape } from "#core/schema/values/json-shape.ts";

const db = new Database(":memory:");
const valid = db.prepare<[string], number>("SELECT json_valid(?)").pluck();

function shapeOf(text: string): string {
  // Bytes on both sides must not be looked at.
  const bytes = Buffer.from(`"]}${text}"]}`);
  return jsonShape(bytes, 3, bytes.length - 3);
}

/** What SQLite says, as far as objects and arrays go. */
function expected(text: string): boolean {
  return /^[ \t\r\n]*[[{]/.test(text) && valid.get(text) === 1;
}

function agree(text: string): void {
  const found = shapeOf(text);
  assert.equal(found !== "invalid", expected(text), JSON.stringify(text));
  if (found === "faithful") assert.ok(jsonFaithful(text), JSON.stringify(text));
}

describe("the shape of JSON", () => {
  for (const text of [
    "{}", "[]", " [ ] ", "[1]", "[1,]", "[,1]", "{,}", "{a:1}", "{'a':1}", `{"a":1}`, `{"a":1,}`, `{"a" : 1 , "b":[true,false,null]}`, `{"a"}`, `{"a":}`, `[1 2]`, `["a"`, `["a`, `[`, `{`, `[[]`, `[]]`, `[{}]`, `[{]}`,
    "[-]", "[-0]", "[01]", "[1.]", "[.5]", "[1e]", "[1e5]", "[1E+05]", "[1e-400]", "[+1]", "[0x1]", "[NaN]", "[Infinity]", `["\\x"]`, `["\\u12"]`, `["\\u12g4"]`, `["\\ud800"]`, `["\u0001"]`, `["tab\there"]`, `["é東"]`, "1", `"a"`, "true", "",
    "[tru]", "[truex]", "[nul", `{"a":1 "b":2}`, `{"a":1}{`, "[] x", "[]\n", "\f[]", "// x\n[]", "[/*x*/]",
  ]) it(`agrees with SQLite on ${JSON.stringify(text)}`, () => { agree(text); });

  for (const [text, found] of [[`{"a":1,"a":2}`, "unsure"], [`{"a":{"a":1},"b":{"a":1}}`, "faithful"], [`[{"a":1},{"a":1}]`, "faithful"], [`{"a":[{"a":1,"b":1}],"b":1}`, "faithful"], [`{"a":[{"a":1,"b":1}],"a":1}`, "unsure"], [`{"a\\/b":1,"a/b":2}`, "unsure"], [`["\\u0041"]`, "unsure"], ["[1e999]", "faithful"], ["[1e1000]", "unsure"]] as const) {
    it(`finds ${text} ${found}`, () => { assert.equal(shapeOf(text), found); });
  }

  it("has SQLite's limit of nesting", () => {
    for (const depth of [999, 1000, 1001, 5000]) agree("[".repeat(depth) + "]".repeat(depth));
  });

  it("agrees with SQLite on any JSON, whole and damaged", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.nat(), fc.string({ maxLength: 2 }), (value, place, noise) => {
      const text = JSON.stringify(value);
      agree(text);
      const at = place % (text.length + 1);
      const damaged = text.slice(0, at) + noise + text.slice(at + 1);
      // NUL ends a text for SQLite's JSON.
      if (!/[\0\ud800-\udfff]/u.test(damaged)) agree(damaged);
    }), { numRuns: 3000 });
  });
});
