import type { PostgresType } from "#core/schema/decision.ts";
import type { CopiedColumn } from "../migrate/chunk-sql.ts";
import { hashBytes, hashInteger, hashWord } from "./hash-bytes.ts";
import { jsonbText } from "./jsonb-text.ts";
import { plainDecimal } from "./plain-decimal.ts";

/**
 * Reads one field, `start` to `end`, quotes excluded. Answers whether PostgreSQL can only take it for the stored value, or refuse it; what is left in
 * `hashed` is what the server makes of the value that it takes it for (src/engine/checksum/target-checksum.ts).
 */
export type FieldReader = (bytes: Buffer, start: number, end: number) => boolean;

/** The reader of a column's fields. */
export function fieldReader(column: CopiedColumn): FieldReader {
  return readers[column.type](column);
}

const readers: Readonly<Record<PostgresType, (column: CopiedColumn) => FieldReader>> = {
  bigint: () => readInteger,
  integer: () => readInteger,
  boolean: () => (bytes, start, end) => {
    const truth = bytes[start] === 0x74;
    hashWord(truth ? 1 : 0);
    return end - start === 1 && (truth || bytes[start] === 0x66);
  },
  "double precision":
    ({ realAffinity }) =>
    (bytes, start, end) => {
      readDouble(bytes, start, end);
      // An integer: every one of 15 digits is a double, not every one of 16.
      if (isInteger(bytes, start, end)) return end - start <= 15;
      // SQLite prints a negative zero as 0.0, too.
      return realAffinity || !(end - start === 3 && bytes[start] === 0x30 && bytes[start + 1] === 0x2e && bytes[start + 2] === 0x30);
    },
  numeric: () => (bytes, start, end) => {
    const text = Buffer.from(plainDecimal(bytes.toString("latin1", start, end)), "latin1");
    hashBytes(text, 0, text.length);
    // SQLite prints a real with 17 digits where 15 do not do; the exact path takes the shortest. Up to 15 there is only one.
    return end - start <= 16 || isInteger(bytes, start, end);
  },
  text: () => (bytes, start, end) => {
    hashBytes(bytes, start, end);
    return true;
  },
  bytea: () => readHex,
  timestamp: () => readMoment,
  // A text without a zone is UTC: +00 has been put behind it.
  timestamptz: () => (bytes, start, end) => readMoment(bytes, start, end - 3),
  date: () => (bytes, start, end) => {
    hashWord(daysSince2000(bytes, start));
    return end - start === 10 && isDay(bytes, start);
  },
  jsonb: () => (bytes, start, end) => {
    const printed = jsonbText(bytes, start, end);
    hashBytes(printed.bytes, 0, printed.length);
    return printed.plain;
  },
  uuid: () => readUuid,
};

/** For what is decoded, by one call at a time; longer values get room of their own, which is not kept. */
const scratch = new Uint8Array(1 << 16);

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  if (at === end) return false;
  for (; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

function readInteger(bytes: Buffer, start: number, end: number): boolean {
  const negative = bytes[start] === 0x2d;
  let at = negative ? start + 1 : start;
  if (at === end) return false;
  let value = 0;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (!isDigit(byte)) return false;
    value = value * 10 + (byte - 0x30);
  }
  if (value < 0x8000_0000) hashWord(negative ? -value : value);
  else if (end - start > 15) hashBig(BigInt(bytes.toString("latin1", start, end)));
  else hashWhole(negative ? -value : value);
  return true;
}

function hashBig(value: bigint): void {
  hashInteger(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
}

/** A whole number. */
function hashWhole(value: number): void {
  if (Number.isSafeInteger(value)) hashInteger(Math.floor(value / 0x1_0000_0000) | 0, value | 0);
  else hashBig(BigInt(value));
}

const double = new DataView(new ArrayBuffer(8));
const doubleBytes = new Uint8Array(double.buffer);

/** By its bits in network order, as `float8send` gives them. */
function readDouble(bytes: Buffer, start: number, end: number): void {
  const text = bytes.toString("latin1", start, end);
  const value = Number(text);
  double.setFloat64(0, Number.isNaN(value) && /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : value);
  hashBytes(doubleBytes, 0, 8);
}

/** The values of hexadecimal digits by their bytes, 255 for others. */
const hexValues = Uint8Array.from({ length: 256 }, (_, byte) => (/[\da-f]/i.test(String.fromCharCode(byte)) ? Number.parseInt(String.fromCharCode(byte), 16) : 255));

/** `\x` and two digits a byte, as SQLite's hex() prints them. */
function readHex(bytes: Buffer, start: number, end: number): boolean {
  const length = (end - start - 2) >> 1;
  const decoded = length <= scratch.length ? scratch : new Uint8Array(length);
  for (let i = 0, at = start + 2; i < length; i++, at += 2) decoded[i] = ((hexValues[bytes[at] ?? 0] ?? 0) << 4) | (hexValues[bytes[at + 1] ?? 0] ?? 0);
  hashBytes(decoded, 0, length);
  return true;
}

function readUuid(bytes: Buffer, start: number, end: number): boolean {
  let digits = 0;
  let sure = end - start === 36;
  for (let i = 0; i < 36; i++) {
    const byte = bytes[start + i] ?? 0;
    const dash = i === 8 || i === 13 || i === 18 || i === 23;
    if (dash ? byte !== 0x2d : !(isDigit(byte) || (byte >= 0x61 && byte <= 0x66))) sure = false;
    if (dash) continue;
    const value = hexValues[byte] ?? 0;
    scratch[digits >> 1] = digits % 2 === 0 ? value << 4 : (scratch[digits >> 1] ?? 0) | value;
    digits++;
  }
  hashBytes(scratch, 0, 16);
  return sure;
}

/** The number of two digits, -1 when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const [a, b] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
  return isDigit(a) && isDigit(b) ? (a - 0x30) * 10 + (b - 0x30) : -1;
}

/** YYYY-MM-DD that PostgreSQL takes as this day, or refuses: only what it would take for another day must not pass. */
function isDay(bytes: Uint8Array, at: number): boolean {
  const century = two(bytes, at);
  const year = two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  return century >= 0 && year >= 0 && century + year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && bytes[at + 4] === 0x2d && bytes[at + 7] === 0x2d;
}

/**
 * Days from 2000-01-01 to the YYYY-MM-DD that stands at `at`.
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysSince2000(bytes: Uint8Array, at: number): number {
  const month = two(bytes, at + 5);
  const year = two(bytes, at) * 100 + two(bytes, at + 2) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const ofEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + two(bytes, at + 8) - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + dayOfYear - 730_425;
}

/** YYYY-MM-DD HH:MM:SS with up to six digits of a fraction, no zone. PostgreSQL refuses days that a month lacks; it stores microseconds since 2000. */
function readMoment(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length < 19 || length === 20 || length > 26 || !isDay(bytes, start)) return false;
  const [hour, minute, second] = [two(bytes, start + 11), two(bytes, start + 14), two(bytes, start + 17)];
  const separator = bytes[start + 10];
  if ((separator !== 0x20 && separator !== 0x54) || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false;
  // 24:00 and second 60 would be moved on.
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  let fraction = 0;
  if (length > 19) {
    if (bytes[start + 19] !== 0x2e) return false;
    for (let place = 0; place < 6; place++) {
      const at = start + 20 + place;
      const byte = at < end ? (bytes[at] ?? 0) : 0x30;
      if (!isDigit(byte)) return false;
      fraction = fraction * 10 + (byte - 0x30);
    }
  }
  const days = daysSince2000(bytes, start);
  const micros = (hour * 3600 + minute * 60 + second) * 1_000_000 + fraction;
  const all = days * 86_400_000_000 + micros;
  if (Number.isSafeInteger(all)) hashWhole(all);
  else hashBig(BigInt(days) * 86_400_000_000n + BigInt(micros));
  return true;
}
