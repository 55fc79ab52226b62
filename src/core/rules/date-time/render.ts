import type { LiteralValue } from "#core/sql/literal-value.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { formatSql, readFormat } from "./formats.ts";
import { atSecond, beyondMillis, momentSql, slot, type Moment } from "./moment.ts";
import { formatText, type Shape } from "./shape.ts";
import type { TimeCall } from "./time-call.ts";

/** What a call's value is wanted as. `collated`: a text that is compared by bytes. `number`: a letter's digits as a number that is cast around it. */
export type Wanted = "text" | "collated" | "timestamp" | "timestamptz" | "date" | "integer" | "number";

/** An expression of PostgreSQL's, with the slots of its moment. */
export interface Rendered {
  readonly template: string;
  readonly kind: ValueKind;
  readonly doubts: readonly string[];
}

/** Writes a call's value in the form that is wanted of it, or says why it has none. */
export function render(call: TimeCall, shape: Shape, moment: Moment, wanted: Wanted): Rendered | { readonly reason: string } {
  const of = (template: string, kind: ValueKind, doubts: readonly string[] = []): Rendered => ({
    template: moment.guards.length === 0 ? template : `CASE WHEN ${moment.guards.join(" AND ")} THEN ${template} END`,
    kind,
    doubts: [...moment.doubts, ...doubts],
  });
  if (shape.is === "double" || shape.is === "integer") return number(call, shape.is, moment, of);
  if (wanted === "timestamp" || wanted === "timestamptz" || wanted === "date") {
    if (shape.is === "text") return { reason: "its text is no whole moment" };
    const at = shape.cut === "second" ? atSecond(moment) : `date_trunc('${shape.cut}', ${momentSql(moment)})`;
    const day = shape.cut === "month" || shape.cut === "year" ? at : momentSql(moment);
    switch (wanted) {
      case "date":
        return of(`CAST(${day} AS date)`, time("date"));
      case "timestamp":
        return shape.is === "date" ? of(`CAST(${day} AS date)`, time("timestamp")) : of(at, time("timestamp"));
      case "timestamptz":
        return of(`timezone('utc', ${at})`, time("timestamptz"));
    }
  }
  const parts = readFormat(formatText(call, moment.subsec) ?? "");
  if (parts === undefined) return of("NULL", { kind: "null" });
  const letters = parts.flatMap((part) => ("letter" in part ? [part] : []));
  if (letters.some((part) => part.name === "J")) return { reason: "%J prints a Julian day with 16 digits, for which PostgreSQL has no form: use julianday()" };
  if (moment.subsec && letters.some((part) => part.name === "s")) return { reason: "%s with 'subsec' has no form: use unixepoch(…, 'subsec')" };
  const millis = letters.some((part) => part.letter.millis === true);
  const doubts = millis && moment.fraction === "micros" ? [beyondMillis] : [];
  const sql = momentSql(moment);
  if (wanted === "integer" || wanted === "number") {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && "letter" in only && only.letter.number !== undefined) {
      const value = only.letter.number(sql);
      return of(wanted === "number" ? value : `CAST(${value} AS bigint)`, { kind: "integer" }, doubts);
    }
    const text = formatSql(parts, sql);
    return text === undefined || shape.is !== "text" || !shape.digits ? { reason: "its text is no number" } : of(wanted === "number" ? text : `CAST(${text} AS bigint)`, { kind: "integer" }, doubts);
  }
  const text = formatSql(parts, sql);
  if (text === undefined) return { reason: "the format has no form there" };
  const fixed = shape.is !== "text" || shape.pattern !== undefined;
  const rendered = of(text, { kind: "text", binary: true, ordered: wanted === "collated" || fixed }, doubts);
  return wanted === "collated" ? { ...rendered, template: `${moment.guards.length === 0 ? rendered.template : `(${rendered.template})`} COLLATE "C"` } : rendered;
}

type Make = (template: string, kind: ValueKind, doubts?: readonly string[]) => Rendered;

function time(type: "timestamp" | "timestamptz" | "date"): ValueKind {
  return { kind: "time", type, exact: true };
}

/** julianday() and unixepoch(). */
function number(call: TimeCall, is: "double" | "integer", moment: Moment, of: Make): Rendered {
  if (is === "integer") {
    const seconds = `extract(epoch FROM ${momentSql(moment)})`;
    return of(`CAST(${moment.fraction === "none" && moment.shift % 1000 === 0 ? seconds : `floor(${seconds})`} AS bigint)`, { kind: "integer" });
  }
  const at = moment.fraction === "clock" ? momentSql({ ...moment, base: `date_trunc('milliseconds', ${moment.base})` }) : momentSql(moment);
  const precise = moment.fraction !== "micros";
  if (call.name === "unixepoch") {
    return precise ? of(`CAST(extract(epoch FROM ${at}) AS double precision)`, { kind: "double" }) : of(`CAST(round(extract(epoch FROM ${at}), 3) AS double precision)`, { kind: "double" }, [beyondMillis]);
  }
  if (precise) return of(`(CAST(extract(epoch FROM ${at}) * 1000 + 210866760000000 AS double precision) / 86400000)`, { kind: "double" });
  if (moment.plain === undefined || moment.shift !== 0 || !moment.slots.every((each) => each.kind === "ColumnReference")) {
    return of(`(CAST(round(extract(epoch FROM ${at}) * 1000 + 210866760000000) AS double precision) / 86400000)`, { kind: "double" }, [beyondMillis]);
  }
  // SQLite reads the seconds as a double and rounds it to milliseconds, never up to the next second; date_part() gives the same double.
  const second = `date_part('second', ${at})`;
  const millis = `least(trunc(${second} * 1000 + 0.5), trunc(${second}) * 1000 + 999)`;
  return of(`((CAST(extract(epoch FROM date_trunc('minute', ${at})) * 1000 + 210866760000000 AS double precision) + ${millis}) / 86400000)`, { kind: "double" });
}

/** A constant of SQLite's as an expression of the wanted type. */
export function renderConstant(value: LiteralValue, shape: Shape, wanted: Wanted): Rendered | { readonly reason: string } {
  switch (value.type) {
    case "null":
      return { template: "NULL", kind: { kind: "null" }, doubts: [] };
    case "integer":
      return { template: value.value.toString(), kind: { kind: "integer" }, doubts: [] };
    case "real":
      return { template: `CAST(${value.value} AS double precision)`, kind: { kind: "double" }, doubts: [] };
    case "blob":
      return { reason: "a blob is no text" };
    case "text": {
      const text = postgresString(value.value);
      if (wanted === "text" || wanted === "collated") return { template: wanted === "collated" ? `${text} COLLATE "C"` : text, kind: { kind: "text", binary: true, ordered: false, literal: value.value }, doubts: [] };
      if (wanted === "integer" || wanted === "number") return /^\d{1,18}$/.test(value.value) ? { template: String(BigInt(value.value)), kind: { kind: "integer" }, doubts: [] } : { reason: "its text is no number" };
      if (shape.is === "text" || !/^(?!0000)\d{4}-/.test(value.value)) return { reason: "its text is no moment of the years 1 to 9999" };
      return { template: wanted === "timestamptz" ? `timezone('utc', timestamp ${text})` : `${wanted} ${text}`, kind: time(wanted), doubts: [] };
    }
  }
}

/** How often a template names each slot. */
export function slotCounts(template: string, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => template.split(slot(i)).length - 1);
}
