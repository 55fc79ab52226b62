import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readFixtures } from "./support/fixture.ts";
import { useRules } from "#core/rules/registry.ts";

/** The text of an adapter's templates. */
function templates(language: "python" | "typescript"): string {
  const folder = join(import.meta.dirname, "../../src/engine/generate/templates", language);
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}

describe("what rules about host code say that the adapter supplies", () => {
  for (const fixture of readFixtures().filter(({ rule }) => useRules.some(({ meta }) => meta.id === rule))) {
    for (const { host, supplied, name } of fixture.cases) {
      for (const word of supplied) {
        it(`${fixture.rule}, ${name}: ${word}`, () => {
          assert.ok(host === "python" || host === "typescript");
          // The codes of constraint violations are put together there from their parts.
          assert.ok(templates(host).includes(word.startsWith("SQLITE_CONSTRAINT_") ? "SQLITE_CONSTRAINT_" : word), word);
        });
      }
    }
  }
});
