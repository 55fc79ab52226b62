import type { PlannedObject } from "#core/schema/plan.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { missingForeignKeys, runStep, stepName } from "./finish-tables.ts";
import { inParallel, type LockingTask } from "./in-parallel.ts";
import { stepsDone } from "./journal.ts";
import { quarantineOrphans } from "./quarantine-orphans.ts";
import { targetProblem } from "./target-problem.ts";
import type { Work } from "./work.ts";

/** An object that is made on its own. */
interface ObjectTask extends LockingTask {
  readonly object: PlannedObject;
}

/**
 * Post-data: makes keys, uniques and checks, then the table's indexes, then foreign keys between tables that are ready, as many at the same time as there
 * are sessions; then views, functions and triggers. Those that the journal has are done. Under the policy `quarantine`, rows without their parents are kept aside before the foreign keys are made.
 * @throws CutoverError target-refused, target-failed; PostgresFailure
 */
export async function makeObjects({ options, log, connections, run, selection, snapshot, rows }: Work): Promise<void> {
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
      if (await runStep(on, run, stepName(object), object.sql)) log.advance();
    } catch (cause) {
      throw targetProblem(cause, `${on.name}, ${object.kind} ${object.name}`, `make the ${object.kind} ${object.name}`);
    }
    log.emit({ kind: "step", phase: "post-data", name: `${object.kind} ${object.name}`, done: ++count, of: all });
  };
  const weights = new Map(selection.tables.map(({ name }) => [targetRelation(plan.names, name), rows.get(name) ?? 0]));
  const ofTables = early.map((object): ObjectTask => {
    const table = targetRelation(plan.names, object.table ?? "");
    return { object, tables: [table], shares: object.kind === "index", stage: object.kind === "index" ? 1 : 0, weight: weights.get(table) ?? 0 };
  });
  const foreignKeys = await missingForeignKeys(session, plan, selection);
  const betweenTables = foreignKeys.map(({ object, child, parent }): ObjectTask => {
    return { object, tables: [child, parent], shares: false, stage: 2, weight: Math.max(weights.get(child) ?? 0, weights.get(parent) ?? 0) };
  });
  const makeAll = (tasks: readonly ObjectTask[]): Promise<void> => inParallel(connections.all(), tasks, (on, { object }) => make(on, object));
  if (badRows !== "quarantine" || foreignKeys.length === 0) {
    await makeAll([...ofTables, ...betweenTables]);
  } else {
    await makeAll(ofTables);
    for (const [table, rows] of await quarantineOrphans({ session, plan, run, source: snapshot, foreignKeys, onCommit: log.advance })) log.warn("post-data", `${table}: ${rows} ${rows === 1 ? "row" : "rows"} without their parent kept aside`);
    await makeAll(betweenTables);
  }
  for (const object of late) await make(session, object);
}
