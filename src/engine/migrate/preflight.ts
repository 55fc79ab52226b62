import { CutoverError } from "#core/cutover-error.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { sourceProblem, type Source } from "../sqlite/open-source.ts";
import { badRowsError, type BadRowKind, type BadRowPolicy } from "./bad-row.ts";
import { estimate, type Estimate } from "./estimate.ts";
import { findBadRows, suspectTables } from "./find-bad-rows.ts";
import { lookAtSource } from "./look-at-source.ts";
import { lookAtTarget } from "./look-at-target.ts";
import { roomForBackup } from "./room-for-backup.ts";
import type { Selection } from "./selection.ts";

export interface PreflightOptions {
  readonly badRows: BadRowPolicy;
  /** Tables of the plan's names are to be dropped, or are gone on with: they are no problem. */
  readonly existing: "refuse" | "drop" | "resume";
  /** Where the backup will be made. */
  readonly backups: string;
  readonly signal: AbortSignal | undefined;
}

export interface Preflight {
  /** Source rows by table name. */
  readonly rows: ReadonlyMap<string, number>;
  readonly problems: readonly CutoverError[];
  readonly warnings: readonly string[];
  readonly estimate: Estimate;
}

/** Looks at both sides without changing any, and gives every problem at once; but for damage of the file, which `startIntegrityCheck` looks for. */
export async function preflight(source: Source, session: PostgresSession, plan: Plan, selection: Selection, options: PreflightOptions): Promise<Preflight> {
  const target = await lookAtTarget(session, plan, selection, options.existing);
  const { problems, warnings, rows, bytes } = lookAtSource(source, plan, selection, options.badRows);
  // What the profile has seen ends the run here, before anything is made; what only the values or the server tell, at its place in the copy.
  const bad = options.badRows === "fail" && options.existing !== "resume" ? await badRowsOf(source, plan, selection, options.signal) : [];
  const room = await roomForBackup(bytes, options.backups);
  return { rows, problems: [...target, ...problems, ...(bad.length === 0 ? [] : [badRowsError(bad)]), ...(room === undefined ? [] : [room])], warnings, estimate: await estimate(session, rows, bytes) };
}

async function badRowsOf(source: Source, plan: Plan, selection: Selection, signal: AbortSignal | undefined): Promise<BadRowKind[]> {
  try {
    return await findBadRows(source, suspectTables(plan, selection), signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw sourceProblem(source.name, cause);
  }
}

/** One error for all problems; the first one's tag decides. */
export function combineProblems(problems: readonly CutoverError[]): CutoverError | undefined {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return first;
  return new CutoverError({
    tag: first.tag,
    what: `${problems.length} things stand in the way`,
    why: problems.map((problem) => `${problem.message}${problem.where === undefined ? "" : ` (${problem.where})`}${problem.why === undefined ? "" : `: ${problem.why}`}`).join("\n"),
    next: problems.map((problem) => problem.next).join(" "),
    cause: first,
  });
}
