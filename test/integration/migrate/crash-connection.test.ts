import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { phases, type ProgressEvent } from "#protocol/progress.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { atEnd } from "../../support/at-end.ts";
import { atMoment, momentIn, phaseOf, tally } from "../../support/crash-moments.ts";
import { crashSource } from "../../support/crash-source.ts";
import { ask, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { startProxy, type TcpProxy } from "../../support/tcp-proxy.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertWhole } from "../../support/whole-move.ts";

const seed = Number(process.env["CUTOVER_CRASH_SEED"] ?? 5);
const times = Number(process.env["CUTOVER_CRASH_TIMES"] ?? 1);

const speaking = phases.filter((phase) => phase !== "plan" && phase !== "backup");

/** A target behind a proxy of its own. */
async function behindProxy(): Promise<{ readonly proxy: TcpProxy; readonly target: PostgresTarget; readonly direct: PostgresTarget }> {
  const { url, target: direct } = await (await startServer(18)).newDatabase();
  const proxy = await startProxy(Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  const target = serverTarget(parseServerAddress(through.href));
  atEnd(async () => {
    await proxy.close();
    await target.close();
  });
  return { proxy, target, direct };
}

interface Cut {
  readonly name: string;
  /** Breaks connections at a moment of the run. */
  readonly act: (proxy: TcpProxy, random: () => number) => void;
}

const cuts: readonly Cut[] = [
  { name: "reset", act: (proxy) => { proxy.reset(); } },
  { name: "frozen", act: (proxy) => { proxy.freeze(); } },
  { name: "reset in what comes back", act: (proxy, random) => { proxy.cutAfter("down", Math.floor(random() ** 3 * 4000), "reset"); } },
  { name: "reset in what is sent", act: (proxy, random) => { proxy.cutAfter("up", Math.floor(random() ** 3 * 100_000), "reset"); } },
  { name: "frozen in what comes back", act: (proxy, random) => { proxy.cutAfter("down", Math.floor(random() ** 3 * 4000), "freeze"); } },
];

async function campaign(test: TestContext, cut: Cut, cases: number): Promise<void> {
  const random = seededRandom(seed + cut.name.length);
  const from = crashSource({ large: false, badRows: true });
  const plan = await planOf(from);
  const fell = new Map<string, number>();
  for (let i = Math.floor(random() * speaking.length), done = 0, tries = 0; done < cases * times && tries < cases * times * 4; i++, tries++) {
    const { proxy, target, direct } = await behindProxy();
    const moment = momentIn(speaking[i % speaking.length] ?? "copy", random);
    const events: ProgressEvent[] = [];
    let where = "";
    const stop = atMoment(moment, () => {
      where = phaseOf(events);
      cut.act(proxy, random);
    });
    const onEvent = (event: ProgressEvent): void => {
      events.push(event);
      stop(event);
      if (event.kind === "retry") proxy.disarm();
    };
    const told = `${cut.name} (${moment.phase} ${moment.event} + ${moment.delay.toFixed(0)} ms)`;
    await migrate({ from, target, plan, workspace: temporaryFolder(), badRows: "quarantine", jobs: 2, retryFor: 30, patience: 300, onEvent }).catch((cause: unknown) => { throw new Error(told, { cause }); });
    proxy.disarm();
    await assertWhole(from, direct, plan, told);
    if (!events.some((event) => event.kind === "retry")) continue;
    done++;
    fell.set(where, (fell.get(where) ?? 0) + 1);
  }
  test.diagnostic(`cut in: ${tally(fell)}`);
  assert.ok(fell.size > 0);
}

describe("TRAP 60: the connection is cut, and the run goes on by itself", () => {
  for (const cut of cuts) it(cut.name, (test) => campaign(test, cut, 3));

  it("the answer to a commit is lost: the journal tells that it counts", async () => {
    const from = crashSource({ large: false, badRows: true });
    const plan = await planOf(from);
    const { proxy, target, direct } = await behindProxy();
    // Of transactions that have written something, every third.
    let commits = 0;
    const losing: PostgresTarget = {
      ...target,
      connect: async () => {
        const session = await target.connect();
        let before = "";
        return {
          ...session,
          query: (sql, parameters) => {
            if (sql === "COMMIT" && !/^(SELECT|DELETE|WITH)/.test(before) && commits++ % 3 === 0) proxy.cutAfter("down", 0, "reset");
            before = sql;
            return session.query(sql, parameters);
          },
        };
      },
    };
    const waits: number[] = [];
    const report = await migrate({ from, target: losing, plan, workspace: temporaryFolder(), badRows: "quarantine", jobs: 1, retryFor: 1, onEvent: (event) => { if (event.kind === "retry") waits.push(event.attempt); } });
    assert.ok(waits.length >= 10, `${waits.length} answers were lost`);
    assert.ok(report.warnings.some((warning) => /connection lost .*trying again in \d+\.\d s \(1 of 2\)/.test(warning)), report.warnings.join("\n"));
    await assertWhole(from, direct, plan, "commits");
  });

  it("when the time is up there is one error, and the run goes on later", async () => {
    const from = crashSource({ large: false, badRows: false });
    const plan = await planOf(from);
    const { proxy, target, direct } = await behindProxy();
    const workspace = temporaryFolder();
    const stop = atMoment({ phase: "post-data", event: 3, delay: 0 }, () => void proxy.close());
    await assert.rejects(
      migrate({ from, target, plan, workspace, jobs: 2, retryFor: 1, onEvent: stop }),
      (error) => error instanceof CutoverError && error.exitCode === 3 && /could not be opened again in 2 tries/.test(error.message) && /--resume/.test(error.next),
    );
    await migrate({ from, target: direct, plan, workspace, resume: true });
    await assertWhole(from, direct, plan, "later");
  });

  it("a session that the server still keeps of a run that is over is waited for, by name, and another one's is not ended", async () => {
    const from = crashSource({ large: false, badRows: false });
    const plan = await planOf(from);
    const { target, direct } = await behindProxy();
    const workspace = temporaryFolder();
    const holder = await target.connect();
    await holder.query("SELECT pg_advisory_lock(27995196183506290)");
    const warnings: string[] = [];
    const waiting = migrate({ from, target: direct, plan, workspace, resume: true, retryFor: 10, onEvent: (event) => { if (event.kind === "warning") warnings.push(event.message); } });
    setTimeout(() => void holder.close(), 600);
    await waiting;
    assert.match(warnings.join("\n"), /waiting for another run to let go of this database: process \d+ of the server, cutover, from 127\.0\.0\.1, since .*, idle/);
    const other = await direct.connect();
    await other.query("SELECT pg_advisory_lock(27995196183506290)");
    await assert.rejects(migrate({ from, target: direct, plan, workspace, drop: true }), (error) => error instanceof CutoverError && error.tag === "target-busy" && /pg_terminate_backend\(\d+\)/.test(error.next));
    assert.deepEqual((await other.query("SELECT 1")).rows, [["1"]]);
    await other.close();
  });

  it("somebody else's run in between is noticed", async () => {
    const from = crashSource({ large: false, badRows: false });
    const plan = await planOf(from);
    const { proxy, target, direct } = await behindProxy();
    let other: Promise<unknown> | undefined;
    const stop = atMoment({ phase: "post-data", event: 2, delay: 0 }, () => { proxy.reset(); });
    await assert.rejects(
      migrate({
        from, target, plan, workspace: temporaryFolder(), jobs: 2, retryFor: 20,
        onEvent: (event) => {
          stop(event);
          // While the first one waits for its next try, the second one starts over.
          if (event.kind === "retry" && event.attempt === 1) {
            proxy.cutAfter("up", 0, "reset");
            other = migrate({ from, target: direct, plan, workspace: temporaryFolder(), drop: true });
          }
        },
      }),
      (error) => error instanceof CutoverError && error.tag === "target-busy",
    );
    await other;
    await assertWhole(from, direct, plan, "the other run");
    assert.deepEqual(await ask(direct, "SELECT count(*) FROM cutover.run"), [["2"]]);
  });
});
