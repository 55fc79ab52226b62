import type { Span } from "#core/text/span.ts";

/** How far before a text its name or its call may begin. */
const before = 160;
/** A name or a key that a test gives to what should come out: `expected`, `wantSQL`, `exp`. */
const named = /(?:^|[^\p{L}\p{N}])(?:exp|expect(?:ed|s|ation)?|want(?:ed)?|golden)(?:[A-Z_]\w*|\d*)["']?\s*(?::\s*[\w.[\]<>|]{1,40}\s*)?(?::=|=>|=|:)\s*\(?\s*[@$frbu]{0,2}$/u;
/** A call that compares, and what it was given before: no calls, which might run something. */
const compared =
  /(?:\b(?:assert(?:Equals?|Same|In|Contains|StringContainsString|StringEqualsString|MultiLineEqual)|assert_(?:equal|includes|match|eq!?|ne!?)|assert\.(?:strictEqual|equal|deepEqual|deepStrictEqual|match|Equal|Contains|AreEqual)|require\.(?:Equal|Contains)|(?:is)?[eE]qualTo)|\.(?:toBe|toEqual|toStrictEqual|toContain|toMatch|Should\(\)\.Be))\s*\((?:[^()"'`;]{0,120},)?\s*[@$frbu]{0,2}$/;

/** A call of what reads SQL as a text: nothing runs it. */
const parsed = /\b(?:extract_\w+|suggest_\w+|tokenize\w*|split_?[sS]tatements?|parse_?(?:[sS]ql|[sS]tatements?|[qQ]uery))\s*\((?:[^()"'`;]{0,80},)?\s*[@$frbu]{0,2}$/;

/** Whether a text stands where a test says what should come out: it is compared, not run. */
export function isExpected(source: string, { start }: Span): boolean {
  const text = source.slice(Math.max(0, start - before), start);
  return named.test(text) || compared.test(text) || parsed.test(text);
}
