import { literalValue } from "#core/sql/literal-value.ts";
import { ownFormat } from "./constant-call.ts";
import { readFormat } from "./formats.ts";
import { readModifier } from "./modifiers.ts";
import type { TimeCall } from "./time-call.ts";

/** What a call gives on SQLite. */
export type Shape =
  /** `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD`; `cut`: what comes behind it is always the first (`%Y-%m-01`). */
  | { readonly is: "datetime" | "date"; readonly cut: "second" | "minute" | "hour" | "day" | "month" | "year" }
  /** Another text. `digits`: nothing but digits. `pattern`: what it looks like, where every such text is as long. */
  | { readonly is: "text"; readonly digits: boolean; readonly pattern: string | undefined }
  | { readonly is: "integer" }
  | { readonly is: "double" };

const datetime = (cut: "second" | "minute" | "hour" | "day" | "month" | "year"): Shape => ({ is: "datetime", cut });
const date = (cut: "day" | "month" | "year"): Shape => ({ is: "date", cut });

/** Formats that give a whole date or moment. */
const whole: ReadonlyMap<string, Shape> = new Map([
  ["%Y-%m-%d %H:%M:%S", datetime("second")],
  ["%Y-%m-%d %H:%M:00", datetime("minute")],
  ["%Y-%m-%d %H:00:00", datetime("hour")],
  ["%Y-%m-%d 00:00:00", datetime("day")],
  ["%Y-%m-01 00:00:00", datetime("month")],
  ["%Y-01-01 00:00:00", datetime("year")],
  ["%Y-%m-%d", date("day")],
  ["%Y-%m-01", date("month")],
  ["%Y-01-01", date("year")],
]);

/** The shape of a call's result; undefined where it cannot be told. */
export function shapeOf(call: TimeCall): Shape | undefined {
  const subsec = showsMillis(call);
  switch (call.name) {
    case "julianday":
      return { is: "double" };
    case "unixepoch":
      return { is: subsec ? "double" : "integer" };
    case "timediff":
      return { is: "text", digits: false, pattern: undefined };
    case "date":
      return date("day");
    case "datetime":
      if (!subsec) return datetime("second");
      break;
    case "time":
    case "strftime":
      break;
  }
  const format = formatText(call, subsec);
  if (format === undefined) return undefined;
  const found = whole.get(format.replaceAll("%F", "%Y-%m-%d").replaceAll("%T", "%H:%M:%S").replaceAll("%R", "%H:%M"));
  if (found !== undefined) return found;
  const parts = readFormat(format) ?? [];
  const shapes = parts.map((part) => ("text" in part ? part.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : part.letter.shape));
  return {
    is: "text",
    digits: parts.length > 0 && parts.every((part) => ("text" in part ? /^\d*$/.test(part.text) : part.letter.number !== undefined)),
    pattern: shapes.every((shape) => shape !== undefined) ? `^${shapes.join("")}$` : undefined,
  };
}

/** The format by which a call's text is made; undefined where it is no literal. */
export function formatText(call: TimeCall, subsec: boolean): string | undefined {
  if (call.name === "strftime") {
    const format = call.format === undefined ? undefined : literalValue(call.format);
    return format?.type === "text" ? format.value : undefined;
  }
  return call.name === "datetime" || call.name === "date" || call.name === "time" ? ownFormat(call.name, subsec) : undefined;
}

/** Whether 'subsec' is among the call's words. */
export function showsMillis({ value, modifiers }: TimeCall): boolean {
  const words = [...(value === undefined ? [] : [value]), ...modifiers].map(literalValue);
  return words.some((word) => {
    const read = word?.type === "text" ? readModifier(word.value) : undefined;
    return typeof read === "object" && read.kind === "subsec";
  });
}
