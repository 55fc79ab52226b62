import { createHash, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import { postgresQualified } from "#core/sql/postgres-identifier.ts";
import type { Phase, ProgressDetail } from "#protocol/progress.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { openSource, sourceProblem, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import { backUp, changedTables, type Backup } from "./backup.ts";
import { dropPlanned, lookBefore, undoRun, type Before } from "./clear-target.ts";
import { copiedTable, type CopiedTable } from "./copied-table.ts";
import { copyParts, planParts } from "./copy.ts";
import { missingForeignKeys, perTable, quarantineOrphans, runStep, sequenceStatements, stepName } from "./finish-tables.ts";
import { addPart, addRun, finishRun, forgetTables, makeJournal, readParts, stepsDone, unfinishedRun, type JournaledPart, type JournaledRun } from "./journal.ts";
import type { MigratedTable, MigrateOptions, MigrationReport } from "./migrate-options.ts";
import { combineProblems, existingRelations, notEmpty, preflight } from "./preflight.ts";
import { selectTables, type Selection } from "./selection.ts";
import { targetProblem } from "./target-problem.ts";

/** The key of the advisory lock that keeps two runs off one target: "cutover" in ASCII. */
const lockKey = "27995196183506290";

/** How often the whole copy's progress is told, in milliseconds. */
const totalInterval = 200;

/**
 * Moves a source's rows into a target: plan, preflight, backup, pre-data, copy, post-data, sequences, ANALYZE, verify.
 *
 * Everything is read from the backup, so that all readers see one state of the source. A run that fails before rows were committed, or because
 * of bad rows, takes back what it has made; one that fails or is stopped later leaves the journal for `resume`.
 * See docs/migrate.md.
 * @throws CutoverError; the signal's reason when it was aborted.
 */
export async function migrate(options: MigrateOptions): Promise<MigrationReport> {
  const started = performance.now();
  const emit = (event: ProgressDetail): void => options.onEvent?.({ version: 1, ...event });
  const run = new Run(options, emit);
  try {
    const report = await run.all(started);
    emit({ kind: "done", seconds: report.seconds });
    return report;
  } catch (cause) {
    const aborted = options.signal?.aborted === true;
    const error: unknown = aborted ? options.signal.reason : targetProblem(cause, options.target.name, "run a statement of the migration");
    if (!aborted) emit({ kind: "failed", error: error instanceof CutoverError ? error.toJSON() : { tag: "internal", what: error instanceof Error ? error.message : String(error), next: "Report this." } });
    throw error;
  } finally {
    await run.close();
  }
}

/** The state of one migration: what is open, and what has been told. It ends with `close()`. */
class Run {
  readonly #options: MigrateOptions;
  readonly #emit: (event: ProgressDetail) => void;
  readonly #phases: { phase: Phase; seconds: number }[] = [];
  readonly #warnings: string[] = [];
  readonly #sessions: PostgresSession[] = [];
  #source: Source | undefined;
  #stopCancelling: () => void = () => undefined;

  constructor(options: MigrateOptions, emit: (event: ProgressDetail) => void) {
    this.#options = options;
    this.#emit = emit;
  }

  async close(): Promise<void> {
    this.#stopCancelling();
    this.#source?.close();
    await Promise.all(this.#sessions.map((session) => session.close()));
  }

  async all(started: number): Promise<MigrationReport> {
    const { plan, signal, target } = this.#options;
    signal?.throwIfAborted();
    const selection = selectTables(plan, this.#options.tables);
    const tables = await this.#phase("plan", () => Promise.resolve(new Map(selection.tables.map((table) => [table.name, copiedTable(plan, table)]))));
    const source = (this.#source = await openSource(this.#options.from));
    const session = await this.#connect();
    this.#listen();

    const earlier = this.#options.resume === true ? await unfinishedRun(session, plan.schema) : undefined;
    if (this.#options.resume === true && earlier === undefined) this.#warn("preflight", "there is no unfinished run to go on with: this is a new one");
    this.#mustBeSamePlan(earlier, selection);
    const look = await this.#phase("preflight", async () => {
      const found = await preflight(source, session, plan, selection, {
        badRows: this.#options.badRows ?? "fail",
        mayExist: earlier !== undefined || this.#options.drop === true,
      });
      for (const warning of found.warnings) this.#warn("preflight", warning);
      const problem = combineProblems(found.problems);
      if (problem !== undefined) throw problem;
      return found;
    });
    const report = (rest: Pick<MigrationReport, "outcome" | "run" | "backup" | "tables" | "statements">): MigrationReport => ({
      version: 1,
      from: this.#options.from,
      to: target.name,
      resumed: earlier !== undefined,
      warnings: this.#warnings,
      phases: this.#phases,
      seconds: (performance.now() - started) / 1000,
      ...rest,
    });
    if (this.#options.dryRun === true) {
      const objects = [...selection.preData, ...selection.postData, ...selection.foreignKeys.map(({ object }) => object)];
      return report({
        outcome: "planned",
        run: undefined,
        backup: undefined,
        tables: selection.tables.map(({ name }) => ({ table: name, sourceRows: look.rows.get(name) ?? 0, copied: 0, quarantined: 0, bytes: 0 })),
        statements: objects.map((object) => object.sql),
      });
    }

    if (target.kind === "server") await this.#lock(session);
    const backup = await this.#phase("backup", async () => {
      const made = await backUp(source, join(this.#options.workspace, ".cutover", "backups"), signal);
      if (earlier !== undefined) await this.#mustBeSameSource(earlier, made, selection);
      return made;
    });
    // From here on the source itself is left alone.
    source.close();
    const snapshot = (this.#source = await openSource(backup.path));
    const rows = countAll(snapshot, selection);
    const migrated = await this.#move({ session, snapshot, backup, selection, tables, rows, earlier });
    return report({ outcome: "migrated", run: migrated.run, backup: { path: backup.path, bytes: backup.bytes }, tables: migrated.tables, statements: [] });
  }

  /** Everything that writes to the target, and what is to be taken back when it fails. */
  async #move(work: {
    readonly session: PostgresSession;
    readonly snapshot: Source;
    readonly backup: Backup;
    readonly selection: Selection;
    readonly tables: ReadonlyMap<string, CopiedTable>;
    readonly rows: ReadonlyMap<string, number>;
    readonly earlier: JournaledRun | undefined;
  }): Promise<{ readonly run: string; readonly tables: MigratedTable[] }> {
    const { session, snapshot, backup, selection, tables, rows, earlier } = work;
    const { plan } = this.#options;
    const run = earlier?.id ?? randomUUID();
    const before = await lookBefore(session, plan);
    const jobs = this.#jobs();
    if (earlier === undefined) {
      await this.#phase("pre-data", () => this.#preData(session, snapshot, { id: run, source: this.#options.from, fingerprint: backup.fingerprint, backup: backup.path, plan: planDigest(plan), tables: selection.tables.map(({ name }) => name) }, selection, tables, rows, jobs));
    }
    let committed = 0;
    try {
      await this.#phase("copy", async () => {
        const sessions = [session];
        while (sessions.length < jobs) sessions.push(await this.#connect());
        const parts = await readParts(session, run);
        await this.#copy(run, backup.path, sessions, parts, tables, rows, (part) => { committed += part.rows + part.quarantined; });
      });
    } catch (cause) {
      const badRows = cause instanceof CutoverError && cause.tag === "bad-rows";
      // A run that is not finished stays for --resume once there is something to go on from.
      if (earlier === undefined && (badRows || committed === 0)) await this.#undo(selection, run, before);
      throw cause;
    }
    const { badRows = "fail" } = this.#options;
    await this.#phase("post-data", () => this.#postData(run, selection, badRows === "quarantine"));
    await this.#phase("sequences", () => this.#sequences(session, snapshot, run, selection));
    await this.#phase("analyze", () => this.#analyze(selection));
    return {
      run,
      tables: await this.#phase("verify", async () => {
        const counted = await this.#verify(session, run, tables, rows);
        // Waited for until it is on disk, and with it every commit before it.
        if (this.#options.target.kind === "server") await session.query("SET synchronous_commit = on");
        await finishRun(session, run);
        return counted;
      }),
    };
  }

  async #preData(session: PostgresSession, snapshot: Source, run: JournaledRun, selection: Selection, tables: ReadonlyMap<string, CopiedTable>, rows: ReadonlyMap<string, number>, jobs: number): Promise<void> {
    const { plan, drop } = this.#options;
    await session.query("BEGIN");
    try {
      await makeJournal(session);
      if (drop === true) await dropPlanned(session, plan, selection);
      const existing = await existingRelations(session, plan, selection);
      if (existing.length > 0) throw notEmpty(session.name, plan.schema, existing);
      await forgetTables(session, plan.schema, run.tables);
      await addRun(session, run, plan.schema);
      for (const [i, object] of selection.preData.entries()) {
        if (object.kind === "schema" && (await lookBefore(session, plan)).planSchema) continue;
        await this.#statement(session, object);
        this.#emit({ kind: "step", phase: "pre-data", name: `${object.kind} ${object.name}`, done: i + 1, of: selection.preData.length });
      }
      for (const table of tables.values()) {
        for (const part of planParts(snapshot, table, rows.get(table.name) ?? 0, jobs)) await addPart(session, run.id, part);
      }
      await session.query("COMMIT");
    } catch (cause) {
      await session.query("ROLLBACK").catch(() => undefined);
      throw cause;
    }
  }

  async #statement(session: PostgresSession, object: PlannedObject): Promise<void> {
    try {
      await session.query(object.sql);
    } catch (cause) {
      throw targetProblem(cause, `${session.name}, ${object.kind} ${object.name}`, `make the ${object.kind} ${object.name}`);
    }
  }

  async #copy(
    run: string,
    path: string,
    sessions: readonly PostgresSession[],
    parts: readonly JournaledPart[],
    tables: ReadonlyMap<string, CopiedTable>,
    rows: ReadonlyMap<string, number>,
    onCommit: (part: JournaledPart) => void,
  ): Promise<void> {
    const state = new Map(parts.map((part) => [`${part.table}\0${part.part}`, part]));
    const totalRows = [...rows.values()].reduce((sum, count) => sum + count, 0);
    const resumedBytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const resumedRows = parts.reduce((sum, part) => sum + part.rows + part.quarantined, 0);
    const started = performance.now();
    let told = -totalInterval;
    // The largest first, so that no job is left alone with it at the end; parts of one table stay in their order.
    const ordered = [...parts].sort((a, b) => (rows.get(b.table) ?? 0) - (rows.get(a.table) ?? 0) || a.part - b.part);
    await copyParts(
      {
        path,
        sessions,
        run,
        tables,
        badRows: this.#options.badRows ?? "fail",
        signal: this.#options.signal,
        onCommit: (part) => {
          state.set(`${part.table}\0${part.part}`, part);
          onCommit(part);
          const own = [...state.values()].filter(({ table }) => table === part.table);
          const sum = (of: readonly JournaledPart[], field: "rows" | "bytes" | "quarantined"): number => of.reduce((total, each) => total + each[field], 0);
          this.#emit({ kind: "table", phase: "copy", table: part.table, rows: sum(own, "rows"), totalRows: rows.get(part.table), bytes: sum(own, "bytes"), quarantined: sum(own, "quarantined"), done: own.every(({ done }) => done) });
          const now = performance.now();
          const all = [...state.values()];
          const moved = sum(all, "rows") + sum(all, "quarantined");
          if (now - told < totalInterval && moved < totalRows) return;
          told = now;
          const seconds = Math.max((now - started) / 1000, 0.001);
          const rowsPerSecond = (moved - resumedRows) / seconds;
          this.#emit({
            kind: "total",
            rows: moved,
            totalRows,
            bytes: sum(all, "bytes"),
            rowsPerSecond,
            bytesPerSecond: (sum(all, "bytes") - resumedBytes) / seconds,
            secondsRemaining: rowsPerSecond > 0 ? (totalRows - moved) / rowsPerSecond : undefined,
          });
        },
      },
      ordered,
    );
  }

  async #postData(run: string, selection: Selection, keepOrphansAside: boolean): Promise<void> {
    const { plan } = this.#options;
    const [session] = this.#sessions;
    if (session === undefined) return;
    const done = await stepsDone(session, run);
    const left = selection.postData.filter((object) => !done.has(stepName(object)));
    // Triggers come last: nothing of the move itself fires them.
    const isLate = ({ kind }: PlannedObject): boolean => kind === "view" || kind === "function" || kind === "trigger";
    const early = left.filter((object) => !isLate(object));
    const late = left.filter(isLate);
    let count = 0;
    const all = left.length + selection.foreignKeys.length;
    const make = async (on: PostgresSession, object: PlannedObject): Promise<void> => {
      this.#options.signal?.throwIfAborted();
      try {
        await runStep(on, run, stepName(object), object.sql);
      } catch (cause) {
        throw targetProblem(cause, `${on.name}, ${object.kind} ${object.name}`, `make the ${object.kind} ${object.name}`);
      }
      this.#emit({ kind: "step", phase: "post-data", name: `${object.kind} ${object.name}`, done: ++count, of: all });
    };
    const groups = perTable(early);
    await this.#onAll(async (on) => {
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) for (const object of group) await make(on, object);
    });
    const foreignKeys = await missingForeignKeys(session, plan, selection);
    if (keepOrphansAside && foreignKeys.length > 0) {
      for (const [table, rows] of await quarantineOrphans(session, plan, run, foreignKeys)) this.#warn("post-data", `${table}: ${rows} ${rows === 1 ? "row" : "rows"} without their parent kept aside`);
    }
    for (const { object } of foreignKeys) await make(session, object);
    for (const object of late) await make(session, object);
  }

  /** Runs work on every open session at the same time; the first failure stops nobody but is the one that comes out. */
  async #onAll(work: (session: PostgresSession) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.#sessions.map(work));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #sequences(session: PostgresSession, snapshot: Source, run: string, selection: Selection): Promise<void> {
    const statements = sequenceStatements(snapshot, this.#options.plan, selection);
    for (const [i, { name, sql }] of statements.entries()) {
      await runStep(session, run, name, sql);
      this.#emit({ kind: "step", phase: "sequences", name, done: i + 1, of: statements.length });
    }
  }

  async #analyze(selection: Selection): Promise<void> {
    const { plan } = this.#options;
    const queue = [...selection.tables];
    await this.#onAll(async (on) => {
      for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
        this.#options.signal?.throwIfAborted();
        await on.query(`ANALYZE ${postgresQualified(plan.schema, targetRelation(plan.names, table.name))}`);
        this.#emit({ kind: "step", phase: "analyze", name: table.name, done: selection.tables.length - queue.length, of: selection.tables.length });
      }
    });
  }

  /** Counts both sides: what is in the target and what is kept aside must be the source, exactly. */
  async #verify(session: PostgresSession, run: string, tables: ReadonlyMap<string, CopiedTable>, rows: ReadonlyMap<string, number>): Promise<MigratedTable[]> {
    const parts = await readParts(session, run);
    const kept = new Map((await session.query("SELECT table_name, count(*) FROM cutover.quarantine WHERE run = $1 GROUP BY table_name", [run])).rows.map(([table, count]) => [table, Number(count)]));
    const result: MigratedTable[] = [];
    for (const table of tables.values()) {
      const copied = Number((await session.query(`SELECT count(*) FROM ${table.target}`)).rows[0]?.[0]);
      const quarantined = kept.get(table.name) ?? 0;
      const sourceRows = rows.get(table.name) ?? 0;
      const own = parts.filter((part) => part.table === table.name);
      const journaled = own.reduce((sum, part) => sum + part.rows, 0);
      if (copied + quarantined !== sourceRows || journaled !== copied) {
        throw new CutoverError({
          tag: "target-failed",
          what: `The table ${table.name} does not hold what was copied`,
          where: session.name,
          why: `the source has ${sourceRows} rows; the target has ${copied}, ${quarantined} are kept aside, the journal counts ${journaled}`,
          next: "Keep other writers off the target while it is filled, then start over with --drop.",
        });
      }
      result.push({ table: table.name, sourceRows, copied, quarantined, bytes: own.reduce((sum, part) => sum + part.bytes, 0) });
    }
    return result;
  }

  /** Takes back what the run has made; on a session of its own, as the others may be in the middle of something. */
  async #undo(selection: Selection, run: string, before: Before): Promise<void> {
    const [first] = this.#sessions;
    try {
      const session = this.#options.target.kind === "embedded" && first !== undefined ? first : await this.#options.target.connect();
      try {
        await undoRun(session, this.#options.plan, selection, run, before);
      } finally {
        await session.close();
      }
    } catch (cause) {
      this.#warn("copy", `what this run has made could not be taken back (${cause instanceof Error ? cause.message : String(cause)}): start over with --drop`);
    }
  }

  #mustBeSamePlan(earlier: JournaledRun | undefined, selection: Selection): void {
    if (earlier === undefined) return;
    const names = (list: readonly string[]): string => list.map(foldName).sort().join("\0");
    if (earlier.plan === planDigest(this.#options.plan) && names(earlier.tables) === names(selection.tables.map(({ name }) => name))) return;
    throw new CutoverError({
      tag: "usage",
      what: "The unfinished run was of another plan",
      where: this.#options.target.name,
      why: earlier.plan === planDigest(this.#options.plan) ? `it was to move ${earlier.tables.join(", ")}` : "the schema or a decision has changed since",
      next: "Resume with the same tables and decisions, or start over with --drop.",
    });
  }

  async #mustBeSameSource(earlier: JournaledRun, now: Backup, selection: Selection): Promise<void> {
    if (earlier.fingerprint === now.fingerprint) return;
    const changed = await changedTables(earlier.backup, now.path, selection.tables.map(({ name }) => name)).catch(() => undefined);
    if (changed?.length === 0) return;
    await rm(now.path, { force: true });
    throw new CutoverError({
      tag: "usage",
      what: "The source has changed since the unfinished run",
      where: this.#options.from,
      why: changed === undefined ? `its earlier backup ${earlier.backup} is not there to compare with` : `other rows in ${changed.join(", ")}`,
      next: "Start over with --drop.",
    });
  }

  async #lock(session: PostgresSession): Promise<void> {
    const { rows } = await session.query(`SELECT pg_try_advisory_lock(${lockKey})`);
    if (rows[0]?.[0] === "t") return;
    throw new CutoverError({ tag: "target-busy", what: "Another run of Cutover writes to this database", where: session.name, next: "Wait for it to end or stop it, then run this again." });
  }

  async #connect(): Promise<PostgresSession> {
    const session = await this.#options.target.connect();
    this.#sessions.push(session);
    if (this.#options.target.kind === "server") {
      // Rows and their line in the journal are lost together or not at all; the last commit is waited for.
      await session.script("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'");
    }
    return session;
  }

  #jobs(): number {
    const { jobs, target } = this.#options;
    return Math.max(1, Math.min(jobs ?? Math.min(4, availableParallelism()), target.maxSessions));
  }

  /** Has the server stop, too, when the run is to stop. */
  #listen(): void {
    const { signal } = this.#options;
    if (signal === undefined) return;
    const onAbort = (): void => {
      for (const session of this.#sessions) session.cancel().catch(() => undefined);
    };
    signal.addEventListener("abort", onAbort);
    this.#stopCancelling = () => {
      signal.removeEventListener("abort", onAbort);
    };
  }

  #warn(phase: Phase, message: string): void {
    this.#warnings.push(message);
    this.#emit({ kind: "warning", phase, message });
  }

  async #phase<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    this.#options.signal?.throwIfAborted();
    this.#emit({ kind: "phase-start", phase });
    const started = performance.now();
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    this.#phases.push({ phase, seconds });
    this.#emit({ kind: "phase-end", phase, seconds });
    return result;
  }
}

function countAll(source: Source, selection: Selection): Map<string, number> {
  try {
    return new Map(selection.tables.map(({ name }) => [name, Number(source.db.prepare<[], [bigint]>(`SELECT count(*) FROM ${sqliteIdentifier(name)}`).raw().get()?.[0] ?? 0n)]));
  } catch (cause) {
    throw sourceProblem(source.name, cause);
  }
}

/** A short word for a plan: the same for the same statements. */
function planDigest(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify([plan.schema, plan.objects.map((object) => object.sql)])).digest("hex").slice(0, 32);
}
