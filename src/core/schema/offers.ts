import { postgresIdentifier, postgresQualified } from "#core/sql/postgres-identifier.ts";
import type { Column, Table } from "./catalog.ts";
import { columnKey, foldName } from "./decision.ts";
import { numberText } from "./number-text.ts";
import { partitionRanges, type PartitionChoice } from "./partition-choice.ts";
import type { Plan } from "./plan.ts";
import { targetColumn, targetRelation } from "./target-names.ts";

/** Something that PostgreSQL can do for a table and SQLite cannot: offered with its reason and its price, never made by itself. */
export interface Offer {
  readonly kind: "partitioning" | "json-index";
  readonly table: string;
  readonly reason: string;
  /** What it costs or changes. */
  readonly costs: readonly string[];
  /** What to write under `partitions` in cutover.json; undefined when there is nothing to configure. */
  readonly partition: PartitionChoice | undefined;
  /** DDL to run by hand after the move; empty when cutover.json makes it. */
  readonly sql: readonly string[];
}

/** Tables from which on partitions are worth their price. */
const large = 1_000_000;
/** Rows from which on an index is worth offering. */
const some = 1000;

/** What is offered for a plan, table by table. Nothing is offered for what cutover.json has chosen already, nor without the data. */
export function offersFor(plan: Plan): Offer[] {
  return plan.catalog.tables.flatMap((table) => [...partitioning(plan, table), ...jsonIndexes(plan, table)]);
}

function rowsOf(plan: Plan, table: Table): number {
  const first = table.columns[0];
  return first === undefined ? 0 : (plan.options.profiles?.get(columnKey(table.name, first))?.rows ?? 0);
}

function partitioning(plan: Plan, table: Table): Offer[] {
  const rows = rowsOf(plan, table);
  if (rows < large || plan.options.partitions?.has(foldName(table.name)) === true) return [];
  const told = candidates(plan, table)
    .map((choice) => ({ choice, told: partitionRanges(table, choice, plan.decisions, plan.options.profiles, plan.options.today) }))
    .find((each) => !("reason" in each.told) && each.told.ranges.length > 1);
  if (told === undefined || "reason" in told.told) return [];
  const { choice } = told;
  const { column, ranges } = told.told;
  const referring = plan.catalog.tables.flatMap((other) => other.foreignKeys.filter((key) => foldName(key.parent) === foldName(table.name)).map((key) => `${other.name} (${key.columns.join(", ")})`));
  const keys = [...(table.primaryKey === undefined ? [] : [table.primaryKey.columns]), ...table.uniques.map((unique) => unique.columns)].filter((columns) => !columns.some((each) => foldName(each) === foldName(column)));
  const shown = typeof choice.every === "number" ? `ranges of ${numberText(choice.every)}` : `${choice.every}s`;
  return [{
    kind: "partitioning",
    table: table.name,
    reason: `${numberText(rows)} rows, which ${column} divides into ${shown}: a query that names a range of ${column} reads only its partitions, and old rows go by dropping a partition`,
    costs: [
      ...keys.map((columns) => `the key (${columns.join(", ")}) has to hold ${column} too: (${columns.join(", ")}) alone is no longer kept unique, and ON CONFLICT (${columns.join(", ")}) has to name both`),
      ...referring.map((key) => `the foreign key of ${key} can no longer refer to it`),
      `queries without a condition on ${column} look into every one of ${numberText(ranges.length + 1)} partitions`,
      "somebody has to make the partitions of later years (pg_partman does); what has none lands in the default partition",
    ],
    partition: choice,
    sql: [],
  }];
}

/** Columns by which a table could be partitioned, the best first: a moment that every row has, or the key. */
function candidates(plan: Plan, table: Table): PartitionChoice[] {
  const typeOf = (column: Column): string => plan.decisions.get(columnKey(table.name, column))?.type ?? "";
  const full = (column: Column): boolean => column.generated === undefined && (plan.options.profiles?.get(columnKey(table.name, column))?.nulls ?? 1) === 0;
  const moments = table.columns.filter((column) => full(column) && ["timestamp", "timestamptz", "date"].includes(typeOf(column)));
  const rank = (column: Column): number => (/creat|insert|record|logged|occurred|start/i.test(column.name) ? 0 : /updat|modif|delet|expire|end/i.test(column.name) ? 2 : 1);
  const key = table.columns.find((column) => column.name === table.rowidAlias);
  return [
    ...moments.toSorted((a, b) => rank(a) - rank(b)).flatMap((column): PartitionChoice[] => [{ by: column.name, every: "month", ahead: 3 }, { by: column.name, every: "year", ahead: 1 }]),
    ...(key === undefined ? [] : [{ by: key.name, every: 10 ** Math.max(6, Math.ceil(Math.log10(rowsOf(plan, table) / 10))), ahead: 2 }]),
  ];
}

function jsonIndexes(plan: Plan, table: Table): Offer[] {
  const rows = rowsOf(plan, table);
  if (rows < some) return [];
  return table.columns
    .filter((column) => plan.decisions.get(columnKey(table.name, column))?.type === "jsonb")
    .map((column): Offer => {
      const relation = targetRelation(plan.names, table.name);
      const target = targetColumn(plan.names, table.name, column.name);
      return {
        kind: "json-index",
        table: table.name,
        reason: `${column.name} holds JSON in ${numberText(rows)} rows: a GIN index finds rows by what their JSON contains (${column.name} @> '{"key": "value"}')`,
        costs: ["each write has to keep it up to date; jsonb_path_ops is smaller and faster, and serves @> only; ->> and = are not served by it"],
        partition: undefined,
        sql: [`CREATE INDEX ${postgresIdentifier(`${relation}_${target}_gin`)} ON ${plan.options.qualified === false ? postgresIdentifier(relation) : postgresQualified(plan.schema, relation)} USING gin (${postgresIdentifier(target)} jsonb_path_ops)`],
      };
    });
}
