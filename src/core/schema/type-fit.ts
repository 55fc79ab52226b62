import type { ColumnProfile, PostgresType } from "./decision.ts";
import { numberText } from "./number-text.ts";

/** What a type would make of a column's values, as far as the profile tells. */
export interface TypeFit {
  readonly type: PostgresType;
  /** Values that are not NULL. */
  readonly values: number;
  /** How many of them the type refuses: a row that holds one is a bad row of a migration. */
  readonly refused: number;
  /** False when `refused` is the most there can be: the profile does not tell every value that the type would still read. */
  readonly exact: boolean;
  /** What of the values that it takes is not as it was, in words; undefined when they all stay the same. */
  readonly lost: string | undefined;
}

/** The types, the most telling first. */
export const postgresTypes = ["bigint", "integer", "numeric", "double precision", "boolean", "timestamp", "timestamptz", "date", "jsonb", "uuid", "text", "bytea"] as const satisfies readonly PostgresType[];

/**
 * What a column's values would become in a type. It counts as the copy does (engine/migrate/value-codec.ts), from the counts of a profile:
 * where these do not tell, the higher number is given and marked as not exact.
 */
export function typeFit(type: PostgresType, profile: ColumnProfile): TypeFit {
  const values = profile.rows - profile.nulls;
  const { taken, exact, lost } = fits[type](profile);
  return { type, values, refused: values - taken, exact: exact || taken === values, lost };
}

interface Taken {
  /** Values that the type surely takes. */
  readonly taken: number;
  /** Whether it surely refuses all the others. */
  readonly exact: boolean;
  readonly lost: string | undefined;
}

/** Beyond it a double no longer holds every integer. */
const exactDouble = 2n ** 53n;

function within(profile: ColumnProfile, smallest: bigint, largest: bigint): boolean {
  return (profile.minInteger ?? 0n) >= smallest && (profile.maxInteger ?? 0n) <= largest;
}

/** Texts that no type but bytea takes. */
function unsound(profile: ColumnProfile): number {
  return profile.invalidUtf8 + profile.nulCharacters;
}

function joined(...parts: readonly (string | false)[]): string | undefined {
  const said = parts.filter((part) => part !== false);
  return said.length === 0 ? undefined : said.join("; ");
}

function wholeNumbers(smallest: bigint, largest: bigint) {
  return (profile: ColumnProfile): Taken => {
    const inside = within(profile, smallest, largest);
    // A real may be a whole number; of integers only the range is known.
    return { taken: inside ? profile.integers : 0, exact: inside && profile.reals === 0, lost: undefined };
  };
}

const fits: Readonly<Record<PostgresType, (profile: ColumnProfile) => Taken>> = {
  bigint: wholeNumbers(-(2n ** 63n), 2n ** 63n - 1n),
  integer: wholeNumbers(-(2n ** 31n), 2n ** 31n - 1n),
  // Of the others there may be more that it reads: yes, 1.0, 'off'. Zeros and ones among other integers are not counted.
  boolean: (profile) => ({ taken: profile.zeroOrOne + profile.booleanTexts, exact: profile.reals + profile.texts === 0 && profile.zeroOrOne === profile.integers, lost: joined(profile.booleanTexts > 0 && "truth values instead of texts") }),
  "double precision": (profile) => {
    const inside = within(profile, -exactDouble, exactDouble);
    return { taken: profile.reals + (inside ? profile.integers : 0), exact: inside, lost: undefined };
  },
  numeric: (profile) => ({
    taken: profile.integers + profile.reals + profile.decimalTexts,
    exact: profile.texts === 0,
    lost: joined(profile.reals > 0 && "computes decimally where SQLite computes with doubles", profile.decimalTexts > 0 && "sorts and compares by the number, not the text"),
  }),
  text: (profile) => {
    const numbers = profile.integers + profile.reals;
    return {
      taken: numbers + profile.texts - unsound(profile),
      // A text may be both.
      exact: profile.invalidUtf8 === 0 || profile.nulCharacters === 0,
      lost: joined(numbers > 0 && `${numberText(numbers)} ${numbers === 1 ? "number becomes its digits and compares" : "numbers become their digits and compare"} as text`),
    };
  },
  bytea: (profile) => ({
    taken: profile.blobs + profile.texts + profile.integers + profile.reals,
    exact: true,
    lost: joined(
      profile.texts > 0 && `${numberText(profile.texts)} ${profile.texts === 1 ? "text becomes its" : "texts become their"} bytes`,
      profile.integers + profile.reals > 0 && `${numberText(profile.integers + profile.reals)} ${profile.integers + profile.reals === 1 ? "number becomes the bytes of its" : "numbers become the bytes of their"} digits`,
    ),
  }),
  timestamp: (profile) => ({
    taken: profile.isoTimestamps + profile.isoDates,
    exact: false,
    lost: joined(profile.isoDates > 0 && `${numberText(profile.isoDates)} days become midnight`, profile.isoReworded > 0 && `${numberText(profile.isoReworded)} print differently: a T or trailing zeros are not kept`),
  }),
  timestamptz: (profile) => ({
    taken: profile.isoTimestamps + profile.isoDates + profile.isoZoned,
    exact: false,
    lost: joined(
      profile.isoTimestamps + profile.isoDates > 0 && "read as UTC",
      profile.isoDates > 0 && `${numberText(profile.isoDates)} days become midnight`,
      profile.isoZoned > 0 && `${numberText(profile.isoZoned)} keep their instant, not their offset`,
    ),
  }),
  date: (profile) => ({ taken: profile.isoDates, exact: true, lost: undefined }),
  jsonb: (profile) => ({
    // An invalid text may look like JSON, too.
    taken: Math.max(0, profile.jsonContainers - profile.jsonUnfaithful - unsound(profile)) + profile.integers,
    exact: false,
    lost: joined(profile.jsonContainers > 0 && "blanks and the order of keys are not kept"),
  }),
  uuid: (profile) => ({ taken: profile.uuids, exact: false, lost: undefined }),
};
