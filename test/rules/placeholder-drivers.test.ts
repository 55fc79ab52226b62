import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Language } from "#core/hosts/site.ts";
import { analyzeHostFile } from "#core/rules/analyze-host-file.ts";
import { fixText } from "#core/rules/fix-text.ts";
import { parseConfig } from "#engine/workspace/config.ts";
import { driverFor } from "#engine/workspace/driver-for.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

/** Source, and what becomes of it in mode postgres with the language's usual driver; the same where the placeholders stay. */
const examples: readonly (readonly [language: Language, source: string, fixed?: string])[] = [
  ["java", 'class A { void f() { c.prepareStatement("SELECT a FROM t WHERE b = ?"); } }'],
  ["csharp", 'class A { void F() { db.QuerySingle("SELECT a FROM t WHERE b = @b", x); } }'],
  ["csharp", 'class A { void F() { db.QuerySingle("SELECT a FROM t WHERE b = $b", x); } }', 'class A { void F() { db.QuerySingle("SELECT a FROM t WHERE b = @b", x); } }'],
  ["php", "<?php\n$db->prepare('SELECT a FROM t WHERE b = ?');\n"],
  ["php", "<?php\n$db->prepare('SELECT a FROM t WHERE b = :b');\n"],
  ["go", 'package a\n\nfunc f() {\n\tdb.NamedExec("DELETE FROM t WHERE b = ?", x)\n}\n'],
  ["go", 'package a\n\nfunc f() {\n\tdb.QueryRow("SELECT a FROM t WHERE b = ?", x)\n}\n', 'package a\n\nfunc f() {\n\tdb.QueryRow("SELECT a FROM t WHERE b = $1", x)\n}\n'],
  ["ruby", "User.find_by_sql([<<~SQL, 1])\n  SELECT a FROM t WHERE b = ?\nSQL\n"],
  ["ruby", 'db.execute("SELECT a FROM t WHERE b = ?", 1)\n', 'db.execute("SELECT a FROM t WHERE b = $1", 1)\n'],
  ["rust", 'fn f() { conn.execute("DELETE FROM t WHERE b = ?", [1]); }', 'fn f() { conn.execute("DELETE FROM t WHERE b = $1", [1]); }'],
  ["python", 'db.execute("SELECT a FROM t WHERE b = ?", (1,))\n', 'db.execute("SELECT a FROM t WHERE b = %s", (1,))\n'],
];

describe("placeholders by the language's usual driver", () => {
  const config = parseConfig("{}", "cutover.json");
  for (const [language, source, fixed = source] of examples) {
    it(`${fixed === source ? "stay" : "change"}: ${source.replaceAll("\n", " ")}`, async () => {
      const file = await readHostFile(language, source);
      assert.equal(file.sites.length, 1);
      const driver = driverFor(config, { path: "a", language, hasAdapter: false });
      const { findings } = analyzeHostFile(file, source, { mode: "postgres", driver, schema: undefined, translateDdl: undefined, byEngineImport: undefined });
      const own = findings.filter((f) => f.rule === "placeholder-style");
      assert.equal(fixText(source, own, "safe").text, fixed);
      assert.equal(own.length === 0, fixed === source);
    });
  }

  it("stay in TypeScript behind the generated adapter, which takes them where code joins statements from parts", () => {
    assert.equal(driverFor(config, { path: "a.ts", language: "typescript", hasAdapter: true }), "cutover-adapter");
    assert.equal(driverFor(config, { path: "a.py", language: "python", hasAdapter: true }), "psycopg");
  });

  it("are found once: a part of a statement that has psycopg's already is read as such, and no rule takes it apart", async () => {
    const source = 'import sqlite3\ndef f(db, a):\n    return db.execute(BASE + "WHERE total / %s > 1 AND id = %(id)s AND ifnull(note, %s) LIKE \'%s\'", a)\n';
    const { findings } = analyzeHostFile(await readHostFile("python", source), source, { mode: "postgres", driver: "psycopg", schema: undefined, translateDdl: undefined, byEngineImport: undefined });
    const fixed = fixText(source, findings, "review").text;
    assert.match(fixed, /WHERE total \/ %s > 1 AND id = %\(id\)s AND COALESCE\(note, %s\) ILIKE '%s'/);
  });

  it("leave a part that cannot be read alone", async () => {
    const source = 'import sqlite3\ndef f(db, a):\n    return db.execute(BASE + "WHERE total = %d / = 1 AND ifnull(a, b)", a)\n';
    const { findings } = analyzeHostFile(await readHostFile("python", source), source, { mode: "postgres", driver: "psycopg", schema: undefined, translateDdl: undefined, byEngineImport: undefined });
    assert.deepEqual(findings.flatMap((finding) => finding.fixes).filter((fix) => !fix.title.includes("%")), []);
  });
});
