import type { PostgresSession } from "../postgres/session.ts";
import { dropPlanned, lookBefore } from "./clear-target.ts";
import { planParts } from "./copy.ts";
import { addPart, forgetTables, makeJournal } from "./journal.ts";
import { addRun, isJournaled } from "./journaled-run.ts";
import { planMark } from "./plan-mark.ts";
import { existingRelations, notEmpty } from "./existing-relations.ts";
import { targetProblem } from "./target-problem.ts";
import type { Work } from "./work.ts";

/**
 * Pre-data: makes the plan's tables, the journal and the run's lines in it, in one transaction; nothing when the journal has the run already.
 * @throws CutoverError target-not-empty, target-refused, target-failed; PostgresFailure
 */
export async function makeTables(work: Work): Promise<void> {
  const session = work.connections.main();
  if (await isJournaled(session, work.run)) return;
  await session.query("BEGIN");
  try {
    // Everything that comes later rests on it: it is waited for until it is on disk.
    await session.query("SET LOCAL synchronous_commit = on");
    await fill(work, session);
    await session.query("COMMIT");
    work.log.advance();
  } catch (cause) {
    await session.query("ROLLBACK").catch(() => undefined);
    throw cause;
  }
}

async function fill({ options, log, run, snapshot, backup, selection, tables, rows, jobs }: Work, session: PostgresSession): Promise<void> {
  const { plan, drop } = options;
  const names = selection.tables.map(({ name }) => name);
  await makeJournal(session);
  if (drop === true) await dropPlanned(session, plan, selection);
  const existing = await existingRelations(session, plan, selection);
  if (existing.length > 0) throw notEmpty(session.name, plan.schema, existing);
  await forgetTables(session, plan.schema, names);
  await addRun(session, { id: run, source: options.from, fingerprint: backup.fingerprint, backup: backup.path, plan: planMark(plan), tables: names }, plan.schema);
  for (const [i, object] of selection.preData.entries()) {
    if (object.kind === "schema" && (await lookBefore(session, plan)).planSchema) continue;
    try {
      await session.query(object.sql);
    } catch (cause) {
      throw targetProblem(cause, `${session.name}, ${object.kind} ${object.name}`, `make the ${object.kind} ${object.name}`);
    }
    log.emit({ kind: "step", phase: "pre-data", name: `${object.kind} ${object.name}`, done: i + 1, of: selection.preData.length });
  }
  for (const table of tables.values()) {
    for (const part of planParts(snapshot, table, rows.get(table.name) ?? 0, jobs)) await addPart(session, run, part);
  }
}
