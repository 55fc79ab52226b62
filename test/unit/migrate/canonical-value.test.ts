import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PostgresType } from "#core/schema/decision.ts";
import { canonicalForms } from "#engine/validate/canonical-value.ts";
import { makeChecksum } from "#engine/validate/row-lines.ts";

const form = (type: PostgresType, text: string): string => canonicalForms[type]?.(text) ?? text;

describe("canonical texts", () => {
  const same: readonly (readonly [PostgresType, string, string])[] = [
    ["double precision", "1.0e+300", "1e+300"], ["double precision", "Inf", "Infinity"], ["double precision", "5.0", "5"],
    ["numeric", "1.50", "1.5"], ["numeric", "1.0e+2", "100"], ["numeric", "-0.0", "0"], ["numeric", "0.00012", "1.2e-4"],
    ["timestamp", "2024-01-01T00:00:00.120", "2024-01-01 00:00:00.12"], ["timestamp", "2024-01-01 00:00:00.000", "2024-01-01 00:00:00"], ["timestamptz", "2024-01-01 00:00:00.50+00", "2024-01-01 00:00:00.5+00"],
    ["jsonb", '{"b":1.0,"a":"\\u00e9"}', '{"a": "é", "b": 1.00}'], ["jsonb", "[1e2, -0]", "[100,0]"], ["jsonb", " [ ] ", "[]"],
    ["bytea", "\\xAB", "\\xab"],
  ];
  for (const [type, a, b] of same) it(`${type}: ${a} is ${b}`, () => { assert.equal(form(type, a), form(type, b)); });

  const other: readonly (readonly [PostgresType, string, string])[] = [
    ["double precision", "0.1", "0.10000000000000002"], ["double precision", "-0", "0"], ["numeric", "12345678901234567890.1", "12345678901234567890.2"],
    ["jsonb", "[12345678901234567890]", "[12345678901234567891]"], ["jsonb", '{"a":1}', '{"A":1}'], ["jsonb", "[1,2]", "[2,1]"], ["jsonb", '"1"', "1"], ["text", "a", "A"],
  ];
  for (const [type, a, b] of other) it(`${type}: ${a} is not ${b}`, () => { assert.notEqual(form(type, a), form(type, b)); });
});

describe("a checksum", () => {
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
