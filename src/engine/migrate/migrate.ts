import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { openSource, sourceProblem, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { analyzeTables } from "./analyze-tables.ts";
import { backUp } from "./backup.ts";
import { lookBefore, undoRun, type Before } from "./clear-target.ts";
import { openConnections, type Connections } from "./connections.ts";
import { copiedTable } from "./copied-table.ts";
import { copyTables } from "./copy-tables.ts";
import { finishRun, unfinishedRun, type JournaledRun } from "./journal.ts";
import { makeObjects } from "./make-objects.ts";
import { makeTables } from "./make-tables.ts";
import type { MigratedTable, MigrateOptions, MigrationReport } from "./migrate-options.ts";
import { combineProblems, preflight } from "./preflight.ts";
import { makeRunLog, type RunLog } from "./run-log.ts";
import { mustBeSamePlan, mustBeSameSource } from "./same-run.ts";
import { selectTables, type Selection } from "./selection.ts";
import { setSequences } from "./set-sequences.ts";
import { targetProblem } from "./target-problem.ts";
import { verifyRows } from "./verify-rows.ts";
import type { Work } from "./work.ts";

/**
 * Moves a source's rows into a target: plan, preflight, backup, pre-data, copy, post-data, sequences, ANALYZE, verify.
 *
 * Everything is read from the backup, so that all readers see one state of the source. A run that fails before rows were committed, or because
 * of bad rows, takes back what it has made; one that fails or is stopped later leaves the journal for `resume`.
 * See docs/migrate.md.
 * @throws CutoverError; the signal's reason when it was aborted.
 */
export async function migrate(options: MigrateOptions): Promise<MigrationReport> {
  const log = makeRunLog(options);
  try {
    const report = await moveAll(options, log);
    log.emit({ kind: "done", seconds: report.seconds });
    return report;
  } catch (cause) {
    const aborted = options.signal?.aborted === true;
    const error: unknown = aborted ? options.signal.reason : targetProblem(cause, options.target.name, "run a statement of the migration");
    if (!aborted) log.emit({ kind: "failed", error: error instanceof CutoverError ? error.toJSON() : { tag: "internal", what: error instanceof Error ? error.message : String(error), next: "Report this." } });
    throw error;
  }
}

async function moveAll(options: MigrateOptions, log: RunLog): Promise<MigrationReport> {
  const { plan, signal, target } = options;
  const started = performance.now();
  signal?.throwIfAborted();
  const selection = selectTables(plan, options.tables);
  const tables = await log.phase("plan", () => Promise.resolve(new Map(selection.tables.map((table) => [table.name, copiedTable(plan, table)]))));
  let connections: Connections | undefined;
  let source: Source | undefined;
  try {
    source = await openSource(options.from);
    connections = await openConnections(options);
    const session = connections.main();
    const earlier = options.resume === true ? await unfinishedRun(session, plan.schema) : undefined;
    if (options.resume === true && earlier === undefined) log.warn("preflight", "there is no unfinished run to go on with: this is a new one");
    if (earlier !== undefined) mustBeSamePlan(earlier, options, selection);
    const report = (rest: Pick<MigrationReport, "outcome" | "run" | "backup" | "tables" | "statements">): MigrationReport => ({
      version: 1,
      from: options.from,
      to: target.name,
      resumed: earlier !== undefined,
      warnings: log.warnings,
      phases: log.phases,
      seconds: (performance.now() - started) / 1000,
      ...rest,
    });

    const opened = source;
    const look = await log.phase("preflight", async () => {
      const found = await preflight(opened, session, plan, selection, { badRows: options.badRows ?? "fail", mayExist: earlier !== undefined || options.drop === true });
      for (const warning of found.warnings) log.warn("preflight", warning);
      const problem = combineProblems(found.problems);
      if (problem !== undefined) throw problem;
      return found;
    });
    if (options.dryRun === true) {
      const objects = [...selection.preData, ...selection.postData, ...selection.foreignKeys.map(({ object }) => object)];
      return report({
        outcome: "planned",
        run: undefined,
        backup: undefined,
        tables: selection.tables.map(({ name }) => ({ table: name, sourceRows: look.rows.get(name) ?? 0, copied: 0, quarantined: 0, bytes: 0, checksum: undefined })),
        statements: objects.map((object) => object.sql),
      });
    }

    await connections.lock();
    const backup = await log.phase("backup", async () => {
      const made = await backUp(opened, join(options.workspace, ".cutover", "backups"), signal);
      if (earlier !== undefined) await mustBeSameSource(earlier, made, options.from, selection);
      return made;
    });
    // From here on the source itself is left alone.
    source.close();
    const snapshot = (source = await openSource(backup.path));
    // Before anything is written: without enough sessions the run is not to begin.
    const { length: jobs } = await connections.grow(jobsOf(options), (message) => { log.warn("pre-data", message); });
    const work: Work = { options, log, connections, run: earlier?.id ?? randomUUID(), snapshot, backup, selection, tables, rows: countAll(snapshot, selection), jobs };
    const migrated = await move(work, earlier);
    return report({ outcome: "migrated", run: work.run, backup: { path: backup.path, bytes: backup.bytes }, tables: migrated, statements: [] });
  } finally {
    source?.close();
    await connections?.close();
  }
}

/** Everything that writes to the target, and what is to be taken back when it fails. */
async function move(work: Work, earlier: JournaledRun | undefined): Promise<MigratedTable[]> {
  const { options, log, connections, run } = work;
  const session = connections.main();
  const before = await lookBefore(session, options.plan);
  if (earlier === undefined) await log.phase("pre-data", () => makeTables(work));
  let committed = 0;
  try {
    await log.phase("copy", () => copyTables(work, (rows) => { committed += rows; }));
  } catch (cause) {
    const badRows = cause instanceof CutoverError && cause.tag === "bad-rows";
    // A run that is not finished stays for --resume once there is something to go on from.
    if (earlier === undefined && (badRows || committed === 0)) await undo(work, before);
    throw cause;
  }
  await log.phase("post-data", () => makeObjects(work));
  await log.phase("sequences", () => setSequences(work));
  await log.phase("analyze", () => analyzeTables(work));
  return log.phase("verify", async () => {
    const counted = await verifyRows(work);
    // Waited for until it is on disk, and with it every commit before it.
    if (options.target.kind === "server") await session.set({ synchronous_commit: "on" });
    await finishRun(session, run);
    return counted;
  });
}

/** Takes back what the run has made; on a session of its own, as the others may be in the middle of something. */
async function undo({ options, log, connections, selection, run }: Work, before: Before): Promise<void> {
  try {
    const session = options.target.kind === "embedded" ? connections.main() : await options.target.connect();
    try {
      await undoRun(session, options.plan, selection, run, before);
    } finally {
      await session.close();
    }
  } catch (cause) {
    log.warn("copy", `what this run has made could not be taken back (${cause instanceof Error ? cause.message : String(cause)}): start over with --drop`);
  }
}

function jobsOf({ jobs, target }: MigrateOptions): number {
  return Math.max(1, Math.min(jobs ?? Math.min(4, availableParallelism()), target.maxSessions));
}

function countAll(source: Source, selection: Selection): Map<string, number> {
  try {
    return new Map(selection.tables.map(({ name }) => [name, Number(source.db.prepare<[], [bigint]>(`SELECT count(*) FROM ${sqliteIdentifier(name)}`).raw().get()?.[0] ?? 0n)]));
  } catch (cause) {
    throw sourceProblem(source.name, cause);
  }
}
