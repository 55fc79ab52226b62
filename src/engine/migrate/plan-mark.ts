import { createHash } from "node:crypto";
import { foldName } from "#core/schema/decision.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { Plan } from "#core/schema/plan.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import { statementTranslator } from "../proof/statement-translator.ts";

/** What the journal keeps of a plan: enough to know it again, and to say where another one differs. */
export interface PlanMark {
  /** The same for the same statements. */
  readonly digest: string;
  /** The day that its partitions were made for. */
  readonly today: string | undefined;
  /** The same for each table, by its folded name; "" has what belongs to no table. */
  readonly tables: Readonly<Record<string, string>>;
}

export function planMark(plan: Plan): PlanMark {
  const byTable = new Map<string, string[]>();
  const sources = new Map(plan.catalog.tables.map((table) => [targetRelation(plan.names, table.name), table.name]));
  for (const object of plan.objects) {
    const table = foldName(object.table ?? (object.kind === "table" ? sources.get(object.name) : undefined) ?? "");
    const own = byTable.get(table);
    if (own === undefined) byTable.set(table, [object.sql]);
    else own.push(object.sql);
  }
  return {
    digest: digest([plan.schema, plan.objects.map((object) => object.sql)]),
    today: plan.options.today,
    tables: Object.fromEntries([...byTable].map(([table, statements]) => [table, digest(statements)])),
  };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}

/** The plan as it was made on another day: partitions reach beyond the day on which they are planned. */
export function planOn(plan: Plan, today: string | undefined): Plan {
  if (today === undefined || plan.options.today === undefined || plan.options.today === today) return plan;
  return makePlan(plan.catalog, plan.decisions, { ...plan.options, today }, statementTranslator);
}

/** The tables, folded, of which two plans do not say the same; "" for what belongs to none. */
export function changedPlans(one: PlanMark, other: PlanMark): string[] {
  return [...new Set([...Object.keys(one.tables), ...Object.keys(other.tables)])].filter((table) => one.tables[table] !== other.tables[table]);
}
