import type { PostgresType } from "#core/schema/decision.ts";
import { delimiter, quote } from "../migrate/copy-format.ts";
import { canonicalForms } from "./canonical-value.ts";
import { addByte, fieldHashes, mix, type Hash } from "./value-hash.ts";

const quoteByte = quote.charCodeAt(0);
const delimiterByte = delimiter.charCodeAt(0);
const lineFeed = 0x0a;

/** A sum over rows that does not depend on their order; equal sums mean equal rows but for a chance of 2^-64. */
export interface Checksum {
  /** Adds the rows of whole lines in the copy's format. */
  add(lines: Uint8Array): void;
  /** Rows added so far. */
  readonly rows: number;
  /** 16 hexadecimal digits. */
  readonly hex: string;
}

/**
 * Starts a checksum over rows of these types. Each value counts by its canonical text, so that both engines' lines of the same row
 * give the same number; the place of a value in its row counts, the place of the row does not.
 */
export function makeChecksum(types: readonly PostgresType[]): Checksum {
  const hashes = types.map((type) => fieldHashes[type]);
  const hash: Hash = { a: 0, b: 0 };
  let low = 0;
  let high = 0;
  let rows = 0;
  return {
    add: (lines) => {
      const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
      let at = 0;
      while (at < buffer.length) {
        hash.a = 0x811c9dc5 | 0;
        hash.b = 0x2545f491 | 0;
        for (let column = 0; ; column++) {
          const end = fieldEnd(buffer, at);
          if (end > at) hashes[column]?.(hash, buffer, at, end);
          // The end of a value counts, too: ("a", "b") is another row than ("ab", ""); and NULL is nothing, where the empty text is two quotes.
          addByte(hash, end > at ? 0x1ff : 0x2ff);
          at = end + 1;
          if (buffer[end] !== delimiterByte) break;
        }
        low = (low + mix(hash.a ^ (hash.b << 16) ^ (hash.b >>> 16))) >>> 0;
        high = (high + mix(hash.b ^ Math.imul(hash.a, 5))) >>> 0;
        rows++;
      }
    },
    get rows() {
      return rows;
    },
    get hex() {
      return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
    },
  };
}

/** The offset of the delimiter or line feed that ends the field. */
function fieldEnd(buffer: Buffer, start: number): number {
  let inside = false;
  let at = start;
  for (; at < buffer.length; at++) {
    const byte = buffer[at];
    if (byte === quoteByte) inside = !inside;
    else if (!inside && (byte === delimiterByte || byte === lineFeed)) break;
  }
  return at;
}

function fieldText(buffer: Buffer, start: number, end: number): string {
  if (buffer[start] !== quoteByte) return buffer.toString("latin1", start, end);
  const text = buffer.toString("utf8", start + 1, end - 1);
  return text.includes(quote) ? text.replaceAll(quote + quote, quote) : text;
}

/** The rows of whole lines, every value as its canonical text or null. */
export function* readRows(lines: Uint8Array, types: readonly PostgresType[]): Generator<(string | null)[]> {
  const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  let at = 0;
  while (at < buffer.length) {
    const row: (string | null)[] = [];
    for (;;) {
      const end = fieldEnd(buffer, at);
      const type = types[row.length];
      const text = end === at ? null : fieldText(buffer, at, end);
      row.push(text === null || type === undefined ? text : (canonicalForms[type]?.(text) ?? text));
      at = end + 1;
      if (buffer[end] !== delimiterByte) break;
    }
    yield row;
  }
}

/** Cuts a stream of bytes so that every piece ends where a row ends. */
export async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const buffer = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
    // A row begins outside of quotes: the last line feed outside of them ends the last whole row.
    let end = 0;
    let inside = false;
    for (let at = 0; at < buffer.length; at++) {
      const byte = buffer[at];
      if (byte === quoteByte) inside = !inside;
      else if (byte === lineFeed && !inside) end = at + 1;
    }
    if (end > 0) yield buffer.subarray(0, end);
    rest = buffer.subarray(end);
  }
  if (rest.length > 0) yield rest;
}
