import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { analyzeText } from "#engine/workspace/analyze-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const text = 'import sqlite3\n\ndef add(conn):\n    conn.execute("INSERT OR ABORT INTO t (a) VALUES (1)")\n';

describe("analysing one document", () => {
  it("finds what is on its characters", async () => {
    const { findings } = await analyzeText({ root: temporaryFolder(), path: "app/a.py", text });
    assert.deepEqual(findings.map((f) => [f.rule, text.slice(f.span.start, f.span.end)]), [["insert-or", "INSERT OR ABORT"]]);
  });

  it("leaves alone what cutover.json ignores, other languages and the generated adapter", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "cutover.json"), '{ "ignore": ["legacy/", "*_pb.py"] }');
    mkdirSync(join(root, "app/database"), { recursive: true });
    writeFileSync(join(root, "app/database/factory.py"), "def by_engine(sqlite, postgresql):\n    pass\n");
    for (const path of ["legacy/old/a.py", "app/x_pb.py", "app/a.txt", "app/database/sqlite_adapter.py"]) {
      assert.deepEqual((await analyzeText({ root, path, text })).findings, [], path);
    }
    assert.equal((await analyzeText({ root, path: "app/a.py", text })).findings.length, 1);
  });
});
