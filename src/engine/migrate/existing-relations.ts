import { CutoverError } from "#core/cutover-error.ts";
import type { Plan } from "#core/schema/plan.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Selection } from "./selection.ts";

/** The error for names of the plan that are taken in the target. */
export function notEmpty(target: string, schema: string, existing: readonly string[]): CutoverError {
  return new CutoverError({
    tag: "target-not-empty",
    what: `The schema ${schema} has ${existing.length === 1 ? "an object" : `${existing.length} objects`} of the plan's names already`,
    where: target,
    why: existing.join(", "),
    next: "Name an empty database, go on with a run that was not finished with --resume, or have the plan's own tables dropped with --drop.",
  });
}

/** Names of the selection's tables, indexes, keys, views and triggers' functions that are taken in the target's schema. */
export async function existingRelations(session: PostgresSession, plan: Plan, selection: Selection): Promise<string[]> {
  const objects = [...selection.preData, ...selection.postData];
  const listed = (kinds: readonly string[]): string => ["NULL", ...objects.filter((object) => kinds.includes(object.kind)).map((object) => postgresString(object.name))].join(", ");
  const { rows } = await session.query(
    `SELECT taken FROM (
       SELECT c.relname AS taken, c.relkind IN ('i', 'I') AS last FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relname IN (${listed(["table", "partition", "sequence", "primary-key", "unique", "index", "view"])})
       UNION ALL SELECT p.proname || '()', true FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1 AND p.pronargs = 0 AND p.proname IN (${listed(["function"])})
     ) AS found ORDER BY last, taken`,
    [plan.schema],
  );
  return rows.map(([name]) => name ?? "");
}
