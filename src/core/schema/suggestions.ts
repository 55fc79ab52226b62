import type { Column } from "./catalog.ts";
import type { ColumnProfile, Outlier, PostgresType, Suggestion } from "./decision.ts";
import { numberText } from "./number-text.ts";
import type { TextShape } from "./values/text-shapes.ts";

/** A type that most values of a column would have, by the shape of its texts or their storage class. */
const narrower: Readonly<Record<Outlier["not"], { readonly type: PostgresType | undefined; readonly called: string }>> = {
  isoTimestamps: { type: "timestamp", called: "ISO timestamps" },
  isoZoned: { type: "timestamptz", called: "ISO timestamps with a zone" },
  isoDates: { type: "date", called: "ISO dates" },
  jsonContainers: { type: "jsonb", called: "JSON objects or arrays" },
  uuids: { type: "uuid", called: "UUIDs" },
  hexes: { type: undefined, called: "hexadecimal digits" },
  integerTexts: { type: undefined, called: "integers written as text" },
  decimalTexts: { type: "numeric", called: "decimals written as text" },
  booleanTexts: { type: "boolean", called: "true or false" },
  integer: { type: "bigint", called: "integers" },
  real: { type: "double precision", called: "floating-point numbers" },
  text: { type: "text", called: "texts" },
  blob: { type: "bytea", called: "BLOBs" },
};

/** What people call moments in columns of numbers, and money in columns of reals. */
const momentName = /(?:_at|_on|_ts|_time|_date|time|date|timestamp|epoch|created|updated|modified|expires|expiry|since|until|last_seen)$/i;
const moneyName = /price|amount|total|cost|balance|salary|fee|paid|revenue|budget|discount|tax|payment|charge|refund|net|gross/i;

/**
 * Other types that a column's values speak for, each with its reason: recognised and offered, never imposed, because they would change what the
 * application is given or what a later value may be. Most cannot lose anything; with outliers, those rows would have to be quarantined.
 * @param chosen the type that was decided
 */
export function suggestionsFor(column: Column, profile: ColumnProfile, chosen: PostgresType): Suggestion[] {
  const { integers, reals, texts, blobs } = profile;
  const values = profile.rows - profile.nulls;
  if (values === 0) return [];
  const all = `${numberText(values)} of ${numberText(values)} values`;
  const found: Suggestion[] = [];
  const offer = (type: PostgresType | undefined, reason: string): void => {
    if (type !== chosen) found.push({ type, reason, outliers: [] });
  };

  if (integers === values && chosen !== "boolean" && (momentName.test(column.name) || /DATE|TIME/i.test(column.declaredType))) {
    const [least, most] = [profile.minInteger ?? 0n, profile.maxInteger ?? 0n];
    if (least >= seconds.least && most <= seconds.most) offer(undefined, `${all} are seconds since 1970 as far as they can be, from ${moment(least * 1000n)} to ${moment(most * 1000n)}: to_timestamp(${column.name}) is the moment; the numbers stay as the application writes them`);
    else if (least >= seconds.least * 1000n && most <= seconds.most * 1000n) offer(undefined, `${all} are milliseconds since 1970 as far as they can be, from ${moment(least)} to ${moment(most)}: to_timestamp(${column.name} / 1000.0) is the moment; the numbers stay as the application writes them`);
  }
  if (reals > 0 && integers + reals === values && profile.minReal !== undefined && profile.maxReal !== undefined && (momentName.test(column.name) || /julian|JD$/i.test(column.name) || /DATE|TIME/i.test(column.declaredType))) {
    const least = Math.min(profile.minReal, Number(profile.minInteger ?? profile.minReal));
    const most = Math.max(profile.maxReal, Number(profile.maxInteger ?? profile.maxReal));
    if (least >= julian.least && most <= julian.most) offer(undefined, `${all} are Julian days as far as they can be, from ${julianDay(least)} to ${julianDay(most)}: to_timestamp((${column.name} - 2440587.5) * 86400) is the moment; the numbers stay as the application writes them`);
  }
  if (reals > 0 && integers + reals === values && profile.cents === reals && moneyName.test(column.name)) offer("numeric", `${all} have at most two decimal places, as amounts of money have: numeric computes with them exactly; the application is then given decimals, not floating-point numbers`);
  if (texts === values) {
    if (profile.isoZoned === values) offer("timestamptz", `${all} are ISO timestamps with a zone${profile.isoUtc === values ? ", UTC all of them" : `, ${numberText(values - profile.isoUtc)} of them not UTC`}: timestamptz keeps the instant and sorts by it, not the text`);
    if (profile.uuids === values) offer("uuid", `${all} are UUIDs: uuid takes 16 bytes for the 37 of a text, and refuses anything else`);
    else if (profile.hexes === values) offer(undefined, `${all} are hexadecimal digits: decode(${column.name}, 'hex') as bytea takes half the room; the application would be given bytes`);
    if (profile.decimalTexts === values && profile.hexes !== values) offer("numeric", `${all} are ${profile.integerTexts === values ? "integers" : "decimals"} written as text, as PostgreSQL prints them: numeric keeps every digit, but sorts and compares by the number`);
    if (profile.booleanTexts === values) offer("boolean", `${all} are true or false: boolean says so; the application is then given truth values, not texts`);
  }
  if (texts + integers + reals + blobs !== values) return found;
  const patterns = new Set(profile.outliers.map((outlier) => outlier.not));
  for (const not of patterns) {
    const { type, called } = narrower[not];
    const fitting = not === "integer" || not === "real" || not === "text" || not === "blob" ? profile[`${not}s`] : profile[not satisfies TextShape];
    const others = values - fitting;
    if (type === undefined || type === chosen || others <= 0 || fitting * 2 < values) continue;
    // A REAL column holds the integers too.
    if (type === "double precision" && integers + reals === values) continue;
    const outliers = profile.outliers.filter((outlier) => outlier.not === not);
    found.push({
      type,
      reason: `${numberText(fitting)} of ${numberText(values)} values are ${called}; ${numberText(others)} ${others === 1 ? "keeps" : "keep"} it from being ${type}, ${others > outliers.length ? "the first of them" : others === 1 ? "this one" : "these"}: ${outliers.map(({ row, value }) => (row === "" ? value : `${row} (${value})`)).join(", ")}. Choose ${type} in cutover.json and move with --bad-rows quarantine to set ${others === 1 ? "it" : "them"} aside instead`,
      outliers,
    });
  }
  return found;
}

/** From 1990 to 2100: before and after, a number is more likely something else. */
const seconds = { least: 631_152_000n, most: 4_102_444_800n };
/** From 1900 to 2100. */
const julian = { least: 2_415_020.5, most: 2_488_069.5 };

function moment(milliseconds: bigint): string {
  return new Date(Number(milliseconds)).toISOString().slice(0, 10);
}

function julianDay(day: number): string {
  return new Date((day - 2_440_587.5) * 86_400_000).toISOString().slice(0, 10);
}
