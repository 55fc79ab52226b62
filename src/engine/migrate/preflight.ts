import { CutoverError } from "#core/cutover-error.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Source } from "../sqlite/open-source.ts";
import type { BadRowPolicy } from "./bad-row.ts";
import { estimate, type Estimate } from "./estimate.ts";
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
  const room = await roomForBackup(bytes, options.backups);
  return { rows, problems: [...target, ...problems, ...(room === undefined ? [] : [room])], warnings, estimate: await estimate(session, rows, bytes) };
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
