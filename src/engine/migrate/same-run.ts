import { rm } from "node:fs/promises";
import { CutoverError } from "#core/cutover-error.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { changedTables, fileDigest, type Backup } from "./backup.ts";
import type { JournaledRun } from "./journaled-run.ts";
import { changedPlans, planMark } from "./plan-mark.ts";
import type { Selection } from "./selection.ts";

/** Whether a run was to move these tables, to the same plan. */
export function isSamePlan(earlier: JournaledRun, plan: Plan, selection: Selection): boolean {
  return earlier.plan.digest === planMark(plan).digest && isSameTables(earlier, selection);
}

function isSameTables(earlier: JournaledRun, selection: Selection): boolean {
  const names = (list: readonly string[]): string => list.map(foldName).sort().join("\0");
  return names(earlier.tables) === names(selection.tables.map(({ name }) => name));
}

/** @throws CutoverError usage when the unfinished run was to move other tables, or to make something else of them. */
export function mustBeSamePlan(earlier: JournaledRun, plan: Plan, where: string, selection: Selection): void {
  if (isSamePlan(earlier, plan, selection)) return;
  const shown = new Map(plan.catalog.tables.map(({ name }) => [foldName(name), name]));
  const changed = changedPlans(earlier.plan, planMark(plan)).map((table) => (table === "" ? "what belongs to no table" : (shown.get(table) ?? table)));
  throw new CutoverError({
    tag: "usage",
    what: "The unfinished run was of another plan",
    where,
    why: isSameTables(earlier, selection) ? `the schema, a decision or the version of Cutover has changed since: ${changed.length === 0 ? "the order of its statements" : changed.join(", ")}` : `it was to move ${earlier.tables.join(", ")}`,
    next: "Resume with the same tables and decisions, or start over with --drop.",
  });
}

/**
 * The backup to go on with: the unfinished run's own where it is there and whole, as rows are known by the places they have in it.
 * @param now of the source as it is; removed when it is not the one.
 * @throws CutoverError usage, with the names of the tables that have changed.
 */
export async function earlierBackup(earlier: JournaledRun, now: Backup, from: string, selection: Selection): Promise<Backup> {
  const isSame = earlier.fingerprint === now.fingerprint;
  const isWhole = (await fileDigest(earlier.backup).catch(() => undefined)) === earlier.fingerprint;
  if (!isWhole && isSame) return now;
  const changed = isSame ? [] : isWhole ? await changedTables(earlier.backup, now.path, selection.tables.map(({ name }) => name)) : undefined;
  await rm(now.path, { force: true });
  if (changed?.length === 0) return { path: earlier.backup, bytes: now.bytes, fingerprint: earlier.fingerprint };
  throw new CutoverError({
    tag: "usage",
    what: "The source has changed since the unfinished run",
    where: from,
    why: changed === undefined ? `its earlier backup ${earlier.backup} is not there, or not whole, to compare with` : `other rows in ${changed.join(", ")}`,
    next: "Start over with --drop.",
  });
}
