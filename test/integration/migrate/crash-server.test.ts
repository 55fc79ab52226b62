import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { phases, type ProgressEvent } from "#protocol/progress.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { atEnd } from "../../support/at-end.ts";
import { atMoment, momentIn, phaseOf, tally } from "../../support/crash-moments.ts";
import { crashSource } from "../../support/crash-source.ts";
import { planOf } from "../../support/move.ts";
import { start, type Major } from "../../support/postgres-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertWhole } from "../../support/whole-move.ts";

const seed = Number(process.env["CUTOVER_CRASH_SEED"] ?? 5);
const times = Number(process.env["CUTOVER_CRASH_TIMES"] ?? 1);

/** The phases in which the target is spoken to. */
const speaking = phases.filter((phase) => phase !== "plan" && phase !== "backup");

/** Stops a server without a farewell while runs write to it, and starts it again; every other run is not to try again by itself, and is resumed. */
async function campaign(test: TestContext, major: Major, cases: number): Promise<void> {
  const random = seededRandom(seed + major);
  const from = crashSource({ large: false, badRows: true });
  const plan = await planOf(from);
  const server = await start(major);
  atEnd(() => server.stop());
  const fell = new Map<string, number>();
  let retried = 0;
  for (let i = 0, done = 0; done < cases * times && i < cases * times * 3; i++) {
    const { target } = await server.newDatabase();
    const workspace = temporaryFolder();
    const moment = momentIn(speaking[i % speaking.length] ?? "copy", random);
    const byItself = i % 2 === 0;
    const events: ProgressEvent[] = [];
    let down: Promise<void> | undefined;
    let where = "";
    const stop = atMoment(moment, () => {
      where = phaseOf(events);
      if (where === "after") return;
      down = server.crash().then(() => server.restart());
    });
    const options = { from, target, plan, workspace, badRows: "quarantine", jobs: 2, retryFor: byItself ? 30 : 0, onEvent: (event: ProgressEvent) => { events.push(event); stop(event); } } as const;
    const told = `${where} (${moment.phase} ${moment.event} + ${moment.delay.toFixed(0)} ms)`;
    let failed = false;
    try {
      await migrate(options);
    } catch (cause) {
      failed = true;
      if (byItself || !(cause instanceof CutoverError && cause.exitCode === 3)) throw new Error(told, { cause });
    }
    await down;
    if (failed) await migrate({ ...options, onEvent: () => undefined, resume: true, retryFor: 30 }).catch((cause: unknown) => { throw new Error(told, { cause }); });
    await assertWhole(from, target, plan, told);
    await target.close();
    if (down === undefined) continue;
    done++;
    fell.set(where, (fell.get(where) ?? 0) + 1);
    if (events.some((event) => event.kind === "retry")) retried++;
  }
  test.diagnostic(`stopped in: ${tally(fell)}; ${retried} runs went on by themselves`);
  assert.ok(retried > 0);
}

describe("TRAP 60: the server stops without a farewell and comes back", () => {
  it("PostgreSQL 18", (test) => campaign(test, 18, 8));
  it("PostgreSQL 14", (test) => campaign(test, 14, 4));
});
