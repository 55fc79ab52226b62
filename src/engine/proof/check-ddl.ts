import { makePlan } from "#core/schema/make-plan.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import { parsePostgres } from "./parse-postgres.ts";
import { statementTranslator } from "./statement-translator.ts";

/** An object whose DDL was refused, by the parser or by the server. */
export interface DdlFailure {
  readonly object: PlannedObject;
  readonly gate: "parser" | "server";
  readonly message: string;
}

export interface DdlCheck {
  /** Statements looked at. */
  readonly checked: number;
  readonly failures: readonly DdlFailure[];
}

/**
 * Checks a plan's DDL: every statement through PostgreSQL's own parser, then all of them on a server, in a schema made for
 * it inside of a transaction that is rolled back. The server is left as it was; tables that are there already do not matter.
 * Without a session only the parser is asked. The session must not be in a transaction.
 */
export async function checkDdl(plan: Plan, session: PostgresSession | undefined): Promise<DdlCheck> {
  const failures: DdlFailure[] = [];
  const unparsed = new Set<PlannedObject>();
  for (const object of plan.objects) {
    const problem = await parsePostgres(object.sql);
    if (problem === undefined) continue;
    unparsed.add(object);
    failures.push({ object, gate: "parser", message: problem.message });
  }
  if (session !== undefined) {
    const schema = `cutover_check_${Date.now().toString(36)}`;
    const scratch = makePlan(plan.catalog, plan.decisions, { ...plan.options, schema, createSchema: false }, statementTranslator);
    const objects = plan.objects.filter((object) => object.kind !== "schema");
    await session.query("BEGIN");
    try {
      await session.query(`CREATE SCHEMA ${postgresIdentifier(schema)}`);
      for (const [place, { sql }] of scratch.objects.entries()) {
        const object = objects[place];
        if (object === undefined || unparsed.has(object)) continue;
        const message = await refusal(session, sql);
        if (message !== undefined) failures.push({ object, gate: "server", message });
      }
    } finally {
      await session.query("ROLLBACK");
    }
  }
  return { checked: plan.objects.length, failures };
}

/** Runs one statement under a savepoint, so that its failure does not end the others. */
async function refusal(session: PostgresSession, sql: string): Promise<string | undefined> {
  await session.query("SAVEPOINT cutover_object");
  try {
    await session.query(sql);
    await session.query("RELEASE SAVEPOINT cutover_object");
    return undefined;
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    await session.query("ROLLBACK TO SAVEPOINT cutover_object");
    return problem.message;
  }
}
