import { decide } from "#core/schema/decide.ts";
import { columnKey, defaultPolicies, type Decision, type Overrides, type Policies } from "#core/schema/decision.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { PartitionChoices } from "#core/schema/partition-choice.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { statementTranslator } from "#engine/proof/statement-translator.ts";
import { introspect } from "#engine/sqlite/introspect.ts";
import { openDdl } from "#engine/sqlite/open-ddl.ts";
import { profile } from "#engine/sqlite/profile/profile.ts";

/** What a plan is made with; rows are inserted before the profile. */
export interface PlanOf {
  readonly rows?: string;
  readonly policies?: Partial<Policies>;
  readonly overrides?: Overrides;
  readonly schema?: string;
  readonly targetVersion?: number;
  readonly partitions?: PartitionChoices;
  readonly today?: string;
}

/** The plan of DDL text; with rows, of all their values. */
export async function planOf(ddl: string, options: PlanOf = {}): Promise<Plan> {
  const source = await openDdl(ddl, "test.sql");
  try {
    if (options.rows !== undefined) {
      source.db.pragma("query_only = off");
      source.db.exec(options.rows);
    }
    const catalog = introspect(source);
    const policies = { ...defaultPolicies, ...options.policies };
    const profiles = options.rows === undefined ? undefined : await profile(source, catalog);
    return makePlan(catalog, decide(catalog, profiles, policies, options.overrides ?? new Map()), {
      schema: options.schema ?? "public",
      targetVersion: options.targetVersion ?? 14,
      collation: policies.collation,
      ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
      ...(options.today === undefined ? {} : { today: options.today }),
      ...(profiles === undefined ? {} : { profiles }),
    }, statementTranslator);
  } finally {
    source.close();
  }
}

/** The DDL of the objects of a kind, in order. */
export function sqlOf(plan: Plan, kind: PlannedObject["kind"]): string[] {
  return plan.objects.filter((object) => object.kind === kind).map((object) => object.sql);
}

/** A column's line in its CREATE TABLE, without the comma. */
export function lineOf(plan: Plan, table: string, column: string): string {
  const create = sqlOf(plan, "table").find((sql) => sql.startsWith(`CREATE TABLE public.${table} `)) ?? "";
  return create.split("\n").map((line) => line.trim().replace(/,$/, "")).find((line) => line.startsWith(`${column} `)) ?? "";
}

export function decisionOf(plan: Plan, table: string, column: string): Decision {
  const decision = plan.decisions.get(columnKey(table, column));
  if (decision === undefined) throw new Error(`no decision for ${table}.${column}`);
  return decision;
}

/** What was reported, as `kind name: reason`. */
export function reportsOf(plan: Plan): string[] {
  return plan.reported.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`);
}
