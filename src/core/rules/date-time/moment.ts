import { literalValue } from "#core/sql/literal-value.ts";
import type { Expression } from "#core/sql/nodes.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { unwrap } from "../operators/flag-value.ts";
import { readModifier, type Modifier } from "./modifiers.ts";
import { shapeOf, type Shape } from "./shape.ts";
import { timeCall, type TimeCall } from "./time-call.ts";

/**
 * A moment as an expression of PostgreSQL's type timestamp: UTC, without a zone. What the statement gives stands in it as slots,
 * so that it may stay where it is and be rewritten by others.
 */
export interface Moment {
  readonly base: string;
  /** Whole milliseconds that are added to the base. */
  readonly shift: number;
  /** What the base may have below the second. Digits beyond milliseconds SQLite rounds in a column, and does not have in its clock. */
  readonly fraction: "none" | "millis" | "clock" | "micros";
  readonly subsec: boolean;
  /** It is a month's first day: a month more never spills over. */
  readonly first: boolean;
  /** Conditions without which SQLite gives NULL. */
  readonly guards: readonly string[];
  /** The base may itself lie beyond the year 9999, whatever is added. */
  readonly beyond: boolean;
  /** It lies near today, not in a row: no year 9999 can be near. */
  readonly near: boolean;
  /** When it may not be what SQLite has. */
  readonly doubts: readonly string[];
  /** The expressions behind the slots. */
  readonly slots: readonly Expression[];
  /** The value alone, nothing added: for what looks at the fraction. */
  readonly plain: string | undefined;
}

/** Why there is no expression. */
export interface NoMoment {
  readonly reason: string;
}

/** What tells of the values in a statement. */
export interface MomentContext {
  readonly kind: (node: Expression) => ValueKind;
  readonly hasSchema: boolean;
}

/** The mark of a kept expression in a template. */
export function slot(index: number): string {
  return String.fromCharCode(0xe000 + index);
}

const clock = "timezone('utc', statement_timestamp())";

/** The moment that a call speaks of, its modifiers included; null where SQLite gives NULL whatever the rows. Constants are not for here. */
export function momentOf(call: TimeCall, context: MomentContext): Moment | NoMoment | null {
  const modifiers: (Modifier | Expression)[] = [];
  for (const node of call.modifiers) {
    const literal = literalValue(node);
    const read = literal?.type === "text" ? readModifier(literal.value) : undefined;
    if (read === "unsure") return { reason: "SQLite's versions do not agree about this modifier" };
    if (literal !== undefined && read === undefined) return null;
    modifiers.push(read ?? node);
  }
  const [first] = modifiers;
  const number = first !== undefined && isModifier(first) && first.kind === "number" ? first.form : undefined;
  let moment = startOf(call.value, number, context);
  const rest = number === undefined ? modifiers : modifiers.slice(1);
  for (const [i, modifier] of rest.entries()) {
    if (moment === null || "reason" in moment) return moment;
    const next = rest[i + 1];
    const clamped = next !== undefined && isModifier(next) && next.kind === "spill" && next.form === "floor";
    moment = isModifier(modifier) ? modified(moment, modifier, clamped) : modifiedBy(moment, modifier);
  }
  return moment;
}

function isModifier(node: Modifier | Expression): node is Modifier {
  return !("span" in node);
}

const start: Moment = { base: clock, shift: 0, fraction: "clock", subsec: false, first: false, guards: [], beyond: false, near: true, doubts: [], slots: [], plain: undefined };

function startOf(value: Expression | undefined, number: "auto" | "julianday" | "unixepoch" | undefined, context: MomentContext): Moment | NoMoment | null {
  const node = value === undefined ? undefined : unwrap(value);
  const literal = node === undefined ? undefined : literalValue(node);
  const text = literal?.type === "text" ? literal.value.toLowerCase() : undefined;
  if (node === undefined || text === "now" || text === "subsec" || text === "subsecond") {
    return number === undefined ? { ...start, subsec: text?.startsWith("subsec") === true } : number === "auto" ? start : null;
  }
  if (literal !== undefined) return { reason: "a literal whose modifiers are no literals" };
  const inner = timeCall(node);
  const whole = inner === undefined ? undefined : wholeMoment(inner);
  if (inner !== undefined && whole !== undefined && number === undefined) return nested(inner, whole, context);
  const kind = context.kind(node);
  const of = (base: string, fraction: Moment["fraction"], more: Partial<Moment> = {}): Moment => ({ ...start, base, fraction, near: false, slots: [value ?? node], plain: base, ...more });
  const it = slot(0);
  switch (kind.kind) {
    case "time":
      if (number === "unixepoch" || number === "julianday") return { reason: `the value is a ${kind.type}: SQLite gives NULL for its text with '${number}'` };
      if (kind.type === "date") return of(`CAST(${it} AS timestamp)`, "none");
      return of(kind.type === "timestamptz" ? `timezone('utc', ${it})` : it, "micros");
    case "integer":
    case "double":
    case "numeric":
      return ofNumber(node, kind.kind, number, of);
    case "null":
      return null;
    case "parameter":
      if (number === "unixepoch") {
        return of(`timezone('utc', to_timestamp(CAST(${it} AS double precision)))`, "micros", { doubts: ["a value bound here that is no number is an error, where SQLite gives NULL"] });
      }
      return number === undefined
        ? of(`CAST(${it} AS timestamp)`, "micros", { doubts: ["a text bound here that is no date is an error, where SQLite gives NULL; a zone in it is dropped, and a number is none"] })
        : { reason: `a parameter with '${number}'` };
    case "text":
      return number === undefined
        ? of(`CAST(${it} AS timestamp)`, "micros", { doubts: ["a text that is no date is an error, where SQLite gives NULL; a zone in it is dropped"] })
        : { reason: `a text with '${number}'` };
    default:
      return number === undefined
        ? of(`CAST(${it} AS timestamp)`, "micros", { doubts: [`what type the value has on PostgreSQL is not known here${context.hasSchema ? "" : " (--schema tells)"}: for a timestamp this is the same, a text that is no date is an error, where SQLite gives NULL`] })
        : number === "unixepoch"
          ? of(`timezone('utc', to_timestamp(${it}))`, "micros", { doubts: [`what type the value has on PostgreSQL is not known here${context.hasSchema ? "" : " (--schema tells)"}: for whole numbers up to the year 9999 this is the same`] })
          : { reason: `a value whose type is not known here, with '${number}'` };
  }
}

type Make = (base: string, fraction: Moment["fraction"], more?: Partial<Moment>) => Moment;

function ofNumber(node: Expression, kind: "integer" | "double" | "numeric", form: "auto" | "julianday" | "unixepoch" | undefined, of: Make): Moment | NoMoment {
  const it = slot(0);
  const range = (from: string, to: string): Partial<Moment> =>
    node.kind === "ColumnReference" ? { guards: [`${it} BETWEEN ${from} AND ${to}`] } : { doubts: ["a number beyond the year 9999 gives NULL in SQLite"] };
  const value = kind === "double" ? it : `CAST(${it} AS double precision)`;
  if (form === "unixepoch") {
    if (kind === "integer") return of(`timezone('utc', to_timestamp(${it}))`, "none", range("-62135596800", "253402300799"));
    return of(fromMillis(`trunc(${value} * 1000 + 210866760000000 + 0.5)`), "millis", range("-62135596800", "253402300799.999"));
  }
  if (form === "auto" || kind === "integer") {
    return { reason: "SQLite reads the number as a Julian day, and most numbers are none: say 'unixepoch' for seconds since 1970, and divide milliseconds by 1000" };
  }
  return of(fromMillis(`trunc(${value} * 86400000 + 0.5)`), "millis", range("1721425.5", "5373484.49999"));
}

/** A number of SQLite's milliseconds as a timestamp; a product so large is not exact, but for what is below a millisecond. */
function fromMillis(jd: string): string {
  return `date_trunc('milliseconds', timestamp '1970-01-01 00:00:00.0005' + interval '1 millisecond' * (${jd} - 210866760000000))`;
}

/** The shape of a call that another call takes for its moment as a whole; undefined when its text is no whole moment. */
export function wholeMoment(call: TimeCall): (Shape & { readonly is: "date" | "datetime" }) | undefined {
  const shape = shapeOf(call);
  return shape?.is === "date" || shape?.is === "datetime" ? shape : undefined;
}

/** A call such as date(…) as a value: cut as its text is. */
function nested(call: TimeCall, { cut }: Shape & { readonly is: "date" | "datetime" }, context: MomentContext): Moment | NoMoment | null {
  const moment = momentOf(call, context);
  if (moment === null || "reason" in moment) return moment;
  const base = cut === "second" ? atSecond(moment) : `date_trunc('${cut}', ${momentSql(moment)})`;
  return { ...moment, base, shift: 0, fraction: "none", first: cut === "month" || cut === "year", plain: undefined, subsec: false };
}

/** The moment's expression. */
export function momentSql({ base, shift }: Moment): string {
  return shift === 0 ? base : `${base} ${shift < 0 ? "-" : "+"} interval '${intervalWords(Math.abs(shift))}'`;
}

/** The moment without what is below its second. */
export function atSecond(moment: Moment): string {
  if (moment.fraction === "none" && moment.shift % 1000 === 0) return momentSql(moment);
  return moment.shift % 1000 === 0 ? momentSql({ ...moment, base: `date_trunc('second', ${moment.base})` }) : `date_trunc('second', ${momentSql(moment)})`;
}

function intervalWords(ms: number): string {
  const units = [[86400000, "day"], [3600000, "hour"], [60000, "minute"], [1000, "second"], [1, "millisecond"]] as const;
  const [size, unit] = units.find(([each]) => ms % each === 0) ?? [1, "millisecond"];
  const count = ms / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** What the moment's slots stand for may be written twice: a column's name, nothing that binds or computes. */
function mayRepeat({ slots }: Moment): boolean {
  return slots.every((each) => each.kind === "ColumnReference");
}

function modified(moment: Moment, modifier: Modifier, clamped: boolean): Moment | NoMoment | null {
  switch (modifier.kind) {
    case "shift":
      return shifted(moment, modifier.ms);
    case "months":
      return shiftedMonths(moment, modifier.months, modifier.ms, clamped);
    case "start":
      return onDay(moment, modifier.of);
    case "weekday": {
      if (!mayRepeat(moment)) return { reason: "'weekday' of a value that cannot be written twice" };
      const sql = momentSql(moment);
      const base = `${sql} + make_interval(days => CAST(${7 + modifier.day} - extract(dow FROM ${sql}) AS integer) % 7)`;
      return { ...within(moment, base, Date.UTC(10000, 0, 1)), base, shift: 0, first: false, beyond: !moment.near, plain: undefined };
    }
    case "number":
      return null;
    case "zone":
      return { reason: `'${modifier.form}' takes the zone of the application's machine, which the server does not know: name it, as in timezone('Europe/Berlin', …), or compute the time in code` };
    case "subsec":
      return { ...moment, subsec: true };
    case "spill":
      return moment;
  }
}

function onDay(moment: Moment, of: "day" | "month" | "year"): Moment {
  return { ...moment, base: `date_trunc('${of}', ${momentSql(moment)})`, shift: 0, fraction: "none", first: of !== "day", beyond: false, plain: undefined };
}

function shifted(moment: Moment, ms: number): Moment {
  const shift = moment.shift + ms;
  const fine = ms % 1000 !== 0 && moment.fraction === "micros" ? [beyondMillis] : [];
  return within({ ...moment, shift, first: false, doubts: [...moment.doubts, ...fine] }, moment.base, shift > 0 || moment.beyond ? Date.UTC(10000, 0, 1) - shift : undefined);
}

/** Said where digits beyond milliseconds would count. */
export const beyondMillis = "a column's digits beyond milliseconds are rounded by SQLite and cut here";

/** Beyond the year 9999 SQLite gives NULL: the moment is given where `sql` lies before a limit. The last such condition on one expression counts. */
function within(moment: Moment, sql: string, limit: number | undefined): Moment {
  if (moment.near) return moment;
  const guards = moment.guards.filter((each) => !each.startsWith(`${sql} < `));
  if (limit === undefined) return { ...moment, guards };
  if (!mayRepeat(moment) || sql.length > 160) return { ...moment, doubts: [...moment.doubts, "a moment beyond the year 9999 is NULL in SQLite"] };
  const text = new Date(limit).toISOString().replace(/^\+0*/, "").replace("T", " ").replace(/(?: 00:00:00)?\.000Z$|Z$/, "");
  return { ...moment, guards: [...guards, `${sql} < timestamp '${text}'`] };
}

function shiftedMonths(moment: Moment, months: number, ms: number, clamped: boolean): Moment | NoMoment {
  const sql = momentSql(moment);
  const count = Math.abs(months);
  const words = count % 12 === 0 && count > 0 ? `${count / 12} year${count === 12 ? "" : "s"}` : `${count} month${count === 1 ? "" : "s"}`;
  const step = `${months < 0 ? "-" : "+"} interval '${words}'`;
  const after = (base: string, more: Partial<Moment> = {}): Moment => {
    const grown = months > 0 ? within(moment, sql, Date.UTC(10000, -months, 1)) : moment;
    const result: Moment = { ...grown, base, shift: 0, beyond: false, plain: undefined, ...more };
    return ms === 0 ? result : shifted(result, ms);
  };
  if (months === 0) return after(sql, { first: moment.first });
  if (moment.first || clamped) return after(`${sql} ${step}`);
  if (!mayRepeat(moment)) {
    const grown = after(`${sql} ${step}`);
    return { ...grown, doubts: [...grown.doubts, "past a month's last day PostgreSQL stops at it, where SQLite goes on into the next month"] };
  }
  if (sql.length > 150) return { reason: "several changes of months: SQLite's way of going past a month's last day has no short form" };
  const month = `date_trunc('month', ${sql})`;
  return after(`${month} ${step} + (${sql} - ${month})`);
}

/** A modifier that is put together at run time: a text such as '-7 days', which PostgreSQL reads as an interval. */
function modifiedBy(moment: Moment, modifier: Expression): Moment {
  const base = `${momentSql(moment)} + CAST(${slot(moment.slots.length)} AS interval)`;
  return {
    ...moment,
    base,
    shift: 0,
    first: false,
    plain: undefined,
    slots: [...moment.slots, modifier],
    fraction: moment.fraction === "none" ? "micros" : moment.fraction,
    doubts: [...moment.doubts, "a text such as '-7 days' or '2 hours' is the same; months and years stop at the month's last day, and any other modifier is an error", ...(moment.near ? [] : ["a moment beyond the year 9999 is NULL in SQLite"])],
  };
}
