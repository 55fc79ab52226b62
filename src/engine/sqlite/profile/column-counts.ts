import type { ColumnProfile, Outlier } from "#core/schema/decision.ts";
import { textShapes, type TextShape } from "#core/schema/values/text-shapes.ts";

/** How many different texts are told apart; a column that has more has many. */
export const distinctBound = 64;
/** How many values against each pattern are kept. */
export const keptOutliers = 3;

/** What one piece of a column holds; pieces are added up with `addCounts`. */
export interface ColumnCounts extends Record<TextShape, number> {
  rows: number;
  nulls: number;
  integers: number;
  reals: number;
  texts: number;
  blobs: number;
  minInteger: bigint | undefined;
  maxInteger: bigint | undefined;
  minReal: number | undefined;
  maxReal: number | undefined;
  maxLength: number;
  maxBytes: number;
  decimals: number;
  cents: number;
  isoReworded: number;
  isoUtc: number;
  jsonUnfaithful: number;
  invalidUtf8: number;
  nulCharacters: number;
  /** As a number, YYYYMMDD. */
  firstDay: number | undefined;
  lastDay: number | undefined;
  /** Different texts, undefined when there are more than `distinctBound`. */
  distinct: Set<string> | undefined;
  outliers: Outlier[];
}

export function noCounts(): ColumnCounts {
  return {
    rows: 0, nulls: 0, integers: 0, reals: 0, texts: 0, blobs: 0,
    minInteger: undefined, maxInteger: undefined, minReal: undefined, maxReal: undefined,
    maxLength: 0, maxBytes: 0, decimals: 0, cents: 0,
    isoTimestamps: 0, isoZoned: 0, isoDates: 0, jsonContainers: 0, uuids: 0, hexes: 0, integerTexts: 0, decimalTexts: 0, booleanTexts: 0,
    isoReworded: 0, isoUtc: 0, jsonUnfaithful: 0, invalidUtf8: 0, nulCharacters: 0, firstDay: undefined, lastDay: undefined,
    distinct: new Set(), outliers: [],
  };
}

const sums = ["rows", "nulls", "integers", "reals", "texts", "blobs", "decimals", "cents", "isoReworded", "isoUtc", "jsonUnfaithful", "invalidUtf8", "nulCharacters", ...textShapes] as const;

/** Adds a piece to what was counted of others; their outliers are the caller's to keep, in their order. */
export function addCounts(all: ColumnCounts, piece: ColumnCounts): void {
  for (const name of sums) all[name] += piece[name];
  all.minInteger = least(all.minInteger, piece.minInteger);
  all.maxInteger = most(all.maxInteger, piece.maxInteger);
  all.minReal = least(all.minReal, piece.minReal);
  all.maxReal = most(all.maxReal, piece.maxReal);
  all.firstDay = least(all.firstDay, piece.firstDay);
  all.lastDay = most(all.lastDay, piece.lastDay);
  all.maxLength = Math.max(all.maxLength, piece.maxLength);
  all.maxBytes = Math.max(all.maxBytes, piece.maxBytes);
  if (all.distinct !== undefined) {
    if (piece.distinct === undefined) all.distinct = undefined;
    else for (const text of piece.distinct) all.distinct.add(text);
    if (all.distinct !== undefined && all.distinct.size > distinctBound) all.distinct = undefined;
  }
}

export function toProfile({ distinct, outliers, firstDay, lastDay, ...counts }: ColumnCounts): ColumnProfile {
  return {
    ...counts,
    decimals: counts.decimals === counts.reals ? counts.decimals : 0,
    cents: counts.cents === counts.reals ? counts.cents : 0,
    zeroOrOne: counts.minInteger !== undefined && counts.minInteger >= 0n && (counts.maxInteger ?? 2n) <= 1n ? counts.integers : 0,
    firstDay: firstDay === undefined ? undefined : dayText(firstDay),
    lastDay: lastDay === undefined ? undefined : dayText(lastDay),
    distinctTexts: distinct?.size,
    // Those of one pattern together; the first of each, wherever they were found first.
    outliers: [...new Set(outliers.map((outlier) => outlier.not))].toSorted().flatMap((not) => outliers.filter((outlier) => outlier.not === not).slice(0, keptOutliers)),
  };
}

function dayText(day: number): string {
  return String(day).padStart(8, "0").replace(/(..)(..)$/, "-$1-$2");
}

function least<T extends bigint | number>(a: T | undefined, b: T | undefined): T | undefined {
  return a === undefined ? b : b === undefined || a < b ? a : b;
}

function most<T extends bigint | number>(a: T | undefined, b: T | undefined): T | undefined {
  return a === undefined ? b : b === undefined || a > b ? a : b;
}
