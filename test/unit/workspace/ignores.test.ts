import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { scanWorkspace } from "#engine/workspace/scan-workspace.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** The rules of what is left and of what is ignored, with the reason. */
async function sorted(text: string, path = "a.py", config?: string): Promise<readonly string[]> {
  const root = temporaryFolder();
  if (config !== undefined) writeFileSync(join(root, "cutover.json"), config);
  const { findings, ignored } = await analyzeText({ root, path, text });
  return [...findings.map(({ rule, severity }) => `${rule} ${severity}`), ...ignored.map(({ finding, by, reason }) => `(${finding.rule} ${by}: ${reason})`)];
}

const head = "import sqlite3\n";
const flat = 'conn.execute("INSERT OR ABORT INTO t (a) VALUES (1)")';
const long = 'conn.execute(\n    """\n    SELECT a FROM t\n    WHERE ifnull(a, 1) = 2\n    """\n)';

describe("findings that are left alone", () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ["by the line above", `${head}# cutover-ignore[insert-or]: seen\n${flat}\n`, ["(insert-or comment: seen)"]],
    ["by the same line", `${head}${flat}  # cutover-ignore[insert-or]: seen\n`, ["(insert-or comment: seen)"]],
    ["not by another rule's comment", `${head}# cutover-ignore[like-case]: seen\n${flat}\n`, ["insert-or error"]],
    ["not by a comment two lines above", `${head}# cutover-ignore[insert-or]: seen\n\n${flat}\n`, ["insert-or error"]],
    ["not by a comment behind the line above", `${head}x = 1  # cutover-ignore[insert-or]: seen\n${flat}\n`, ["insert-or error"]],
    ["by the comment above the call of a long statement", `${head}# cutover-ignore[sqlite-function]: seen\n${long}\n`, ["(sqlite-function comment: seen)"]],
    ["by the SQL's own comment on the line", `${head}${long.replace("= 2", "= 2 -- cutover-ignore[sqlite-function]: seen")}\n`, ["(sqlite-function comment: seen)"]],
    ["by the SQL's own comment above the line", `${head}${long.replace("    WHERE", "    -- cutover-ignore[sqlite-function]: seen\n    WHERE")}\n`, ["(sqlite-function comment: seen)"]],
    ["not by the SQL's own comment on another line", `${head}${long.replace("FROM t", "FROM t -- cutover-ignore[null-order]: seen")}\n`, ["sqlite-function error"]],
    ["by a comment for the file", `${head}# cutover-ignore-file[insert-or, sqlite-function]: SQLite only\n${flat}\n${long}\n`, ["(insert-or comment: SQLite only)", "(sqlite-function comment: SQLite only)"]],
    ["not without a reason, which is said", `${head}# cutover-ignore[insert-or]\n${flat}\n`, ["ignore-comment information", "insert-or error"]],
    ["not by a rule that there is not, which is said", `${head}# cutover-ignore[insert-of]: seen\n${flat}\n`, ["ignore-comment information", "insert-or error"]],
    ["not without a rule, which is said", `${head}# cutover-ignore: seen\n${flat}\n`, ["ignore-comment information", "insert-or error"]],
  ];
  for (const [name, text, expected] of cases) {
    it(name, async () => {
      assert.deepEqual(await sorted(text), expected);
    });
  }

  it("by the comment above a long statement of a script, and of no other", async () => {
    const script = "SELECT 1;\n-- cutover-ignore[sqlite-function]: seen\nSELECT a\nFROM t WHERE ifnull(a, 1) = 2;\nSELECT ifnull(a, 1) FROM t;\n";
    assert.deepEqual(await sorted(script, "a.sql"), ["sqlite-function error", "(sqlite-function comment: seen)"]);
  });

  it("by cutover.json, for the paths and rules that it names", async () => {
    const config = '{ "ignores": [{ "paths": ["tests/"], "rules": ["insert-or"], "reason": "run on SQLite" }], "severity": { "sqlite-function": "warning" } }';
    assert.deepEqual(await sorted(`${head}${flat}\n${long}\n`, "tests/a.py", config), ["sqlite-function warning", "(insert-or config: run on SQLite)"]);
    assert.deepEqual(await sorted(`${head}${flat}\n`, "app/a.py", config), ["insert-or error"]);
  });

  it("by a rule that is turned off", async () => {
    assert.deepEqual(await sorted(`${head}${flat}\n`, "a.py", '{ "severity": { "insert-or": "off" } }'), ["(insert-or severity: cutover.json turns insert-or off)"]);
  });

  it("are told by a scan, and not fixed by it", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "a.py"), `${head}# cutover-ignore[insert-or]: seen\n${flat}\n${flat}\n`);
    const { report, files } = await scanWorkspace({ root, config: await loadConfig(root) });
    assert.deepEqual(report.ignored.map(({ path, rule, range, by, reason }) => [path, rule, range.start.line, by, reason]), [["a.py", "insert-or", 2, "comment", "seen"]]);
    assert.deepEqual(report.files.flatMap((file) => file.findings.map((finding) => finding.range.start.line)), [3]);
    assert.deepEqual(files.map((file) => file.findings.length), [1]);
  });
});
