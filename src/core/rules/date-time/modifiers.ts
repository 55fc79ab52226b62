/**
 * One of SQLite's modifiers, read from its text. Milliseconds are whole: SQLite counts in them.
 * @see https://www.sqlite.org/lang_datefunc.html#modifiers
 */
export type Modifier =
  /** Days, hours, minutes and seconds: as long everywhere. */
  | { readonly kind: "shift"; readonly ms: number }
  /** Months (and years): a day past the month's end spills over; then days and a time. */
  | { readonly kind: "months"; readonly months: number; readonly ms: number }
  | { readonly kind: "start"; readonly of: "day" | "month" | "year" }
  /** To the next such day of the week, Sunday being 0; not away from it. */
  | { readonly kind: "weekday"; readonly day: number }
  /** How the number before it is to be read. */
  | { readonly kind: "number"; readonly form: "auto" | "julianday" | "unixepoch" }
  | { readonly kind: "zone"; readonly form: "localtime" | "utc" }
  /** Shows milliseconds. */
  | { readonly kind: "subsec" }
  /** What becomes of a day past the month's end. */
  | { readonly kind: "spill"; readonly form: "ceiling" | "floor" };

/** `undefined`: SQLite gives NULL for such a text. `"unsure"`: a form so rare that nobody has looked at it. */
export function readModifier(text: string): Modifier | "unsure" | undefined {
  const word = words.get(text.toLowerCase());
  if (word !== undefined) return word;
  if (/^weekday /i.test(text)) return weekday(text.slice(8));
  const date = /^([+-])(\d{4})-(\d\d)-(\d\d)(?:\s(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?$/.exec(text);
  if (date !== null) return dateShift(date);
  const clock = /^([+-]?)(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?$/.exec(text);
  if (clock !== null) {
    const ms = clockMs(clock.slice(2));
    return typeof ms !== "number" ? ms : { kind: "shift", ms: clock[1] === "-" ? -ms : ms };
  }
  const shift = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s+(second|minute|hour|day|month|year)s?$/i.exec(text);
  if (shift !== null && /^[-+\d]/.test(text)) return numbered(Number(shift[1]), shift[2]?.toLowerCase() ?? "");
  // A zone behind a time, a year of five digits: SQLite reads some of them.
  return /^[-+\d].*[-:]/.test(text) ? "unsure" : undefined;
}

const words: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ["auto", { kind: "number", form: "auto" }],
  ["julianday", { kind: "number", form: "julianday" }],
  ["unixepoch", { kind: "number", form: "unixepoch" }],
  ["localtime", { kind: "zone", form: "localtime" }],
  ["utc", { kind: "zone", form: "utc" }],
  ["subsec", { kind: "subsec" }],
  ["subsecond", { kind: "subsec" }],
  ["ceiling", { kind: "spill", form: "ceiling" }],
  ["floor", { kind: "spill", form: "floor" }],
  ["start of day", { kind: "start", of: "day" }],
  ["start of month", { kind: "start", of: "month" }],
  ["start of year", { kind: "start", of: "year" }],
]);

function weekday(text: string): Modifier | "unsure" | undefined {
  if (!/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text)) return undefined;
  const day = Number(text);
  if (day < 0) return "unsure";
  return Number.isInteger(day) && day >= 0 && day < 7 ? { kind: "weekday", day: day + 0 } : undefined;
}

/** SQLite's limits and seconds of each unit; months and years beyond their whole number count as 30 and 365 days. */
const units: Readonly<Record<string, { readonly limit: number; readonly seconds: number; readonly months?: number }>> = {
  second: { limit: 464269992591360, seconds: 1 },
  minute: { limit: 7737900040192, seconds: 60 },
  hour: { limit: 128970000384, seconds: 3600 },
  day: { limit: 5373485, seconds: 86400 },
  month: { limit: 176546, seconds: 2592000, months: 1 },
  year: { limit: 14713, seconds: 31536000, months: 12 },
};

function numbered(count: number, unit: string): Modifier | undefined {
  const { limit, seconds, months } = units[unit] ?? { limit: 0, seconds: 0 };
  if (Math.abs(count) >= limit) return undefined;
  const rounder = count < 0 ? -0.5 : 0.5;
  const whole = Math.trunc(count);
  const ms = Math.trunc((months === undefined ? count : count - whole) * 1000 * seconds + rounder) + 0;
  return months === undefined ? { kind: "shift", ms } : { kind: "months", months: whole * months + 0, ms };
}

function dateShift([, sign, years, months, days, ...clock]: readonly (string | undefined)[]): Modifier | "unsure" | undefined {
  if (Number(months) >= 12 || Number(days) >= 31) return undefined;
  const time = clock[0] === undefined ? 0 : clockMs(clock);
  if (typeof time !== "number") return time;
  const factor = sign === "-" ? -1 : 1;
  return { kind: "months", months: factor * (Number(years) * 12 + Number(months)), ms: factor * (Number(days) * 86400000 + time) };
}

/** Milliseconds of hours, minutes, seconds and a fraction, without whole days; undefined where SQLite reads none. */
function clockMs([hours, minutes, seconds = "0", fraction = "0"]: readonly (string | undefined)[]): number | "unsure" | undefined {
  if (Number(hours) > 24 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  if (hours === "24") return "unsure";
  return (Number(hours) * 3600000 + Number(minutes) * 60000 + secondsMs(Number(seconds), fraction)) % 86400000;
}

/** Whole seconds and a fraction (`.5`) as milliseconds, rounded as SQLite rounds them: never up to the next second. */
export function secondsMs(seconds: number, fraction: string): number {
  return Math.trunc((seconds + Math.min(fractionOf(fraction), 0.999)) * 1000 + 0.5);
}

function fractionOf(text: string): number {
  let digits = 0;
  let scale = 1;
  for (const digit of text.replace(".", "")) {
    digits = digits * 10 + Number(digit);
    scale *= 10;
  }
  return digits / scale;
}
