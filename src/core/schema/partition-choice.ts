import type { Table } from "./catalog.ts";
import { columnKey, foldName, type ColumnProfile, type Decision } from "./decision.ts";

/** How a team wants a table to be partitioned, from cutover.json. */
export interface PartitionChoice {
  /** The column whose values say where a row belongs. */
  readonly by: string;
  /** One partition for each month or year of a date or timestamp, or for so many integers. */
  readonly every: "month" | "year" | number;
  /** Partitions made beyond the last value, or beyond today. */
  readonly ahead: number;
}

/** Choices by table, names folded. */
export type PartitionChoices = ReadonlyMap<string, PartitionChoice>;

/** One partition: a range of which the upper end is not part. Bounds are as PostgreSQL's DDL has them between quotes. */
export interface PartitionRange {
  /** What stands behind the table's name. */
  readonly suffix: string;
  readonly from: string;
  readonly to: string;
}

/** More are slow to plan queries for, and a sign that a value is far away from the others. */
const mostPartitions = 400;

/** The partitions of a table, or why it cannot have them. @param today `YYYY-MM-DD` */
export function partitionRanges(
  table: Table,
  choice: PartitionChoice,
  decisions: ReadonlyMap<string, Decision>,
  profiles: ReadonlyMap<string, ColumnProfile> | undefined,
  today: string | undefined,
): { readonly column: string; readonly ranges: readonly PartitionRange[] } | { readonly reason: string } {
  const column = table.columns.find((each) => foldName(each.name) === foldName(choice.by));
  if (column === undefined) return { reason: `it has no column ${choice.by}` };
  if (column.generated !== undefined) return { reason: `${column.name} is generated, and PostgreSQL partitions by no generated column` };
  const key = columnKey(table.name, column);
  const type = decisions.get(key)?.type ?? "text";
  const profile = profiles?.get(key);
  const hasKey = table.primaryKey !== undefined;
  if (hasKey && (profile?.nulls ?? 0) > 0) return { reason: `${column.name} holds NULLs, and has to be part of the primary key` };
  const ranges = typeof choice.every === "number" ? integerRanges(choice.every, choice.ahead, type, profile) : dateRanges(choice.every, choice.ahead, type, profile, today);
  if (ranges === undefined) return { reason: `${column.name} is ${type}, which has no ${typeof choice.every === "number" ? "ranges of integers" : `${choice.every}s`}` };
  if (ranges.length > mostPartitions) return { reason: `it would have ${ranges.length} partitions: take longer ranges, or look at the values that are far away from the others` };
  return { column: column.name, ranges };
}

function integerRanges(size: number, ahead: number, type: string, profile: ColumnProfile | undefined): PartitionRange[] | undefined {
  if (type !== "bigint" && type !== "integer") return undefined;
  const step = BigInt(size);
  const floor = (value: bigint): bigint => (value >= 0n ? value / step : -((-value + step - 1n) / step));
  const first = floor(profile?.minInteger ?? 0n);
  const last = floor(profile?.maxInteger ?? 0n) + BigInt(ahead);
  const ranges: PartitionRange[] = [];
  for (let i = first; i <= last && ranges.length <= mostPartitions; i++) {
    const start = i * step;
    ranges.push({ suffix: start < 0n ? `minus_${-start}` : start.toString(), from: start.toString(), to: (start + step).toString() });
  }
  return ranges;
}

function dateRanges(every: "month" | "year", ahead: number, type: string, profile: ColumnProfile | undefined, today: string | undefined): PartitionRange[] | undefined {
  if (type !== "timestamp" && type !== "timestamptz" && type !== "date") return undefined;
  /** Months, or years, since the year 0. */
  const place = (day: string): number => (every === "year" ? Number(day.slice(0, 4)) : Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1);
  const days = [profile?.firstDay, profile?.lastDay, today].filter((day) => day !== undefined).map(place);
  if (days.length === 0) return [];
  const start = (at: number): string => (every === "year" ? `${String(at).padStart(4, "0")}-01-01` : `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}-01`);
  const zone = type === "timestamptz" ? " 00:00:00+00" : "";
  const ranges: PartitionRange[] = [];
  for (let at = Math.min(...days); at <= Math.max(...days) + ahead && ranges.length <= mostPartitions; at++) {
    ranges.push({ suffix: start(at).slice(0, every === "year" ? 4 : 7).replace("-", "_"), from: start(at) + zone, to: start(at + 1) + zone });
  }
  return ranges;
}
