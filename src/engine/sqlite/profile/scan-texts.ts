import { isAscii, isUtf8 } from "node:buffer";
import { shape, shapesOf, textShapes } from "#core/schema/values/text-shapes.ts";
import { distinctBound, type ColumnCounts } from "./column-counts.ts";

/** Stands between texts that are counted together; a text that holds it is told by the number of pieces. */
export const separator = 0x1f;

/** Longer texts are not told apart. */
const distinctLength = 64;
/** So far the bytes of one text are looked at one by one to find its end; beyond, SQLite's and V8's own search is faster. */
const near = 64;

/** What the texts of one piece are counted with; it remembers what texts it has seen. */
export interface TextScanner {
  /**
   * Counts texts that stand one after the other, `separator` between. Nothing is counted and false is given when they are not `count`: one
   * of them then holds the separator.
   */
  scan(bytes: Buffer, count: number, counts: ColumnCounts): boolean;
  /** Counts one text. @param bytes its text in UTF-8; undefined when its own bytes are not valid. @param stored how many bytes it takes in the database */
  scanOne(bytes: Buffer | undefined, stored: number, counts: ColumnCounts): void;
}

/** One for each column and thread. */
export function textScanner(): TextScanner {
  /** Texts seen, by hash; undefined when there are too many. */
  let seen: Map<number, string[]> | undefined = new Map();
  let different = 0;

  const note = (bytes: Buffer, start: number, end: number, counts: ColumnCounts): void => {
    if (seen === undefined) return;
    if (end - start > distinctLength) {
      seen = undefined;
      return;
    }
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
    const candidates = seen.get(hash);
    if (candidates?.some((text) => equals(bytes, start, end, text)) === true) return;
    const text = bytes.toString("latin1", start, end);
    if (candidates === undefined) seen.set(hash, [text]);
    else candidates.push(text);
    counts.distinct?.add(text);
    if (++different > distinctBound) seen = undefined;
  };

  const one = (bytes: Buffer, start: number, end: number, counts: ColumnCounts): void => {
    const found = shapesOf(bytes, start, end);
    if (found !== 0) countShapes(found, counts);
    if ((found & dated) !== 0) {
      const day = dayOf(bytes, start);
      if (counts.firstDay === undefined || day < counts.firstDay) counts.firstDay = day;
      if (counts.lastDay === undefined || day > counts.lastDay) counts.lastDay = day;
    }
    if (seen !== undefined) note(bytes, start, end, counts);
  };

  return {
    scan(bytes, count, counts) {
      const length = bytes.length;
      const ends: number[] = [];
      let longest = 0;
      for (let start = 0; start <= length; ) {
        let end = start;
        const most = Math.min(length, start + near);
        while (end < most && bytes[end] !== separator) end++;
        if (end === most && end < length && bytes[end] !== separator) {
          const found = bytes.indexOf(separator, end);
          end = found < 0 ? length : found;
        }
        if (ends.push(end) > count) return false;
        if (end - start > longest) longest = end - start;
        start = end + 1;
      }
      if (ends.length !== count) return false;
      const ascii = isAscii(bytes);
      const sound = ascii || isUtf8(bytes);
      const nuls = bytes.includes(0);
      let start = 0;
      for (const end of ends) {
        if (!sound || nuls) {
          if (!sound && !isUtf8(bytes.subarray(start, end))) counts.invalidUtf8++;
          else {
            if (nuls && bytes.subarray(start, end).includes(0)) counts.nulCharacters++;
            one(bytes, start, end, counts);
          }
        } else one(bytes, start, end, counts);
        // A text has no more characters than bytes: most need no counting.
        if (end - start > counts.maxLength) counts.maxLength = ascii ? end - start : Math.max(counts.maxLength, charactersIn(bytes, start, end));
        start = end + 1;
      }
      if (longest > counts.maxBytes) counts.maxBytes = longest;
      if (seen === undefined) counts.distinct = undefined;
      return true;
    },
    scanOne(bytes, stored, counts) {
      counts.maxBytes = Math.max(counts.maxBytes, stored);
      if (bytes === undefined) {
        counts.invalidUtf8++;
        counts.maxLength = Math.max(counts.maxLength, stored);
        return;
      }
      if (bytes.includes(0)) counts.nulCharacters++;
      one(bytes, 0, bytes.length, counts);
      counts.maxLength = Math.max(counts.maxLength, charactersIn(bytes, 0, bytes.length));
      if (seen === undefined) counts.distinct = undefined;
    },
  };
}

function countShapes(found: number, counts: ColumnCounts): void {
  for (const name of textShapes) if ((found & shape[name]) !== 0) counts[name]++;
  if ((found & shape.reworded) !== 0) counts.isoReworded++;
  if ((found & shape.unfaithful) !== 0) counts.jsonUnfaithful++;
  if ((found & shape.utc) !== 0) counts.isoUtc++;
}

const dated = shape.isoTimestamps | shape.isoZoned | shape.isoDates;

/** YYYYMMDD of a text that begins with YYYY-MM-DD. */
function dayOf(bytes: Buffer, start: number): number {
  let day = 0;
  for (const at of [0, 1, 2, 3, 5, 6, 8, 9]) day = day * 10 + (bytes[start + at] ?? 0) - 0x30;
  return day;
}

function charactersIn(bytes: Buffer, start: number, end: number): number {
  let characters = 0;
  for (let i = start; i < end; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) characters++;
  return characters;
}

function equals(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) return false;
  for (let i = start; i < end; i++) if (bytes[i] !== text.charCodeAt(i - start)) return false;
  return true;
}
