import type { ColumnProfile, Outlier } from "#core/schema/decision.ts";
import { textShapes } from "#core/schema/values/text-shapes.ts";

const counts = [
  "rows", "nulls", "integers", "reals", "texts", "blobs", "maxLength", "maxBytes", "zeroOrOne", "decimals", "cents", "isoReworded", "isoUtc", "jsonUnfaithful", "invalidUtf8",
  "nulCharacters", ...textShapes,
] as const satisfies readonly (keyof ColumnProfile)[];
const not: readonly Outlier["not"][] = ["integer", "real", "text", "blob", ...textShapes];

/** Profiles as JSON; integers of 64 bits and infinities, which JSON does not have, are texts. */
export function profilesToJson(profiles: ReadonlyMap<string, ColumnProfile>): string {
  return JSON.stringify([...profiles].map(([key, { minInteger, maxInteger, minReal, maxReal, ...rest }]) => [
    key,
    { ...rest, minInteger: minInteger?.toString(), maxInteger: maxInteger?.toString(), minReal: minReal === undefined ? undefined : String(minReal), maxReal: maxReal === undefined ? undefined : String(maxReal) },
  ]));
}

/** Reads what `profilesToJson` wrote; undefined when anything is not as it should be. */
export function profilesFromJson(json: string): Map<string, ColumnProfile> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return new Map(list(value).map((entry) => {
      const [key, profile] = list(entry);
      return [text(key), columnProfile(profile)];
    }));
  } catch {
    return undefined; // cut off, or another version's
  }
}

function columnProfile(value: unknown): ColumnProfile {
  const object = record(value);
  const numbers = Object.fromEntries(counts.map((name) => [name, number(object[name])]));
  const count = (name: (typeof counts)[number]): number => number(numbers[name]);
  const optional = <T>(name: string, read: (text: string) => T): T | undefined => (object[name] === undefined ? undefined : read(text(object[name])));
  return {
    rows: count("rows"), nulls: count("nulls"), integers: count("integers"), reals: count("reals"), texts: count("texts"), blobs: count("blobs"),
    minInteger: optional("minInteger", BigInt), maxInteger: optional("maxInteger", BigInt), minReal: optional("minReal", real), maxReal: optional("maxReal", real),
    maxLength: count("maxLength"), maxBytes: count("maxBytes"), zeroOrOne: count("zeroOrOne"), decimals: count("decimals"), cents: count("cents"),
    isoTimestamps: count("isoTimestamps"), isoReworded: count("isoReworded"), isoZoned: count("isoZoned"), isoUtc: count("isoUtc"), isoDates: count("isoDates"),
    jsonContainers: count("jsonContainers"), jsonUnfaithful: count("jsonUnfaithful"), uuids: count("uuids"), hexes: count("hexes"),
    integerTexts: count("integerTexts"), decimalTexts: count("decimalTexts"), booleanTexts: count("booleanTexts"),
    invalidUtf8: count("invalidUtf8"), nulCharacters: count("nulCharacters"),
    firstDay: optional("firstDay", (day) => day), lastDay: optional("lastDay", (day) => day),
    distinctTexts: object["distinctTexts"] === undefined ? undefined : number(object["distinctTexts"]),
    outliers: list(object["outliers"]).map((each) => {
      const outlier = record(each);
      const pattern = not.find((name) => name === outlier["not"]);
      if (pattern === undefined) throw new TypeError("an unknown pattern");
      return { not: pattern, row: text(outlier["row"]), value: text(outlier["value"]) };
    }),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no object");
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return value.map((each: unknown) => each);
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("no text");
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("no number");
  return value;
}

function real(written: string): number {
  const value = Number(written);
  if (Number.isNaN(value)) throw new TypeError("no number");
  return value;
}
