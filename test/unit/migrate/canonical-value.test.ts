import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PostgresType } from "#core/schema/decision.ts";
import { canonicalForms } from "#engine/validate/canonical-value.ts";
import { makeChecksum } from "#engine/validate/row-lines.ts";

const form = (type: PostgresType, text: string): string => canonicalForms[type]?.(text) ?? text;

const same: readonly (readonly [PostgresType, string, string])[] = [
    ["double precision", "1.0e+300", "1e+300"], ["double precision", "Inf", "Infinity"], ["double precision", "5.0", "5"],
    ["numeric", "1.50", "1.5"], ["numeric", "1.0e+2", "100"], ["numeric", "-0.0", "0"], ["numeric", "0.00012", "1.2e-4"],
    ["timestamp", "2024-01-01T00:00:00.120", "2024-01-01 00:00:00.12"], ["timestamp", "2024-01-01 00:00:00.000", "2024-01-01 00:00:00"], ["timestamptz", "2024-01-01 00:00:00.50+00", "2024-01-01 00:00:00.5+00"],
    ["jsonb", '{"b":1.0,"a":"\\u00e9"}', '{"a": "é", "b": 1.00}'], ["jsonb", "[1e2, -0]", "[100,0]"], ["jsonb", " [ ] ", "[]"],
    ["bytea", "\\xAB", "\\xab"],
  ];

const other: readonly (readonly [PostgresType, string, string])[] = [
    ["double precision", "0.1", "0.10000000000000002"], ["double precision", "-0", "0"], ["numeric", "12345678901234567890.1", "12345678901234567890.2"],
    ["jsonb", "[12345678901234567890]", "[12345678901234567891]"], ["jsonb", '{"a":1}', '{"A":1}'], ["jsonb", "[1,2]", "[2,1]"], ["jsonb", '"1"', "1"], ["text", "a", "A"],
  ];

describe("canonical texts", () => {
  for (const [type, a, b] of same) it(`${type}: ${a} is ${b}`, () => { assert.equal(form(type, a), form(type, b)); });

  for (const [type, a, b] of other) it(`${type}: ${a} is not ${b}`, () => { assert.notEqual(form(type, a), form(type, b)); });
});

describe("a checksum", () => {
  const of = (type: PostgresType, text: string): string => {
    const checksum = makeChecksum([type]);
    checksum.add(Buffer.from(type === "jsonb" || type === "text" ? `\u0001${text}\u0001\n` : `${text}\n`));
    return checksum.hex;
  };
  for (const [type, a, b] of same) it(`is the same for ${type} ${a} and ${b}`, () => { assert.equal(of(type, a), of(type, b)); });
  for (const [type, a, b] of other) it(`is not the same for ${type} ${a} and ${b}`, () => { assert.notEqual(of(type, a), of(type, b)); });

  it("takes two JSON texts for the same exactly when they say the same", () => {
    const key = fc.constantFrom("a", "b", "\\u0061b", "c");
    const { json } = fc.letrec<{ json: string }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom("1", "10", "1e1", "1.0", "100e-1", "-0", "0", "true", "null", '"a"', '"\\u0061"', '"1"', '""', "[]", "{}"),
        fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
        fc.uniqueArray(fc.tuple(key, tie("json")), { maxLength: 3, selector: ([name]) => name }).map((members) => `{ ${members.map(([name, value]) => `"${name}":${value}`).join(", ")}}`),
      ),
    }));
    let equal = 0;
    fc.assert(
      fc.property(json, json, (a, b) => {
        const alike = form("jsonb", a) === form("jsonb", b);
        if (alike) equal++;
        assert.equal(of("jsonb", a) === of("jsonb", b), alike, `${a} and ${b}`);
      }),
      { numRuns: 5000, seed: 7 },
    );
    assert.ok(equal > 100);
  });

  const sum = (...lines: string[]): string => {
    const checksum = makeChecksum(["bigint", "text"]);
    for (const line of lines) checksum.add(Buffer.from(line));
    return checksum.hex;
  };
  it("does not depend on the order of the rows or how they come", () => {
    assert.equal(sum("1,\u0001a\u0001\n2,\u0001b\u0001\n"), sum("2,\u0001b\u0001\n", "1,\u0001a\u0001\n"));
  });
  for (const [name, a, b] of [
    ["a value", "1,\u0001a\u0001\n", "1,\u0001b\u0001\n"],
    ["NULL and the empty text", "1,\n", "1,\u0001\u0001\n"],
    ["the places of values", "1,\u00012\u0001\n", "2,\u00011\u0001\n"],
    ["a row that is there twice", "1,\u0001a\u0001\n", "1,\u0001a\u0001\n1,\u0001a\u0001\n"],
    ["values that change rows", "1,\u0001a\u0001\n2,\u0001b\u0001\n", "1,\u0001b\u0001\n2,\u0001a\u0001\n"],
  ] as const) it(`tells ${name}`, () => { assert.notEqual(sum(a), sum(b)); });
});
