import { foldName } from "#core/schema/decision.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import type { PostgresSession } from "../postgres/session.ts";
import type { Selection } from "../migrate/selection.ts";

/** The planned objects that the target does not have, by name and kind; an index that is not valid counts as missing. */
export async function missingObjects(session: PostgresSession, plan: Plan, selection: Selection): Promise<PlannedObject[]> {
  const { rows } = await session.query(
    `SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 'table' WHEN c.relkind = 'S' THEN 'sequence' WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'index' END, c.relname, NULL
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
       WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'S', 'v', 'm', 'i', 'I') AND coalesce(i.indisvalid, true)
     UNION ALL SELECT CASE k.contype WHEN 'p' THEN 'primary-key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign-key' ELSE k.contype::text END, k.conname, c.relname
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
     UNION ALL SELECT 'trigger', t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND NOT t.tgisinternal
     UNION ALL SELECT 'function', p.proname, NULL FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1 AND p.pronargs = 0
     UNION ALL SELECT 'schema', nspname, NULL FROM pg_namespace`,
    [plan.schema],
  );
  const name = (kind: string, own: string, table: string | null): string => JSON.stringify([kind, own, table]);
  const there = new Set(rows.map(([kind, own, table]) => name(kind ?? "", own ?? "", table ?? null)));
  const byFolded = new Map([...plan.catalog.tables, ...plan.catalog.views].map((table) => [foldName(table.name), table.name]));
  const tableOf = (object: PlannedObject): string | null => {
    const source = object.table === undefined ? undefined : byFolded.get(foldName(object.table));
    return source === undefined ? null : targetRelation(plan.names, source);
  };
  const onTable = new Set(["primary-key", "unique", "check", "foreign-key", "trigger"]);
  const inSchema = [...selection.preData, ...selection.postData, ...selection.foreignKeys.map(({ object }) => object)];
  return inSchema.filter((object) => !there.has(name(object.kind === "partition" ? "table" : object.kind, object.name, onTable.has(object.kind) ? tableOf(object) : null)));
}
