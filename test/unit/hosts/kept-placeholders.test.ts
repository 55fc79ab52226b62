import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Language } from "#core/hosts/site.ts";
import { withoutKeptPlaceholders } from "#engine/workspace/driver-for.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

const examples: readonly (readonly [language: Language, source: string, kept: boolean])[] = [
  ["java", 'class A { void f() { c.prepareStatement("SELECT a FROM t WHERE b = ?"); } }', true],
  ["csharp", 'class A { void F() { db.QuerySingle("SELECT a FROM t WHERE b = ?", 1); } }', true],
  ["php", "<?php\n$db->prepare('SELECT a FROM t WHERE b = ?');\n", true],
  ["go", 'package a\n\nfunc f() {\n\tdb.NamedExec("DELETE FROM t WHERE b = ?", x)\n}\n', true],
  ["go", 'package a\n\nfunc f() {\n\tdb.QueryRow("SELECT a FROM t WHERE b = ?", x)\n}\n', false],
  ["ruby", "User.find_by_sql([<<~SQL, 1])\n  SELECT a FROM t WHERE b = ?\nSQL\n", true],
  ["ruby", 'db.execute("SELECT a FROM t WHERE b = ?", 1)\n', false],
  ["rust", 'fn f() { conn.execute("DELETE FROM t WHERE b = ?", [1]); }', false],
  ["python", 'db.execute("SELECT a FROM t WHERE b = ?", (1,))\n', false],
];

describe("placeholders that stay on PostgreSQL", () => {
  for (const [language, source, kept] of examples) {
    it(`${kept ? "stay" : "change"}: ${source.replaceAll("\n", " ")}`, async () => {
      const { sites } = await readHostFile(language, source);
      const at = source.indexOf("?", source.indexOf("b ="));
      const findings = ["placeholder-style", "other-rule"].map((rule) => ({ rule, span: { start: at, end: at + 1 } }));
      assert.deepEqual(
        withoutKeptPlaceholders(findings, sites).map((f) => f.rule),
        kept ? ["other-rule"] : ["placeholder-style", "other-rule"],
      );
    });
  }
});
