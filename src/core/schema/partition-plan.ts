import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import type { Table } from "./catalog.ts";
import { foldName } from "./decision.ts";
import { endOfKeys } from "./end-of-keys.ts";
import { partitionRanges } from "./partition-choice.ts";
import type { Plan, PlannedObject, ReportedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";
import { nameAllocator, targetColumn, targetRelation } from "./target-names.ts";

/**
 * Makes partitioned tables of those that the options choose: partitions for the range of the data and for what is to come, and a default one for
 * everything else. What PostgreSQL asks for it is reported as changed: keys and unique indexes hold the partition column too, so that
 * they no longer keep the other columns unique alone, and foreign keys to them are left out. A table that cannot be partitioned stays as it was,
 * with the reason.
 * @see https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS
 */
export function partitionPlan(plan: Plan): Plan {
  const choices = plan.options.partitions;
  if (choices === undefined || choices.size === 0) return plan;
  const relations = nameAllocator();
  for (const object of plan.objects) if (object.kind !== "foreign-key" && object.kind !== "check") relations.take(object.name);
  return plan.catalog.tables.reduce((made, table) => {
    const choice = choices.get(foldName(table.name));
    if (choice === undefined) return made;
    const told = partitionRanges(table, choice, plan.decisions, plan.options.profiles, plan.options.today);
    return "reason" in told ? { ...made, reported: [...made.reported, changed(table, "table", sourceKey("table", table.name), `is not partitioned as cutover.json says: ${told.reason}`)] } : partitioned(made, table, told.column, told.ranges, (wanted) => relations.take(wanted));
  }, plan);
}

function changed(table: Table, kind: ReportedObject["kind"], source: string, reason: string): ReportedObject {
  return { kind, name: table.name, table: kind === "table" ? undefined : table.name, outcome: "changed", reason, source };
}

function partitioned(plan: Plan, table: Table, column: string, ranges: readonly { readonly suffix: string; readonly from: string; readonly to: string }[], take: (wanted: string) => string): Plan {
  const name = targetRelation(plan.names, table.name);
  const qualified = (relation: string): string => (plan.options.qualified === false ? postgresIdentifier(relation) : postgresQualified(plan.schema, relation));
  const by = postgresIdentifier(targetColumn(plan.names, table.name, column));
  const reported = [...plan.reported];
  const isOf = (object: PlannedObject): boolean => object.table !== undefined && foldName(object.table) === foldName(table.name);
  const holds = (columns: readonly string[]): boolean => columns.some((each) => foldName(each) === foldName(column));

  const objects = plan.objects.flatMap((object): PlannedObject[] => {
    if (object.kind === "table" && object.name === name) {
      const partitions = [
        ...ranges.map(({ suffix, from, to }) => ({ suffix, values: `FOR VALUES FROM ('${from}') TO ('${to}')` })),
        { suffix: "default", values: "DEFAULT" },
      ].map(({ suffix, values }): PlannedObject => {
        const own = take(`${name}_${suffix}`);
        return { section: "pre-data", kind: "partition", name: own, table: table.name, sql: `CREATE TABLE ${qualified(own)} PARTITION OF ${qualified(name)} ${values}`, sources: [] };
      });
      return [{ ...object, sql: `${object.sql} PARTITION BY RANGE (${by})` }, ...partitions];
    }
    if (object.kind === "foreign-key" && refersTo(plan, object, table, holds)) {
      const source = object.sources[0] ?? "";
      reported.push({ kind: "foreign-key", name: object.name, table: object.table, outcome: "left-out", source, reason: `${table.name} is partitioned by ${column}, and PostgreSQL lets no foreign key refer to a key without that column` });
      return [];
    }
    if (!isOf(object)) return [object];
    switch (object.kind) {
      case "primary-key":
      case "unique": {
        const key = keysOf(table).find(({ source }) => object.sources.includes(source));
        if (key === undefined || holds(key.columns)) return [withoutOnly(object)];
        reported.push(changed(table, object.kind === "unique" && key.kind === "unique" ? "unique" : "primary-key", key.source, `(${key.columns.join(", ")}) is a key together with ${column}, by which the table is partitioned: PostgreSQL no longer keeps it unique alone, and ON CONFLICT has to name both`));
        const widened = (sql: string): string => sql.replace(/\)$/, `, ${by})`);
        return [withoutOnly({ ...object, sql: widened(object.sql), ...(object.clause === undefined ? {} : { clause: widened(object.clause) }) })];
      }
      case "foreign-key":
        return [withoutOnly(object)];
      case "index": {
        if (!object.sql.startsWith("CREATE UNIQUE INDEX")) return [object];
        const index = plan.catalog.indexes.find((each) => object.sources.includes(sourceKey("index", each.name)));
        if (index !== undefined && holds(index.keys.filter((key) => key.kind === "column").map((key) => key.text))) return [object];
        const source = object.sources[0] ?? keysOf(table).find(({ kind }) => kind === "primary-key")?.source ?? sourceKey("table", table.name);
        reported.push(changed(table, index === undefined ? "unique" : "index", source, `${object.name} is unique together with ${column}, by which the table is partitioned: PostgreSQL no longer keeps its own columns unique alone`));
        const end = endOfKeys(object.sql);
        return [{ ...object, sql: `${object.sql.slice(0, end)}, ${by}${object.sql.slice(end)}` }];
      }
      case "trigger":
        reported.push({ kind: "trigger", name: `${object.name} on ${table.name}`, table: table.name, outcome: "changed", source: object.sources[0] ?? "", reason: `${table.name} is partitioned by ${column}: an UPDATE that moves a row to another partition fires the triggers for DELETE and INSERT there, and no AFTER UPDATE` });
        return [object];
      default:
        return [object];
    }
  });
  return { ...plan, objects, reported };
}

/** PostgreSQL takes no ONLY for the constraints of a partitioned table. */
function withoutOnly(object: PlannedObject): PlannedObject {
  return { ...object, sql: object.sql.replace(/^ALTER TABLE ONLY /, "ALTER TABLE ") };
}

function keysOf(table: Table): { readonly kind: "primary-key" | "unique"; readonly source: string; readonly columns: readonly string[] }[] {
  return [
    ...(table.primaryKey === undefined ? [] : [{ kind: "primary-key" as const, source: sourceKey("primary-key", table.name, 0), columns: table.primaryKey.columns }]),
    ...table.uniques.map((unique, place) => ({ kind: "unique" as const, source: sourceKey("unique", table.name, place), columns: unique.columns })),
  ];
}

/** Whether a foreign key refers to columns of the table without the one that it is partitioned by. */
function refersTo(plan: Plan, object: PlannedObject, table: Table, holds: (columns: readonly string[]) => boolean): boolean {
  const child = plan.catalog.tables.find((each) => each.name === object.table);
  const key = child?.foreignKeys.find((_, place) => object.sources.includes(sourceKey("foreign-key", child.name, place)));
  return key !== undefined && foldName(key.parent) === foldName(table.name) && !holds(key.parentColumns);
}
