// Code that somebody has broken never breaks the analysis, and no fix breaks code that was whole.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fixText } from "#core/rules/fix-text.ts";
import type { Language } from "#core/hosts/site.ts";
import { parseScript } from "#core/sql/parse.ts";
import { print } from "#core/sql/print.ts";
import { analyzeFile, type AnalysisBasis, type FileAnalysis } from "#engine/workspace/analyze-text.ts";
import { parseConfig } from "#engine/workspace/config.ts";
import { languageOf, ParseFailure, parseHost } from "#engine/workspace/host-parser.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";
import { corpusStatements } from "../../../bench/support/scan-tree.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** Seconds of mutations, each language its share; FUZZ_SEED and FUZZ_SECONDS make a longer or another run. */
const seconds = Number(process.env["FUZZ_SECONDS"] ?? 10);
const seed = Number(process.env["FUZZ_SEED"] ?? 7);

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

function random(from: number): (below: number) => number {
  const next = seededRandom(from);
  return (below) => Math.floor(next() * Math.max(1, below));
}

const pieces = ["'", '"', "`", "(", ")", "{", "}", "[", "]", "\\", "\n", "\r\n", "?", "%s", "%", ":a", "--", "/*", "*/", ";", ",", "=", " LIKE ", " OR ", " AND ", "ifnull(", "datetime('now')", "INSERT OR REPLACE INTO ", " ORDER BY a", " LIMIT -1", " COLLATE NOCASE", "${", "f\"", "é", "\u{1f600}", "\u2028", "\0", "NULL", "1.5", "x'ab'", "CAST(", " || ", " IS ", " GLOB ", "strftime('%s', a)"];

/** Up to three changes: a piece put in, some characters taken out, doubled or moved. */
function mutated(text: string, below: (limit: number) => number): string {
  let out = text;
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(out.length + 1);
    const length = below(12);
    switch (below(4)) {
      case 0:
        out = out.slice(0, at) + (pieces[below(pieces.length)] ?? "") + out.slice(at);
        break;
      case 1:
        out = out.slice(0, at) + out.slice(at + length);
        break;
      case 2:
        out = out.slice(0, at) + out.slice(Math.max(0, at - length));
        break;
      default: {
        const moved = out.slice(at, at + length);
        const rest = out.slice(0, at) + out.slice(at + length);
        const to = below(rest.length + 1);
        out = rest.slice(0, to) + moved + rest.slice(to);
      }
    }
  }
  return out;
}

const wrapped: Readonly<Record<"python" | "typescript" | "go" | "java", (sql: string) => string>> = {
  python: (sql) => `import sqlite3\n\ndef run(conn, a):\n    return conn.execute(${JSON.stringify(sql)}, (a,)).fetchall()\n`,
  typescript: (sql) => `import Database from "better-sqlite3";\n\nexport const run = (db: Database, a: string) => db.prepare(\`${sql.replace(/[\\`]|\$\{/g, "\\$&")}\`).all(a);\n`,
  go: (sql) => `package store\n\nimport "database/sql"\n\nfunc Run(db *sql.DB, a string) (*sql.Rows, error) {\n\treturn db.Query(${JSON.stringify(sql)}, a)\n}\n`,
  java: (sql) => `import java.sql.*;\n\nclass Store {\n    ResultSet run(Connection c) throws SQLException { return c.prepareStatement(${JSON.stringify(sql)}).executeQuery(); }\n}\n`,
};

const extensions: Readonly<Record<string, string>> = { python: "py", typescript: "ts", go: "go", java: "java" };

const basis = (mode: "both" | "postgres"): AnalysisBasis => ({
  config: parseConfig("{}", "cutover.json"),
  mode,
  schema: undefined,
  adapters: [
    { language: "python", folder: "database", module: "database" },
    { language: "typescript", folder: "database", module: "" },
  ],
});

async function analysed(path: string, language: Language, text: string, mode: "both" | "postgres"): Promise<FileAnalysis | undefined> {
  try {
    return analyzeFile({ path, language, text, host: await readHostFile(language, text) }, basis(mode));
  } catch (error) {
    if (error instanceof ParseFailure) return undefined;
    throw error;
  }
}

/** Looks at a text, makes all of its fixes, and looks at what has become of it. */
async function check(path: string, language: Language, text: string, mode: "both" | "postgres"): Promise<number> {
  const before = await analysed(path, language, text, mode);
  if (before === undefined) return 0;
  for (const { text: sql, holes } of before.sites) assert.equal(print(parseScript(sql, { holes: holes.map(({ span }) => span) })), sql);
  for (const { span, fixes } of before.findings) {
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
    for (const fix of fixes) for (const edit of fix.edits) assert.ok(edit.span.start >= 0 && edit.span.start <= edit.span.end && edit.span.end <= text.length);
  }
  const { text: fixed, fixed: made, toGiven } = fixText(text, before.findings, "review");
  if (made.length === 0) return 0;
  if (language !== "sql") {
    const whole = !(await parseHost(language, text)).hasError;
    if (whole) assert.ok(!(await parseHost(language, fixed)).hasError, "the fixes break the code");
  }
  const after = await analysed(path, language, fixed, mode);
  assert.ok(after !== undefined, "the fixed code cannot be read");
  for (const { finding } of made) {
    const again = after.findings.find(({ rule, span }) => rule === finding.rule && toGiven(span.start) === finding.span.start && toGiven(span.end) === finding.span.end);
    assert.ok(again === undefined || again.fixes[0]?.title !== finding.fixes[0]?.title, `the fix "${finding.fixes[0]?.title ?? ""}" of ${finding.rule} is offered again where it was made`);
  }
  return made.length;
}

async function run(sources: readonly { readonly path: string; readonly text: string }[], share: number, from: number): Promise<void> {
  const below = random(from);
  const end = performance.now() + share * 1000;
  let fixes = 0;
  let runs = 0;
  while (performance.now() < end || runs < 20) {
    const { path = "", text = "" } = sources[below(sources.length)] ?? {};
    const language = languageOf(path);
    if (language === undefined) throw new Error(path);
    const changed = runs % 5 === 0 ? text : mutated(text, below);
    const mode = below(2) === 0 ? "both" : "postgres";
    const started = performance.now();
    try {
      fixes += await check(path, language, changed, mode);
    } catch (error) {
      throw new Error(`${path}, mode ${mode}, seed ${from}, run ${runs}: ${error instanceof Error ? error.message : String(error)}\n${changed.length < 3000 ? changed : changed.slice(0, 3000)}`, { cause: error });
    }
    assert.ok(performance.now() - started < 5_000, `${path}: ${performance.now() - started} ms\n${changed.slice(0, 3000)}`);
    runs++;
  }
  assert.ok(fixes > 0);
}

describe("fuzz of the whole analysis", () => {
  const statements = corpusStatements(checkout).filter((sql) => sql.length < 2000);
  for (const [i, [language, wrap]] of Object.entries(wrapped).entries()) {
    const extension = extensions[language] ?? "py";
    it(`statements in ${language}`, async () => {
      await run(statements.map((sql) => ({ path: `run.${extension}`, text: wrap(sql) })), seconds / 6, seed + i);
    });
  }
  it("statements in SQL files", async () => {
    await run(statements.map((sql) => ({ path: "run.sql", text: `${sql};\n` })), seconds / 6, seed + 10);
  });
  it("the sample's files", async () => {
    const files = readdirSync(join(checkout, "sample/app"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.(?:py|ts)$/.test(entry.name));
    await run(files.map((entry) => ({ path: entry.name, text: readFileSync(join(entry.parentPath, entry.name), "utf8") })).filter(({ text }) => text.length > 300), seconds / 6, seed + 20);
  });
});
