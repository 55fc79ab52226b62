import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import Database from "better-sqlite3";
import { shape, shapesOf } from "#core/schema/values/text-shapes.ts";

const db = new Database(":memory:");

function shapes(text: string): string {
  const bytes = Buffer.from(`9-${text}0-`);
  const found = shapesOf(bytes, 2, bytes.length - 2);
  return Object.entries(shape).filter(([, bit]) => (found & bit) !== 0).map(([name]) => name).join(" ");
}

const cases: readonly (readonly [string, string])[] = [
  ["2024-01-02 03:04:05", "isoTimestamps"],
  ["2024-01-02T03:04:05", "isoTimestamps reworded"],
  ["2024-01-02 03:04:05.25", "isoTimestamps"],
  ["2024-01-02 03:04:05.250", "isoTimestamps reworded"],
  ["2024-01-02 03:04:05.1234567", ""],
  ["2024-01-02 03:04:05.", ""],
  ["2024-01-02 03:04", ""],
  ["2024-01-02t03:04:05", ""],
  ["2024-02-30 00:00:00", ""],
  ["2023-02-29 00:00:00", ""],
  ["1900-02-29 00:00:00", ""],
  ["2000-02-29 00:00:00", "isoTimestamps"],
  ["2024-01-02 24:00:00", ""],
  ["2024-01-02 23:60:00", ""],
  ["2016-12-31 23:59:60", ""],
  ["0000-01-01 00:00:00", ""],
  ["9999-12-31 23:59:59", "isoTimestamps"],
  ["0099-12-31", "isoDates"],
  ["9a99-12-31", ""],
  ["99-9-12-31", ""],
  ["2024-13-01", ""],
  ["2024-00-01", ""],
  ["2024-01-00", ""],
  ["2024-01-02 03:04:05Z", "isoZoned utc"],
  ["2024-01-02T03:04:05.5+00:00", "isoZoned utc"],
  ["2024-01-02T03:04:05+02:00", "isoZoned"],
  ["2024-01-02T03:04:05-14:00", "isoZoned"],
  ["2024-01-02T03:04:05+15:00", ""],
  ["2024-01-02T03:04:05 UTC", ""],
  ["2024-01-02T03:04:05+0200", ""],
  ["2024-01-02T03:04:05ZZ", ""],
  ["123e4567-e89b-12d3-a456-426614174000", "uuids"],
  ["a23e4567-e89b-12d3-a456-426614174000", "uuids"],
  ["A23E4567-e89b-12d3-a456-426614174000", ""],
  ["123e4567-e89b-12d3-a456-42661417400", ""],
  ["d41d8cd98f00b204e9800998ecf8427e", "hexes"],
  ["D41D8CD98F00B204E9800998ECF8427E", "hexes"],
  ["D41d8CD98F00B204E9800998ECF8427E", ""],
  ["1234567890123456", "hexes integerTexts decimalTexts"],
  ["deadbeef", ""],
  ["0", "integerTexts decimalTexts"],
  ["-17", "integerTexts decimalTexts"],
  ["-0", ""],
  ["007", ""],
  ["+1", ""],
  ["19.90", "decimalTexts"],
  ["-0.5", "decimalTexts"],
  [".5", ""],
  ["5.", ""],
  ["1.2.3", ""],
  ["1e5", ""],
  ["true", "booleanTexts"],
  ["False", "booleanTexts"],
  ["yes", ""],
  ["truth", ""],
  ["{}", "jsonContainers"],
  [" [1]", "jsonContainers"],
  [`{"a":1,"a":2}`, "jsonContainers unfaithful"],
  ["", ""],
  ["-", ""],
  ["東京", ""],
];

describe("the shapes of a text", () => {
  for (const [text, found] of cases) it(`${JSON.stringify(text)}: ${found === "" ? "none" : found}`, () => { assert.equal(shapes(text), found); });

  it("has the days and times that SQLite has", () => {
    const round = db.prepare<[string], string | null>("SELECT datetime(?)").pluck();
    const part = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, "0"));
    fc.assert(fc.property(fc.integer({ min: 0, max: 9999 }), part(13), part(32), part(25), part(61), part(61), (year, month, day, hour, minute, second) => {
      const text = `${String(year).padStart(4, "0")}-${month}-${day} ${hour}:${minute}:${second}`;
      assert.equal(shapes(text) === "isoTimestamps", year > 0 && round.get(text) === text, text);
    }), { numRuns: 3000 });
  });
});
