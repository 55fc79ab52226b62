import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { columnKey } from "#core/schema/decision.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask, move, planOf } from "../../support/move.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { allTargets } from "../../support/targets.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const asText = new Map([[columnKey("big", "body"), "text" as const]]);

/** Two tables with a rowid, one without, rows that we refuse and rows that the server refuses. */
function largeSource(): string {
  const from = sqliteFile("CREATE TABLE big (id INTEGER PRIMARY KEY, body TEXT, bytes BLOB); CREATE TABLE checked (n INTEGER, s TEXT CHECK (n <> 7 OR s <> 'no')); CREATE TABLE keyed (k TEXT PRIMARY KEY, v REAL) WITHOUT ROWID", (db) => {
    const big = db.prepare("INSERT INTO big VALUES (?, ?, ?)");
    const checked = db.prepare("INSERT INTO checked VALUES (?, ?)");
    const keyed = db.prepare("INSERT INTO keyed VALUES (?, ?)");
    db.pragma("ignore_check_constraints = on");
    db.transaction(() => {
      for (let i = 1; i <= 2400; i++) big.run(i * 3, i % 800 === 0 ? `a\0${i}` : `${i} ${"é,\u0001\n".repeat(i % 40)}`, Buffer.alloc(8000, i));
      for (let i = 0; i < 3000; i++) checked.run(i % 1000 === 500 ? 7 : i + 10, i % 1000 === 500 ? "no" : `row ${i}`);
      for (let i = 0; i < 3000; i++) keyed.run(`key ${i}`, i / 7);
    })();
  });
  assert.ok(statSync(from).size > 18 << 20);
  return from;
}

for (const { label, empty } of allTargets) {
  describe(`a large source is read on threads, to ${label}`, () => {
    it("with rows that we refuse and rows that the server refuses kept aside", async () => {
      const from = largeSource();
      const plan = await planOf(from, asText);
      const target = await empty();
      const report = await move(from, target, { plan, jobs: 2, threads: true, badRows: "quarantine" });
      assert.deepEqual(report.tables.map(({ table, copied, quarantined }) => [table, copied, quarantined]), [["big", 2397, 3], ["checked", 2997, 3], ["keyed", 3000, 0]]);
      assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
      assert.deepEqual(await ask(target, "SELECT count(*), count(DISTINCT source_key) FROM cutover.quarantine"), [["6", "6"]]);
      await target.close();
    });

    it("and goes on where it was stopped", async () => {
      const from = largeSource();
      const plan = await planOf(from, asText);
      const target = await empty();
      const workspace = temporaryFolder();
      const stop = new AbortController();
      await assert.rejects(migrate({ from, target, plan, workspace, jobs: 2, threads: true, badRows: "quarantine", signal: stop.signal, onEvent: (event) => { if (event.kind === "table" && event.rows > 0) stop.abort(); } }));
      const report = await migrate({ from, target, plan, workspace, jobs: 2, threads: true, badRows: "quarantine", resume: true });
      assert.ok(report.resumed);
      assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
      await target.close();
    });

    it("and names every kind of bad row where none may be kept aside", async () => {
      const from = largeSource();
      const target = await empty();
      const plan = await planOf(from, asText);
      await assert.rejects(move(from, target, { plan, jobs: 2, threads: true }), (error) => error instanceof CutoverError && error.tag === "bad-rows" && /NUL/.test(`${error.why ?? ""}${error.message}`));
      await target.close();
    });
  });
}
