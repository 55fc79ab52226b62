import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { compareDatabases } from "../../support/compare-databases.ts";
import { ask, move, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Beyond what the copy puts together in SQL. */
const size = 9_000_000;

describe("TRAP 57: large values", () => {
  for (const { label, empty } of allTargets.filter(({ label }) => label !== "PostgreSQL 14")) {
    it(`arrive exactly onto ${label}, alone and beside others`, async () => {
      const from = sqliteFile(`
        CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB, words TEXT, json TEXT, note TEXT);
        INSERT INTO t VALUES (-5, x'00', 'small', '[1]', ',');
        INSERT INTO t VALUES (1, randomblob(${size}), NULL, NULL, 'a' || char(1) || 'b');
        INSERT INTO t VALUES (2, NULL, printf('%.${size}c', 'ä') || char(10) || '\\.' || char(10), NULL, '');
        INSERT INTO t VALUES (3, zeroblob(9), 'x' || printf('%.${size}c', char(1)), '{}', NULL);
        INSERT INTO t VALUES (4, x'', '', '["' || printf('%.${size}c', 'x') || '"]', ',');
        INSERT INTO t VALUES (5, randomblob(2000000), printf('%.${size}c', ','), '[null]', 'last of them');
        INSERT INTO t VALUES (6, NULL, printf('%.${size}c', 'x') || char(0), NULL, NULL);
        INSERT INTO t VALUES (9223372036854775807, x'ff', 'end', NULL, NULL)`);
      const target = await empty();
      const plan = await planOf(from);
      await move(from, target, { plan, badRows: "quarantine" });
      const { rows, quarantined } = await compareDatabases(from, target, plan);
      assert.deepEqual([rows, quarantined], [8, 1]);
      assert.deepEqual(await ask(target, "SELECT source_key, reason FROM cutover.quarantine"), [["rowid 6", "text with a NUL character"]]);
    });
  }

  it("take no more memory when there are more of them", async () => {
    const peak = async (count: number): Promise<number> => {
      const from = sqliteFile("CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)", (db) => {
        for (let i = 0; i < count; i++) db.exec("INSERT INTO t (bytes) VALUES (randomblob(16000000))");
      });
      const { url } = await (await startServer(18)).newDatabase();
      const main = join(import.meta.dirname, "../../../src/cli/main.ts");
      const script = `process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n")); await import(${JSON.stringify(main)})`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script, "--", "cutover", "migrate", "--from", from, "--to", "env:TARGET", "--progress", "none"], { cwd: temporaryFolder(), env: { ...process.env, TARGET: url }, stdio: ["ignore", "ignore", "pipe"] });
      const said = await text(child.stderr);
      return Number(/peak (\d+)/.exec(said)?.[1] ?? assert.fail(said)) / 1024;
    };
    const [few, many] = [await peak(3), await peak(12)];
    assert.ok(many < few + 120, `${Math.round(few)} MB for 3 of them, ${Math.round(many)} MB for 12`);
  });
});
