import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backOff } from "#engine/migrate/back-off.ts";

describe("the waits before further tries", () => {
  it("double up to a limit, and together are as long as was asked for", () => {
    assert.deepEqual(backOff(60, () => 0.5), [500, 1000, 2000, 4000, 8000, 15000, 15000, 14500]);
  });
  it("are none when nothing is to be tried", () => {
    assert.deepEqual(backOff(0), []);
  });
  it("differ by a quarter at most", () => {
    assert.deepEqual(backOff(1.5, () => 0), [375, 750]);
    assert.ok(backOff(1.5, () => 0.999).every((wait, i) => wait <= (i + 1) * 625));
  });
});
