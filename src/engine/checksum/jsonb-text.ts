/**
 * The text that PostgreSQL prints for a JSON text stored as `jsonb`: keys by their length and then by their bytes, a blank behind each comma and
 * colon, strings in their shortest escapes, numbers as `numeric` prints them.
 * @see https://www.postgresql.org/docs/current/datatype-json.html
 */

/** Where texts are printed to; it grows, and is used by one call at a time. */
let out = new Uint8Array(1 << 16);
let length = 0;
let copy = new Uint8Array(1 << 12);

/** For each member of the objects that are open: where its key begins and ends in `out`, quotes excluded, and where it ends itself. */
const members: number[] = [];
/** Keys whose printed text is not their bytes, by where they begin. */
const escapedKeys = new Map<number, Uint8Array>();

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A text that was printed: it stands in `bytes` up to `length` until the next call. */
export interface PrintedJson {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Prints the JSON text that stands in `bytes` from `from` to `to`. What is no JSON gives some text or other: no server takes it. */
export function jsonbText(bytes: Uint8Array, from: number, to: number): PrintedJson {
  length = 0;
  members.length = 0;
  if (escapedKeys.size > 0) escapedKeys.clear();
  value(bytes, from, to);
  return { bytes: out, length };
}

function put(byte: number): void {
  if (length === out.length) grow(1);
  out[length++] = byte;
}

function grow(by: number): void {
  const larger = new Uint8Array(Math.max(out.length * 2, length + by));
  larger.set(out.subarray(0, length));
  out = larger;
}

function putBytes(bytes: Uint8Array, from: number, to: number): void {
  if (length + (to - from) > out.length) grow(to - from);
  if (to - from > 64) {
    out.set(bytes.subarray(from, to), length);
    length += to - from;
  } else {
    for (let at = from; at < to; at++) out[length++] = bytes[at] ?? 0;
  }
}

function putText(text: string): void {
  const bytes = encoder.encode(text);
  putBytes(bytes, 0, bytes.length);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skip(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(bytes[at] ?? 0)) at++;
  return at;
}

/** Prints the value that begins at or behind `from`; gives where it ends. */
function value(bytes: Uint8Array, from: number, to: number): number {
  const at = skip(bytes, from, to);
  switch (bytes[at]) {
    case 0x22:
      return string(bytes, at, to);
    case 0x7b:
      return object(bytes, at, to);
    case 0x5b:
      return array(bytes, at, to);
    default:
      return word(bytes, at, to);
  }
}

function string(bytes: Uint8Array, from: number, to: number): number {
  let escaped = false;
  let at = from + 1;
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0x22) break;
    if (byte === 0x5c) {
      escaped = true;
      at++;
    }
  }
  const end = Math.min(at + 1, to);
  if (escaped) putText(reescaped(bytes, from, end));
  else putBytes(bytes, from, end);
  return end;
}

/** JSON's own escapes are PostgreSQL's: JSON.stringify writes the same characters in the same way. */
function reescaped(bytes: Uint8Array, from: number, to: number): string {
  const text = decoder.decode(bytes.subarray(from, to));
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) return text;
    throw cause;
  }
}

function array(bytes: Uint8Array, from: number, to: number): number {
  put(0x5b);
  let at = skip(bytes, from + 1, to);
  for (let first = true; at < to && bytes[at] !== 0x5d; first = false) {
    if (!first) {
      put(0x2c);
      put(0x20);
    }
    const before = at;
    at = skip(bytes, value(bytes, at, to), to);
    if (bytes[at] === 0x2c) at++;
    else if (at === before) at++;
    at = skip(bytes, at, to);
  }
  put(0x5d);
  return at + 1;
}

function object(bytes: Uint8Array, from: number, to: number): number {
  put(0x7b);
  const begun = length;
  const base = members.length;
  let sorted = true;
  let at = skip(bytes, from + 1, to);
  while (at < to && bytes[at] !== 0x7d) {
    if (members.length > base) {
      put(0x2c);
      put(0x20);
    }
    if (bytes[at] !== 0x22) break;
    const key = length + 1;
    const keyEnd = string(bytes, at, to);
    noteEscapes(key, bytes, at, keyEnd);
    members.push(key, length - 1, 0);
    const own = members.length - 3;
    if (sorted && own > base) sorted = compareKeys(own - 3, own) < 0;
    put(0x3a);
    put(0x20);
    at = skip(bytes, keyEnd, to);
    if (bytes[at] === 0x3a) at++;
    at = skip(bytes, value(bytes, at, to), to);
    members[own + 2] = length;
    if (bytes[at] === 0x2c) at = skip(bytes, at + 1, to);
  }
  if (!sorted) sortMembers(begun, base);
  members.length = base;
  put(0x7d);
  return at + 1;
}

/** Keys are ordered by what they say, not by how that is printed. */
function noteEscapes(key: number, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== 0x5c) continue;
    const text: unknown = JSON.parse(reescaped(bytes, from, to));
    escapedKeys.set(key, encoder.encode(String(text)));
    return;
  }
}

/** Below zero when the member at `a` in {@link members} comes before the one at `b`. */
function compareKeys(a: number, b: number): number {
  const [aFrom = 0, aTo = 0] = [members[a], members[a + 1]];
  const [bFrom = 0, bTo = 0] = [members[b], members[b + 1]];
  if (escapedKeys.size > 0) {
    const [aKey, bKey] = [escapedKeys.get(aFrom) ?? out.subarray(aFrom, aTo), escapedKeys.get(bFrom) ?? out.subarray(bFrom, bTo)];
    return aKey.length - bKey.length || Buffer.compare(aKey, bKey);
  }
  const size = aTo - aFrom;
  if (size !== bTo - bFrom) return size - (bTo - bFrom);
  for (let i = 0; i < size; i++) {
    const difference = (out[aFrom + i] ?? 0) - (out[bFrom + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function sortMembers(begun: number, base: number): void {
  const order: number[] = [];
  for (let member = base; member < members.length; member += 3) order.push(member);
  order.sort(compareKeys);
  const size = length - begun;
  if (copy.length < size) copy = new Uint8Array(size * 2);
  copy.set(out.subarray(begun, length));
  length = begun;
  for (const [i, member] of order.entries()) {
    if (i > 0) {
      put(0x2c);
      put(0x20);
    }
    putBytes(copy, (members[member] ?? 0) - 1 - begun, (members[member + 2] ?? 0) - begun);
  }
}

/** Prints a number, true, false or null. */
function word(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let exponent = false;
  let zero = true;
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x2c || byte === 0x5d || byte === 0x7d || isBlank(byte)) break;
    if (byte === 0x65 || byte === 0x45) exponent = true;
    if (byte !== 0x30 && byte !== 0x2d && byte !== 0x2e) zero = false;
  }
  const first = bytes[from] ?? 0;
  const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39);
  if (isNumber && exponent) putText(withoutExponent(decoder.decode(bytes.subarray(from, at))));
  // numeric has no negative zero.
  else putBytes(bytes, isNumber && zero && first === 0x2d ? from + 1 : from, at);
  return at;
}

/** A number with an exponent as `numeric` prints it: as many digits behind the point as were given, moved by the exponent, at least none. */
function withoutExponent(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d*))?[eE]([+-]?\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const before = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0").replace(/^0+(?=\d)/, "");
  const behind = point >= digits.length ? "" : point < 0 ? "0".repeat(-point) + digits : digits.slice(Math.max(point, 0));
  return `${/[1-9]/.test(digits) ? sign : ""}${before}${behind === "" ? "" : `.${behind}`}`;
}
