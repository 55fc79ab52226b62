import type { Plan } from "#core/schema/plan.ts";
import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Selection } from "./selection.ts";

/**
 * Drops the selection's own tables, views, sequences and triggers' functions by name, in the running transaction, without CASCADE: what somebody else
 * has made to depend on them makes the server refuse, and everything stays. Foreign keys of the plan's other tables that point at
 * a dropped table go as well; the run makes them again.
 * @throws PostgresFailure
 */
export async function dropPlanned(session: PostgresSession, plan: Plan, selection: Selection): Promise<void> {
  const objects = [...selection.preData, ...selection.postData];
  const named = (kind: string): string[] => objects.filter((object) => object.kind === kind).map((object) => postgresQualified(plan.schema, object.name));
  for (const view of named("view").reverse()) await session.query(`DROP VIEW IF EXISTS ${view}`);
  const own = new Set(objects.filter((object) => object.kind === "table").map((object) => object.name));
  for (const { object, child } of selection.foreignKeys) {
    if (own.has(child)) continue;
    await session.query(`ALTER TABLE IF EXISTS ${postgresQualified(plan.schema, child)} DROP CONSTRAINT IF EXISTS ${postgresIdentifier(object.name)}`);
  }
  const tables = named("table");
  if (tables.length > 0) await session.query(`DROP TABLE IF EXISTS ${tables.join(", ")}`);
  for (const name of named("function")) await session.query(`DROP FUNCTION IF EXISTS ${name}()`);
  const sequences = named("sequence");
  if (sequences.length > 0) await session.query(`DROP SEQUENCE IF EXISTS ${sequences.join(", ")}`);
}

/** What was there before a run, so that a run that fails can leave the target as it was. */
export interface Before {
  readonly planSchema: boolean;
  readonly journalSchema: boolean;
}

export async function lookBefore(session: PostgresSession, plan: Plan): Promise<Before> {
  const { rows } = await session.query("SELECT nspname FROM pg_namespace WHERE nspname IN ($1, 'cutover')", [plan.schema]);
  const names = new Set(rows.map(([name]) => name));
  return { planSchema: names.has(plan.schema), journalSchema: names.has("cutover") };
}

/** Takes back what a run has made: its tables, its journal, and schemas that were not there before and are empty now. */
export async function undoRun(session: PostgresSession, plan: Plan, selection: Selection, run: string, before: Before): Promise<void> {
  await session.query("BEGIN");
  try {
    await dropPlanned(session, plan, selection);
    if (before.journalSchema) {
      for (const [relation, column] of [["quarantine", "run"], ["replayed", "run"], ["step", "run"], ["journal", "run"], ["run", "id"]] as const) {
        await session.query(`DELETE FROM cutover.${relation} WHERE ${column} = $1`, [run]);
      }
    } else {
      await session.query("DROP TABLE cutover.quarantine, cutover.replayed, cutover.step, cutover.journal, cutover.run");
      await session.query("DROP SCHEMA cutover");
    }
    if (!before.planSchema) await session.query(`DROP SCHEMA IF EXISTS ${postgresIdentifier(plan.schema)}`);
    await session.query("COMMIT");
  } catch (cause) {
    await session.query("ROLLBACK");
    throw cause;
  }
}
