import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { migrate } from "#engine/migrate/migrate.ts";
import { embeddedTarget } from "#engine/postgres/embedded.ts";
import { phases } from "#protocol/progress.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { cliMigrate } from "../../support/cli-process.ts";
import { atMoment, momentIn, phaseOf, tally } from "../../support/crash-moments.ts";
import { crashSource } from "../../support/crash-source.ts";
import { planOf } from "../../support/move.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertBackups, assertWhole } from "../../support/whole-move.ts";

const seed = Number(process.env["CUTOVER_CRASH_SEED"] ?? 5);
const times = Number(process.env["CUTOVER_CRASH_TIMES"] ?? 1);

describe("TRAP 60: the migrator is killed (-9) while the embedded PostgreSQL works in it", () => {
  it("the folder can be used, and the run goes on", async (test) => {
    const random = seededRandom(seed);
    const from = crashSource({ large: false, badRows: true });
    const plan = await planOf(from);
    const fell = new Map<string, number>();
    for (let done = 0, turn = 3; done < 3 * times; ) {
      const workspace = temporaryFolder();
      const story: string[] = [];
      for (let phase = turn++ % phases.length, deaths = 0; deaths < 3; phase = Math.min(phase + 1 + Math.floor(random() * 2), phases.length)) {
        const moment = momentIn(phases[phase] ?? "verify", random);
        if (phase === phases.length || done >= 3 * times) break;
        const kill = atMoment(moment, () => { child.kill("SIGKILL"); });
        const child = cliMigrate(workspace, ["--from", from, "--to", "embedded:there", "--resume", "--bad-rows", "quarantine"], {}, kill);
        const { code, signal } = await child.ended;
        if (signal !== "SIGKILL") {
          assert.equal(code, 0, `${story.join("; ")}: ${child.errors.join(" ")}`);
          break;
        }
        const where = phaseOf(child.events);
        story.push(`killed in ${where} (${moment.phase} ${moment.event} + ${moment.delay.toFixed(0)} ms)`);
        fell.set(where, (fell.get(where) ?? 0) + 1);
        done++;
        deaths++;
      }
      const told = story.join("; ");
      const target = embeddedTarget(join(workspace, "there"), "there");
      await migrate({ from, target, plan, workspace, badRows: "quarantine", resume: true });
      await assertWhole(from, target, plan, told);
      assertBackups(workspace, told);
      await target.close();
    }
    test.diagnostic(`killed in: ${tally(fell)}`);
  });
});
