import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import type { Phase } from "#protocol/progress.ts";
import { startIntegrityCheck, type Integrity, type IntegrityCheck } from "../sqlite/integrity-check.ts";
import { openSource, sourceProblem, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { defaultBackupDays } from "../workspace/config.ts";
import { analyzeTables } from "./analyze-tables.ts";
import { backUp } from "./backup.ts";
import { backupFolder, releaseBackups, removeOldBackups, writeNote } from "./backup-files.ts";
import { lookBefore, undoRun, type Before } from "./clear-target.ts";
import { makeConnections } from "./connections.ts";
import { copiedTable, type CopiedTable } from "./copied-table.ts";
import { copyTables } from "./copy-tables.ts";
import { finishedTables } from "./finished-tables.ts";
import { endPhase, finishRun, lastRun, mustStillBeOurs, progressMark } from "./journaled-run.ts";
import { keepTrying } from "./keep-trying.ts";
import { isLost } from "./lost-connection.ts";
import { makeObjects } from "./make-objects.ts";
import { makeTables } from "./make-tables.ts";
import { keepQuarantineFile, quarantineFileOf } from "./keep-quarantine-file.ts";
import type { MigratedTable, MigrateOptions, MigrationReport } from "./migrate-options.ts";
import { planOn } from "./plan-mark.ts";
import { combineProblems, preflight } from "./preflight.ts";
import { makeRunLog, type RunLog } from "./run-log.ts";
import { earlierBackup, isSamePlan, mustBeSamePlan } from "./same-run.ts";
import { selectTables, type Selection } from "./selection.ts";
import { setSequences } from "./set-sequences.ts";
import { targetProblem } from "./target-problem.ts";
import { verifyRows } from "./verify-rows.ts";
import type { Work } from "./work.ts";

/**
 * Moves a source's rows into a target: plan, preflight, backup, pre-data, copy, post-data, sequences, ANALYZE, verify.
 *
 * Everything is read from the backup, so that all readers see one state of the source. A run that fails before rows were committed, or because
 * of bad rows, takes back what it has made; one that fails or is stopped later leaves the journal for `resume`. A connection that is lost is opened
 * again, and what is not in the journal is done again.
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

async function moveAll(given: MigrateOptions, log: RunLog): Promise<MigrationReport> {
  const { signal, target } = given;
  const started = performance.now();
  signal?.throwIfAborted();
  let options = given;
  let { selection, tables } = await log.phase("plan", () => Promise.resolve(choose(options)));
  const connections = makeConnections(options, log);
  let source: Source | undefined;
  let run: string | undefined;
  let check: IntegrityCheck | undefined;
  let mark = "";
  const reopen = async (): Promise<void> => {
    await connections.reopen();
    if (run === undefined) return;
    await mustStillBeOurs(connections.main(), run);
    // Commits count whose answers were lost.
    const found = await progressMark(connections.main(), run);
    if (mark !== found) log.advance();
    mark = found;
  };
  const insist: Insist = (phase, work) => keepTrying(phase, { options, log, reopen }, work);
  try {
    const opened = (source = await openSource(options.from));
    // A server that was never spoken to is not waited for: its name may be wrong.
    if (options.resume === true) await insist("preflight", reopen);
    else await reopen();
    if (options.dryRun !== true) await insist("preflight", () => connections.lock(options.resume === true));
    const last = options.resume === true ? await insist("preflight", () => lastRun(connections.main(), options.plan.schema)) : undefined;
    if (last !== undefined) {
      options = { ...options, plan: planOn(options.plan, last.plan.today) };
      ({ selection, tables } = choose(options));
    }
    const { plan } = options;
    const report = (rest: Pick<MigrationReport, "outcome" | "run" | "resumed" | "backup" | "tables" | "statements"> & Pick<MigrationReport, "estimate">): MigrationReport => ({
      version: 1,
      from: options.from,
      to: target.name,
      quarantineFile: rest.run === undefined ? undefined : quarantineFileOf(options.workspace, rest.run, rest.tables),
      warnings: log.warnings,
      phases: log.phases,
      seconds: (performance.now() - started) / 1000,
      ...rest,
    });
    if (last?.state === "finished" && isSamePlan(last, plan, selection)) {
      const moved = await insist("preflight", () => finishedTables(connections.main(), last, plan, selection));
      if (moved !== undefined) {
        log.warn("preflight", `the run has finished already, at ${last.ended ?? ""}: there was nothing left to do`);
        return report({ outcome: "migrated", run: last.id, resumed: true, backup: undefined, tables: moved, statements: [] });
      }
    }
    const earlier = last?.state === "unfinished" ? last : undefined;
    if (options.resume === true && earlier === undefined) log.warn("preflight", `there is no unfinished run to go on with${last?.ended === undefined ? "" : `, the last one ended at ${last.ended}`}: this is a new one`);
    if (earlier !== undefined) mustBeSamePlan(earlier, plan, target.name, selection);
    const backups = backupFolder(options.workspace);
    const lookForDamage = (path: string, how = options.integrity ?? "full"): Promise<Integrity> => {
      check = startIntegrityCheck({ path, name: options.from, tables: selection.tables.map(({ name }) => name), how });
      return check.done;
    };
    // A check keeps writers out of a database in a rollback-journal mode: of such a one the backup is looked at. In WAL mode it goes on while the
    // backup is made. Nothing is written to the target before it has ended.
    const isWal = opened.db.pragma("journal_mode", { simple: true }) === "wal";
    const early = isWal || options.dryRun === true ? lookForDamage(options.from) : undefined;
    const look = await log.phase("preflight", async () => {
      const existing = earlier !== undefined ? "resume" : options.drop === true ? "drop" : "refuse";
      const found = await insist("preflight", () => preflight(opened, connections.main(), plan, selection, { badRows: options.badRows ?? "fail", existing, backups, signal }));
      for (const warning of found.warnings) log.warn("preflight", warning);
      const problems = [...found.problems];
      if (problems.length > 0 || options.dryRun === true) {
        const { problem, warnings } = await (early ?? lookForDamage(options.from, "quick"));
        for (const warning of warnings) log.warn("preflight", warning);
        if (problem !== undefined) problems.push(problem);
      }
      const problem = combineProblems(problems);
      if (problem !== undefined) throw problem;
      return found;
    });
    if (options.dryRun === true) {
      const objects = [...selection.preData, ...selection.postData, ...selection.foreignKeys.map(({ object }) => object)];
      return report({
        outcome: "planned",
        run: undefined,
        resumed: earlier !== undefined,
        backup: undefined,
        tables: selection.tables.map(({ name }) => ({ table: name, sourceRows: look.rows.get(name) ?? 0, copied: 0, quarantined: 0, bytes: 0, checksum: undefined })),
        statements: objects.map((object) => object.sql),
        estimate: look.estimate,
      });
    }

    const backup = await log.phase("backup", async () => {
      const made = await backUp(opened, backups, signal);
      const { problem, warnings } = await (early ?? lookForDamage(made.path));
      for (const warning of warnings) log.warn("backup", warning);
      if (problem !== undefined) {
        await rm(made.path, { force: true });
        throw problem;
      }
      const used = earlier === undefined ? made : await earlierBackup(earlier, made, options.from, selection);
      await writeNote(used.path, { source: resolve(options.from), sha256: used.fingerprint, neededFor: purposeOf(options) });
      for (const name of await removeOldBackups(backups, options.backupDays ?? defaultBackupDays)) log.warn("backup", `the backup ${name} was removed: it is older than ${options.backupDays ?? defaultBackupDays} days`);
      return used;
    });
    // From here on the source itself is left alone.
    source.close();
    const snapshot = (source = await openSource(backup.path));
    // Before anything is written: without enough sessions the run is not to begin.
    const { length: jobs } = await insist("pre-data", () => connections.grow(jobsOf(options)));
    const work: Work = { options, log, connections, run: earlier?.id ?? randomUUID(), snapshot, backup, selection, tables, rows: countAll(snapshot, selection), jobs };
    const before = await insist("pre-data", () => lookBefore(connections.main(), plan));
    if (earlier === undefined) await log.phase("pre-data", () => insist("pre-data", () => makeTables(work)));
    run = work.run;
    const migrated = await move(work, insist, earlier === undefined ? before : undefined);
    await releaseBackups(backups, purposeOf(options));
    return report({ outcome: "migrated", run, resumed: earlier !== undefined, backup: { path: backup.path, bytes: backup.bytes }, tables: migrated, statements: [] });
  } finally {
    check?.stop();
    source?.close();
    await connections.close();
  }
}

/** Does work of a phase, again when its connection is lost. */
type Insist = <T>(phase: Phase, work: () => Promise<T>) => Promise<T>;

function choose({ plan, tables }: MigrateOptions): { readonly selection: Selection; readonly tables: ReadonlyMap<string, CopiedTable> } {
  const selection = selectTables(plan, tables);
  return { selection, tables: new Map(selection.tables.map((table) => [table.name, copiedTable(plan, table)])) };
}

/**
 * The phases from the copy on.
 * @param before what was there before the run, for one that has just begun: it is taken back when it fails before rows were committed, or for bad rows.
 */
async function move(work: Work, insist: Insist, before: Before | undefined): Promise<MigratedTable[]> {
  const { log, connections, run } = work;
  /** A phase that has all sessions again when it is done again. */
  const phase = <T>(name: Phase, act: () => Promise<T>): Promise<T> =>
    log.phase(name, () =>
      insist(name, async () => {
        await connections.grow(work.jobs);
        return act();
      }),
    );
  /** A phase whose end is on disk before the next one begins. */
  const lastingPhase = (name: Phase, act: () => Promise<void>): Promise<void> =>
    phase(name, async () => {
      await act();
      await endPhase(connections.main(), run, name);
    });
  let committed = 0;
  try {
    await lastingPhase("copy", () => copyTables(work, (rows) => { committed += rows; }));
  } catch (cause) {
    const badRows = cause instanceof CutoverError && cause.tag === "bad-rows";
    // A run that is not finished stays for --resume once there is something to go on from, or when nobody knows whether there is.
    if (before !== undefined && !isLost(cause) && (badRows || committed === 0)) await undo(work, before);
    throw cause;
  }
  await lastingPhase("post-data", () => makeObjects(work));
  await lastingPhase("sequences", () => setSequences(work));
  const analyzed = new Set<string>();
  await phase("analyze", () => analyzeTables(work, analyzed));
  return phase("verify", async () => {
    const verified = await verifyRows(work);
    await keepQuarantineFile(work, verified);
    await finishRun(connections.main(), run);
    return verified;
  });
}

/** How long what a run has made may be in use by others when it is to be taken back, in milliseconds. */
const undoPatience = 3000;

/** Takes back what the run has made; on a session of its own, when the others have let go of the tables. */
async function undo({ options, log, connections, selection, run }: Work, before: Before): Promise<void> {
  try {
    await connections.close();
    const session = await options.target.connect();
    try {
      if (options.target.kind === "server") await session.set({ lock_timeout: String(undoPatience) });
      await undoRun(session, options.plan, selection, run, before);
      await releaseBackups(backupFolder(options.workspace), purposeOf(options));
    } finally {
      await session.close();
    }
  } catch (cause) {
    log.warn("copy", `what this run has made could not be taken back (${cause instanceof Error ? cause.message : String(cause)}): go on with --resume, or start over with --drop`);
  }
}

/** What a run's backup is kept for. */
function purposeOf({ target, plan }: MigrateOptions): string {
  return `${target.name}, schema ${plan.schema}`;
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
