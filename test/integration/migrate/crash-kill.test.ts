import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { migrate } from "#engine/migrate/migrate.ts";
import { phases, type Phase } from "#protocol/progress.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { cliMigrate } from "../../support/cli-process.ts";
import { atMoment, momentIn, phaseOf, tally } from "../../support/crash-moments.ts";
import { crashSource } from "../../support/crash-source.ts";
import { planOf } from "../../support/move.ts";
import type { Major } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertBackups, assertWhole } from "../../support/whole-move.ts";

const seed = Number(process.env["CUTOVER_CRASH_SEED"] ?? 5);
/** For longer campaigns by hand: how many times as many cases. */
const times = Number(process.env["CUTOVER_CRASH_TIMES"] ?? 1);

interface Campaign {
  readonly major: Major;
  readonly large: boolean;
  readonly badRows: boolean;
  readonly kills: number;
}

/** Kills run after run of the real command line, each of which goes on from the one before, until enough have died; looks at each that came to its end. */
async function campaign(test: TestContext, { major, large, badRows, kills }: Campaign): Promise<void> {
  const random = seededRandom(seed + major + (large ? 100 : 0) + (badRows ? 1000 : 0));
  const from = crashSource({ large, badRows });
  const plan = await planOf(from);
  const server = await startServer(major);
  const policy = badRows ? "quarantine" : "fail";
  const fell = new Map<string, number>();
  // With large tables it is the copy that takes its time.
  const order: readonly Phase[] = large ? ["copy", "copy", "copy", "post-data", "verify"] : phases;
  let turn = 0;
  for (let done = 0; done < kills * times; ) {
    const { url, target } = await server.newDatabase();
    const workspace = temporaryFolder();
    const story: string[] = [];
    // A few deaths in one run, in the order of its phases from some phase on; then it is let to its end.
    for (let deaths = 0, phase = (large ? 0 : turn) % order.length; deaths < 4 && phase < order.length && done < kills * times; phase += 1 + (large ? 0 : Math.floor(random() * 2))) {
      const moment = momentIn(order[phase] ?? "copy", random);
      const kill = atMoment(moment, () => { child.kill("SIGKILL"); });
      const child = cliMigrate(workspace, ["--from", from, "--to", "env:TARGET", "--resume", "--bad-rows", policy, "--jobs", "2"], { TARGET: url }, kill);
      const { code, signal } = await child.ended;
      if (signal !== "SIGKILL") {
        assert.equal(code, 0, `${story.join("; ")}: ${child.errors.join(" ")} ${JSON.stringify(child.events.at(-1))}`);
        break;
      }
      const where = phaseOf(child.events);
      story.push(`killed in ${where} (${moment.phase} ${moment.event} + ${moment.delay.toFixed(0)} ms)`);
      fell.set(where, (fell.get(where) ?? 0) + 1);
      deaths++;
      done++;
    }
    turn++;
    const told = story.join("; ");
    await migrate({ from, target, plan, workspace, badRows: policy, resume: true, jobs: 2 }).catch((cause: unknown) => {
      throw new Error(told, { cause });
    });
    await assertWhole(from, target, plan, told);
    assertBackups(workspace, told);
    await target.close();
  }
  test.diagnostic(`killed in: ${tally(fell)}`);
}

describe("TRAP 60: the migrator is killed (-9) at any moment, and the next run goes on", () => {
  it("onto PostgreSQL 18, with rows that are kept aside", (test) => campaign(test, { major: 18, large: false, badRows: true, kills: 20 }));
  it("onto PostgreSQL 14", (test) => campaign(test, { major: 14, large: false, badRows: false, kills: 12 }));
  it("onto PostgreSQL 18, with a table in parts and one of several transactions", (test) => campaign(test, { major: 18, large: true, badRows: false, kills: 10 }));
});
