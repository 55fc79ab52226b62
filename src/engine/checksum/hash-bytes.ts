/**
 * PostgreSQL's extended hash functions with the seed 0, on this side: the same bytes give the same 64 bits as on every server from 14 on.
 * They are what hash partitions are made by, so that they do not change between versions.
 * @see https://github.com/postgres/postgres/blob/master/src/common/hashfn.c (Bob Jenkins' lookup3, public domain)
 */

/** The 64 bits of the last hash, as two signed halves: one object for all, making one for each value would take longer than the hashing. */
export const hashed = { high: 0, low: 0 };

const start = 0x9e3779b9 + 3923095;

/** Stirs the last block in, and leaves the result in {@link hashed}. */
function finish(first: number, second: number, third: number): void {
  let [a, b, c] = [first, second, third];
  c ^= b; c = (c - ((b << 14) | (b >>> 18))) | 0;
  a ^= c; a = (a - ((c << 11) | (c >>> 21))) | 0;
  b ^= a; b = (b - ((a << 25) | (a >>> 7))) | 0;
  c ^= b; c = (c - ((b << 16) | (b >>> 16))) | 0;
  a ^= c; a = (a - ((c << 4) | (c >>> 28))) | 0;
  b ^= a; b = (b - ((a << 14) | (a >>> 18))) | 0;
  c ^= b; c = (c - ((b << 24) | (b >>> 8))) | 0;
  hashed.high = b;
  hashed.low = c;
}

/** `hash_uint32_extended`. */
export function hashWord(word: number): void {
  const begun = (start + 4) | 0;
  finish((begun + word) | 0, begun, begun);
}

/** `hashint8extended` of the number with these halves; an `integer` of the same value hashes alike. */
export function hashInteger(high: number, low: number): void {
  hashWord(low ^ (high >= 0 ? high : ~high));
}

/** `hash_bytes_extended` of the bytes from `from` to `to`. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): void {
  const length = to - from;
  let a = (start + length) | 0;
  let b = a;
  let c = a;
  let at = from;
  for (const last = to - 12; at <= last; at += 12) {
    a = (a + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24))) | 0;
    b = (b + ((bytes[at + 4] ?? 0) | ((bytes[at + 5] ?? 0) << 8) | ((bytes[at + 6] ?? 0) << 16) | ((bytes[at + 7] ?? 0) << 24))) | 0;
    c = (c + ((bytes[at + 8] ?? 0) | ((bytes[at + 9] ?? 0) << 8) | ((bytes[at + 10] ?? 0) << 16) | ((bytes[at + 11] ?? 0) << 24))) | 0;
    a = (a - c) | 0; a ^= (c << 4) | (c >>> 28); c = (c + b) | 0;
    b = (b - a) | 0; b ^= (a << 6) | (a >>> 26); a = (a + c) | 0;
    c = (c - b) | 0; c ^= (b << 8) | (b >>> 24); b = (b + a) | 0;
    a = (a - c) | 0; a ^= (c << 16) | (c >>> 16); c = (c + b) | 0;
    b = (b - a) | 0; b ^= (a << 19) | (a >>> 13); a = (a + c) | 0;
    c = (c - b) | 0; c ^= (b << 4) | (b >>> 28); b = (b + a) | 0;
  }
  // Up to eleven bytes are left; the lowest byte of the third word is kept for the length.
  for (let i = 0; at < to; at++, i++) {
    const byte = bytes[at] ?? 0;
    if (i < 4) a = (a + (byte << (8 * i))) | 0;
    else if (i < 8) b = (b + (byte << (8 * (i - 4)))) | 0;
    else c = (c + (byte << (8 * (i - 7)))) | 0;
  }
  finish(a, b, c);
}
