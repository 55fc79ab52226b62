import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ParsedLanguage } from "#engine/workspace/host-parser.ts";
import { foundIn } from "./found-in.ts";

const sql = "SELECT a FROM t WHERE b = ?";

/** What a test compares with; beside it stands what the test runs. */
const expected: readonly (readonly [language: ParsedLanguage, source: string])[] = [
  ["python", `expected = "${sql}"`],
  ["python", `self.assertEqual(made, "${sql}")`],
  ["python", `self.assertEqual("${sql}", made)`],
  ["python", `cases = [{"query": q, "expected": "${sql}"}]`],
  ["typescript", `const expectedSql = "${sql}";`],
  ["typescript", `expect(made).toBe("${sql}");`],
  ["typescript", `assert.equal(made, \`${sql}\`);`],
  ["go", `package a\nvar cases = []c{{in: x, exp: "${sql}"}}`],
  ["go", `package a\nfunc f() { assert.Equal(t, \`${sql}\`, made) }`],
  ["go", `package a\nfunc f() { wantSQL := "${sql}" }`],
  ["java", `class A { void f() { assertEquals("${sql}", made); } }`],
  ["csharp", `class A { void F() { made.Should().Be("${sql}"); } }`],
  ["ruby", `assert_equal "x", made\nassert_equal("${sql}", made)`],
  ["python", `tables = extract_tables("${sql}")`],
  ["java", `class A { void f() { var parts = Runner.splitStatements("${sql}"); } }`],
  ["php", `<?php $this->assertSame('${sql}', $made);`],
];

const run: readonly (readonly [language: ParsedLanguage, source: string])[] = [
  ["python", `expected = "${sql}"\nconn.execute(expected)`],
  ["python", `self.assertEqual(1, conn.execute("${sql}"))`],
  ["python", `experiment = "${sql}"`],
  ["typescript", `expect(db.prepare("${sql}").get()).toBe(1);`],
  ["typescript", `assertQuery("${sql}");`],
  ["go", `package a\nfunc f() { assert.Equal(t, count(db, "${sql}"), 1) }`],
  ["java", `class A { void f() { assertEquals(1, count("${sql}")); } }`],
];

describe("texts that a test expects", () => {
  for (const [language, source] of expected) it(`are no sites: ${source}`, async () => { assert.deepEqual((await foundIn(language, source)).sites, []); });
  for (const [language, source] of run) it(`are told from those that it runs: ${source}`, async () => { assert.equal((await foundIn(language, source)).sites.length, 1); });
});
