// What is proven must be what the generated adapters send: the words that they replace stand in their templates, and here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { asAdapterSends } from "#engine/proof/as-adapter-sends.ts";

const templates = new URL("../../../src/engine/generate/templates/", import.meta.url);

/** The words of a table in a template, by name: `CALLS = {"date": "cutover.date", …}`. */
function wordsOf(file: string, table: string): ReadonlyMap<string, string> {
  const line = readFileSync(new URL(file, templates), "utf8").split("\n").find((text) => new RegExp(`^(?:const )?${table}\\b`).test(text)) ?? "";
  const object = /\{[^{}]+\}/.exec(line)?.[0] ?? "";
  return new Map([...object.matchAll(/"?(\w+)"?: ("(?:[^"\\]|\\.)*"|'[^']*')/g)].map(([, name = "", word = ""]) => [name, word.slice(1, -1).replaceAll('\\"', '"')]));
}

for (const [file, calls, clocks] of [["python/sqlite_sql.py", "CALLS", "CLOCKS"], ["typescript/sqlite-sql.ts.template", "calls", "clocks"]] as const) {
  describe(`what ${file} sends otherwise`, () => {
    it("is sent so for a proof: calls", () => {
      const words = wordsOf(file, calls);
      assert.deepEqual([...words.keys()], ["date", "time"]);
      for (const [name, word] of words) assert.equal(asAdapterSends(`SELECT ${name}('now')`).sql, `SELECT ${word}('now')`);
    });
    it("is sent so for a proof: the clock", () => {
      const words = wordsOf(file, clocks);
      assert.deepEqual([...words.keys()].sort(), ["current_date", "current_time", "current_timestamp"]);
      for (const [name, word] of words) assert.equal(asAdapterSends(`SELECT ${name}`).sql, `SELECT ${word}`);
    });
  });
}
