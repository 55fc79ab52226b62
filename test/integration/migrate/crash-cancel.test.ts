import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate } from "#engine/migrate/migrate.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { phases } from "#protocol/progress.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { cliMigrate } from "../../support/cli-process.ts";
import { atMoment, momentIn, phaseOf, tally } from "../../support/crash-moments.ts";
import { crashSource } from "../../support/crash-source.ts";
import { ask, planOf, stateOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertBackups, assertWhole } from "../../support/whole-move.ts";

const seed = Number(process.env["CUTOVER_CRASH_SEED"] ?? 5);
const times = Number(process.env["CUTOVER_CRASH_TIMES"] ?? 1);

/** What other sessions there are in a database. */
async function othersIn(target: PostgresTarget): Promise<unknown> {
  return ask(target, "SELECT application_name, state, query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'");
}

describe("TRAP 60: a run is cancelled at any moment", () => {
  it("by SIGINT or SIGTERM to the command line: the server stops, too, and the target is as it was or the run goes on", async (test) => {
    const random = seededRandom(seed);
    const from = crashSource({ large: false, badRows: true });
    const plan = await planOf(from);
    const server = await startServer(18);
    const fell = new Map<string, number>();
    for (let i = 0, done = 0; done < 11 * times && i < 40 * times; i++) {
      const { url, target } = await server.newDatabase();
      const before = await stateOf(target);
      const workspace = temporaryFolder();
      const moment = momentIn(phases[i % phases.length] ?? "copy", random);
      const stop = atMoment(moment, () => { child.kill(i % 2 === 0 ? "SIGINT" : "SIGTERM"); });
      const child = cliMigrate(workspace, ["--from", from, "--to", "env:TARGET", "--bad-rows", "quarantine", "--jobs", "2"], { TARGET: url }, stop);
      const { code, signal } = await child.ended;
      const where = phaseOf(child.events);
      const told = `cancelled in ${where} (${moment.phase} ${moment.event} + ${moment.delay.toFixed(0)} ms): ${child.errors.join(" ")}`;
      assert.deepEqual(await othersIn(target), [], told);
      if (code !== 130) {
        // It was over before the signal came.
        assert.deepEqual([code, signal], [0, null], told);
        await assertWhole(from, target, plan, told);
        continue;
      }
      assert.deepEqual(child.errors, ["cancelled"], told);
      done++;
      fell.set(where, (fell.get(where) ?? 0) + 1);
      const [[journal] = []] = await ask(target, "SELECT to_regclass('cutover.run')");
      if (journal === null) assert.deepEqual(await stateOf(target), before, told);
      await migrate({ from, target, plan, workspace, badRows: "quarantine", jobs: 2, resume: journal !== null });
      await assertWhole(from, target, plan, told);
      assertBackups(workspace, told);
    }
    test.diagnostic(`cancelled in: ${tally(fell)}`);
  });

  it("while it waits for what others hold, on the server; while it waits for the server to come back; twice, at once", async () => {
    const from = crashSource({ large: false, badRows: false });
    const plan = await planOf(from);
    const { url, target } = await (await startServer(18)).newDatabase();
    const workspace = temporaryFolder();
    const holder = await target.connect();
    const locked = { yes: false };
    const child = cliMigrate(workspace, ["--from", from, "--to", "env:TARGET", "--jobs", "2"], { TARGET: url }, (event) => {
      if (event.kind !== "phase-end" || event.phase !== "pre-data") return;
      void holder.query("BEGIN").then(() => holder.query("LOCK TABLE book IN ACCESS EXCLUSIVE MODE")).then(() => { locked.yes = true; });
    });
    const waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for (let i = 0; i < 400 && !(locked.yes && (await ask(target, waits))[0]?.[0] !== "0"); i++) await sleep(25);
    const begun = performance.now();
    child.kill("SIGINT");
    assert.equal((await child.ended).code, 130);
    assert.ok(performance.now() - begun < 5000);
    assert.deepEqual(await ask(target, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'cutover migrate%'"), [["0"]]);
    await holder.query("ROLLBACK");
    await holder.close();

    // A server that is not there is waited for; the wait ends at once.
    const stop = new AbortController();
    const reason = new Error("stopped by the test");
    let sessions = 0;
    const away: PostgresTarget = {
      ...target,
      connect: async () => {
        if (++sessions > 3) await ask(target, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        return target.connect();
      },
    };
    let waited = 0;
    await assert.rejects(
      migrate({ from, target: away, plan, workspace, resume: true, jobs: 4, retryFor: 60, signal: stop.signal, onEvent: (event) => {
        if (event.kind !== "retry" || event.attempt < 2) return;
        waited = performance.now();
        stop.abort(reason);
      } }),
      (error) => error === reason,
    );
    assert.ok(waited > 0 && performance.now() - waited < 400);

    const impatient = cliMigrate(workspace, ["--from", from, "--to", "env:TARGET", "--resume", "--jobs", "1"], { TARGET: url }, (event, process) => {
      if (event.kind !== "phase-start" || event.phase !== "copy") return;
      process.kill("SIGINT");
      process.kill("SIGINT");
    });
    const { code, signal } = await impatient.ended;
    assert.ok(code === 130 || signal === "SIGINT", String(code));
    await migrate({ from, target, plan, workspace, resume: true });
    await assertWhole(from, target, plan, "cancelled");
  });
});
