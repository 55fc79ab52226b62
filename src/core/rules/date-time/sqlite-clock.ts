import type { LiteralValue } from "#core/sql/literal-value.ts";
import { secondsMs, type Modifier } from "./modifiers.ts";

/** A moment as SQLite has it: milliseconds since noon of November 24, 4714 BC, and whether they are shown. */
export interface Instant {
  readonly jd: number;
  readonly subsec: boolean;
}

const day = 86400000;
/** Of 1970-01-01. */
export const epoch = 210866760000000;
/** Of 0000-01-01, before which SQLite promises nothing. */
const yearZero = 148699540800000;
/** Of the end of 9999. */
const last = 464269060799999;

/** What SQLite knows of a moment while it applies modifiers. */
interface State {
  jd: number | undefined;
  /** A number that is not said to be a Julian day or seconds. */
  raw: number | undefined;
  /** Days past the month's end. */
  past: number;
  subsec: boolean;
  readonly zoned: boolean;
  /** Its hour is 24, which only some versions take. */
  readonly midnight24: boolean;
}

/**
 * The instant that SQLite makes of a literal and modifiers; null where it gives NULL. `"unsure"` for what depends on the machine's
 * zone or on SQLite's version: a zone in the text or a day past its month's end that modifiers then change, the hour 24, years before 0.
 * @see https://www.sqlite.org/lang_datefunc.html
 */
export function instantOf(value: LiteralValue, modifiers: readonly Modifier[]): Instant | "unsure" | null {
  const state = read(value);
  if (state === undefined) return null;
  if (modifiers.some(({ kind }) => kind === "zone") || state.midnight24 || (modifiers.length > 0 && (state.zoned || state.past > 0))) return "unsure";
  for (const [i, modifier] of modifiers.entries()) {
    if (!apply(state, modifier, i === 0)) return null;
    if (state.jd !== undefined && state.jd < yearZero) return "unsure";
  }
  return state.jd === undefined || state.jd < 0 || state.jd > last ? null : { jd: state.jd, subsec: state.subsec };
}

function read(value: LiteralValue): State | undefined {
  switch (value.type) {
    case "null":
    case "blob":
      return undefined;
    case "integer":
    case "real":
      return numeric(Number(value.value));
    case "text":
      return ofText(value.value);
  }
}

function numeric(value: number): State {
  return { jd: value >= 0 && value < 5373484.5 ? Math.trunc(value * day + 0.5) : undefined, raw: value, past: 0, subsec: false, zoned: false, midnight24: false };
}

const zoned = /^(?:[ \t\n\v\f\r]*(?:([-+])(\d\d):(\d\d)|[zZ])[ \t\n\v\f\r]*|[ \t\n\v\f\r]*)$/;

function ofText(text: string): State | undefined {
  const date = /^(-?)(\d{4})-(\d\d)-(\d\d)/.exec(text);
  let rest = text;
  let [year, month, dayOfMonth] = [2000, 1, 1];
  if (date !== null) {
    [year, month, dayOfMonth] = [Number(`${date[1] ?? ""}${date[2] ?? ""}`), Number(date[3]), Number(date[4])];
    if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return undefined;
    rest = text.slice(date[0].length).replace(/^[ \t\n\v\f\rT]+/, "");
  }
  const clock = /^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?/.exec(rest);
  if (clock === null) {
    if (date === null) return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? numeric(Number(text)) : undefined;
    if (rest !== "") return undefined;
  }
  const [, hours = "0", minutes = "0", seconds = "0", fraction = ""] = clock ?? [];
  if (Number(hours) > 24 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const zone = zoned.exec(rest.slice(clock?.[0].length ?? 0));
  if (zone === null || Number(zone[2] ?? 0) > 14 || Number(zone[3] ?? 0) > 59) return undefined;
  const offset = (zone[1] === "-" ? -1 : 1) * (Number(zone[2] ?? 0) * 60 + Number(zone[3] ?? 0)) * 60000;
  const jd = dayStart(year, month, dayOfMonth) + Number(hours) * 3600000 + Number(minutes) * 60000 + secondsMs(Number(seconds), fraction) - offset;
  return { jd, raw: undefined, past: pastEnd(year, month, dayOfMonth), subsec: false, zoned: zone[0].trim() !== "", midnight24: hours === "24" };
}

function apply(state: State, modifier: Modifier, first: boolean): boolean {
  if (modifier.kind === "number") return first && readAs(state, modifier.form);
  if (modifier.kind === "subsec") {
    state.subsec = true;
    return true;
  }
  if (state.jd === undefined) return false;
  switch (modifier.kind) {
    case "shift":
      state.jd += modifier.ms;
      state.past = 0;
      return true;
    case "months": {
      const moved = addMonths(state.jd, modifier.months);
      if (moved === undefined) return false;
      state.jd = moved.jd + modifier.ms;
      state.past = moved.past;
      return true;
    }
    case "start": {
      const { year, month } = calendar(state.jd);
      state.jd = modifier.of === "day" ? midnight(state.jd) : dayStart(year, modifier.of === "year" ? 1 : month, 1);
      state.raw = undefined;
      return true;
    }
    case "weekday": {
      let at = Math.floor((state.jd + 129600000) / day) % 7;
      if (at > modifier.day) at -= 7;
      state.jd += (modifier.day - at) * day;
      return true;
    }
    case "spill":
      if (modifier.form === "floor") state.jd -= state.past * day;
      return true;
    case "zone":
      return false;
  }
}

function readAs(state: State, form: "auto" | "julianday" | "unixepoch"): boolean {
  const { raw } = state;
  switch (form) {
    case "julianday":
      state.raw = undefined;
      return raw !== undefined && state.jd !== undefined;
    case "auto":
      state.raw = undefined;
      if (raw !== undefined && state.jd === undefined && raw >= -210866760000 && raw <= 253402300799) state.jd = Math.trunc(raw * 1000 + epoch + 0.5);
      return true;
    case "unixepoch": {
      if (raw === undefined) return false;
      const jd = raw * 1000 + epoch;
      if (jd < 0 || jd >= last + 1) return false;
      state.jd = Math.trunc(jd + 0.5);
      state.raw = undefined;
      return true;
    }
  }
}

/** A year, month and day of the Gregorian calendar, carried back before its time. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Milliseconds at a day's midnight; the day may lie past its month's end. */
export function dayStart(year: number, month: number, dayOfMonth: number): number {
  const first = new Date(0);
  first.setUTCFullYear(year, month - 1, 1);
  return first.getTime() + (dayOfMonth - 1) * day + epoch;
}

function midnight(jd: number): number {
  return Math.floor((jd - epoch) / day) * day + epoch;
}

/** The day that an instant belongs to. */
export function calendar(jd: number): CalendarDay {
  const date = new Date(jd - epoch);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function addMonths(jd: number, months: number): { readonly jd: number; readonly past: number } | undefined {
  if (jd < 0 || jd > last) return undefined;
  const at = calendar(jd);
  const count = at.year * 12 + at.month - 1 + months;
  const [year, month] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1];
  if (year < -4713 || year > 9999) return undefined;
  return { jd: dayStart(year, month, at.day) + (jd - midnight(jd)), past: pastEnd(year, month, at.day) };
}

function pastEnd(year: number, month: number, dayOfMonth: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return Math.max(0, dayOfMonth - days);
}
