import type { PostgresType } from "#core/schema/decision.ts";
import { jsonFaithful } from "#core/schema/json-faithful.ts";
import { decodeText, type SqliteCell, type TextEncoding } from "./sqlite-cell.ts";

/** What became of a value: PostgreSQL's input text for the type, or why the type cannot hold it. NULL is not for here. */
export type Encoded = { readonly text: string } | { readonly reason: string };

type StoredCell = Exclude<SqliteCell, { readonly kind: "null" }>;

/**
 * Gives the text that PostgreSQL reads as exactly this value in a column of the type, or the reason why there is none.
 * The text is canonical: two values that the type holds as the same have the same text, and it is what a PostgreSQL session
 * set as ours prints — for jsonb and numeric up to the form that {@link canonicalText} gives both sides.
 */
export function encodeValue(cell: StoredCell, type: PostgresType, encoding: TextEncoding): Encoded {
  return codecs[type](cell, encoding);
}

const reason = (text: string): Encoded => ({ reason: text });
const unfit = (cell: StoredCell, type: PostgresType): Encoded => reason(`${cell.kind} in a ${type} column`);

/** The text of a text cell that PostgreSQL can hold, or why it cannot. */
function sound(bytes: Buffer, encoding: TextEncoding): { readonly value: string } | { readonly reason: string } {
  const value = decodeText(bytes, encoding);
  if (value === undefined) return { reason: `text that is not valid ${encoding}` };
  if (value.includes("\0")) return { reason: "text with a NUL character" };
  return { value };
}

/** A codec for texts of one form; every other storage class is refused unless `others` takes it. */
function textual(type: PostgresType, read: (text: string) => Encoded, others: (cell: StoredCell) => Encoded | undefined = () => undefined) {
  return (cell: StoredCell, encoding: TextEncoding): Encoded => {
    if (cell.kind !== "text") return others(cell) ?? unfit(cell, type);
    const text = sound(cell.bytes, encoding);
    return "reason" in text ? text : read(text.value);
  };
}

function wholeNumber(type: "bigint" | "integer", smallest: bigint, largest: bigint) {
  return (cell: StoredCell): Encoded => {
    let value: bigint;
    if (cell.kind === "integer") value = cell.value;
    // A real that is a whole number and that a double holds exactly is the same number.
    else if (cell.kind === "real" && Number.isSafeInteger(cell.value) && !Object.is(cell.value, -0)) value = BigInt(cell.value);
    else return unfit(cell, type);
    return value >= smallest && value <= largest ? { text: value.toString() } : reason(`integer beyond the range of ${type}`);
  };
}

/** The shortest text that reads back as the same double, as PostgreSQL spells the infinities. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

const truths = new Map([
  ...["1", "t", "true", "y", "yes", "on"].map((word) => [word, "t"] as const),
  ...["0", "f", "false", "n", "no", "off"].map((word) => [word, "f"] as const),
]);

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const codecs: Readonly<Record<PostgresType, (cell: StoredCell, encoding: TextEncoding) => Encoded>> = {
  bigint: wholeNumber("bigint", -(2n ** 63n), 2n ** 63n - 1n),
  integer: wholeNumber("integer", -(2n ** 31n), 2n ** 31n - 1n),
  boolean: textual(
    "boolean",
    (text) => {
      const truth = truths.get(text.toLowerCase());
      return truth === undefined ? reason("text that is no boolean") : { text: truth };
    },
    (cell) => {
      if (cell.kind !== "integer" && cell.kind !== "real") return undefined;
      const value = Number(cell.value);
      return value === 0 ? { text: "f" } : value === 1 ? { text: "t" } : reason(`${cell.kind} other than 0 and 1 in a boolean column`);
    },
  ),
  "double precision": (cell) => {
    if (cell.kind === "real") return { text: doubleText(cell.value) };
    if (cell.kind !== "integer") return unfit(cell, "double precision");
    return BigInt(Number(cell.value)) === cell.value ? { text: doubleText(Number(cell.value)) } : reason("integer that a double cannot hold exactly");
  },
  numeric: textual(
    "numeric",
    (text) => (decimal.test(text) ? { text } : reason("text that is no number in a numeric column")),
    (cell) => {
      if (cell.kind === "integer") return { text: cell.value.toString() };
      // numeric has no negative zero; it is the same number.
      return cell.kind === "real" ? { text: doubleText(cell.value === 0 ? 0 : cell.value) } : undefined;
    },
  ),
  text: textual(
    "text",
    (text) => ({ text }),
    (cell) => (cell.kind === "integer" ? { text: cell.value.toString() } : cell.kind === "real" ? { text: cell.rendering } : undefined),
  ),
  bytea: (cell, encoding) => {
    if (cell.kind === "blob") return { text: `\\x${cell.bytes.toString("hex")}` };
    // A number among bytes is its digits, as SQLite's CAST AS BLOB has it.
    if (cell.kind !== "text") return { text: `\\x${Buffer.from(cell.kind === "integer" ? cell.value.toString() : cell.rendering, "utf8").toString("hex")}` };
    // A text in a BLOB column is its UTF-8 bytes, valid or not; another encoding has no bytes of its own to keep.
    if (encoding === "UTF-8") return { text: `\\x${cell.bytes.toString("hex")}` };
    const text = decodeText(cell.bytes, encoding);
    return text === undefined ? reason(`text that is not valid ${encoding}`) : { text: `\\x${Buffer.from(text, "utf8").toString("hex")}` };
  },
  timestamp: textual("timestamp", (text) => instant(text, "timestamp")),
  timestamptz: textual("timestamptz", (text) => instant(text, "timestamptz")),
  date: textual("date", (text) => {
    const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
    if (parts === null) return reason("text that is no date of the form YYYY-MM-DD");
    return isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) ? { text } : reason("a day that does not exist");
  }),
  jsonb: textual(
    "jsonb",
    (text) => {
      try {
        JSON.parse(text);
      } catch {
        return reason("text that is no JSON");
      }
      return jsonFaithful(text) ? { text } : reason("JSON that jsonb would change or refuse (a key twice, \\u0000, a lone surrogate, an enormous exponent, a thousand levels)");
    },
    (cell) => {
      if (cell.kind === "integer") return { text: cell.value.toString() };
      return cell.kind === "real" && Number.isFinite(cell.value) ? { text: doubleText(cell.value === 0 ? 0 : cell.value) } : undefined;
    },
  ),
  uuid: textual("uuid", (text) => (uuid.test(text) ? { text: text.toLowerCase() } : reason("text that is no UUID"))),
};

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/**
 * ISO 8601 as SQLite's functions take it, to PostgreSQL's output form. No zone may be left out of account: `timestamp` has none, and a text
 * without one is UTC in SQLite. What PostgreSQL would round (digits beyond microseconds) or move (24:00, second 60) is refused.
 */
function instant(text: string, type: "timestamp" | "timestamptz"): Encoded {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)? ?(Z|[+-]\d\d:\d\d)?)?$/i.exec(text);
  if (parts === null) return reason(`text that is no ${type} of the form YYYY-MM-DD HH:MM:SS`);
  // Groups that did not take part are undefined, whatever the types say.
  const group = (i: number): number => Number(parts.at(i) ?? 0);
  const [year, month, day, hour, minute, second] = [group(1), group(2), group(3), group(4), group(5), group(6)];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return reason("a moment that does not exist");
  const fraction = (parts[7] ?? "").replace(/0+$/, "");
  if (fraction.length > 6) return reason(`more digits of a second than ${type} holds`);
  const zone = parts[8]?.toUpperCase();
  const two = (value: number): string => String(value).padStart(2, "0");
  const local = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
  const digits = fraction === "" ? "" : `.${fraction}`;
  if (type === "timestamp") {
    return zone === undefined ? { text: local + digits } : reason("text with a time zone in a timestamp column");
  }
  if (zone === undefined || zone === "Z") return { text: `${local}${digits}+00` };
  const offset = (zone.startsWith("-") ? -1 : 1) * (60 * Number(zone.slice(1, 3)) + Number(zone.slice(4, 6)));
  if (Math.abs(offset) > 15 * 60 + 59) return reason("a time zone that does not exist");
  const moved = new Date(Date.parse(`${local.replace(" ", "T")}Z`) - offset * 60_000);
  if (moved.getUTCFullYear() < 1 || moved.getUTCFullYear() > 9999) return reason("a moment beyond the years 1 to 9999");
  return { text: `${moved.toISOString().slice(0, 19).replace("T", " ")}${digits}+00` };
}
