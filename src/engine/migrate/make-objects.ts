import type { PlannedObject } from "#core/schema/plan.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { missingForeignKeys, perTable, runStep, stepName } from "./finish-tables.ts";
import { stepsDone } from "./journal.ts";
import { quarantineOrphans } from "./quarantine-orphans.ts";
import { targetProblem } from "./target-problem.ts";
import { onAll, type Work } from "./work.ts";

/**
 * Post-data: makes keys, uniques, checks and indexes (tables at the same time), then foreign keys, views, functions and triggers; those that the
 * journal has are done. Under the policy `quarantine`, rows without their parents are kept aside before the foreign keys are made.
 * @throws CutoverError target-refused, target-failed; PostgresFailure
 */
export async function makeObjects({ options, log, connections, run, selection, snapshot }: Work): Promise<void> {
  const { plan, signal, badRows } = options;
  const session = connections.main();
  const done = await stepsDone(session, run);
  const left = selection.postData.filter((object) => !done.has(stepName(object)));
  // Triggers come last: nothing of the move itself fires them.
  const isLate = ({ kind }: PlannedObject): boolean => kind === "view" || kind === "function" || kind === "trigger";
  const early = left.filter((object) => !isLate(object));
  const late = left.filter(isLate);
  let count = 0;
  const all = left.length + selection.foreignKeys.length;
  const make = async (on: PostgresSession, object: PlannedObject): Promise<void> => {
    signal?.throwIfAborted();
    try {
      await runStep(on, run, stepName(object), object.sql);
    } catch (cause) {
      throw targetProblem(cause, `${on.name}, ${object.kind} ${object.name}`, `make the ${object.kind} ${object.name}`);
    }
    log.advance();
    log.emit({ kind: "step", phase: "post-data", name: `${object.kind} ${object.name}`, done: ++count, of: all });
  };
  const groups = perTable(early);
  await onAll(connections, async (on) => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) for (const object of group) await make(on, object);
  });
  const foreignKeys = await missingForeignKeys(session, plan, selection);
  if (badRows === "quarantine" && foreignKeys.length > 0) {
    for (const [table, rows] of await quarantineOrphans({ session, plan, run, source: snapshot, foreignKeys })) log.warn("post-data", `${table}: ${rows} ${rows === 1 ? "row" : "rows"} without their parent kept aside`);
  }
  for (const { object } of foreignKeys) await make(session, object);
  for (const object of late) await make(session, object);
}
