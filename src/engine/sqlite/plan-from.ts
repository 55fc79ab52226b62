import type { Catalog } from "#core/schema/catalog.ts";
import { decide } from "#core/schema/decide.ts";
import { defaultPolicies, type ColumnProfile, type Overrides, type Policies } from "#core/schema/decision.ts";
import { makePlan } from "#core/schema/make-plan.ts";
import type { PartitionChoices } from "#core/schema/partition-choice.ts";
import type { Plan } from "#core/schema/plan.ts";
import { statementTranslator } from "../proof/statement-translator.ts";

/** What a team has decided about a plan; what is absent is as it is by default. */
export interface PlanRules {
  readonly policies?: Policies | undefined;
  readonly overrides?: Overrides | undefined;
  readonly partitions?: PartitionChoices | undefined;
  /** The target schema; `public` by default. */
  readonly schema?: string | undefined;
  /** PostgreSQL's major version; 14, the oldest supported, by default: its DDL works on all. */
  readonly targetVersion?: number | undefined;
}

/** Decides and plans: the one way from a catalog and what is known of its values to a plan, for every verb and for the editor. */
export function planFrom(catalog: Catalog, profiles: ReadonlyMap<string, ColumnProfile> | undefined, { policies = defaultPolicies, overrides = new Map(), partitions, schema = "public", targetVersion = 14 }: PlanRules): Plan {
  const options = {
    schema,
    targetVersion,
    collation: policies.collation,
    ...(partitions === undefined || partitions.size === 0 ? {} : { partitions, today: new Date().toISOString().slice(0, 10) }),
    ...(profiles === undefined ? {} : { profiles }),
  };
  return makePlan(catalog, decide(catalog, profiles, policies, overrides), options, statementTranslator);
}
