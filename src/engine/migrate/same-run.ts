import { rm } from "node:fs/promises";
import { CutoverError } from "#core/cutover-error.ts";
import { foldName } from "#core/schema/decision.ts";
import { changedTables, type Backup } from "./backup.ts";
import type { JournaledRun } from "./journal.ts";
import type { MigrateOptions } from "./migrate-options.ts";
import { planDigest } from "./plan-digest.ts";
import type { Selection } from "./selection.ts";

/** @throws CutoverError usage when the unfinished run was to move other tables, or to make something else of them. */
export function mustBeSamePlan(earlier: JournaledRun, { plan, target }: MigrateOptions, selection: Selection): void {
  const names = (list: readonly string[]): string => list.map(foldName).sort().join("\0");
  const isSame = earlier.plan === planDigest(plan);
  if (isSame && names(earlier.tables) === names(selection.tables.map(({ name }) => name))) return;
  throw new CutoverError({
    tag: "usage",
    what: "The unfinished run was of another plan",
    where: target.name,
    why: isSame ? `it was to move ${earlier.tables.join(", ")}` : "the schema or a decision has changed since",
    next: "Resume with the same tables and decisions, or start over with --drop.",
  });
}

/** @param now of the source as it is; removed when it is not wanted. @throws CutoverError usage, with the names of the tables that have changed. */
export async function mustBeSameSource(earlier: JournaledRun, now: Backup, from: string, selection: Selection): Promise<void> {
  if (earlier.fingerprint === now.fingerprint) return;
  const changed = await changedTables(earlier.backup, now.path, selection.tables.map(({ name }) => name)).catch(() => undefined);
  if (changed?.length === 0) return;
  await rm(now.path, { force: true });
  throw new CutoverError({
    tag: "usage",
    what: "The source has changed since the unfinished run",
    where: from,
    why: changed === undefined ? `its earlier backup ${earlier.backup} is not there to compare with` : `other rows in ${changed.join(", ")}`,
    next: "Start over with --drop.",
  });
}
