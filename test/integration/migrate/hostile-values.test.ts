import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { columnKey, type PostgresType } from "#core/schema/decision.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask, move, planOf } from "../../support/move.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { allTargets } from "../../support/targets.ts";

/** A value as SQLite stores it, the type it is to have, and the text it must come out as; `undefined` for a row that is kept aside. */
const cases: readonly (readonly [name: string, sql: string, type: PostgresType, expected: string | null | undefined])[] = [
  ["NULL", "NULL", "text", null],
  ["the largest integer", "9223372036854775807", "bigint", "9223372036854775807"],
  ["the smallest integer", "-9223372036854775807 - 1", "bigint", "-9223372036854775808"],
  ["TRAP 21: text in an integer column", "'12'", "bigint", undefined],
  ["TRAP 21: a fraction in an integer column", "1.5", "bigint", undefined],
  ["a whole real in an integer column", "5.0", "bigint", "5"],
  ["TRAP 23: 64 bits into 32", "2147483648", "integer", undefined],
  ["the largest 32-bit integer", "2147483647", "integer", "2147483647"],
  ["TRAP 24: 1 as boolean", "1", "boolean", "t"],
  ["TRAP 24: 0 as boolean", "0", "boolean", "f"],
  ["TRAP 25: 2 is no boolean and not NULL either", "2", "boolean", undefined],
  ["TRAP 26: a spelled boolean", "'True'", "boolean", "t"],
  ["TRAP 18: a double with every bit", "0.1 + 0.2", "double precision", "0.30000000000000004"],
  ["the smallest double", "4.9406564584124654e-324", "double precision", "5e-324"],
  ["an infinity", "9e999", "double precision", "Infinity"],
  ["the other infinity", "-9e999", "double precision", "-Infinity"],
  ["an integer as double", "3", "double precision", "3"],
  ["an integer that no double holds", "9007199254740993", "double precision", undefined],
  ["a real as numeric", "19.99", "numeric", "19.99"],
  ["a real of 17 digits as numeric", "0.1 + 0.2", "numeric", "0.30000000000000004"],
  ["an integer as numeric", "9223372036854775807", "numeric", "9223372036854775807"],
  ["a word as numeric", "'many'", "numeric", undefined],
  ["an integer in a text column", "5", "text", "5"],
  ["a real in a text column", "2.5", "text", "2.5"],
  ["the empty text", "''", "text", ""],
  ["text that looks like NULL", "'\\N'", "text", "\\N"],
  ["text that looks like an end of data", "'\\.'", "text", "\\."],
  ["TRAP 72: delimiters, quotes and line ends", "'a,b;' || char(9) || '\"''\\' || char(13, 10) || 'c\\.' || char(10) || '\\.'", "text", "a,b;\t\"'\\\r\nc\\.\n\\."],
  ["the copy's own quote", "'a' || char(1) || ',' || char(1) || char(10)", "text", "a\u0001,\u0001\n"],
  ["code points of every plane", "'ü€𝄞' || char(1114109)", "text", "ü€𝄞\u{10fffd}"],
  ["a real U+FFFD", "char(65533)", "text", "\ufffd"],
  ["TRAP 29: NUL in text", "'a' || char(0) || 'b'", "text", undefined],
  ["TRAP 30, 64: bytes that are no UTF-8", "CAST(x'c328' AS TEXT)", "text", undefined],
  ["TRAP 30: a surrogate in UTF-8", "CAST(x'eda080' AS TEXT)", "text", undefined],
  ["a BLOB in a text column", "x'41'", "text", undefined],
  ["TRAP 22: text longer than declared", "printf('%.300c', 'x')", "text", "x".repeat(300)],
  ["bytes of every value", "x'00017f80ff5c0a'", "bytea", "\\x00017f80ff5c0a"],
  ["the empty BLOB", "x''", "bytea", "\\x"],
  ["TRAP 31: text in a BLOB column is its bytes, not base64", "'QUJD'", "bytea", "\\x51554a44"],
  ["an integer in a BLOB column is its digits", "-70", "bytea", "\\x2d3730"],
  ["a real in a BLOB column is its digits", "0.1 + 0.2", "bytea", "\\x302e3330303030303030303030303030303034"],
  ["a timestamp", "'2024-02-29 23:59:59'", "timestamp", "2024-02-29 23:59:59"],
  ["a timestamp with T and fraction", "'2024-02-29T23:59:59.120'", "timestamp", "2024-02-29 23:59:59.12"],
  ["microseconds", "'2024-02-29 23:59:59.999999'", "timestamp", "2024-02-29 23:59:59.999999"],
  ["digits beyond microseconds", "'2024-02-29 23:59:59.9999995'", "timestamp", undefined],
  ["a day that does not exist", "'2023-02-29 00:00:00'", "timestamp", undefined],
  ["24:00, which PostgreSQL would move to the next day", "'2023-02-28 24:00:00'", "timestamp", undefined],
  ["second 60, which PostgreSQL would move on", "'2023-02-28 23:59:60'", "timestamp", undefined],
  ["the year 0", "'0000-01-01 00:00:00'", "timestamp", undefined],
  ["a zone that timestamp would drop silently", "'2024-01-01 00:00:00+02:00'", "timestamp", undefined],
  ["TRAP 27: epoch milliseconds as a date", "1627303906122", "timestamp", undefined],
  ["TRAP 28: 0 as a date", "0", "timestamp", undefined],
  ["TRAP 35: a naive text is UTC", "'2024-07-01 12:00:00'", "timestamptz", "2024-07-01 12:00:00+00"],
  ["an instant with a zone", "'2024-07-01 12:00:00.5+02:00'", "timestamptz", "2024-07-01 10:00:00.5+00"],
  ["a date", "'2024-02-29'", "date", "2024-02-29"],
  ["a month that does not exist", "'2024-13-01'", "date", undefined],
  ["JSON", `'{"b": 1.50, "a": [true, null, "\\u00e9"]}'`, "jsonb", '{"a": [true, null, "é"], "b": 1.50}'],
  ["JSON with a large number", "'[12345678901234567890123]'", "jsonb", "[12345678901234567890123]"],
  ["JSON with a key twice, of which jsonb keeps one", `'{"a": 1, "a": 2}'`, "jsonb", undefined],
  ["JSON with an escaped NUL", `'["\\u0000"]'`, "jsonb", undefined],
  ["no JSON", "'{a: 1}'", "jsonb", undefined],
  ["a UUID", "'0a1b2c3d-0000-4000-8000-00000000000F'", "uuid", "0a1b2c3d-0000-4000-8000-00000000000f"],
  ["no UUID", "'0a1b2c3d'", "uuid", undefined],
];

const column = (i: number): string => `c${i}`;
const source = (): string =>
  sqliteFile(
    `CREATE TABLE ordinary (id INTEGER PRIMARY KEY, ${cases.map((_, i) => column(i)).join(", ")});` +
      `CREATE TABLE keyed (k TEXT PRIMARY KEY, ${cases.map((_, i) => column(i)).join(", ")}) WITHOUT ROWID;` +
      cases.map(([, sql], i) => `INSERT INTO ordinary (id, ${column(i)}) VALUES (${i + 1}, ${sql}); INSERT INTO keyed (k, ${column(i)}) VALUES ('${i}', ${sql});`).join("\n"),
  );
const overrides = new Map(["ordinary", "keyed"].flatMap((table) => cases.map(([, , type], i) => [columnKey(table, column(i)), type] as const)));

for (const { label, empty } of allTargets) {
  describe(`values onto ${label}`, () => {
    let from: string;
    let target: PostgresTarget;
    before(async () => {
      from = source();
      target = await empty();
      await move(from, target, { badRows: "quarantine" }, overrides);
    });

    cases.forEach(([name, , , expected], i) => {
      it(name, async () => {
        for (const [table, key, rowKey] of [
          ["ordinary", `id = ${i + 1}`, `rowid ${i + 1}`],
          ["keyed", `k = '${i}'`, `k "${i}"`],
        ] as const) {
          const there = await ask(target, `SELECT ${column(i)} FROM ${table} WHERE ${key}`);
          const aside = await ask(target, `SELECT column_name, "row" -> '${column(i)}' ->> 'kind' IS NOT NULL FROM cutover.quarantine WHERE table_name = '${table}' AND source_key = '${rowKey}'`);
          if (expected === undefined) {
            assert.deepEqual(there, []);
            assert.deepEqual(aside, [[column(i), "t"]]);
          } else {
            assert.deepEqual(there, [[expected]]);
            assert.deepEqual(aside, []);
          }
        }
      });
    });

    it("compares equal, cell by cell", async () => {
      const { differences } = await validate({ from, target, plan: await planOf(from, overrides), level: "cells" });
      assert.deepEqual(differences, []);
    });

    it("stops under the policy fail with every kind, and leaves nothing behind", async () => {
      const other = await empty();
      await assert.rejects(move(from, other, {}, overrides), (error) => {
        assert.ok(error instanceof CutoverError);
        assert.equal(error.tag, "bad-rows");
        assert.match(error.why ?? "", /ordinary\.c3: text in a bigint column \(1 row, such as rowid 4\)/);
        return true;
      });
      assert.deepEqual(await ask(other, "SELECT relname FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'cutover'))"), []);
    });
  });
}
