import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { openWindow } from "./harness/code-window.ts";
import { readRun } from "./harness/run.ts";
import { until } from "./harness/until.ts";
import { plainWorkspace } from "./harness/workspace.ts";
import type { CheckResult } from "./in-host/check.ts";

/** A Python file with one statement that is rewritten safely whatever the schema, for source.fixAll. */
const queue = `import sqlite3


def add(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT OR ABORT INTO queue (name) VALUES ('first')")
`;

test("from inside VS Code", async (t) => {
  const results = join(readRun().folder, "in-host-results.json");
  const workspace = await plainWorkspace("in-host", { ".in-host.json": JSON.stringify({ results }), "queue.py": queue });
  const window = await openWindow(workspace, "in-host");
  try {
    const text = await until("the checks have run", () => readFile(results, "utf8").catch(absent), (written) => written !== "", 60_000);
    const outcomes = JSON.parse(text) as readonly CheckResult[];
    assert.notEqual(outcomes.length, 0);
    for (const { name, failure } of outcomes) {
      await t.test(name, () => {
        assert.ok(failure === undefined, failure);
      });
    }
    if (outcomes.some(({ failure }) => failure !== undefined)) await window.reportFailure("checks");
  } catch (error) {
    await window.reportFailure("checks");
    throw error;
  } finally {
    await window.close();
  }
});

function absent(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}
