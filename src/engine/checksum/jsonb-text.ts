import { deepestJson } from "#core/schema/json-faithful.ts";

/**
 * The text that PostgreSQL prints for a JSON text stored as `jsonb`: keys by their length and then by their bytes, a blank behind each comma and
 * colon, strings in their shortest escapes, numbers as `numeric` prints them.
 * @see https://www.postgresql.org/docs/current/datatype-json.html
 */

/** A text that was printed: it stands in `bytes` up to `length` until the next call. */
export interface PrintedJson {
  bytes: Uint8Array;
  length: number;
  /**
   * jsonb keeps what the text says, or refuses it: no key is there twice, no number has an exponent. What is no JSON, \u0000 and lone
   * surrogates PostgreSQL refuses.
   */
  plain: boolean;
}

const largestKept = 1 << 22;

/** What is printed to, by one call at a time. */
const printed: PrintedJson = { bytes: new Uint8Array(1 << 16), length: 0, plain: true };
let out = printed.bytes;
let length = 0;
let plain = true;
let copy = new Uint8Array(1 << 12);

/** For each member of the objects that are open: where its key begins and ends in `out`, quotes excluded, and where it ends itself. */
let members = new Int32Array(3 << 8);
let top = 0;
/** The members of the object that is being sorted, in order. */
let order = new Int32Array(1 << 8);
/** Keys that are written with escapes, by where they begin: they are ordered by what they say, not by how that is printed. */
const escapedKeys = new Map<number, Uint8Array>();
/** Whether the last string had escapes. */
let escaped = false;
let depth = 0;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Prints the JSON text that stands in `bytes` from `from` to `to`. What is no JSON gives some text or other: no server takes it. */
export function jsonbText(bytes: Uint8Array, from: number, to: number): PrintedJson {
  // What an unusually long text needed is not kept.
  if (out.length > largestKept) out = new Uint8Array(1 << 16);
  length = 0;
  top = 0;
  depth = 0;
  plain = true;
  if (escapedKeys.size > 0) escapedKeys.clear();
  reserve(to - from);
  value(bytes, from, to);
  printed.bytes = out;
  printed.length = length;
  printed.plain = plain;
  return printed;
}

/** Makes room for what is printed of `left` bytes: each of them, and a blank behind it, and what closes. */
function reserve(left: number): void {
  const size = length + 2 * left + 64;
  if (size <= out.length) return;
  const larger = new Uint8Array(size * 2);
  larger.set(out.subarray(0, length));
  out = larger;
}

function putText(text: string): void {
  const bytes = encoder.encode(text);
  out.set(bytes, length);
  length += bytes.length;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skip(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(bytes[at])) at++;
  return at;
}

/** Prints the value that begins at or behind `from`; gives where it ends. */
function value(bytes: Uint8Array, from: number, to: number): number {
  const at = isBlank(bytes[from]) ? skip(bytes, from, to) : from;
  const first = bytes[at];
  if (first === 0x22) return string(bytes, at, to);
  if (first !== 0x7b && first !== 0x5b) return word(bytes, at, to);
  if (++depth > deepestJson) {
    plain = false;
    return to;
  }
  const end = first === 0x7b ? object(bytes, at, to) : array(bytes, at, to);
  depth--;
  return end;
}

function string(bytes: Uint8Array, from: number, to: number): number {
  const begun = length;
  out[length++] = 0x22;
  let at = from + 1;
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x22 || byte === 0x5c) break;
    out[length++] = byte;
  }
  escaped = at < to && bytes[at] === 0x5c;
  if (escaped) {
    while (at < to && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
    const end = Math.min(at + 1, to);
    length = begun;
    putText(reescaped(bytes, from, end));
    return end;
  }
  out[length++] = 0x22;
  return Math.min(at + 1, to);
}

/** JSON's own escapes are PostgreSQL's: JSON.stringify writes the same characters in the same way. */
function reescaped(bytes: Uint8Array, from: number, to: number): string {
  return JSON.stringify(unescaped(bytes, from, to));
}

function unescaped(bytes: Uint8Array, from: number, to: number): string {
  const text = decoder.decode(bytes.subarray(from, to));
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "string") return parsed;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  return "";
}

function array(bytes: Uint8Array, from: number, to: number): number {
  out[length++] = 0x5b;
  let at = skip(bytes, from + 1, to);
  for (let first = true; at < to && bytes[at] !== 0x5d; first = false) {
    if (!first) {
      out[length++] = 0x2c;
      out[length++] = 0x20;
    }
    const before = at;
    at = value(bytes, at, to);
    if (isBlank(bytes[at])) at = skip(bytes, at, to);
    if (bytes[at] === 0x2c) at++;
    else if (at === before) break;
    if (isBlank(bytes[at])) at = skip(bytes, at, to);
  }
  out[length++] = 0x5d;
  return at + 1;
}

function object(bytes: Uint8Array, from: number, to: number): number {
  out[length++] = 0x7b;
  const begun = length;
  const base = top;
  let sorted = true;
  let at = skip(bytes, from + 1, to);
  while (at < to && bytes[at] === 0x22) {
    if (top > base) {
      out[length++] = 0x2c;
      out[length++] = 0x20;
    }
    if (top + 3 > members.length) {
      const larger = new Int32Array(members.length * 2);
      larger.set(members);
      members = larger;
    }
    const own = top;
    top += 3;
    members[own] = length + 1;
    const keyEnd = string(bytes, at, to);
    members[own + 1] = length - 1;
    if (escaped) escapedKeys.set(members[own] ?? 0, encoder.encode(unescaped(bytes, at, keyEnd)));
    if (sorted && own > base) sorted = compareKeys(own - 3, own) < 0;
    out[length++] = 0x3a;
    out[length++] = 0x20;
    at = isBlank(bytes[keyEnd]) ? skip(bytes, keyEnd, to) : keyEnd;
    if (bytes[at] === 0x3a) at++;
    at = value(bytes, at, to);
    members[own + 2] = length;
    if (isBlank(bytes[at])) at = skip(bytes, at, to);
    if (bytes[at] === 0x2c) at++;
    if (isBlank(bytes[at])) at = skip(bytes, at, to);
  }
  if (!sorted) sortMembers(begun, base);
  top = base;
  out[length++] = 0x7d;
  return at + 1;
}

/** Below zero when the member at `a` in {@link members} comes before the one at `b`. */
function compareKeys(a: number, b: number): number {
  const aFrom = members[a] ?? 0;
  const bFrom = members[b] ?? 0;
  const aTo = members[a + 1] ?? 0;
  const bTo = members[b + 1] ?? 0;
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

/** Puts the members from `base` on, which were printed from `begun` on, into jsonb's order. */
function sortMembers(begun: number, base: number): void {
  const count = (top - base) / 3;
  if (order.length < count) order = new Int32Array(count * 2);
  if (count > 32) {
    order.set(Array.from({ length: count }, (_, i) => base + 3 * i).sort(compareKeys));
    for (let i = 1; i < count; i++) if (compareKeys(order[i - 1] ?? 0, order[i] ?? 0) === 0) plain = false;
  } else {
    for (let i = 0; i < count; i++) {
      const member = base + 3 * i;
      let to = i;
      for (; to > 0; to--) {
        const before = order[to - 1] ?? 0;
        const compared = compareKeys(before, member);
        if (compared === 0) plain = false;
        if (compared <= 0) break;
        order[to] = before;
      }
      order[to] = member;
    }
  }
  const size = length - begun;
  if (copy.length < size) copy = new Uint8Array(size * 2);
  if (size > 256) copy.set(out.subarray(begun, length));
  else for (let i = 0; i < size; i++) copy[i] = out[begun + i] ?? 0;
  let at = begun;
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      out[at++] = 0x2c;
      out[at++] = 0x20;
    }
    const member = order[i] ?? 0;
    const end = (members[member + 2] ?? 0) - begun;
    for (let from = (members[member] ?? 0) - 1 - begun; from < end; from++) out[at++] = copy[from] ?? 0;
  }
}

/** Prints a number, true, false or null. */
function word(bytes: Uint8Array, from: number, to: number): number {
  const begun = length;
  let at = from;
  let exponent = false;
  let zero = true;
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x2c || byte === 0x5d || byte === 0x7d || isBlank(byte)) break;
    if (byte === 0x65 || byte === 0x45) exponent = true;
    if (byte !== 0x30 && byte !== 0x2d && byte !== 0x2e) zero = false;
    out[length++] = byte;
  }
  const first = bytes[from] ?? 0;
  if (first !== 0x2d && (first < 0x30 || first > 0x39)) return at;
  if (exponent) {
    plain = false;
    const text = withoutExponent(decoder.decode(bytes.subarray(from, at)));
    length = begun;
    reserve(text.length + to - at);
    putText(text);
  } else if (zero && first === 0x2d) {
    // numeric has no negative zero.
    out.copyWithin(begun, begun + 1, length);
    length--;
  }
  return at;
}

/** A number with an exponent as `numeric` prints it: as many digits behind the point as were given, moved by the exponent, at least none. */
function withoutExponent(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,4})$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const before = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0").replace(/^0+(?=\d)/, "");
  const behind = point >= digits.length ? "" : point < 0 ? "0".repeat(-point) + digits : digits.slice(Math.max(point, 0));
  return `${/[1-9]/.test(digits) ? sign : ""}${before}${behind === "" ? "" : `.${behind}`}`;
}
