import type { PostgresType } from "#core/schema/decision.ts";
import type { CopiedColumn } from "./chunk-sql.ts";
import { delimiter, quote } from "./copy-format.ts";

/** Looks at one field, `start` to `end`, quotes excluded: whether PostgreSQL will take it for the stored value, or refuse it. */
type FieldCheck = (bytes: Uint8Array, start: number, end: number) => boolean;

const quoteByte = quote.charCodeAt(0);
const delimiterByte = delimiter.charCodeAt(0);
const lineFeed = 0x0a;

/**
 * Makes the check of lines that SQLite has built. It answers true only when PostgreSQL, reading the bytes, can do one of two things: take every
 * value as it is stored, or refuse the row. What PostgreSQL would change without a word (a zone in a timestamp, digits that a double
 * lacks, a JSON key that is there twice) is found here, and so is a quote inside of a text: it can only add fields and lines to those that must be there.
 * False means that the rows have to be looked at one by one, not that they are bad.
 */
export function makeLineCheck(columns: readonly CopiedColumn[]): (bytes: Uint8Array, rows: number) => boolean {
  const checks = columns.map((column) => checkFor(column));
  const inQuotes = columns.map((column) => column.type === "text" || column.type === "jsonb");
  const notNull = columns.map((column) => column.notNull);
  const last = columns.length - 1;
  return (bytes, rows) => {
    const length = bytes.length;
    let at = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column <= last; column++) {
        const end = column === last ? lineFeed : delimiterByte;
        const first = bytes[at];
        if (first === end) {
          if (notNull[column] === true) return false;
        } else if (inQuotes[column] === true) {
          if (first !== quoteByte) return false;
          const start = ++at;
          while (at < length && bytes[at] !== quoteByte) at++;
          const check = checks[column];
          if (check !== undefined && !check(bytes, start, at)) return false;
          at++;
        } else {
          const start = at;
          for (let byte = first; byte !== end; byte = bytes[++at]) {
            if (byte === undefined || byte === delimiterByte || byte === lineFeed || byte === quoteByte) return false;
          }
          const check = checks[column];
          if (check !== undefined && !check(bytes, start, at)) return false;
        }
        if (bytes[at++] !== end) return false;
      }
    }
    return at === length;
  };
}

function checkFor(column: CopiedColumn): FieldCheck | undefined {
  return checks[column.type](column);
}

const checks: Readonly<Record<PostgresType, (column: CopiedColumn) => FieldCheck | undefined>> = {
  bigint: () => isInteger,
  integer: () => isInteger,
  boolean: () => (bytes, start, end) => end - start === 1 && (bytes[start] === 0x74 || bytes[start] === 0x66),
  "double precision":
    ({ realAffinity }) =>
    (bytes, start, end) => {
      // An integer: every one of 15 digits is a double, not every one of 16.
      if (isInteger(bytes, start, end)) return end - start <= 15;
      // SQLite prints a negative zero as 0.0, too.
      return realAffinity || !(end - start === 3 && bytes[start] === 0x30 && bytes[start + 1] === 0x2e && bytes[start + 2] === 0x30);
    },
  // SQLite prints a real with 17 digits where 15 do not do; the exact path takes the shortest. Up to 15 there is only one.
  numeric: () => (bytes, start, end) => end - start <= 16 || isInteger(bytes, start, end),
  text: () => undefined,
  bytea: () => undefined,
  timestamp: () => (bytes, start, end) => isMoment(bytes, start, end),
  // A text without a zone is UTC: +00 has been put behind it.
  timestamptz: () => (bytes, start, end) => isMoment(bytes, start, end - 3),
  date: () => (bytes, start, end) => end - start === 10 && isDay(bytes, start),
  jsonb: () => isPlainJson,
  uuid: () => (bytes, start, end) => {
    if (end - start !== 36) return false;
    for (let i = 0; i < 36; i++) {
      const byte = bytes[start + i] ?? 0;
      const dash = i === 8 || i === 13 || i === 18 || i === 23;
      if (dash ? byte !== 0x2d : !(isDigit(byte) || (byte >= 0x61 && byte <= 0x66))) return false;
    }
    return true;
  },
};

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  if (at === end) return false;
  for (; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

/** The number of two digits, -1 when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
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

/** YYYY-MM-DD HH:MM:SS with up to six digits of a fraction, no zone. PostgreSQL refuses days that a month lacks. */
function isMoment(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 19 || length === 20 || length > 26 || !isDay(bytes, start)) return false;
  const [hour, minute, second] = [two(bytes, start + 11), two(bytes, start + 14), two(bytes, start + 17)];
  const separator = bytes[start + 10];
  if ((separator !== 0x20 && separator !== 0x54) || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false;
  // 24:00 and second 60 would be moved on.
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  if (length === 19) return true;
  if (bytes[start + 19] !== 0x2e) return false;
  for (let at = start + 20; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false;
  return true;
}

/** Hashes of the keys of the objects that are open, one object's behind its parent's; used by one call at a time. */
const keys = new Int32Array(1 << 12);
/** For each open container where its keys begin in `keys`, -1 for an array. */
const opened = new Int32Array(1 << 9);

/**
 * Whether jsonb keeps a JSON text: no key twice in an object, no enormous exponent. What is no JSON, \u0000 and lone surrogates PostgreSQL refuses.
 * Keys with escapes, numbers with exponents and very large objects are left to the exact path.
 */
function isPlainJson(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  let count = 0;
  let expectKey = false;
  for (let at = start; at < end; at++) {
    switch (bytes[at]) {
      case 0x22: {
        let hash = 0;
        let escaped = false;
        for (at++; at < end && bytes[at] !== 0x22; at++) {
          if (bytes[at] === 0x5c) {
            escaped = true;
            at++;
          }
          hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
        }
        if (!expectKey) break;
        if (escaped) return false;
        expectKey = false;
        // The same hash is most likely the same key; the exact path knows.
        for (let i = opened[depth - 1] ?? 0; i < count; i++) if (keys[i] === hash) return false;
        if (count === keys.length) return false;
        keys[count++] = hash;
        break;
      }
      case 0x7b: // {
        if (depth === opened.length) return false;
        opened[depth++] = count;
        expectKey = true;
        break;
      case 0x5b: // [
        if (depth === opened.length) return false;
        opened[depth++] = -1;
        expectKey = false;
        break;
      case 0x7d: // }
      case 0x5d: {
        // What closes nothing is no JSON.
        if (depth === 0) return true;
        const begin = opened[--depth] ?? -1;
        if (begin >= 0) count = begin;
        expectKey = false;
        break;
      }
      case 0x2c: // ,
        expectKey = depth > 0 && (opened[depth - 1] ?? -1) >= 0;
        break;
      case 0x45: // E
        return false;
      case 0x65: // e, of an exponent or of true and false
        if (isDigit(bytes[at - 1] ?? 0) || bytes[at - 1] === 0x2e) return false;
        break;
      default:
        break;
    }
  }
  return true;
}
