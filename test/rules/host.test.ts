import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { AnalysisOptions } from "#core/rules/analyze-host-file.ts";
import { fixText, type FixLevel } from "#core/rules/fix-text.ts";
import type { Mode } from "#core/rules/mode.ts";
import { statementRules } from "#core/rules/registry.ts";
import { schemaView } from "#core/rules/schema-view.ts";
import { defaultPolicies } from "#core/schema/decision.ts";
import { applyEdits } from "#core/text/edit.ts";
import { ddlTranslator } from "#engine/sqlite/ddl-translator.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { sqliteFile } from "../support/sqlite-file.ts";
import { analyze, fixAll, type Setting } from "./support/analyze.ts";

const schema = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, is_active INTEGER NOT NULL DEFAULT 1, seen_at TEXT);
  CREATE TABLE config (k TEXT PRIMARY KEY NOT NULL, v TEXT);
  CREATE TABLE tags (name TEXT UNIQUE, note TEXT NOT NULL);
  INSERT INTO users VALUES (1, 'ann', 1, '2024-01-01 00:00:00'), (2, 'bob', 0, NULL)`;

type Language = "python" | "typescript";

/** What a file holds before and after: `python.txt`, `python.both.safe.txt`. */
function file(...parts: readonly string[]): string {
  return readFileSync(join(import.meta.dirname, "hosts", `${parts.join(".")}.txt`), "utf8");
}

const examples: readonly { readonly language: Language; readonly mode: Mode; readonly level: FixLevel }[] = [
  { language: "python", mode: "both", level: "safe" },
  { language: "python", mode: "both", level: "review" },
  { language: "python", mode: "postgres", level: "review" },
  { language: "typescript", mode: "both", level: "safe" },
  { language: "typescript", mode: "both", level: "review" },
  { language: "typescript", mode: "postgres", level: "review" },
];

describe("whole files, with all rules", () => {
  let made: Pick<AnalysisOptions, "schema" | "translateDdl">;
  before(async () => {
    const { plan, close } = await readPlan({ source: sqliteFile(schema), profile: true });
    close();
    made = { schema: schemaView(plan), translateDdl: ddlTranslator(plan, defaultPolicies, new Map()) };
  });

  const setting = (host: Language, mode: Mode = "both"): Setting => ({
    host,
    site: "statement",
    options: {
      ...made,
      mode,
      driver: host === "python" ? "psycopg" : "node-postgres",
      byEngineImport: host === "python" ? "from database import by_engine" : 'import { byEngine } from "./database/index.ts";',
    },
  });

  for (const { language, mode, level } of examples) {
    const source = file(language);

    it(`${language}, mode ${mode}, fixes that are ${level === "safe" ? "safe" : "safe or to be reviewed"}`, async () => {
      const { findings, unparsed } = await analyze(source, setting(language, mode));
      assert.deepEqual(unparsed, []);
      const { text, waiting } = fixText(source, findings, level);
      assert.equal(text, file(language, mode, level));
      assert.equal(waiting, 0);
    });

    it(`${language}, mode ${mode}, ${level}: a second run has nothing to do`, async () => {
      const fixed = file(language, mode, level);
      const { findings } = await analyze(fixed, setting(language, mode));
      assert.deepEqual(fixText(fixed, findings, level).fixed.map(({ finding }) => finding.message), []);
    });

    it(`${language}, mode ${mode}, ${level}: every edit lies in a site, or imports by_engine`, async () => {
      const host = await readHostFile(language, source);
      const { findings } = await analyze(source, setting(language, mode));
      for (const { edits } of findings.flatMap((finding) => finding.fixes)) {
        for (const { span, newText } of edits) {
          const inSite = host.sites.some((site) => site.span.start <= span.start && span.end <= site.span.end);
          assert.ok(inSite || (span.start === host.importAt && span.end === span.start && newText.startsWith(setting(language).options.byEngineImport ?? "")), newText);
        }
      }
    });
  }

  it("says what it finds, in the order of the file", async () => {
    const source = file("typescript");
    const { findings } = await analyze(source, setting("typescript"));
    assert.deepEqual(
      findings.map(({ rule, applicability, span }) => `${rule} ${applicability} ${source.slice(span.start, span.end)}`),
      ["boolean-flag safe 1", "like-case safe LIKE", "null-order safe seen_at", "insert-or review INSERT OR IGNORE", "insert-or safe REPLACE", 'string-quotes safe \\"q\\"', "ddl-in-code safe AUTOINCREMENT"],
    );
  });

  it("wraps a text in by_engine once, and imports it once", async () => {
    const source = ["import os", "", "def setup(conn):", '    conn.execute("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)")', '    conn.execute("CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT)")', ""].join("\n");
    const fixed = await fixAll(source, setting("python"), "review", () => true);
    assert.equal(fixed.split("from database import by_engine\n").length - 1, 1);
    assert.equal(fixed.split("by_engine(\n").length - 1, 2);
    assert.equal(await fixAll(fixed, setting("python"), "review", () => true), fixed);
  });

  it("leaves a wrap out where no adapter is there to bring by_engine, and says so", async () => {
    const source = 'conn.execute("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)")\n';
    const { options, ...rest } = setting("python");
    const { findings } = await analyze(source, { ...rest, options: { ...options, byEngineImport: undefined } });
    assert.deepEqual(findings.map(({ applicability, fixes }) => [applicability, fixes.length]), [["manual", 0]]);
    assert.match(findings[0]?.message ?? "", /which `cutover generate adapter` brings/);
  });

  it("leaves texts alone that are named for an engine", async () => {
    for (const source of [
      "conn.execute(by_engine(sqlite=\"INSERT OR IGNORE INTO tags VALUES ('a', 'b')\", postgresql=\"SELECT 1 WHERE is_active = 1\"))\n",
      "QUERIES = {'sqlite': \"SELECT ifnull(name, '') FROM users\", 'postgresql': \"SELECT 1\"}\n",
    ]) {
      assert.deepEqual((await analyze(source, setting("python"))).findings, []);
    }
    const source = "db.exec(byEngine({ sqlite: `REPLACE INTO config VALUES ('a', 'b')`, postgresql: `SELECT 1` }));\n";
    assert.deepEqual((await analyze(source, setting("typescript"))).findings, []);
  });

  // TRAPS 71: a new quote, brace or percent sign is escaped for its host literal.
  const escapes: readonly { readonly about: string; readonly language: Language; readonly before: string; readonly after: string }[] = [
    { about: "braces in an f-string", language: "python", before: `conn.execute(f"SELECT {c} FROM users WHERE name LIKE '{{A}}'")`, after: `conn.execute(f"SELECT {c} FROM users WHERE like('{{A}}', name)")` },
    { about: "the quote of a literal", language: "python", before: String.raw`conn.execute('SELECT id FROM users WHERE name LIKE \'A%\'')`, after: String.raw`conn.execute('SELECT id FROM users WHERE like(\'A%\', name)')` },
    { about: "a raw literal", language: "python", before: String.raw`conn.execute(r"SELECT id FROM users WHERE name LIKE 'A\%'")`, after: String.raw`conn.execute(r"SELECT id FROM users WHERE like('A\%', name)")` },
    { about: "percent signs behind which % fills in", language: "python", before: `conn.execute("SELECT %s FROM users WHERE name LIKE 'A%%'" % c)`, after: `conn.execute("SELECT %s FROM users WHERE like('A%%', name)" % c)` },
    { about: "braces behind which format() fills in", language: "python", before: `conn.execute("SELECT {} FROM users WHERE name LIKE 'A{{'".format(c))`, after: `conn.execute("SELECT {} FROM users WHERE like('A{{', name)".format(c))` },
    { about: "a template's backtick", language: "typescript", before: "db.prepare(`SELECT ${c} FROM users WHERE name LIKE 'A\\`%'`);", after: "db.prepare(`SELECT ${c} FROM users WHERE like('A\\`%', name)`);" },
    { about: "literals that are joined", language: "python", before: `conn.execute("SELECT id FROM users "\n             "WHERE is_active "\n             "= 1 ORDER BY name")`, after: `conn.execute("SELECT id FROM users "\n             "WHERE is_active "\n             "= TRUE ORDER BY name NULLS FIRST")` },
    { about: "lines that end in CR LF", language: "python", before: `conn.execute("""\r\n  SELECT id FROM users\r\n  WHERE is_active = 1\r\n""")`, after: `conn.execute("""\r\n  SELECT id FROM users\r\n  WHERE is_active = TRUE\r\n""")` },
    { about: "letters outside the basic plane before it", language: "python", before: `conn.execute("SELECT '🎉' FROM users WHERE is_active = 1")`, after: `conn.execute("SELECT '🎉' FROM users WHERE is_active = TRUE")` },
  ];
  for (const { about, language, before: source, after } of escapes) {
    it(`escapes as the host wants it: ${about} (trap 71)`, async () => {
      assert.equal(await fixAll(source, setting(language), "safe", () => true), after);
    });
  }

  it("edits nothing where an interpolation would be lost", async () => {
    const { findings } = await analyze('conn.execute(f"SELECT id FROM users WHERE {column} LIKE {pattern}")\n', setting("python"));
    assert.deepEqual(findings.map(({ applicability, fixes }) => [applicability, fixes[0]?.title]), [["review", "Compare lower() of both: differs for a backslash in the pattern"]]);
  });

  for (const rule of statementRules) {
    it(`${rule.meta.id} says nothing of a statement that SQLite would refuse`, async () => {
      const broken = "INSERT OR REPLACE INTO config (k, v) SELECT ifnull(name, ?), datetime('now') FROM users WHERE is_active = 1 AND name LIKE 'A%' ORDER BY seen_at ON CONFLICT (k) DO UPDATE SET v = v v";
      for (const mode of ["both", "postgres"] as const) {
        for (const text of [broken, `CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT; ${broken}`]) {
          const { findings, unparsed } = await analyze(`conn.execute("""${text}""", values)\n`, setting("python", mode));
          assert.deepEqual([findings.filter((finding) => finding.rule === rule.meta.id), unparsed.length], [[], 1]);
        }
      }
    });
  }

  it("makes each fix of a finding alone, too, and the result holds the same site", async () => {
    for (const language of ["python", "typescript"] as const) {
      const source = file(language);
      const { findings } = await analyze(source, setting(language));
      for (const fix of findings.flatMap((finding) => finding.fixes)) {
        const text = applyEdits(source, fix.edits);
        assert.deepEqual((await analyze(text, setting(language))).unparsed.map(({ message }) => message), [], fix.title);
      }
    }
  });
});
