import type { PostgresType } from "#core/schema/decision.ts";
import { delimiter, quote } from "../migrate/copy-format.ts";
import { fieldHashes } from "./field-hashes.ts";
import { hashBytes, hashed } from "./hash-bytes.ts";

const quoteByte = quote.charCodeAt(0);
const delimiterByte = delimiter.charCodeAt(0);
const lineFeed = 0x0a;

/** A sum over rows that does not depend on their order; different rows have the same sum by a chance of about 2^-64. */
export interface RowChecksum {
  /** Adds the rows of whole lines in the copy's format. */
  add(lines: Uint8Array): void;
  /** Rows added so far. */
  readonly rows: number;
  /** The sum of the rows' hashes, of 64 bits without a sign. */
  readonly sum: bigint;
}

/**
 * Starts a checksum over rows of these types: what `targetChecksum` has the server make of the rows that it read from the same lines. A row's values
 * are joined as `hash_record_extended` joins them (31 times what came before, and the next value's hash, 0 for NULL). That is a sum over the columns,
 * and a sum of such sums would not see values that change rows; so each row's number is hashed once more.
 */
export function makeRowChecksum(types: readonly PostgresType[]): RowChecksum {
  const hashes = types.map((type) => fieldHashes[type]);
  const last = types.length - 1;
  let sumHigh = 0;
  let sumLow = 0;
  let rows = 0;
  return {
    add: (lines) => {
      const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
      const length = buffer.length;
      let at = 0;
      while (at < length) {
        let high = 0;
        let low = 0;
        for (let column = 0; column <= last; column++) {
          const end = fieldEnd(buffer, at);
          hashed.high = 0;
          hashed.low = 0;
          if (end > at) hashes[column]?.(buffer, at, end);
          const sum = (low >>> 0) * 31 + (hashed.low >>> 0);
          high = (Math.imul(high, 31) + hashed.high + Math.floor(sum / 0x1_0000_0000)) | 0;
          low = sum | 0;
          at = end + 1;
        }
        // Lines of no columns at all are only line feeds.
        if (last < 0) at++;
        number.setInt32(0, high);
        number.setInt32(4, low);
        hashBytes(numberBytes, 0, 8);
        const sum = sumLow + (hashed.low >>> 0);
        sumHigh = (sumHigh + hashed.high + (sum >= 0x1_0000_0000 ? 1 : 0)) | 0;
        sumLow = sum >>> 0;
        rows++;
      }
    },
    get rows() {
      return rows;
    },
    get sum() {
      return (BigInt(sumHigh >>> 0) << 32n) | BigInt(sumLow);
    },
  };
}

/** A row's number as `int8send` gives it. */
const number = new DataView(new ArrayBuffer(8));
const numberBytes = new Uint8Array(number.buffer);

/** The offset of the delimiter or line feed that ends the field. */
function fieldEnd(buffer: Buffer, start: number): number {
  let at = start;
  if (buffer[at] === quoteByte) {
    // A doubled quote inside opens again at once.
    do {
      at++;
      while (at < buffer.length && buffer[at] !== quoteByte) at++;
      at++;
    } while (buffer[at] === quoteByte);
    return at;
  }
  for (; at < buffer.length; at++) {
    const byte = buffer[at];
    if (byte === delimiterByte || byte === lineFeed) break;
  }
  return at;
}
