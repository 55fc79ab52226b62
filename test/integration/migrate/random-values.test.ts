import assert from "node:assert/strict";
import fc from "fast-check";
import { before, describe, it } from "node:test";
import { columnKey, type PostgresType } from "#core/schema/decision.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask, move, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";

type Value = null | bigint | number | string | Buffer;

const integer = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -300n, max: 300n }));
const real = fc.oneof(fc.double({ noNaN: true }), fc.integer().map((n) => n / 100));
const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom("\\", "\t", "\n", "\r", ",", "\u0001", '"', "N", ".", "a") }));
const blob = fc.uint8Array().map((bytes) => Buffer.from(bytes));
const timestamp = fc.date({ noInvalidDate: true, min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") }).map((date) => date.toISOString().slice(0, 23).replace("T", " "));
const json = fc.json();
const any = fc.oneof(integer, real, text, blob, timestamp, json, fc.constant(null));

/** Mostly what fits the type, sometimes anything. */
const values: Readonly<Record<PostgresType, fc.Arbitrary<Value>>> = {
  bigint: fc.oneof({ weight: 9, arbitrary: integer }, any),
  integer: fc.oneof({ weight: 9, arbitrary: fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n }) }, any),
  boolean: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(0n, 1n) }, any),
  "double precision": fc.oneof({ weight: 9, arbitrary: real }, any),
  numeric: fc.oneof({ weight: 9, arbitrary: fc.oneof(integer, real) }, any),
  text: fc.oneof({ weight: 9, arbitrary: text }, any),
  bytea: fc.oneof({ weight: 9, arbitrary: blob }, any),
  timestamp: fc.oneof({ weight: 9, arbitrary: timestamp }, any),
  timestamptz: fc.oneof({ weight: 9, arbitrary: timestamp.map((value) => value.slice(0, 19)) }, any),
  date: fc.oneof({ weight: 9, arbitrary: timestamp.map((value) => value.slice(0, 10)) }, any),
  jsonb: fc.oneof({ weight: 9, arbitrary: json }, any),
  uuid: fc.oneof({ weight: 9, arbitrary: fc.uuid() }, any),
};
const types = Object.keys(values) as PostgresType[];
const row = fc.tuple(...types.map((type) => fc.oneof({ weight: 9, arbitrary: values[type] }, fc.constant(null))));
/** Only what fits its type, and NULL: whole chunks of such rows are read by one expression. */
const fitting: Readonly<Record<PostgresType, fc.Arbitrary<Value>>> = {
  bigint: integer,
  integer: fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n }),
  boolean: fc.constantFrom(0n, 1n),
  "double precision": real.filter((value) => Number.isFinite(value)),
  numeric: fc.integer().map((n) => n / 100),
  text: fc.string({ unit: "grapheme" }),
  bytea: blob,
  timestamp,
  timestamptz: timestamp.map((value) => value.slice(0, 19)),
  date: timestamp.map((value) => value.slice(0, 10)),
  jsonb: json,
  uuid: fc.uuid(),
};
const fittingTables = fc.array(fc.tuple(...types.map((type) => fc.oneof({ weight: 3, arbitrary: fitting[type] }, fc.constant(null)))), { maxLength: 40 });

// Few bad values in a row, or hardly any row would arrive.
const tables = fc.array(row, { maxLength: 40 });

/** What arrived against what was stored, without any of the product's own code where the answer is plain. */
function sameValue(type: PostgresType, stored: Value, arrived: string | null): boolean {
  if (stored === null || arrived === null) return stored === null && arrived === null;
  switch (type) {
    case "bigint":
    case "integer":
      return BigInt(arrived) === BigInt(stored as bigint | number);
    case "double precision":
      return Object.is(Number(arrived), Number(stored));
    case "text":
      return typeof stored === "string" ? arrived === stored : typeof stored === "bigint" ? arrived === stored.toString() : Object.is(Number(arrived.replace("Inf", "Infinity")), stored === 0 ? 0 : stored);
    case "bytea":
      // A number is its digits, as SQLite's CAST AS BLOB has them.
      if (typeof stored === "number") return sameValue("text", stored, Buffer.from(arrived.slice(2), "hex").toString());
      return arrived === `\\x${Buffer.from(typeof stored === "bigint" ? stored.toString() : stored).toString("hex")}`;
    case "jsonb":
      return typeof stored !== "string" || JSON.stringify(sorted(JSON.parse(arrived))) === JSON.stringify(sorted(JSON.parse(stored)));
    case "timestamp":
      return Date.parse(`${arrived.replace(" ", "T")}Z`) === Date.parse(`${String(stored).replace(" ", "T")}${String(stored).length === 10 ? "T00:00:00" : ""}Z`);
    case "uuid":
      return arrived === String(stored).toLowerCase();
    default:
      return true;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === "number") return Object.is(value, -0) ? 0 : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]);
}

describe("random values of every type", () => {
  let target: PostgresTarget;
  before(async () => {
    target = (await (await startServer(18)).newDatabase()).target;
  });

  const arriveExactly = async (tables: fc.Arbitrary<Value[][]>): Promise<void> => {
    const names = types.map((_, i) => `c${i}`);
    const overrides = new Map(types.map((type, i) => [columnKey("t", `c${i}`), type]));
    await fc.assert(
      fc.asyncProperty(tables, async (rows) => {
        const from = sqliteFile(`CREATE TABLE t (id INTEGER PRIMARY KEY, ${names.join(", ")})`, (db) => {
          const insert = db.prepare(`INSERT INTO t (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`);
          for (const values of rows) insert.run(...values);
        });
        const report = await move(from, target, { badRows: "quarantine", drop: true }, overrides);
        const [moved] = report.tables;
        assert.ok(moved !== undefined && moved.copied + moved.quarantined === rows.length);
        const arrived = await ask(target, `SELECT id, ${names.join(", ")} FROM t ORDER BY id`);
        assert.equal(arrived.length, moved.copied);
        for (const [id, ...texts] of arrived) {
          const stored = rows[Number(id) - 1];
          types.forEach((type, i) => {
            assert.ok(sameValue(type, stored?.[i] ?? null, texts[i] ?? null), `${type}: stored ${String(stored?.[i])}, arrived ${texts[i] ?? "NULL"}`);
          });
        }
        const { differences } = await validate({ from, target, plan: await planOf(from, overrides), level: "cells" });
        assert.deepEqual(differences, []);
      }),
      { numRuns: Number(process.env["CUTOVER_RUNS"] ?? 25), seed: 20260722 },
    );
  };

  it("arrive exactly or are kept aside, whatever they are", () => arriveExactly(tables));
  it("arrive exactly where all of them fit, NULL among them", () => arriveExactly(fittingTables));
});
