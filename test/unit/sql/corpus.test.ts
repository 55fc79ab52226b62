import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseScript } from "#core/sql/parse.ts";
import { checkScript } from "./support/check-tree.ts";
import { corpusMissing, corpusNames, readCorpus } from "./support/corpus.ts";

/** Statements that we do not take though SQLite does, each with its reason. */
const exceptions: ReadonlyMap<string, string> = new Map();

for (const name of corpusNames) {
  describe(`the corpus ${name}`, { skip: corpusMissing }, () => {
    it("parses whole, prints as it was, and has exact ranges", () => {
      const statements = readCorpus(name);
      assert.ok(statements.length > 2500, "the corpus is not whole");
      for (const sql of statements) {
        if (exceptions.has(sql)) continue;
        const script = parseScript(sql);
        assert.deepEqual(script.errors, [], sql);
        assert.equal(script.statements.length, 1, sql);
        checkScript(script);
      }
    });
  });
}
