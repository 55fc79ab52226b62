import type { Column } from "./catalog.ts";
import type { TextShape } from "./values/text-shapes.ts";

/**
 * What a full scan of one column found; counts are rows, and exact where nothing else is said. Filled by the engine's profile, absent
 * when only DDL is at hand.
 */
export interface ColumnProfile {
  readonly rows: number;
  readonly nulls: number;
  readonly integers: number;
  readonly reals: number;
  readonly texts: number;
  readonly blobs: number;
  /** Over integer values; bigint because SQLite's are 64 bits wide. In a column of integers and reals, only over those beyond 32 bits. */
  readonly minInteger: bigint | undefined;
  readonly maxInteger: bigint | undefined;
  /** Over reals, undefined where there is none; in a column of integers and reals, over all numbers. */
  readonly minReal: number | undefined;
  readonly maxReal: number | undefined;
  /** Longest text in characters. */
  readonly maxLength: number;
  /** Longest text or blob in bytes. */
  readonly maxBytes: number;
  /** Values that are the integers 0 or 1; exact when no other integer is there, otherwise 0. */
  readonly zeroOrOne: number;
  /** Reals that are a decimal of at most 15 digits, such as 19.99: `numeric` holds exactly what was meant. Exact when all are, otherwise 0. */
  readonly decimals: number;
  /** Reals with at most two decimal places, as amounts of money have them. Exact when all are, otherwise 0. */
  readonly cents: number;
  /** Texts of the form `YYYY-MM-DD HH:MM:SS[.f{1,6}]`, blank or `T` between, no zone, years 0001 to 9999, that name a real instant. */
  readonly isoTimestamps: number;
  /** Those of `isoTimestamps` that have a `T` or a fraction that PostgreSQL prints differently (trailing zeros): the instant stays, the text changes. */
  readonly isoReworded: number;
  /** Texts of that form that end in `Z` or an offset such as `+02:00`. */
  readonly isoZoned: number;
  /** Those of `isoZoned` whose zone is UTC. */
  readonly isoUtc: number;
  /** Texts of the form `YYYY-MM-DD` that name a real day. */
  readonly isoDates: number;
  /** Texts that parse as a JSON object or array. */
  readonly jsonContainers: number;
  /** Those of `jsonContainers` that jsonb would refuse or change in meaning: duplicate keys, `\u0000`, lone surrogates, huge exponents. */
  readonly jsonUnfaithful: number;
  /** Texts that are a UUID as PostgreSQL prints it: lower-case, with hyphens. */
  readonly uuids: number;
  /** Texts of an even number of at least 16 hexadecimal digits, in one case of letters: digests, ids. */
  readonly hexes: number;
  /** Texts that are an integer of at most 18 digits as PostgreSQL prints it. */
  readonly integerTexts: number;
  /** Texts that are a decimal as PostgreSQL prints it; those of `integerTexts` are among them. */
  readonly decimalTexts: number;
  /** Texts that are `true` or `false`, in whatever letters. */
  readonly booleanTexts: number;
  /** Texts whose bytes are not valid UTF-8. */
  readonly invalidUtf8: number;
  /** Texts that hold U+0000. */
  readonly nulCharacters: number;
  /** The first and the last day (`YYYY-MM-DD`, as written) of the texts that are dates or timestamps; undefined where there is none. */
  readonly firstDay: string | undefined;
  readonly lastDay: string | undefined;
  /** How many different texts there are; undefined when more than 64. */
  readonly distinctTexts: number | undefined;
  /** The first few values that are not what most are. */
  readonly outliers: readonly Outlier[];
}

/** A value that keeps a column from the type that most of its values would have. */
export interface Outlier {
  /** What it is not, and at least half of the column's values (for a shape of text: of its texts) are. */
  readonly not: "integer" | "real" | "text" | "blob" | TextShape;
  /** Where it is: `rowid 17`, or the primary key. */
  readonly row: string;
  /** The value as SQLite's quote() writes it, shortened. */
  readonly value: string;
}

/** The key style of a rowid alias. */
export type KeyStyle = "bigserial" | "identity" | "none";

/** The PostgreSQL type chosen for a column, with the evidence for it. */
export interface Decision {
  readonly table: string;
  readonly column: string;
  /** As PostgreSQL spells it in DDL, without collation: `bigint`, `timestamp`, `jsonb` … */
  readonly type: PostgresType;
  /** A collation to write behind the type, or undefined for the database's own. */
  readonly collation: string | undefined;
  readonly keyStyle: KeyStyle;
  /** Why, in words and numbers. */
  readonly evidence: string;
  /** What a person should look at before moving rows: values that the type changes or the target would refuse. Empty when there is nothing. */
  readonly warnings: readonly string[];
  /** 0 to 1: how sure the choice is without a person looking. */
  readonly confidence: number;
  /** A person chose it (cutover.json). */
  readonly overridden: boolean;
  /** The n of `varchar(n)`, which a `text` becomes on wish; undefined without a limit. */
  readonly length: number | undefined;
  /** Other types that the values speak for, which a person may choose. */
  readonly suggestions: readonly Suggestion[];
}

/** Another type that a column could have: recognised and offered, not imposed. */
export interface Suggestion {
  /** What to choose in cutover.json; undefined when what is meant is no type that values move into as they are. */
  readonly type: PostgresType | undefined;
  readonly reason: string;
  /** The first values that would have to be quarantined. */
  readonly outliers: readonly Outlier[];
}

/** The types that Cutover chooses among; each has a value codec in the engine, exhaustively. */
export type PostgresType =
  | "bigint"
  | "integer"
  | "boolean"
  | "double precision"
  | "numeric"
  | "text"
  | "bytea"
  | "timestamp"
  | "timestamptz"
  | "date"
  | "jsonb"
  | "uuid";

/** The team's policies that steer decisions, from cutover.json. */
export interface Policies {
  /** How rowid aliases generate their values. */
  readonly keys: "bigserial" | "identity";
  /** Whether 0/1 columns become BOOLEAN. */
  readonly booleans: "boolean" | "integer";
  /** Whether columns that hold only JSON objects and arrays become JSONB. */
  readonly json: "jsonb" | "text";
  /** What columns that hold only ISO timestamps become; with `timestamptz`, those that all have a zone, too. */
  readonly dates: "timestamp" | "timestamptz" | "text";
  /** `C` keeps SQLite's bytewise order of text; `default` takes the target database's. */
  readonly collation: "C" | "default";
  /** Whether integers that fit 32 bits become INTEGER; a key only when half of them are left. */
  readonly integers: "bigint" | "integer";
  /** Whether columns declared with a length that all of their values keep become VARCHAR(n). */
  readonly texts: "text" | "varchar";
  /** Whether columns that hold only UUIDs become UUID, though not declared so. */
  readonly uuids: "text" | "uuid";
}

export const defaultPolicies: Policies = { keys: "bigserial", booleans: "boolean", json: "jsonb", dates: "timestamp", collation: "C", integers: "bigint", texts: "text", uuids: "text" };

/** Overrides by `table.column` as cutover.json has them. */
export type Overrides = ReadonlyMap<string, PostgresType>;

/** The key under which a column's override and decision are found; names are compared as SQLite does, ASCII case folded. */
export function columnKey(table: string, column: Column | string): string {
  return `${foldName(table)}.${foldName(typeof column === "string" ? column : column.name)}`;
}

/** A name as SQLite compares it: ASCII letters folded, others not. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
