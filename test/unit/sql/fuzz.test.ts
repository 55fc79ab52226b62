// Broken text never breaks the parser: it ends, in bounded time, and loses nothing.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseExpression, parseFragment, parseScript, parseStatement } from "#core/sql/parse.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { checkScript } from "./support/check-tree.ts";
import { corpusMissing, corpusNames, readCorpus } from "./support/corpus.ts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 1500);

/** Parses a text in every way and checks what must hold. */
function check(sql: string, holes: readonly { readonly start: number; readonly end: number }[]): void {
  const started = performance.now();
  checkScript(parseScript(sql, { holes }));
  parseStatement(sql, { holes });
  parseExpression(sql, { holes });
  parseFragment(sql, { holes });
  const took = performance.now() - started;
  assert.ok(took < 1000, `${took} ms for ${sql.length} characters: ${sql.slice(0, 200)}`);
}

const holesOf = (sql: string, cuts: readonly number[]): { start: number; end: number }[] => {
  const at = cuts.map((cut) => (sql.length === 0 ? 0 : cut % (sql.length + 1))).sort((a, b) => a - b);
  return at.flatMap((start, i) => (i % 2 === 0 ? [{ start, end: at[i + 1] ?? start }] : []));
};

describe("fuzz", () => {
  it("takes any text, with holes anywhere", () => {
    const pieces = fc.constantFrom(
      "SELECT", "FROM", "WHERE", "(", ")", ",", ";", "'", '"', "`", "[", "]", "--", "/*", "*/", "\n", " ", "x'", "$a(", "::", "?", "1e", "0x", "_", "é", "\u{1F600}",
      "\ufeff", "\0", "NOT", "BETWEEN", "AND", "CASE", "WHEN", "END", "CREATE TRIGGER", "BEGIN", "CREATE TABLE", "WITH", "AS", "OVER", "VALUES", "INSERT", "INTO", "ON", "CONFLICT",
    );
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(" ")), fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")));
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 6 }), (sql, cuts) => {
        check(sql, []);
        check(sql, holesOf(sql, cuts));
      }),
      { numRuns: runs, seed: 22 },
    );
  });

  it("takes any mutation of the corpora, with holes anywhere", { skip: corpusMissing }, () => {
    const statements = corpusNames.flatMap((name) => readCorpus(name)).filter((sql) => sql.length < 2000);
    const mutation = fc.record({ at: fc.nat(), kind: fc.constantFrom("delete", "double", "swap", "cut", "character", "steal"), other: fc.nat() });
    fc.assert(
      fc.property(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(), { maxLength: 6 }), (index, mutations, cuts) => {
        let sql = statements[index % statements.length] ?? "";
        for (const { at, kind, other } of mutations) {
          const tokens = tokenize(sql).map((token) => sql.slice(token.start, token.end));
          const i = at % tokens.length;
          if (kind === "delete") tokens.splice(i, 1);
          else if (kind === "double") tokens.splice(i, 0, tokens[i] ?? "");
          else if (kind === "swap") tokens.splice(i, 2, tokens[i + 1] ?? "", tokens[i] ?? "");
          else if (kind === "cut") tokens.length = i;
          else if (kind === "character") tokens[i] = String.fromCharCode(other % 0x180) + (tokens[i] ?? "").slice(1);
          else {
            const from = statements[other % statements.length] ?? "";
            const stolen = tokenize(from);
            const token = stolen[other % stolen.length];
            tokens.splice(i, 0, " ", token === undefined ? "" : from.slice(token.start, token.end), " ");
          }
          sql = tokens.join("");
        }
        check(sql, []);
        check(sql, holesOf(sql, cuts));
      }),
      { numRuns: runs, seed: 22 },
    );
  });
});
