import type { PostgresType } from "#core/schema/decision.ts";
import { quote } from "../migrate/copy-format.ts";
import { plainDecimal } from "./plain-decimal.ts";
import { hashBytes, hashInteger, hashWord } from "./hash-bytes.ts";
import { jsonbText } from "./jsonb-text.ts";

/**
 * Hashes a field of the copy's format, `start` to `end` with its quotes, as the server hashes the value that it read from it
 * (src/engine/checksum/target-checksum.ts); the result is left in `hashed`.
 */
export type FieldHash = (bytes: Buffer, start: number, end: number) => void;

export const fieldHashes: Readonly<Record<PostgresType, FieldHash>> = {
  bigint: hashWhole,
  integer: hashWhole,
  boolean: (bytes, start) => {
    hashWord(bytes[start] === 0x74 ? 1 : 0);
  },
  "double precision": hashDouble,
  numeric: (bytes, start, end) => {
    const text = Buffer.from(plainDecimal(bytes.toString("latin1", start, end)), "latin1");
    hashBytes(text, 0, text.length);
  },
  text: hashQuoted,
  bytea: hashHex,
  timestamp: hashMoment,
  timestamptz: (bytes, start, end) => {
    // What is copied is UTC, with +00 behind it.
    hashMoment(bytes, start, end - 3);
  },
  date: (bytes, start) => {
    hashWord(daysSince2000(bytes, start));
  },
  jsonb: (bytes, start, end) => {
    const plain = unquoted(bytes, start, end);
    const printed = plain === undefined ? jsonbText(bytes, start + 1, end - 1) : jsonbText(plain, 0, plain.length);
    hashBytes(printed.bytes, 0, printed.length);
  },
  uuid: (bytes, start) => {
    let digits = 0;
    let byte = 0;
    for (let at = start; at < start + 36; at++) {
      const value = hexValue(bytes[at] ?? 0);
      if (value < 0) continue;
      byte = (byte << 4) | value;
      if (++digits % 2 === 0) scratch[(digits >> 1) - 1] = byte & 0xff;
    }
    hashBytes(scratch, 0, 16);
  },
};

let scratch = new Uint8Array(1 << 12);

const quoteByte = quote.charCodeAt(0);

/** The bytes between the quotes of a field in which quotes are doubled; undefined when there are none. */
function unquoted(bytes: Buffer, start: number, end: number): Buffer | undefined {
  const inside = bytes.indexOf(quoteByte, start + 1);
  if (inside < 0 || inside >= end - 1) return undefined;
  return Buffer.from(bytes.toString("latin1", start + 1, end - 1).replaceAll(quote + quote, quote), "latin1");
}

function hashQuoted(bytes: Buffer, start: number, end: number): void {
  const plain = unquoted(bytes, start, end);
  if (plain === undefined) hashBytes(bytes, start + 1, end - 1);
  else hashBytes(plain, 0, plain.length);
}

function hashWhole(bytes: Buffer, start: number, end: number): void {
  const negative = bytes[start] === 0x2d;
  if (end - start > 15) {
    hashBig(BigInt(bytes.toString("latin1", start, end)));
    return;
  }
  let value = 0;
  for (let at = negative ? start + 1 : start; at < end; at++) value = value * 10 + ((bytes[at] ?? 0) - 0x30);
  hashNumber(negative ? -value : value);
}

function hashBig(value: bigint): void {
  hashInteger(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
}

/** A whole number that a double holds exactly. */
function hashNumber(value: number): void {
  if (Number.isSafeInteger(value)) hashInteger(Math.floor(value / 0x1_0000_0000) | 0, value | 0);
  else hashBig(BigInt(value));
}

const double = new DataView(new ArrayBuffer(8));
const doubleBytes = new Uint8Array(double.buffer);

/** By its bits in network order, as `float8send` gives them: `hashfloat8` would take -0 for 0. */
function hashDouble(bytes: Buffer, start: number, end: number): void {
  const text = bytes.toString("latin1", start, end);
  double.setFloat64(0, /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text));
  hashBytes(doubleBytes, 0, 8);
}

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** `\x` and two digits a byte. */
function hashHex(bytes: Buffer, start: number, end: number): void {
  const length = (end - start - 2) >> 1;
  if (scratch.length < length) scratch = new Uint8Array(length);
  for (let i = 0, at = start + 2; i < length; i++, at += 2) scratch[i] = (hexValue(bytes[at] ?? 0) << 4) | hexValue(bytes[at + 1] ?? 0);
  hashBytes(scratch, 0, length);
}

function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) value = value * 10 + ((bytes[at] ?? 0) - 0x30);
  return value;
}

/**
 * Days from 2000-01-01 to the YYYY-MM-DD that stands at `at`.
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysSince2000(bytes: Uint8Array, at: number): number {
  const month = digits(bytes, at + 5, 2);
  const year = digits(bytes, at, 4) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const ofEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + digits(bytes, at + 8, 2) - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + dayOfYear - 730_425;
}

/** YYYY-MM-DD, and behind a blank or a T HH:MM:SS with up to six digits of a fraction: microseconds since 2000, as `timestamp` is stored. */
function hashMoment(bytes: Buffer, start: number, end: number): void {
  const seconds = digits(bytes, start + 11, 2) * 3600 + digits(bytes, start + 14, 2) * 60 + digits(bytes, start + 17, 2);
  const places = end > start + 20 ? end - start - 20 : 0;
  const fraction = places === 0 ? 0 : digits(bytes, start + 20, places) * 10 ** (6 - places);
  const days = daysSince2000(bytes, start);
  const micros = seconds * 1_000_000 + fraction;
  const all = days * 86_400_000_000 + micros;
  if (Number.isSafeInteger(all)) hashNumber(all);
  else hashBig(BigInt(days) * 86_400_000_000n + BigInt(micros));
}
