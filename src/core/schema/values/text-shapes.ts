import { jsonFaithful } from "../json-faithful.ts";
import { jsonShape } from "./json-shape.ts";

/** What texts are counted by; each is a pattern that all bytes of a text must have. */
export const textShapes = ["isoTimestamps", "isoZoned", "isoDates", "jsonContainers", "uuids", "hexes", "integerTexts", "decimalTexts", "booleanTexts"] as const;

export type TextShape = (typeof textShapes)[number];

/** The shapes as bits, with two finer ones. A text of digits may have several. */
export const shape = {
  isoTimestamps: 1,
  isoZoned: 2,
  isoDates: 4,
  jsonContainers: 8,
  uuids: 16,
  hexes: 32,
  integerTexts: 64,
  decimalTexts: 128,
  booleanTexts: 256,
  /** With isoTimestamps: a `T`, or zeros at the end of the fraction. */
  reworded: 512,
  /** With jsonContainers: jsonb would change or refuse it. */
  unfaithful: 1024,
  /** With isoZoned: its zone is UTC. */
  utc: 2048,
} as const satisfies Record<TextShape | "reworded" | "unfaithful" | "utc", number>;

/** The longest text of a fixed form, and some more. */
const looked = 48;

// What kinds of characters a text is made of.
const digit = 1;
const hexLetter = 2;
const upperHexLetter = 4;
const other = 8;
const kinds = new Uint8Array(256).fill(other);
for (let byte = 0x30; byte <= 0x39; byte++) kinds[byte] = digit;
for (let byte = 0x61; byte <= 0x66; byte++) kinds[byte] = hexLetter;
for (let byte = 0x41; byte <= 0x46; byte++) kinds[byte] = upperHexLetter;

const decoder = new TextDecoder();

/** The shapes of the text in `bytes` from `start` to `end` (UTF-8, or something that is no text at all). */
export function shapesOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const first = bytes[start] ?? 0;
  if (first === 0x7b || first === 0x5b || first === 0x20 || (first >= 0x09 && first <= 0x0d)) return json(bytes, start, end);
  if (first === 0x2d) return decimal(bytes, start, end);
  if ((kinds[first] ?? other) === other) return first === 0x74 || first === 0x54 ? boolean(bytes, start, end) : 0;
  // A UUID, a digest, a number, a date: they begin with a digit or a letter up to f.
  if (length > 128) return 0;
  if (first > 0x39) {
    const word = first === 0x66 || first === 0x46 ? boolean(bytes, start, end) : 0;
    return word !== 0 ? word : length === 36 && bytes[start + 8] === 0x2d ? uuid(bytes, start) : hex(bytes, start, end);
  }
  if (length >= 10 && bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d) return date(bytes, start, end);
  if (length === 36 && bytes[start + 8] === 0x2d) return uuid(bytes, start);
  return hex(bytes, start, end) | decimal(bytes, start, end);
}

function json(bytes: Uint8Array, start: number, end: number): number {
  switch (jsonShape(bytes, start, end)) {
    case "invalid":
      return 0;
    case "faithful":
      return shape.jsonContainers;
    case "unsure":
      return shape.jsonContainers | (jsonFaithful(decoder.decode(bytes.subarray(start, end))) ? 0 : shape.unfaithful);
  }
}

/** `true` and `false`, in small, capital or mixed letters. */
function boolean(bytes: Uint8Array, start: number, end: number): number {
  const word = end - start === 4 ? "true" : end - start === 5 ? "false" : "";
  if (word === "") return 0;
  for (let i = 0; i < word.length; i++) if (((bytes[start + i] ?? 0) | 0x20) !== word.charCodeAt(i)) return 0;
  return shape.booleanTexts;
}

/** An even number of hexadecimal digits, at least 16: a digest, an id. In one case of letters, as it would be printed again. */
function hex(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 16 || (end - start) % 2 !== 0) return 0;
  let found = 0;
  for (let i = start; i < end; i++) found |= kinds[bytes[i] ?? 0] ?? other;
  return (found & other) === 0 && (found & (hexLetter | upperHexLetter)) !== (hexLetter | upperHexLetter) ? shape.hexes : 0;
}

/** In lower case with hyphens, as PostgreSQL prints it. */
function uuid(bytes: Uint8Array, start: number): number {
  for (let i = 0; i < 36; i++) {
    const byte = bytes[start + i] ?? 0;
    if (i === 8 || i === 13 || i === 18 || i === 23 ? byte !== 0x2d : ((kinds[byte] ?? other) & (digit | hexLetter)) === 0) return 0;
  }
  return shape.uuids;
}

/** A decimal as `numeric` prints it: no plus, no zeros in front, no exponent; an integer that fits 64 bits when it has at most 18 digits. */
function decimal(bytes: Uint8Array, start: number, end: number): number {
  const from = bytes[start] === 0x2d ? start + 1 : start;
  let point = -1;
  for (let i = from; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x2e && point < 0) point = i;
    else if (kinds[byte] !== digit) return 0;
  }
  const whole = (point < 0 ? end : point) - from;
  if (whole === 0 || whole > 100 || point === end - 1 || (bytes[from] === 0x30 && whole > 1)) return 0;
  if (from > start && whole === 1 && bytes[from] === 0x30 && !someDigit(bytes, from, end)) return 0; // -0
  return point < 0 && whole <= 18 ? shape.integerTexts | shape.decimalTexts : shape.decimalTexts;
}

/** Whether a digit other than 0 is there. */
function someDigit(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) > 0x30) return true;
  return false;
}

const days = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Two digits as a number; 99, which is in no range, when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 0x30;
  const ones = (bytes[at + 1] ?? 0) - 0x30;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? 99 : tens * 10 + ones;
}

/** `YYYY-MM-DD` that names a real day, or that with a time behind it. The years are 0001 to 9999. */
function date(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length > looked || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return 0;
  const century = two(bytes, start);
  const yearOf = two(bytes, start + 2);
  // 99 stands for no number, too.
  if ((century === 99 && kinds[bytes[start] ?? 0] !== digit) || (yearOf === 99 && (kinds[bytes[start + 2] ?? 0] !== digit || kinds[bytes[start + 3] ?? 0] !== digit)) || (century === 99 && kinds[bytes[start + 1] ?? 0] !== digit)) return 0;
  const year = century * 100 + yearOf;
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > (days[month] ?? 0)) return 0;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return 0;
  return length === 10 ? shape.isoDates : time(bytes, start, end);
}

function time(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19) return 0;
  const between = bytes[start + 10];
  if ((between !== 0x20 && between !== 0x54) || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return 0;
  if (two(bytes, start + 11) > 23 || two(bytes, start + 14) > 59 || two(bytes, start + 17) > 59) return 0;
  let i = start + 19;
  if (bytes[i] === 0x2e && i < end) {
    i++;
    while (i < end && kinds[bytes[i] ?? 0] === digit) i++;
    const places = i - start - 20;
    // PostgreSQL counts in microseconds.
    if (places < 1 || places > 6) return 0;
  }
  const zeros = i > start + 19 && bytes[i - 1] === 0x30;
  if (i === end) return shape.isoTimestamps | (between === 0x54 || zeros ? shape.reworded : 0);
  if (bytes[i] === 0x5a) return i + 1 === end ? shape.isoZoned | shape.utc : 0;
  if ((bytes[i] !== 0x2b && bytes[i] !== 0x2d) || i + 6 !== end || bytes[i + 3] !== 0x3a) return 0;
  const hours = two(bytes, i + 1);
  const minutes = two(bytes, i + 4);
  return hours > 14 || minutes > 59 ? 0 : shape.isoZoned | (hours === 0 && minutes === 0 ? shape.utc : 0);
}
