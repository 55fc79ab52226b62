import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { loadModule, parseSync } from "libpg-query";
import { groupedOtherwise } from "#core/rules/operators/grouping.ts";
import { enclose } from "#core/rules/rewrite.ts";
import { booleanName } from "#core/sql/literal-value.ts";
import { parseExpression } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { applyEdits } from "#core/text/edit.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { parenthesize } from "../unit/sql/support/parenthesize.ts";

const infix = ["OR", "AND", "=", "<>", "<", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", "LIKE", "NOT LIKE", "&", "|", "<<", ">>", "+", "-", "*", "/", "%", "||", "->", "->>"] as const;
const prefix = ["NOT", "-", "+", "~"] as const;
const postfix = ["IS NULL", "IS NOT NULL", "ISNULL", "NOTNULL", "IS TRUE", "IS NOT FALSE", "COLLATE nocase", "IN (1, 2)", "NOT IN (SELECT 1)"] as const;
const between = ["BETWEEN x AND", "NOT BETWEEN x AND"] as const;

/** PostgreSQL's tree of an expression, without places; undefined when its parser refuses it. */
function tree(expression: string): string | undefined {
  try {
    return JSON.stringify(parseSync(`SELECT ${expression}`), (key, value: unknown) => (/^(location|rexpr_list_start|rexpr_list_end|stmt_len)$/.test(key) ? undefined : value));
  } catch {
    return undefined;
  }
}

/** The parentheses that the rule would add. */
function grouped(expression: string): string {
  const edits = groupedOtherwise(parseExpression(expression)).flatMap(({ span }) => enclose(span, "(", ")"));
  return applyEdits(expression, edits);
}

/** Whether PostgreSQL's tree of the fixed text is that of SQLite's grouping; and whether the text needed it. */
function check(expression: string): { readonly needed: boolean; readonly added: boolean } {
  const parsed = parseExpression(expression);
  assert.notEqual(parsed.kind, "ErrorNode", expression);
  // IS with a value is another rule's, and no PostgreSQL.
  if (nodesOfKind(parsed, "IsExpression").some((node) => !node.distinctFrom && node.right.kind !== "NullLiteral" && booleanName(node.right) === undefined)) return { needed: false, added: false };
  const wanted = tree(parenthesize(expression, parsed));
  assert.ok(wanted !== undefined, `${expression} → ${parenthesize(expression, parsed)}`);
  const fixed = grouped(expression);
  assert.equal(tree(fixed), wanted, `${expression}\n→ ${fixed}\n= ${parenthesize(expression, parsed)}`);
  assert.equal(grouped(fixed), fixed, "it finds its own output");
  return { needed: tree(expression) !== wanted, added: fixed !== expression };
}

/** Every way to put two operators side by side. */
function pairs(): string[] {
  const all: string[] = [];
  const middles = [...infix, ...between];
  for (const a of middles) {
    for (const b of middles) all.push(`a ${a} b ${b} c`);
    for (const p of prefix) all.push(`${p} a ${a} b`, `a ${a} ${p} b`);
    for (const p of postfix) all.push(`a ${p} ${a} b`, `a ${a} b ${p}`);
    for (const b of [...infix]) all.push(`a ${b} b LIKE c ESCAPE d ${a} e`, `a LIKE b ESCAPE c ${b} d`);
  }
  for (const p of prefix) {
    for (const q of prefix) all.push(`${p} ${q} a`, `${p} (${q} a)`);
    for (const q of postfix) all.push(`${p} a ${q}`);
  }
  for (const p of postfix) for (const q of postfix) all.push(`a ${p} ${q}`);
  return all;
}

describe("grouping: with the parentheses that are added, PostgreSQL's own parser gives SQLite's tree", () => {
  before(() => loadModule());

  it("of every pair of operators, and hardly any parentheses are added in vain", () => {
    const all = pairs();
    const vain = all.filter((expression) => {
      const { needed, added } = check(expression);
      return added && !needed;
    });
    // A prefix operator as the last operand: PostgreSQL would take it, but not with another operator behind it.
    assert.deepEqual(vain.filter((expression) => !/ (?:NOT|~) (?:~ )?[abc]$|^[-+] (?:NOT|~) a$/.test(expression)), []);
    assert.ok(all.length > 1500, `${all.length} pairs`);
  });

  it("of random expressions", () => {
    const random = seededRandom(3);
    const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? "";
    const operand = (): string => {
      let text = "";
      while (random() < 0.25) text += `${pick(prefix)} `;
      return text + (random() < 0.15 ? `(${expression(2)})` : pick(["a", "b", "1", "'x'", "f(a + 1)", "CASE WHEN a THEN b ELSE c END"]));
    };
    const expression = (most: number): string => {
      let text = operand();
      for (let i = Math.floor(random() * most) + 1; i > 0; i--) {
        while (random() < 0.15) text += ` ${pick(postfix)}`;
        text += ` ${pick(random() < 0.1 ? between : infix)} ${operand()}`;
      }
      return text;
    };
    for (let i = 0; i < 3000; i++) check(expression(4));
  });
});
