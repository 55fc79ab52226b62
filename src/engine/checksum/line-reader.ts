import type { CopiedColumn } from "../migrate/chunk-sql.ts";
import { delimiter, quote, quoted } from "../migrate/copy-format.ts";
import { fieldReader } from "./field-readers.ts";
import { hashBytes, hashed } from "./hash-bytes.ts";

const quoteByte = quote.charCodeAt(0);
const delimiterByte = delimiter.charCodeAt(0);
const lineFeed = 0x0a;

/** Reads lines in the copy's format, once: whether they may go as they are, and what their rows' checksum is. */
export interface LineReader {
  /**
   * Reads whole lines; `rows` and `sum` are then theirs. Answers true only when PostgreSQL, reading the bytes, can do one of two things: take every
   * value as it is stored, or refuse the row. What PostgreSQL would change without a word (a zone in a timestamp, digits that a double
   * lacks, a JSON key that is there twice) is found here, and so is a quote inside of a text that SQL has put in quotes without looking: it can
   * only add fields and lines to those that must be there.
   * False means of lines that SQLite has built that the rows have to be looked at one by one, not that they are bad. Lines that
   * {@link formatLine} has written need no answer.
   */
  read(lines: Uint8Array): boolean;
  readonly rows: number;
  /**
   * The sum of the rows' hashes, of 64 bits without a sign, which does not depend on their order: what `targetChecksum` has the server make
   * of the rows that it read from the same lines. Different rows have the same sum by a chance of about 2^-64.
   */
  readonly sum: bigint;
}

/**
 * Makes a reader for rows of these columns.
 *
 * A row's values are joined as `hash_record_extended` joins them (31 times what came before, and the next value's hash, 0 for NULL). That is a sum over
 * the columns, and a sum of such sums would not see values that change rows; so each row's number is hashed once more.
 */
export function makeLineReader(columns: readonly CopiedColumn[]): LineReader {
  const readers = columns.map(fieldReader);
  const inQuotes = columns.map((column) => quoted[column.type]);
  const notNull = columns.map((column) => column.notNull);
  const last = columns.length - 1;
  let rows = 0;
  let sumHigh = 0;
  let sumLow = 0;

  /** @returns whether all of it is sure */
  const read = (lines: Uint8Array): boolean => {
    const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    const length = bytes.length;
    let sure = true;
    let at = 0;
    rows = 0;
    sumHigh = 0;
    sumLow = 0;
    while (at < length) {
      let high = 0;
      let low = 0;
      for (let column = 0; column <= last; column++) {
        const end = column === last ? lineFeed : delimiterByte;
        const first = bytes[at];
        if (first === end) {
          if (notNull[column] === true) sure = false;
          high = Math.imul(high, 31) + Math.floor(((low >>> 0) * 31) / 0x1_0000_0000);
          low = Math.imul(low, 31);
          at++;
          continue;
        }
        const reader = readers[column];
        if (reader === undefined) return false;
        if (inQuotes[column] === true) {
          const start = at;
          if (first !== quoteByte) return false;
          at++;
          while (at < length && bytes[at] !== quoteByte) at++;
          if (bytes[at + 1] === quoteByte) {
            // Doubled by who looked; or two texts of SQL's that run into each other.
            sure = false;
            while (bytes[at + 1] === quoteByte) for (at += 2; at < length && bytes[at] !== quoteByte; ) at++;
            const plain = Buffer.from(bytes.toString("latin1", start + 1, at).replaceAll(quote + quote, quote), "latin1");
            reader(plain, 0, plain.length);
          } else if (!reader(bytes, start + 1, at)) {
            sure = false;
          }
          at++;
        } else {
          const start = at;
          for (let byte = first; byte !== end; byte = bytes[++at]) {
            if (byte === undefined || byte === delimiterByte || byte === lineFeed || byte === quoteByte) return false;
          }
          if (!reader(bytes, start, at)) sure = false;
        }
        if (bytes[at++] !== end) return false;
        const sum = (low >>> 0) * 31 + (hashed.low >>> 0);
        high = (Math.imul(high, 31) + hashed.high + Math.floor(sum / 0x1_0000_0000)) | 0;
        low = sum | 0;
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
    return sure;
  };

  return {
    read,
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
