import { postgresString } from "#core/sql/postgres-literal.ts";
import { calendar, dayStart, epoch, type Instant } from "./sqlite-clock.ts";

/** One of strftime()'s letters. */
export interface Letter {
  /** to_char()'s pattern for it, where there is one. */
  readonly pattern?: string;
  /** Otherwise a text expression over a timestamp, and how often it names it. */
  readonly text?: (moment: string) => string;
  /** The value as a number, for a letter that gives digits only. */
  readonly number?: (moment: string) => string;
  /** It shows milliseconds. */
  readonly millis?: true;
  /** What it gives, as a regular expression; absent where its length varies, so that texts do not sort as moments. */
  readonly shape?: string;
  /** What SQLite gives. */
  readonly of: (instant: Instant) => string;
}

const pad = (value: number, width: number, by = "0"): string => (value < 0 ? `-${String(-value).padStart(width - 1, by)}` : String(value).padStart(width, by));
const inDay = ({ jd }: Instant): number => (((jd - epoch) % 86400000) + 86400000) % 86400000;
const hours = (at: Instant): number => Math.floor(inDay(at) / 3600000);
const minutes = (at: Instant): number => Math.floor(inDay(at) / 60000) % 60;
const seconds = (at: Instant): number => Math.floor(inDay(at) / 1000) % 60;
const hour12 = (at: Instant): number => hours(at) % 12 || 12;
/** Sunday is 0. */
const weekday = ({ jd }: Instant): number => Math.floor((jd + 129600000) / 86400000) % 7;
const dayOfYear = ({ jd }: Instant): number => Math.floor((jd - dayStart(calendar(jd).year, 1, 1)) / 86400000);
const thursday = (at: Instant): Instant => ({ ...at, jd: at.jd + (4 - (weekday(at) || 7)) * 86400000 });
const isoYear = (at: Instant): number => calendar(thursday(at).jd).year;
const isoWeek = (at: Instant): number => Math.floor(dayOfYear(thursday(at)) / 7) + 1;
const ofDay = (at: Instant): string => {
  const { year, month, day } = calendar(at.jd);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
};
const extract = (field: string) => (t: string): string => `extract(${field} FROM ${t})`;
const blankPadded = (pattern: string) => (t: string): string => `lpad(to_char(${t}, '${pattern}'), 2)`;
const week = (from: number, field: string) => (t: string): string => `div(extract(doy FROM ${t}) + ${from} - extract(${field} FROM ${t}), 7)`;
const twoDigits = (number: (t: string) => string) => (t: string): string => `lpad(CAST(${number(t)} AS text), 2, '0')`;
const epochSeconds = (t: string): string => `floor(extract(epoch FROM ${t}))`;
const two = "\\d\\d";

/** The letters that SQLite knows; any other makes the whole result NULL. */
const letters = {
  d: { pattern: "DD", number: extract("day"), shape: two, of: ({ jd }) => pad(calendar(jd).day, 2) },
  e: { text: blankPadded("FMDD"), number: extract("day"), shape: "[ \\d]\\d", of: ({ jd }) => pad(calendar(jd).day, 2, " ") },
  f: { pattern: "SS.MS", millis: true, shape: "\\d\\d\\.\\d{3}", of: (at) => `${pad(seconds(at), 2)}.${pad(inDay(at) % 1000, 3)}` },
  F: { pattern: "YYYY-MM-DD", shape: "\\d{4}-\\d\\d-\\d\\d", of: ofDay },
  g: { pattern: "IY", number: (t) => `mod(extract(isoyear FROM ${t}), 100)`, shape: two, of: (at) => pad(isoYear(at) % 100, 2) },
  G: { pattern: "IYYY", number: extract("isoyear"), shape: "\\d{4}", of: (at) => pad(isoYear(at), 4) },
  H: { pattern: "HH24", number: extract("hour"), shape: two, of: (at) => pad(hours(at), 2) },
  I: { pattern: "HH12", number: (t) => `CAST(to_char(${t}, 'HH12') AS integer)`, shape: two, of: (at) => pad(hour12(at), 2) },
  j: { pattern: "DDD", number: extract("doy"), shape: "\\d{3}", of: (at) => pad(dayOfYear(at) + 1, 3) },
  J: { millis: true, of: ({ jd }) => (jd / 86400000).toPrecision(16).replace(/\.?0+$/, "") },
  k: { text: blankPadded("FMHH24"), number: extract("hour"), shape: "[ \\d]\\d", of: (at) => pad(hours(at), 2, " ") },
  l: { text: blankPadded("FMHH12"), number: (t) => `CAST(to_char(${t}, 'HH12') AS integer)`, shape: "[ \\d]\\d", of: (at) => pad(hour12(at), 2, " ") },
  m: { pattern: "MM", number: extract("month"), shape: two, of: ({ jd }) => pad(calendar(jd).month, 2) },
  M: { pattern: "MI", number: extract("minute"), shape: two, of: (at) => pad(minutes(at), 2) },
  p: { pattern: "AM", shape: "[AP]M", of: (at) => (hours(at) < 12 ? "AM" : "PM") },
  P: { pattern: "am", shape: "[ap]m", of: (at) => (hours(at) < 12 ? "am" : "pm") },
  R: { pattern: "HH24:MI", shape: "\\d\\d:\\d\\d", of: (at) => `${pad(hours(at), 2)}:${pad(minutes(at), 2)}` },
  s: { text: (t) => `CAST(CAST(${epochSeconds(t)} AS bigint) AS text)`, number: epochSeconds, of: (at) => (at.subsec ? ((at.jd - epoch) / 1000).toFixed(3) : String(Math.floor((at.jd - epoch) / 1000))) },
  S: { pattern: "SS", number: (t) => `floor(extract(second FROM ${t}))`, shape: two, of: (at) => pad(seconds(at), 2) },
  T: { pattern: "HH24:MI:SS", shape: "\\d\\d:\\d\\d:\\d\\d", of: (at) => `${pad(hours(at), 2)}:${pad(minutes(at), 2)}:${pad(seconds(at), 2)}` },
  u: { pattern: "ID", number: extract("isodow"), shape: "\\d", of: (at) => String(weekday(at) || 7) },
  U: { text: twoDigits(week(6, "dow")), number: week(6, "dow"), shape: two, of: (at) => pad(Math.floor((dayOfYear(at) - weekday(at) + 7) / 7), 2) },
  V: { pattern: "IW", number: extract("week"), shape: two, of: (at) => pad(isoWeek(at), 2) },
  w: { text: (t) => `CAST(extract(dow FROM ${t}) AS text)`, number: extract("dow"), shape: "\\d", of: (at) => String(weekday(at)) },
  W: { text: twoDigits(week(7, "isodow")), number: week(7, "isodow"), shape: two, of: (at) => pad(Math.floor((dayOfYear(at) - ((weekday(at) + 6) % 7) + 7) / 7), 2) },
  Y: { pattern: "YYYY", number: extract("year"), shape: "\\d{4}", of: ({ jd }) => pad(calendar(jd).year, 4) },
} satisfies Readonly<Record<string, Letter>>;

const byLetter: ReadonlyMap<string, Letter> = new Map(Object.entries(letters));

/** A format's parts: letters, and the texts between them. */
export type FormatPart = { readonly letter: Letter; readonly name: string } | { readonly text: string };

/** Reads a format; undefined when SQLite gives NULL for it: an unknown letter, or a lone % at the end. */
export function readFormat(format: string): readonly FormatPart[] | undefined {
  const parts: FormatPart[] = [];
  for (const [, name, text] of format.matchAll(/%([\s\S]?)|([^%]+)/g)) {
    const last = parts.at(-1);
    const plain = name === undefined ? text : name === "%" ? "%" : undefined;
    if (plain !== undefined) {
      if (last !== undefined && "text" in last) parts[parts.length - 1] = { text: last.text + plain };
      else parts.push({ text: plain });
      continue;
    }
    const letter = byLetter.get(name ?? "");
    if (letter === undefined) return undefined;
    parts.push({ letter, name: name ?? "" });
  }
  return parts;
}

/** What strftime() gives for an instant. */
export function formatInstant(parts: readonly FormatPart[], instant: Instant): string {
  return parts.map((part) => ("text" in part ? part.text : part.letter.of(instant))).join("");
}

/** Patterns that to_char() reads one by one where they touch. */
const apart = new Set(["YYYY MM", "MM DD", "DD HH24", "HH24 MI", "MI SS", "MI SS.MS", "YYYY DDD", "YYYY-MM-DD HH24", "DD HH24:MI:SS"]);

/** The format as an expression over a timestamp; undefined for a letter that has none. */
export function formatSql(parts: readonly FormatPart[], moment: string): string | undefined {
  const pieces: string[] = [];
  let pattern = "";
  let before: string | undefined;
  const flush = (): void => {
    if (pattern !== "") pieces.push(hasPattern || parts.every((part) => "text" in part) ? `to_char(${moment}, ${postgresString(pattern)})` : postgresString(plain));
    pattern = "";
    plain = "";
    before = undefined;
    hasPattern = false;
  };
  let plain = "";
  let hasPattern = false;
  for (const part of parts) {
    if ("text" in part) {
      pattern += literalPattern(part.text);
      plain += part.text;
      before = undefined;
    } else if (part.letter.pattern !== undefined) {
      if (before !== undefined && !apart.has(`${before} ${part.letter.pattern}`)) pattern += '""';
      pattern += part.letter.pattern;
      before = part.letter.pattern;
      hasPattern = true;
    } else if (part.letter.text !== undefined) {
      flush();
      pieces.push(part.letter.text(moment));
    } else return undefined;
  }
  flush();
  // Even a format without letters gives NULL for NULL.
  return pieces.length > 1 ? `(${pieces.join(" || ")})` : (pieces[0] ?? `substr(to_char(${moment}, 'YYYY'), 1, 0)`);
}

/** What stands between patterns: letters, digits and the like would be read as some. */
function literalPattern(text: string): string {
  return text.replace(/[^-:/ .,;_()[\]+#=|]+/g, (word) => `"${word.replace(/["\\]/g, "\\$&")}"`);
}
