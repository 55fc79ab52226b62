import { CutoverError } from "#core/cutover-error.ts";
import type { Phase } from "#protocol/progress.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { noteStep } from "./journal.ts";
import type { PlanMark } from "./plan-mark.ts";

/** A run that the journal knows. */
export interface JournaledRun {
  readonly id: string;
  readonly source: string;
  readonly fingerprint: string;
  readonly backup: string;
  readonly plan: PlanMark;
  readonly tables: readonly string[];
  /** `over`: it was given up, as another was started over it. */
  readonly state: "unfinished" | "finished" | "over";
  /** When it ended, as PostgreSQL prints it. */
  readonly ended: string | undefined;
}

/** The step of a run that has come to its end. */
const finishedStep = "run finished";

/** The run to go on with: the last one into a schema that is not finished, or else the last one. */
export async function lastRun(session: PostgresSession, schema: string): Promise<JournaledRun | undefined> {
  if ((await session.query("SELECT to_regclass('cutover.run')")).rows[0]?.[0] === null) return undefined;
  return await readRun(session, "target_schema = $1 ORDER BY finished IS NOT NULL, started DESC, id LIMIT 1", schema);
}

async function readRun(session: PostgresSession, condition: string, parameter: string): Promise<JournaledRun | undefined> {
  const { rows } = await session.query(
    `SELECT id, source, fingerprint, backup, plan, tables, date_trunc('second', finished), EXISTS (SELECT FROM cutover.step s WHERE s.run = r.id AND s.name = '${finishedStep}') FROM cutover.run r WHERE ${condition}`,
    [parameter],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const [id = "", source = "", fingerprint = "", backup = "", plan = "", tables = ""] = row.map((value) => value ?? "");
  const ended = row[6] ?? undefined;
  return { id, source, fingerprint, backup, plan: readMark(plan), tables: nameList(tables), state: ended === undefined ? "unfinished" : row[7] === "t" ? "finished" : "over", ended };
}

function nameList(json: string): string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
}

function readMark(json: string): PlanMark {
  const value: unknown = JSON.parse(json);
  const isRecord = (part: unknown): part is Record<string, unknown> => typeof part === "object" && part !== null;
  if (!isRecord(value) || typeof value["digest"] !== "string") return { digest: "", today: undefined, tables: {} };
  const tables = isRecord(value["tables"]) ? Object.entries(value["tables"]).flatMap(([name, digest]) => (typeof digest === "string" ? [[name, digest] as const] : [])) : [];
  return { digest: value["digest"], today: typeof value["today"] === "string" ? value["today"] : undefined, tables: Object.fromEntries(tables) };
}

export async function addRun(session: PostgresSession, run: Pick<JournaledRun, "id" | "source" | "fingerprint" | "backup" | "plan" | "tables">, schema: string): Promise<void> {
  await session.query("INSERT INTO cutover.run (id, source, fingerprint, backup, target_schema, plan, tables) VALUES ($1, $2, $3, $4, $5, $6, $7)", [
    run.id, run.source, run.fingerprint, run.backup, schema, JSON.stringify(run.plan), JSON.stringify(run.tables),
  ]);
}

/** Ends a run in the journal, and waits until that is on disk. Not within a transaction. */
export async function finishRun(session: PostgresSession, run: string): Promise<void> {
  await session.query("BEGIN");
  await session.query("SET LOCAL synchronous_commit = on");
  if (await noteStep(session, run, finishedStep)) await session.query("UPDATE cutover.run SET finished = now() WHERE id = $1", [run]);
  await session.query("COMMIT");
}

/**
 * Notes that a phase is done, and waits until it is on disk, and with it every commit before: commits that are not waited for may be lost with the
 * server, and a phase that is done is not looked at again. Not within a transaction.
 */
export async function endPhase(session: PostgresSession, run: string, phase: Phase): Promise<void> {
  await session.query("BEGIN");
  await session.query("SET LOCAL synchronous_commit = on");
  await noteStep(session, run, `phase ${phase}`);
  await session.query("COMMIT");
}

/** Whether the journal has a run. */
export async function isJournaled(session: PostgresSession, run: string): Promise<boolean> {
  if ((await session.query("SELECT to_regclass('cutover.run')")).rows[0]?.[0] === null) return false;
  return (await session.query("SELECT 1 FROM cutover.run WHERE id = $1", [run])).rows.length > 0;
}

/** How far a run is, as a text that changes with everything that it commits. */
export async function progressMark(session: PostgresSession, run: string): Promise<string> {
  const { rows } = await session.query("SELECT concat_ws(' ', (SELECT count(*) FROM cutover.step WHERE run = $1), (SELECT sum(rows + 2 * quarantined) FROM cutover.journal WHERE run = $1))", [run]);
  return rows[0]?.[0] ?? "";
}

/** @throws CutoverError target-busy when somebody else has started over while a run was not connected. */
export async function mustStillBeOurs(session: PostgresSession, run: string): Promise<void> {
  const isThere = await isJournaled(session, run);
  const found = isThere ? await readRun(session, "id = $1", run) : undefined;
  if (found === undefined || found.state === "over") throw startedOver(session.name);
}

/** The error of a run whose lines in the journal are gone. */
export function startedOver(where: string): CutoverError {
  return new CutoverError({
    tag: "target-busy",
    what: "Another run has started over in this database",
    where,
    why: "what the journal said of this run is gone",
    next: "Let that run end, or start over yourself with --drop.",
  });
}
