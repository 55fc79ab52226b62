import { literalValue, type LiteralValue } from "#core/sql/literal-value.ts";
import type { Expression } from "#core/sql/nodes.ts";
import { unwrap } from "../operators/flag-value.ts";
import { formatInstant, readFormat } from "./formats.ts";
import { readModifier, type Modifier } from "./modifiers.ts";
import { epoch, instantOf, type Instant } from "./sqlite-clock.ts";
import { timeCall, type TimeCall } from "./time-call.ts";

/** Why a constant's value is not known. */
export interface Unsure {
  readonly reason: string;
}

const unsure: Unsure = { reason: "SQLite's versions, or machines in other zones, do not agree about this text" };

/** What SQLite gives for a call whose every argument is a literal (or such a call); undefined for any other call. */
export function constantResult(call: TimeCall): LiteralValue | Unsure | undefined {
  if (call.name === "timediff") return undefined;
  const format = call.format === undefined ? undefined : literalValue(call.format);
  if (call.format !== undefined && format === undefined) return undefined;
  const instant = constantInstant(call);
  if (instant === undefined) return undefined;
  if (instant === null || format?.type === "null") return { type: "null" };
  if ("reason" in instant) return instant;
  const { jd, subsec } = instant;
  switch (call.name) {
    case "julianday":
      return { type: "real", value: jd / 86400000 };
    case "unixepoch":
      return subsec ? { type: "real", value: (jd - epoch) / 1000 } : { type: "integer", value: BigInt(Math.floor((jd - epoch) / 1000)) };
    default: {
      if (call.name === "strftime" && format?.type !== "text") return unsure;
      const parts = readFormat(format?.type === "text" ? format.value : ownFormat(call.name, subsec));
      if (parts === undefined) return { type: "null" };
      const literal = call.value === undefined ? undefined : literalValue(call.value);
      const millis = parts.some((part) => "letter" in part && part.letter.millis === true);
      if (millis && literal?.type === "text" && /\.\d{4}/.test(literal.value)) return unsure;
      return { type: "text", value: formatInstant(parts, instant) };
    }
  }
}

/** The format that datetime(), date() and time() print by. */
export function ownFormat(name: "datetime" | "date" | "time" | "strftime", subsec: boolean): string {
  const seconds = subsec ? "%f" : "%S";
  switch (name) {
    case "datetime":
      return `%Y-%m-%d %H:%M:${seconds}`;
    case "time":
      return `%H:%M:${seconds}`;
    case "date":
    case "strftime":
      return "%Y-%m-%d";
  }
}

/** The instant that literals name; null where SQLite gives NULL, undefined where an argument is no literal or the present moment. */
function constantInstant(call: TimeCall): Instant | Unsure | null | undefined {
  const value = call.value === undefined ? undefined : constantValue(call.value);
  if (value === undefined || "reason" in value) return value;
  const modifiers = constantModifiers(call.modifiers);
  if (modifiers === undefined || modifiers === null || "reason" in modifiers) return modifiers;
  const instant = instantOf(value, modifiers);
  return instant === "unsure" ? unsure : instant;
}

function constantValue(node: Expression): LiteralValue | Unsure | undefined {
  const literal = literalValue(node);
  if (literal !== undefined) return literal.type === "text" && /^(?:now|subsec|subsecond)$/i.test(literal.value) ? undefined : literal;
  const call = timeCall(unwrap(node));
  return call?.value === undefined ? undefined : constantResult(call);
}

/** Modifiers that are all literals; null when one of them makes NULL of everything. */
function constantModifiers(nodes: readonly Expression[]): readonly Modifier[] | Unsure | null | undefined {
  const modifiers: Modifier[] = [];
  for (const node of nodes) {
    const literal = literalValue(node);
    if (literal === undefined) return undefined;
    const read = literal.type === "text" ? readModifier(literal.value) : undefined;
    if (read === "unsure") return unsure;
    if (read === undefined) return null;
    modifiers.push(read);
  }
  return modifiers;
}
