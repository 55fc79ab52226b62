import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PostgresType } from "#core/schema/decision.ts";
import { canonicalForms } from "#engine/validate/canonical-value.ts";

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
