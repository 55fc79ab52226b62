// Without a schema, a scan takes from the project's own CREATE TABLE statements what makes a finding idle.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { scanCache } from "#engine/workspace/scan-cache.ts";
import { scanWorkspace, type Scan } from "#engine/workspace/scan-workspace.ts";

const roots: string[] = [];

after(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

const code = [
  "import sqlite3",
  "def look(db):",
  '    db.execute("SELECT nr, note FROM tasks ORDER BY nr, note")',
  '    db.execute("SELECT t.nr FROM users u LEFT JOIN tasks t ON t.owner = u.nr ORDER BY t.nr, u.nr")',
  '    db.execute("SELECT (SELECT name FROM users WHERE nr = owner), (SELECT name FROM users WHERE name = ?) FROM tasks")',
  "",
].join("\n");
const ddl = "CREATE TABLE tasks (nr INTEGER PRIMARY KEY, owner INTEGER NOT NULL, note TEXT);\nCREATE TABLE users (nr INTEGER PRIMARY KEY, name TEXT NOT NULL);\n";

async function project(files: Readonly<Record<string, string>>): Promise<{ readonly root: string; readonly scan: () => Promise<Scan> }> {
  const root = mkdtempSync(join(tmpdir(), "cutover-declared-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const config = await loadConfig(root);
  const cache = scanCache(undefined);
  return { root, scan: () => scanWorkspace({ root, config, cache }) };
}

/** What is said of the code: the rule and the text that it points at. */
function said(scan: Scan): string[] {
  const lines = code.split("\n");
  const findings = scan.report.files.find(({ path }) => path === "app.py")?.findings ?? [];
  return findings.flatMap(({ rule, range: { start, end } }) => (/^(?:null-order|scalar-subquery)$/.test(rule) ? [`${rule} ${lines[start.line]?.slice(start.character, end.character) ?? ""}`] : []));
}

const all = ["null-order nr", "null-order note", "null-order t.nr", "null-order u.nr", "scalar-subquery (", "scalar-subquery ("];
const rest = ["null-order note", "null-order t.nr", "scalar-subquery ("];

describe("a scan without a schema", () => {
  it("speaks of what the project's tables do not rule out", async () => {
    const { root, scan } = await project({ "app.py": code, "schema.sql": ddl });
    const first = await scan();
    assert.deepEqual(said(first), rest);
    assert.deepEqual(said(await scan()), rest, "from the cache");
    const file = await first.read("app.py");
    assert.ok(file !== undefined);
    const rules = (findings: readonly { readonly rule: string }[]): number => findings.filter(({ rule }) => rule === "null-order").length;
    assert.equal(rules((await first.analyze("app.py", file.language, file.text)).findings), 2);
    assert.equal(rules((await analyzeText({ root, path: "app.py", text: code })).findings), 2);
  });

  it("speaks of everything where no statement makes the tables", async () => {
    const { scan } = await project({ "app.py": code });
    assert.deepEqual(said(await scan()), all);
  });

  it("does not take a test's tables for the application's", async () => {
    const { scan } = await project({ "app.py": code, "tests/schema.sql": ddl });
    assert.deepEqual(said(await scan()), all);
  });

  it("follows the statements when they change", async () => {
    const { root, scan } = await project({ "app.py": code, "schema.sql": ddl });
    assert.deepEqual(said(await scan()), rest);
    writeFileSync(join(root, "schema.sql"), ddl.replace("nr INTEGER PRIMARY KEY, owner", "nr INTEGER UNIQUE, owner"));
    assert.deepEqual(said(await scan()), ["null-order nr", ...rest]);
  });
});
