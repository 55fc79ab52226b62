import { CutoverError } from "#core/cutover-error.ts";
import type { Table } from "#core/schema/catalog.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import { targetRelation } from "#core/schema/target-names.ts";
import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";

/** The tables of a run, and what of the plan belongs to them. */
export interface Selection {
  /** In the plan's order. */
  readonly tables: readonly Table[];
  /** Whether that is all of the plan. */
  readonly all: boolean;
  /** Objects of the section, foreign keys excepted. */
  readonly preData: readonly PlannedObject[];
  readonly postData: readonly PlannedObject[];
  /** Foreign keys with a selected table at either end. */
  readonly foreignKeys: readonly PlannedForeignKey[];
}

export interface PlannedForeignKey {
  readonly object: PlannedObject;
  /** Names in the target. */
  readonly child: string;
  readonly parent: string;
}

/** Takes the wanted tables' share out of a plan, all of it when none are named. @throws CutoverError usage for a table that is not there. */
export function selectTables(plan: Plan, wanted: readonly string[] | undefined): Selection {
  const byName = new Map(plan.catalog.tables.map((table) => [foldName(table.name), table]));
  const unknown = (wanted ?? []).filter((name) => !byName.has(foldName(name)));
  if (unknown.length > 0) {
    throw new CutoverError({ tag: "usage", what: `There is no table ${unknown.join(", ")}`, where: plan.catalog.origin.name, next: `Name some of: ${plan.catalog.tables.map((table) => table.name).join(", ")}.` });
  }
  const chosen = wanted === undefined ? undefined : new Set(wanted.map(foldName));
  const isChosen = (name: string): boolean => chosen?.has(foldName(name)) ?? true;
  const tables = plan.tableOrder.flatMap((name) => (isChosen(name) ? (byName.get(foldName(name)) ?? []) : []));
  const made = new Set(tables.map((table) => targetRelation(plan.names, table.name)));
  const belongs = (object: PlannedObject): boolean => {
    if (chosen === undefined) return true;
    if (object.kind === "schema") return true;
    if (object.kind === "table") return made.has(object.name);
    return object.table !== undefined && isChosen(object.table);
  };
  const others = plan.objects.filter((object) => object.kind !== "foreign-key" && belongs(object));
  return {
    tables,
    all: chosen === undefined,
    preData: others.filter((object) => object.section === "pre-data"),
    postData: others.filter((object) => object.section === "post-data"),
    foreignKeys: plan.objects.flatMap((object) => {
      const ends = object.kind === "foreign-key" ? foreignKeyEnds(plan, object) : undefined;
      return ends !== undefined && (made.has(ends.child) || made.has(ends.parent)) ? [{ object, ...ends }] : [];
    }),
  };
}

function foreignKeyEnds(plan: Plan, object: PlannedObject): { readonly child: string; readonly parent: string } | undefined {
  const child = plan.catalog.tables.find((table) => object.table !== undefined && foldName(table.name) === foldName(object.table));
  if (child === undefined) return undefined;
  for (const { parent } of child.foreignKeys) {
    const name = targetRelation(plan.names, parent);
    const written = [postgresQualified(plan.schema, name), postgresIdentifier(name)];
    if (written.some((form) => object.sql.includes(`REFERENCES ${form} (`) || object.sql.includes(`REFERENCES ${form}(`))) return { child: targetRelation(plan.names, child.name), parent: name };
  }
  return undefined;
}
