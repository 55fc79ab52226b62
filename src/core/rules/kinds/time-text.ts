import type { Comparison } from "#core/schema/comparison.ts";
import { instantOf } from "../date-time/sqlite-clock.ts";

/** The operators that tell an order or equality, with the column on the left. */
export type TimeOperator = Comparison;

/** The types of columns whose texts are moments. */
export type TimeType = "timestamp" | "timestamptz" | "date";

/**
 * How a text stands among the texts of a column: at one of its moments, or just below or just above one, and never equal to any.
 * '2024-01-01' is below '2024-01-01 00:00:00', being shorter.
 */
export interface TimePlace {
  readonly at: string;
  readonly place: "at" | "below" | "above";
}

/**
 * Where SQLite finds a text when it compares it with a column that holds `YYYY-MM-DD HH:MM:SS[.f]` (timestamps) or `YYYY-MM-DD`
 * (dates); undefined for a text that is neither such a moment nor the beginning of one.
 */
export function placeOf(text: string, type: TimeType): TimePlace | undefined {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?: (\d\d):(\d\d)(?::(\d\d)(\.\d{0,5}[1-9])?)?)?)?)?$/.exec(text);
  if (parts === null) return undefined;
  const group = (i: number, otherwise: string): string => parts.at(i) ?? otherwise;
  const day = `${group(1, "")}-${group(2, "01")}-${group(3, "01")}`;
  const moment = `${day} ${group(4, "00")}:${group(5, "00")}:${group(6, "00")}${group(7, "")}`;
  if (!isReal(day, moment)) return undefined;
  const [hasDay, hasTime, hasSeconds] = [3, 4, 6].map((i) => parts.at(i) !== undefined);
  if (type === "date") return { at: day, place: hasTime === true ? "above" : hasDay === true ? "at" : "below" };
  return { at: moment, place: hasSeconds === true ? "at" : "below" };
}

function isReal(day: string, moment: string): boolean {
  if (day.startsWith("0000")) return false;
  const instant = instantOf({ type: "text", value: moment }, []);
  return instant !== null && instant !== "unsure" && new Date(instant.jd - 210866760000000).toISOString().startsWith(day);
}

/**
 * The operator by which typed values compare as the texts do; `never` where the texts are never equal, so that the answer does not
 * depend on the row.
 */
export function placedOperator(operator: TimeOperator, { place }: Pick<TimePlace, "place">): TimeOperator | "never" {
  if (place === "at") return operator;
  switch (operator) {
    case "=":
    case "<>":
      return "never";
    case ">":
    case ">=":
      return place === "below" ? ">=" : ">";
    case "<":
    case "<=":
      return place === "below" ? "<" : "<=";
  }
}

/** The operator with its sides exchanged. */
export function flipped(operator: TimeOperator): TimeOperator {
  switch (operator) {
    case "<":
      return ">";
    case "<=":
      return ">=";
    case ">":
      return "<";
    case ">=":
      return "<=";
    default:
      return operator;
  }
}
