import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");

/** Numbers of traps that tests name: `TRAP 5, 66: …`, `trap: 40`. */
function named(): Set<number> {
  const numbers = new Set<number>();
  for (const file of globSync(["test/**/*.test.ts", "test/rules/*.yml"], { cwd: root, exclude: ["test/unit/traps.test.ts"] })) {
    for (const [, list = ""] of readFileSync(join(root, file), "utf8").matchAll(/\b(?:TRAPS?|[Tt]raps?:) ?(\d+(?:(?:, | and )\d+)*)/g)) {
      for (const number of list.match(/\d+/g) ?? []) numbers.add(Number(number));
    }
  }
  return numbers;
}

describe("every trap", () => {
  const tested = named();
  const told = new Map([...readFileSync(join(root, "docs/traps.md"), "utf8").matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, number, , where]) => [Number(number), where]));
  for (let number = 1; number <= 80; number++) {
    it(`${number} has a test by its number, or stands in docs/traps.md`, () => {
      assert.ok(tested.has(number) || told.has(number));
    });
  }
});
