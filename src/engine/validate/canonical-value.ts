import type { PostgresType } from "#core/schema/decision.ts";

/**
 * For each type the one text that stands for a value, whichever engine printed it; undefined where both print the same bytes already.
 * `bytea` is lower-cased by its reader. Equal texts mean equal values in the type: `1.50` and `1.5` as numeric, `{"a":1}` and `{ "a": 1.0 }` as jsonb.
 */
export const canonicalForms: Readonly<Record<PostgresType, ((text: string) => string) | undefined>> = {
  bigint: undefined,
  integer: undefined,
  boolean: undefined,
  "double precision": canonicalDouble,
  numeric: canonicalNumber,
  text: undefined,
  bytea: (text) => text.toLowerCase(),
  timestamp: canonicalMoment,
  timestamptz: canonicalMoment,
  date: undefined,
  jsonb: canonicalJson,
  uuid: undefined,
};

function canonicalDouble(text: string): string {
  if (/^-?inf/i.test(text)) return text.startsWith("-") ? "-Infinity" : "Infinity";
  const value = Number(text);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A decimal as `-` digits `e` exponent, without zeros at either end; what is no number stays as it is. */
export function canonicalNumber(text: string): string {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return /^[+-]?inf/i.test(text) ? (text.startsWith("-") ? "-Infinity" : "Infinity") : text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return "0";
  return `${sign === "-" ? "-" : ""}${digits}e${Number(exponent) - fraction.length + (all.length - digits.length)}`;
}

/** PostgreSQL prints a blank for the T, and no zeros at the end of a fraction. */
function canonicalMoment(text: string): string {
  const blank = text.charAt(10) === "T" ? `${text.slice(0, 10)} ${text.slice(11)}` : text;
  return blank.includes(".") ? blank.replace(/\.(\d*?)0+(?=$|[+-])/, (_, digits: string) => (digits === "" ? "" : `.${digits}`)) : blank;
}

/**
 * A JSON text with its keys sorted, its numbers as {@link canonicalNumber} and its strings in their shortest form. Every digit of a number counts.
 * A text that is no JSON stays as it is.
 */
export function canonicalJson(text: string): string {
  let at = 0;
  const blanks = (): void => {
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  };
  const fail = (): never => {
    throw new SyntaxError("not JSON");
  };
  const string = (): string => {
    const start = at++;
    for (;;) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) fail();
      if (code === 0x5c) at += 2;
      else if (code === 0x22) break;
      else at++;
    }
    const raw = text.slice(start, ++at);
    return raw.includes("\\") ? JSON.stringify(JSON.parse(raw)) : raw;
  };
  const value = (): string => {
    blanks();
    const first = text[at];
    if (first === '"') return string();
    if (first === "{") {
      at++;
      const members = new Map<string, string>();
      blanks();
      if (text[at] === "}") at++;
      else {
        for (;;) {
          blanks();
          if (text[at] !== '"') fail();
          const key = string();
          blanks();
          if (text[at++] !== ":") fail();
          members.set(key, value());
          blanks();
          const next = text[at++];
          if (next === "}") break;
          if (next !== ",") fail();
        }
      }
      return `{${[...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => `${key}:${member}`).join(",")}}`;
    }
    if (first === "[") {
      at++;
      const items: string[] = [];
      blanks();
      if (text[at] === "]") at++;
      else {
        for (;;) {
          items.push(value());
          blanks();
          const next = text[at++];
          if (next === "]") break;
          if (next !== ",") fail();
        }
      }
      return `[${items.join(",")}]`;
    }
    const token = /[^\s,\]}]+/y;
    token.lastIndex = at;
    const word = token.exec(text)?.[0] ?? fail();
    at += word.length;
    return word === "true" || word === "false" || word === "null" ? word : canonicalNumber(word);
  };
  try {
    const result = value();
    blanks();
    return at === text.length ? result : text;
  } catch (cause) {
    if (cause instanceof SyntaxError) return text;
    throw cause;
  }
}
