import assert from "node:assert/strict";
import { writeFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import type { MigrateOptions } from "#engine/migrate/migrate-options.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { planOn } from "#engine/migrate/plan-mark.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const script = `
  CREATE TABLE event (id INTEGER PRIMARY KEY, at TEXT NOT NULL); CREATE TABLE other (a TEXT, b TEXT);
  INSERT INTO event VALUES (1, '2026-10-02 10:00:00'), (2, '2026-10-03 10:00:00');
  INSERT INTO other VALUES ('x', 'y'), ('x', 'y'), ('z', 'w' || char(0) || '1');
  CREATE INDEX other_a ON other (a)`;

/** Runs until post-data has begun, and ends there. */
async function begin(options: MigrateOptions): Promise<void> {
  const stop = new AbortController();
  const reason = new Error("stopped by the test");
  await assert.rejects(
    migrate({ ...options, signal: stop.signal, onEvent: (event) => { if (event.kind === "phase-start" && event.phase === "post-data") stop.abort(reason); } }),
    (error) => error === reason,
  );
}

async function target(): Promise<MigrateOptions["target"]> {
  return (await (await startServer(18)).newDatabase()).target;
}

describe("TRAP 59, 60: --resume", () => {
  it("says that there is nothing to go on with, and that a run has finished", async () => {
    const from = sqliteFile(script.replace("'w' || char(0) || '1'", "'w'"));
    const options = { from, target: await target(), plan: await planOf(from), workspace: temporaryFolder(), resume: true };
    const first = await migrate(options);
    assert.equal(first.resumed, false);
    assert.match(first.warnings.join(), /no unfinished run to go on with: this is a new one/);
    await ask(options.target, "INSERT INTO other VALUES ('written', 'later')");
    const second = await migrate(options);
    assert.match(second.warnings.join(), /has finished already, at .*: there was nothing left to do/);
    assert.deepEqual(second.tables.map(({ table, copied }) => [table, copied]).sort(), [["event", 2], ["other", 3]]);
    assert.deepEqual(await ask(options.target, "SELECT count(*) FROM other"), [["4"]]);
  });

  it("goes on with the partitions of the day on which the run began", async () => {
    const from = sqliteFile(script.replace("'w' || char(0) || '1'", "'w'"));
    const { plan: read, close } = await readPlan({ source: from, profile: true, partitions: new Map([["event", { by: "at", every: "month", ahead: 1 }]]) });
    close();
    const plan = planOn(read, "2026-10-31");
    assert.deepEqual(plan.objects.filter(({ kind }) => kind === "partition").map(({ name }) => name), ["event_2026_10", "event_2026_11", "event_default"]);
    const options = { from, target: await target(), plan, workspace: temporaryFolder() };
    await begin(options);
    const later = planOn(read, "2026-11-01");
    assert.notEqual(later.objects.length, plan.objects.length);
    assert.ok((await migrate({ ...options, plan: later, resume: true })).resumed);
    assert.ok((await validate({ from, target: options.target, plan, level: "cells" })).equal);
  });

  it("refuses another plan, and names the tables", async () => {
    const from = sqliteFile(script.replace("'w' || char(0) || '1'", "'w'"));
    const options = { from, target: await target(), plan: await planOf(from), workspace: temporaryFolder() };
    await begin(options);
    const writer = new Database(from);
    writer.exec("CREATE INDEX other_b ON other (b)");
    writer.close();
    const plan = await planOf(from);
    await assert.rejects(migrate({ ...options, plan, resume: true }), (error) => error instanceof CutoverError && error.tag === "usage" && /changed since: other$/.test(error.why ?? ""));
    await assert.rejects(migrate({ ...options, tables: ["event"], resume: true }), (error) => error instanceof CutoverError && /it was to move event, other/.test(error.why ?? ""));
  });

  for (const [name, change, changed] of [
    ["a row more often, another one less", "DELETE FROM other WHERE rowid = 2; INSERT INTO other VALUES ('z', 'w' || char(0) || '1')", "other"],
    ["what is behind a NUL", "UPDATE other SET b = 'w' || char(0) || '2' WHERE a = 'z'", "other"],
    ["a text's case", "UPDATE other SET a = 'Z' WHERE a = 'z'", "other"],
    ["a text that became a number", "UPDATE event SET at = 5 WHERE id = 2", "event"],
  ] as const) {
    it(`refuses a source that has changed: ${name}`, async () => {
      const from = sqliteFile(script.replace("a TEXT, b TEXT", "a TEXT COLLATE NOCASE, b TEXT"));
      const plan = await planOf(from);
      const options = { from, target: await target(), plan, workspace: temporaryFolder(), badRows: "quarantine" } as const;
      await begin(options);
      const writer = new Database(from);
      writer.exec(change);
      writer.close();
      await assert.rejects(migrate({ ...options, resume: true }), (error) => error instanceof CutoverError && error.why === `other rows in ${changed}`);
    });
  }

  it("reads from the run's own backup: VACUUM has given the source's rows other places", async () => {
    const from = sqliteFile(script.replace("'w' || char(0) || '1'", "'w'"), (db) => { db.exec("DELETE FROM other WHERE rowid = 1; INSERT INTO other VALUES ('x', 'y')"); });
    const options = { from, target: await target(), plan: await planOf(from), workspace: temporaryFolder() };
    await begin(options);
    const writer = new Database(from);
    writer.exec("VACUUM");
    writer.close();
    await migrate({ ...options, resume: true });
    assert.ok((await validate({ from, target: options.target, plan: options.plan, level: "cells" })).equal);
  });

  it("leaves no half-written backup of a run that was killed, and touches nobody else's", async () => {
    const from = sqliteFile(script.replace("'w' || char(0) || '1'", "'w'"));
    const options = { from, target: await target(), plan: await planOf(from), workspace: temporaryFolder() };
    await begin(options);
    const folder = join(options.workspace, ".cutover", "backups");
    writeFileSync(join(folder, `source-2026-01-01.db.${hostname()}-999999999.partial`), "SQLite format 3");
    writeFileSync(join(folder, `source-2026-01-01.db.${hostname()}-999999999.partial-journal`), "");
    writeFileSync(join(folder, "source-2026-01-01.db.elsewhere-999999999.partial"), "");
    writeFileSync(join(folder, `source-2026-01-01.db.${hostname()}-${process.pid}.partial`), "");
    await migrate({ ...options, resume: true });
    assert.deepEqual(readdirSync(folder).filter((name) => name.includes("partial")).sort(), [`source-2026-01-01.db.${hostname()}-${process.pid}.partial`, "source-2026-01-01.db.elsewhere-999999999.partial"].sort());
  });
});
