import { CutoverError } from "#core/cutover-error.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { PostgresSession, PostgresTarget } from "../postgres/session.ts";
import { dropPlanned, lookBefore } from "./clear-target.ts";
import { existingRelations } from "./existing-relations.ts";
import { selectTables } from "./selection.ts";
import { targetProblem } from "./target-problem.ts";

/** What is made where. */
export interface ApplyOptions {
  readonly plan: Plan;
  readonly target: PostgresTarget;
  /** Drop the plan's own tables and views in the target first, never with CASCADE; without it nothing of the plan's names may exist. */
  readonly drop: boolean;
  readonly signal?: AbortSignal;
  readonly onStep?: (name: string, done: number, of: number) => void;
}

/** What was done; nothing of it when `applySchema` throws. */
export interface Applied {
  /** For people, never with a password. */
  readonly target: string;
  readonly made: number;
  /** Relations of the plan's names that were there and made room. */
  readonly dropped: readonly string[];
}

/**
 * Makes a plan's schema in a target, without rows, in one transaction: all of it, or nothing.
 * @throws CutoverError target-not-empty, target-refused, target-failed; the signal's reason when aborted.
 */
export async function applySchema({ plan, target, drop, signal, onStep }: ApplyOptions): Promise<Applied> {
  const selection = selectTables(plan, undefined);
  const session = await target.connect();
  const cancel = (): void => void session.cancel().catch(() => undefined); // the statement has ended meanwhile
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    signal?.throwIfAborted();
    await session.query("BEGIN");
    try {
      const existing = await existingRelations(session, plan, selection);
      if (existing.length > 0 && !drop) throw inTheWay(session, plan, existing);
      if (existing.length > 0) {
        await dropPlanned(session, plan, selection);
        const left = await existingRelations(session, plan, selection);
        if (left.length > 0) throw inTheWay(session, plan, left);
      }
      const { planSchema } = await lookBefore(session, plan);
      for (const [i, object] of plan.objects.entries()) {
        signal?.throwIfAborted();
        // CREATE SCHEMA IF NOT EXISTS asks for a right that is not needed when it is there.
        if (object.kind === "schema" && planSchema) continue;
        try {
          await session.query(object.sql);
        } catch (cause) {
          throw targetProblem(cause, `${session.name}, ${object.kind} ${object.name}`, `make the ${object.kind} ${object.name}`);
        }
        onStep?.(`${object.kind} ${object.name}`, i + 1, plan.objects.length);
      }
      await session.query("COMMIT");
      return { target: session.name, made: plan.objects.length, dropped: existing };
    } catch (cause) {
      await session.query("ROLLBACK").catch(() => undefined); // a session that is gone has nothing to undo
      if (signal?.aborted === true) throw signal.reason;
      throw targetProblem(cause, session.name, "drop the tables of the plan's names");
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    await session.close();
  }
}

/** What of a plan's names is taken in a target. Nothing is changed. @throws CutoverError when the target cannot be reached */
export async function takenNames(plan: Plan, target: PostgresTarget): Promise<{ readonly target: string; readonly taken: readonly string[] }> {
  const session = await target.connect();
  try {
    return { target: session.name, taken: await existingRelations(session, plan, selectTables(plan, undefined)) };
  } finally {
    await session.close();
  }
}

function inTheWay(session: PostgresSession, plan: Plan, names: readonly string[]): CutoverError {
  return new CutoverError({
    tag: "target-not-empty",
    what: `The schema ${plan.schema} has ${names.length === 1 ? "a relation" : `${names.length} relations`} of the plan's names already`,
    where: session.name,
    why: names.join(", "),
    next: "Name an empty database or another schema, or have the plan's own tables dropped, with their rows, by --drop.",
  });
}
