import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { functionCalls } from "#core/sql/function-calls.ts";
import { booleanName, literalValue } from "#core/sql/literal-value.ts";
import { parseExpression, parseStatement } from "#core/sql/parse.ts";
import { tableReferences } from "#core/sql/table-references.ts";

describe("tableReferences", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["SELECT * FROM a, main.b JOIN (SELECT * FROM c) WHERE x IN d AND y IN f(1)", ["read a", "read main.b", "read c", "read d"]],
    ["WITH w AS (SELECT * FROM a) INSERT INTO b SELECT * FROM w, main.w", ["read a", "write b", "read main.w"]],
    ["UPDATE a SET x = 1 FROM b", ["write a", "read b"]],
    ["CREATE TABLE a (x REFERENCES b)", ["define a", "refer b"]],
    ["CREATE TRIGGER r AFTER INSERT ON a BEGIN DELETE FROM b; END", ["define a", "write b"]],
    ["ALTER TABLE a RENAME TO b", ["define a", "define b"]],
    ["DROP INDEX i", []],
  ];
  for (const [sql, uses] of cases) {
    it(sql, () => {
      const found = tableReferences(parseStatement(sql)).map((use) => `${use.access} ${use.schema === undefined ? "" : `${use.schema}.`}${use.name ?? "?"}`);
      assert.deepEqual(found, uses);
    });
  }
});

describe("literalValue", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["NULL", { type: "null" }],
    ["- 1_000", { type: "integer", value: -1000n }],
    ["0xFFFFFFFFFFFFFFFF", { type: "integer", value: -1n }],
    ["-9223372036854775808", { type: "integer", value: -(2n ** 63n) }],
    ["9223372036854775808", { type: "real", value: 9223372036854775808 }],
    ["(1.5e1)", { type: "real", value: 15 }],
    ["'it''s'", { type: "text", value: "it's" }],
    ["x'00fF'", { type: "blob", value: Uint8Array.of(0, 255) }],
    ["a", undefined],
    ["1 + 1", undefined],
  ];
  for (const [sql, value] of cases) it(sql, () => { assert.deepEqual(literalValue(parseExpression(sql)), value); });

  it("knows the booleans", () => {
    assert.deepEqual(["true", "FALSE", "\"true\"", "t.true"].map((sql) => booleanName(parseExpression(sql))), [true, false, undefined, undefined]);
  });
});

describe("functionCalls", () => {
  it("lists calls, outer ones first", () => {
    assert.deepEqual(functionCalls(parseStatement("SELECT Upper(lower(a)), \"x\"(), count(*)")).map((call) => call.name), ["upper", "lower", "x", "count"]);
  });
});
