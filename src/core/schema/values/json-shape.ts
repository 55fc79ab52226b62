/** What a piece of bytes is as JSON: not JSON; JSON that jsonb keeps; or JSON that needs a closer look (`jsonFaithful`). */
export type JsonShape = "invalid" | "faithful" | "unsure";

const quote = 0x22;
const backslash = 0x5c;

/** The bytes that stand for themselves in a string. */
const plain = new Uint8Array(256).fill(1, 0x20);
plain[quote] = 0;
plain[backslash] = 0;

/** An object with more keys than this is looked at more closely, instead of comparing each key with each. */
const manyKeys = 32;
/** SQLite's own limit of nesting. */
const maxDepth = 1000;

/** For each open container: -1 for an array, or where its keys begin in `keys`. Kept, because there is one for every value of a database. */
const containers = new Int32Array(maxDepth + 1);
/** Begin, end and hash of each key of the open objects. */
let keys = new Int32Array(3 * 1024);

/**
 * Validates bytes from `start` to `end` as a JSON object or array (RFC 8259, as SQLite's json_valid does), and says whether jsonb surely
 * keeps what it says: no key twice in one object, no escape `\u`, no large exponent. It makes no strings, so that it runs at the speed of a scan.
 */
export function jsonShape(bytes: Uint8Array, start: number, end: number): JsonShape {
  let i = start;
  let depth = -1;
  let used = 0;
  let found: JsonShape = "faithful";
  const at = (place: number): number => bytes[place] ?? 0;
  const blanks = (): void => {
    while (i < end && (at(i) === 0x20 || at(i) === 0x0a || at(i) === 0x0d || at(i) === 0x09)) i++;
  };
  /** From an opening quote to behind the closing one; false when it is no string. */
  const string = (isKey: boolean): boolean => {
    const from = i + 1;
    let place = from;
    let hash = 0;
    for (;;) {
      let byte = bytes[place] ?? 0;
      if (isKey) for (; place < end && plain[byte] === 1; byte = bytes[++place] ?? 0) hash = (Math.imul(hash, 31) + byte) | 0;
      else while (place < end && plain[byte] === 1) byte = bytes[++place] ?? 0;
      if (place >= end || byte < 0x20) return false;
      if (byte === quote) break;
      // A backslash. `\/` and `/` are one character, so that two spellings may be one key.
      if (isKey) found = "unsure";
      const escaped = bytes[++place] ?? 0;
      if (place >= end) return false;
      if (escaped === 0x75) {
        found = "unsure";
        for (let n = 0; n < 4; n++) if (!isHex(bytes[++place] ?? 0) || place >= end) return false;
      } else if (!(escaped === quote || escaped === backslash || escaped === 0x2f || escaped === 0x62 || escaped === 0x66 || escaped === 0x6e || escaped === 0x72 || escaped === 0x74)) return false;
      place++;
    }
    i = place + 1;
    if (isKey && found === "faithful") {
      const first = containers[depth] ?? 0;
      if (used - first >= manyKeys * 3) found = "unsure";
      else {
        for (let k = first; k < used; k += 3) if (keys[k + 2] === hash && same(bytes, keys[k] ?? 0, keys[k + 1] ?? 0, from, place)) found = "unsure";
        if (used + 3 > keys.length) {
          const more = new Int32Array(keys.length * 2);
          more.set(keys);
          keys = more;
        }
        keys[used] = from;
        keys[used + 1] = place;
        keys[used + 2] = hash;
        used += 3;
      }
    }
    return true;
  };
  const digits = (): boolean => {
    const from = i;
    while (i < end && at(i) >= 0x30 && at(i) <= 0x39) i++;
    return i > from;
  };
  const number = (): boolean => {
    if (at(i) === 0x2d) i++;
    if (at(i) === 0x30 && i < end) i++;
    else if (!digits()) return false;
    if (i < end && at(i) === 0x2e) {
      i++;
      if (!digits()) return false;
    }
    if (i < end && (at(i) | 0x20) === 0x65) {
      i++;
      if (at(i) === 0x2b || at(i) === 0x2d) i++;
      const from = i;
      if (!digits()) return false;
      if (i - from > 3) found = "unsure";
    }
    return true;
  };
  const word = (text: string): boolean => {
    for (let n = 0; n < text.length; n++) if (i + n >= end || at(i + n) !== text.charCodeAt(n)) return false;
    i += text.length;
    return true;
  };

  blanks();
  if (at(i) !== 0x7b && at(i) !== 0x5b) return "invalid";
  // Each turn reads one value, then what closes or separates.
  for (;;) {
    blanks();
    if (i >= end) return "invalid";
    const byte = at(i);
    let open = false;
    if (byte === 0x7b || byte === 0x5b) {
      if (++depth >= maxDepth) return "invalid";
      containers[depth] = byte === 0x7b ? used : -1;
      i++;
      blanks();
      open = at(i) !== (byte === 0x7b ? 0x7d : 0x5d) || i >= end;
    } else if (byte === quote) {
      if (!string(false)) return "invalid";
    } else if (byte === 0x74 ? !word("true") : byte === 0x66 ? !word("false") : byte === 0x6e ? !word("null") : !number()) return "invalid";

    if (!open) {
      for (;;) {
        blanks();
        if (i >= end) return "invalid";
        const first = containers[depth] ?? -1;
        if (at(i) === (first < 0 ? 0x5d : 0x7d)) {
          if (first >= 0) used = first;
          depth--;
          i++;
          if (depth >= 0) continue;
          blanks();
          return i < end ? "invalid" : found;
        }
        if (at(i) !== 0x2c) return "invalid";
        i++;
        break;
      }
    }
    if ((containers[depth] ?? -1) >= 0) {
      blanks();
      if (i >= end || at(i) !== quote || !string(true)) return "invalid";
      blanks();
      if (i >= end || at(i) !== 0x3a) return "invalid";
      i++;
    }
  }
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function same(bytes: Uint8Array, from: number, to: number, otherFrom: number, otherTo: number): boolean {
  if (to - from !== otherTo - otherFrom) return false;
  for (let n = 0; n < to - from; n++) if (bytes[from + n] !== bytes[otherFrom + n]) return false;
  return true;
}
