import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "node:test";
import type { PostgresType } from "#core/schema/decision.ts";
import { jsonFaithful } from "#core/schema/json-faithful.ts";
import type { CopiedColumn } from "#engine/migrate/chunk-sql.ts";
import { makeLineReader } from "#engine/checksum/line-reader.ts";
import { readRows } from "#engine/validate/row-lines.ts";

const column = (type: PostgresType, more: Partial<CopiedColumn> = {}): CopiedColumn => ({ name: type, target: type, type, notNull: false, realAffinity: false, ...more });
const check = (columns: readonly CopiedColumn[], lines: string, rows = 1): boolean => {
  const reader = makeLineReader(columns);
  return reader.read(Buffer.from(lines)) && reader.rows === rows;
};

describe("the reader of lines that SQLite has built", () => {
  const examples: readonly (readonly [type: PostgresType, field: string, sure: boolean])[] = [
    ["bigint", "-12", true], ["bigint", "5.0", false], ["bigint", "-", false], ["bigint", "", true],
    ["boolean", "t", true], ["boolean", "2", false],
    ["double precision", "1.5e-7", true], ["double precision", "9007199254740993", false], ["double precision", "0.0", false],
    ["numeric", "19.99", true], ["numeric", "19.989999999999998", false], ["numeric", "9223372036854775807", true],
    ["timestamp", "2024-01-01 10:11:12", true], ["timestamp", "2024-01-01T10:11:12.123456", true], ["timestamp", "2024-01-01 10:11:12Z", false],
    ["timestamp", "2024-01-01 10:11:12.1234567", false], ["timestamp", "2024-01-01 24:00:00", false], ["timestamp", "2024-01-01 10:11:60", false], ["timestamp", "infinity", false],
    ["timestamp", "0000-01-01 00:00:00", false], ["timestamptz", "2024-01-01 10:11:12+00", true], ["timestamptz", "2024-01-01 10:11:12+02+00", false],
    ["date", "2024-01-01", true], ["date", "today", false], ["date", "20240101", false],
    ["uuid", "0a1b2c3d-0000-4000-8000-00000000000f", true], ["uuid", "{0a1b2c3d-0000-4000-8000-00000000000f}", false],
    ["jsonb", '\u0001{"a":1,"b":{"a":2}}\u0001', true], ["jsonb", '\u0001{"a":1,"a":2}\u0001', false], ["jsonb", '\u0001[{"a":1},{"a":2},"a","a"]\u0001', true], ["jsonb", "\u0001[1e9999]\u0001", false], ["jsonb", "\u0001[true,false]\u0001", true],
  ];
  for (const [type, field, sure] of examples) it(`${type} ${JSON.stringify(field)} is ${sure ? "sure" : "not sure"}`, () => { assert.equal(check([column(type)], `${field}\n`), sure); });

  it("wants every row and every field", () => {
    const two = [column("bigint"), column("text")];
    assert.ok(check(two, "1,\u0001x\u0001\n2,\n", 2));
    assert.ok(!check(two, "1,\u0001x\u0001\n2,\n", 1));
    assert.ok(!check(two, "1,\u0001x\u0001\n2,\n", 3));
    assert.ok(!check(two, "1\n", 1));
    assert.ok(!check([column("text", { notNull: true })], "\n"));
  });

  it("never takes one text for another, whatever quotes, delimiters and line ends are in it", () => {
    const texts = fc.array(fc.tuple(...Array.from({ length: 3 }, () => fc.option(fc.string({ unit: fc.constantFrom("\u0001", ",", "\n", "a", "é", "\\") })))), { minLength: 1, maxLength: 4 });
    const types: PostgresType[] = ["text", "text", "text"];
    fc.assert(
      fc.property(texts, (rows) => {
        const lines = Buffer.from(rows.map((row) => `${row.map((text) => (text === null ? "" : `\u0001${text}\u0001`)).join(",")}\n`).join(""));
        if (check(types.map((type) => column(type)), lines.toString(), rows.length)) assert.deepEqual([...readRows(lines, types)], rows);
        else assert.ok(rows.some((row) => row.some((text) => text?.includes("\u0001"))));
      }),
      { numRuns: 5000, seed: 7 },
    );
  });

  it("never takes a JSON text that jsonb would change", () => {
    const key = fc.constantFrom("a", "b", "\\u0061", "c");
    const { json } = fc.letrec<{ json: string }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("1", "1e5000", "true", "false", "null", '"a"', '"a\\"b"', "-2.5E7"),
        fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
        fc.array(fc.tuple(key, tie("json")), { maxLength: 4 }).map((members) => `{${members.map(([name, value]) => `"${name}": ${value}`).join(",")}}`),
      ),
    }));
    let sure = 0;
    fc.assert(
      fc.property(json, (text) => {
        if (!check([column("jsonb")], `\u0001${text}\u0001\n`)) return;
        sure++;
        assert.ok(jsonFaithful(text), text);
      }),
      { numRuns: 5000, seed: 7 },
    );
    assert.ok(sure > 500);
  });
});
