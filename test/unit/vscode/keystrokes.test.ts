import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { createWorkerClient } from "../../../src/vscode/worker-client.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const entry = fileURLToPath(new URL("../../../src/vscode/worker/main.ts", import.meta.url));

/** Milliseconds of the extension host's thread that one keystroke may take of everybody else's extensions. */
const limit = 25;

/** A repository class of 2,000 lines with 250 statements. */
function longFile(): string {
  const method = (i: number): string =>
    [
      `    def find_${i}(self, name: str, limit: int = 10):`,
      `        """Finds rows of table ${i} by name."""`,
      "        with self._connection() as conn:",
      '            rows = conn.execute("SELECT id, name, ifnull(note, \'\') FROM t' + `${i} WHERE name LIKE ? ORDER BY name LIMIT ?",`,
      "                (name, limit),",
      "            ).fetchall()",
      "        return [dict(row) for row in rows]",
      "",
    ].join("\n");
  return `import sqlite3\n\n\nclass Repository:\n    def _connection(self):\n        return sqlite3.connect("app.db")\n\n${Array.from({ length: 250 }, (_, i) => method(i)).join("\n")}`;
}

it("typing in 2,000 lines of Python costs the extension host next to nothing", async (t) => {
  const root = temporaryFolder();
  const client = createWorkerClient(entry, () => undefined);
  const text = longFile();
  assert.ok(text.split("\n").length >= 2000);
  const answers: number[] = [];
  const own: number[] = [];
  try {
    for (let i = 0; i < 30; i++) {
      const at = text.indexOf("ORDER BY", text.length / 2);
      const typed = `${text.slice(0, at)}${"x".repeat(i)} ${text.slice(at)}`;
      const began = performance.now();
      const before = process.threadCpuUsage();
      const { findings } = await client.ask("analyze", { root, path: join(root, "repository.py"), text: typed });
      const { user, system } = process.threadCpuUsage(before);
      assert.ok(findings.length >= 500, String(findings.length));
      answers.push(performance.now() - began);
      own.push((user + system) / 1000);
    }
  } finally {
    client.dispose();
  }
  // The first ones also pay for loading the grammar.
  const at = (values: readonly number[], share: number): number => values.slice(5).toSorted((a, b) => a - b)[Math.floor((values.length - 5) * share)] ?? Number.NaN;
  t.diagnostic(`an answer takes ${at(answers, 0.5).toFixed(0)} ms (median), ${at(answers, 0.95).toFixed(0)} ms (95 %); of this thread ${at(own, 0.5).toFixed(1)} ms and ${at(own, 0.95).toFixed(1)} ms`);
  assert.ok(at(own, 0.5) < limit, `${at(own, 0.5).toFixed(1)} ms of the extension host's thread`);
});
