import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseScript } from "#core/sql/parse.ts";
import { walk } from "#core/sql/walk.ts";

const tooDeep = "Expression tree is too large (maximum depth 1000)";

function parsed(sql: string): { readonly message: string | undefined; readonly nodes: number } {
  const script = parseScript(sql);
  let nodes = 0;
  for (const statement of script.statements) walk(statement, { enter: () => nodes++ });
  return { message: script.errors[0]?.message, nodes };
}

describe("nesting", () => {
  const forms: readonly (readonly [name: string, open: string, close: string, fine: number])[] = [
    ["parentheses", "(", ")", 1000],
    ["NOT", "NOT ", "", 1000],
    ["signs", "- ", "", 1000],
    ["casts", "CAST(", " AS INT)", 1000],
    ["calls", "abs(", ")", 700],
    ["CASE", "CASE WHEN 1 THEN ", " END", 700],
    ["IN", "1 IN (", ")", 500],
    ["subqueries", "(SELECT ", ")", 330],
    ["BETWEEN", "1 BETWEEN ", " AND 1", 900],
    ["every precedence", "(1 OR 1 AND 1 = 1 < 1 | 1 + 1 * 1 || ", ")", 150],
  ];
  for (const [name, open, close, fine] of forms) {
    it(`takes ${fine} levels of ${name}, and gives up on 100,000 without a crash`, () => {
      assert.equal(parsed(`SELECT ${open.repeat(fine)}1${close.repeat(fine)}`).message, undefined);
      assert.equal(parsed(`SELECT ${open.repeat(100_000)}1${close.repeat(100_000)}`).message, tooDeep);
    });
  }

  for (const [name, unit] of [["OR", " OR b"], ["UNION", " UNION ALL SELECT b"], ["concatenation", " || b"], ["joins", ""]] as const) {
    it(`takes 20,000 terms of ${name}`, () => {
      const { message, nodes } = parsed(`SELECT a${unit === "" ? ` FROM t${", t".repeat(20_000)}` : unit.repeat(20_000)}`);
      assert.equal(message, undefined);
      assert.ok(nodes > 40_000);
    });
  }

  it("says so when its caller has used up the stack", () => {
    const deep = (levels: number): string | undefined => (levels === 0 ? parsed(`SELECT ${"(".repeat(900)}1${")".repeat(900)}`).message : deep(levels - 1));
    assert.doesNotThrow(() => {
      for (const levels of [10, 2000, 4000]) {
        const message = deep(levels);
        assert.ok(message === undefined || message === "Recursion limit", message);
      }
    });
  });
});
