import type { PostgresType } from "#core/schema/decision.ts";
import { canonicalNumber } from "./canonical-value.ts";

/**
 * A running hash of 64 bits, as two halves that are mixed in different ways. One object is used for all values of a checksum:
 * making numbers of 64 bits or small objects for each value would take longer than the hashing.
 */
export interface Hash {
  a: number;
  b: number;
}

/** Adds one byte, or any other small number, to a hash. */
export function addByte(hash: Hash, byte: number): void {
  hash.a = Math.imul(hash.a ^ byte, 0x01000193);
  hash.b = Math.imul(hash.b + byte, 0x9e3779b1) ^ (hash.b >>> 15);
}

function addBytes(hash: Hash, bytes: Uint8Array, start: number, end: number): void {
  let { a, b } = hash;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b + byte, 0x9e3779b1) ^ (b >>> 15);
  }
  hash.a = a;
  hash.b = b;
}

function addInt32(hash: Hash, value: number): void {
  hash.a = Math.imul(mix(hash.a ^ value), 0x01000193);
  hash.b = Math.imul(mix(hash.b + value), 0x9e3779b1);
}

/** MurmurHash3's finisher: every bit of the input moves about half of the output's. */
export function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Adds a field, `start` to `end` with its quotes, so that the same value gives the same hash whichever engine printed it. */
export type FieldHash = (hash: Hash, bytes: Buffer, start: number, end: number) => void;

/** The same values are the same here as by `canonicalForms`. */
export const fieldHashes: Readonly<Record<PostgresType, FieldHash>> = {
  bigint: addBytes,
  integer: addBytes,
  boolean: addBytes,
  "double precision": addDouble,
  numeric: (hash, bytes, start, end) => {
    addNumber(hash, bytes.toString("latin1", start, end));
  },
  text: addBytes,
  bytea: (hash, bytes, start, end) => {
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      addByte(hash, byte >= 0x41 && byte <= 0x46 ? byte + 0x20 : byte);
    }
  },
  timestamp: (hash, bytes, start, end) => {
    addMoment(hash, bytes, start, end);
  },
  timestamptz: (hash, bytes, start, end) => {
    addMoment(hash, bytes, start, end - 3);
    addBytes(hash, bytes, end - 3, end);
  },
  date: addBytes,
  jsonb: addJson,
  uuid: addBytes,
};

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

function addDouble(hash: Hash, bytes: Buffer, start: number, end: number): void {
  const text = bytes.toString("latin1", start, end);
  double[0] = /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
  addInt32(hash, halves[0] ?? 0);
  addInt32(hash, halves[1] ?? 0);
}

function addNumber(hash: Hash, text: string): void {
  const canonical = canonicalNumber(text);
  for (let i = 0; i < canonical.length; i++) addByte(hash, canonical.charCodeAt(i));
}

/** A blank for the T, and no zeros at the end of a fraction. */
function addMoment(hash: Hash, bytes: Uint8Array, start: number, end: number): void {
  let last = end;
  if (bytes[start + 19] === 0x2e) {
    while (bytes[last - 1] === 0x30) last--;
    if (last === start + 20) last--;
  }
  for (let at = start; at < last; at++) addByte(hash, at === start + 10 && bytes[at] === 0x54 ? 0x20 : (bytes[at] ?? 0));
}

/** Where in a JSON text the reading is. */
interface JsonReader {
  readonly bytes: Buffer;
  readonly end: number;
  at: number;
}

/** Adds a JSON text: keys in any order, blanks anywhere, numbers by value with every digit, strings however they are escaped. */
function addJson(hash: Hash, bytes: Buffer, start: number, end: number): void {
  const reader: JsonReader = { bytes, end: end - 1, at: start + 1 };
  addJsonValue(hash, reader);
  // What is left over is no blank: the text is no JSON, and counts as it is.
  while (reader.at < reader.end) {
    const byte = bytes[reader.at++] ?? 0;
    if (byte > 0x20) addByte(hash, byte);
  }
}

function skipBlanks(reader: JsonReader): number {
  while (reader.at < reader.end && (reader.bytes[reader.at] ?? 0) <= 0x20) reader.at++;
  return reader.at < reader.end ? (reader.bytes[reader.at] ?? 0) : 0;
}

function addJsonValue(hash: Hash, reader: JsonReader): void {
  const { bytes } = reader;
  const first = skipBlanks(reader);
  if (first === 0x22) {
    addByte(hash, 0x22);
    addJsonString(hash, reader);
  } else if (first === 0x7b) {
    reader.at++;
    let [a, b] = [0, 0];
    // A sum does not know an order; each member is mixed well before it.
    while (reader.at < reader.end) {
      const next = skipBlanks(reader);
      if (next === 0x7d || next === 0) break;
      if (next !== 0x22) {
        reader.at++;
        continue;
      }
      const member: Hash = { a: 0x1b873593, b: 0x52dce729 };
      addJsonString(member, reader);
      if (skipBlanks(reader) === 0x3a) reader.at++;
      addJsonValue(member, reader);
      a = (a + mix(member.a ^ (member.b << 16) ^ (member.b >>> 16))) | 0;
      b = (b + mix(member.b ^ Math.imul(member.a, 5))) | 0;
    }
    reader.at++;
    addByte(hash, 0x7b);
    addInt32(hash, a);
    addInt32(hash, b);
  } else if (first === 0x5b) {
    addByte(hash, 0x5b);
    reader.at++;
    while (reader.at < reader.end) {
      const next = skipBlanks(reader);
      if (next === 0x5d || next === 0) break;
      if (next === 0x2c) {
        reader.at++;
        continue;
      }
      const before = reader.at;
      addByte(hash, 0x2c);
      addJsonValue(hash, reader);
      if (reader.at === before) reader.at++;
    }
    addByte(hash, 0x5d);
    reader.at++;
  } else {
    const start = reader.at;
    let digits = true;
    for (; reader.at < reader.end; reader.at++) {
      const byte = bytes[reader.at] ?? 0;
      if (byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d) break;
      if (byte < 0x30 || byte > 0x39) digits = false;
    }
    // A whole number that ends in no zero is its own canonical text but for the exponent; words are theirs.
    const last = bytes[reader.at - 1] ?? 0;
    if (digits && last !== 0x30 && first !== 0x30) {
      addBytes(hash, bytes, start, reader.at);
      addByte(hash, 0x65);
      addByte(hash, 0x30);
    } else if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
      addNumber(hash, bytes.toString("latin1", start, reader.at));
    } else {
      addBytes(hash, bytes, start, reader.at);
    }
  }
}

/** Adds a string without its quotes, which it begins at; afterwards the reader is behind it. */
function addJsonString(hash: Hash, reader: JsonReader): void {
  const { bytes } = reader;
  const start = ++reader.at;
  let escaped = false;
  while (reader.at < reader.end && bytes[reader.at] !== 0x22) {
    if (bytes[reader.at] === 0x5c) {
      escaped = true;
      reader.at++;
    }
    reader.at++;
  }
  if (!escaped) {
    addBytes(hash, bytes, start, reader.at);
  } else {
    let text = Buffer.from(bytes.subarray(start, reader.at));
    try {
      const value: unknown = JSON.parse(`"${text.toString("utf8")}"`);
      if (typeof value === "string") text = Buffer.from(value, "utf8");
    } catch (cause) {
      // No JSON: it counts as it is written.
      if (!(cause instanceof SyntaxError)) throw cause;
    }
    addBytes(hash, text, 0, text.length);
  }
  addByte(hash, 0x22);
  reader.at++;
}
