import type { PostgresType } from "#core/schema/decision.ts";
import type { Stored, StoredEncoding } from "./stored-rows.ts";

/**
 * What a stored value must be in PostgreSQL, by the table of values in docs/migrate.md and nothing else: hexadecimal digits of the type's binary form
 * (for numeric and jsonb a normal form), null for NULL, undefined when its row is to be a bad row. Shares no code with the copy.
 */
export function expectedValue(stored: Stored, type: PostgresType, encoding: StoredEncoding): string | null | undefined {
  if (stored.kind === "null") return null;
  switch (type) {
    case "bigint":
    case "integer": {
      const whole = stored.kind === "integer" ? stored.value : stored.kind === "real" && Number.isSafeInteger(stored.value) && !Object.is(stored.value, -0) ? BigInt(stored.value) : undefined;
      const bits = type === "bigint" ? 64 : 32;
      return whole === undefined || BigInt.asIntN(bits, whole) !== whole ? undefined : integerHex(whole, bits);
    }
    case "boolean": {
      if (stored.kind === "blob") return undefined;
      const word = stored.kind === "text" ? textOf(stored.bytes, encoding)?.toLowerCase() : String(Number(stored.value));
      if (word === undefined) return undefined;
      return (stored.kind === "text" ? ["1", "t", "true", "y", "yes", "on"] : ["1"]).includes(word) ? "01" : (stored.kind === "text" ? ["0", "f", "false", "n", "no", "off"] : ["0"]).includes(word) ? "00" : undefined;
    }
    case "double precision": {
      if (stored.kind !== "real" && stored.kind !== "integer") return undefined;
      const value = Number(stored.value);
      if (stored.kind === "integer" && BigInt(value) !== stored.value) return undefined;
      const buffer = Buffer.alloc(8);
      buffer.writeDoubleBE(value);
      return buffer.toString("hex");
    }
    case "numeric": {
      if (stored.kind === "integer") return normalNumber(stored.value.toString());
      if (stored.kind === "real") return Number.isFinite(stored.value) ? normalNumber(String(stored.value)) : String(stored.value);
      const text = stored.kind === "text" ? textOf(stored.bytes, encoding) : undefined;
      return text !== undefined && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) ? normalNumber(text) : undefined;
    }
    case "text": {
      const text = stored.kind === "text" ? textOf(stored.bytes, encoding) : stored.kind === "integer" ? stored.value.toString() : stored.kind === "real" ? stored.shown : undefined;
      return text === undefined ? undefined : Buffer.from(text).toString("hex");
    }
    case "bytea": {
      if (stored.kind === "blob") return stored.bytes.toString("hex");
      if (stored.kind !== "text") return Buffer.from(stored.kind === "integer" ? stored.value.toString() : stored.shown).toString("hex");
      if (encoding === "UTF-8") return stored.bytes.toString("hex");
      const text = validText(stored.bytes, encoding);
      return text === undefined ? undefined : Buffer.from(text).toString("hex");
    }
    case "timestamp":
    case "timestamptz": {
      const micros = stored.kind === "text" ? microseconds(textOf(stored.bytes, encoding) ?? "", type === "timestamptz") : undefined;
      return micros === undefined ? undefined : integerHex(micros - since2000 * 1000n, 64);
    }
    case "date": {
      const text = stored.kind === "text" ? (textOf(stored.bytes, encoding) ?? "") : "";
      const micros = /^\d{4}-\d\d-\d\d$/.test(text) ? microseconds(text, false) : undefined;
      return micros === undefined ? undefined : integerHex((micros - since2000 * 1000n) / 86_400_000_000n, 32);
    }
    case "jsonb": {
      if (stored.kind === "integer") return normalNumber(stored.value.toString());
      if (stored.kind === "real") return Number.isFinite(stored.value) ? normalNumber(String(stored.value)) : undefined;
      const text = stored.kind === "text" ? textOf(stored.bytes, encoding) : undefined;
      return text === undefined ? undefined : keptJson(text);
    }
    case "uuid": {
      const text = stored.kind === "text" ? (textOf(stored.bytes, encoding) ?? "") : "";
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase().replaceAll("-", "") : undefined;
    }
  }
}

/** For each type the SQL that gives a column's value in the form of {@link expectedValue}; numeric and jsonb as their text. */
export const sentBy: Readonly<Record<PostgresType, (column: string) => string>> = {
  bigint: (c) => `encode(int8send(${c}), 'hex')`,
  integer: (c) => `encode(int4send(${c}), 'hex')`,
  boolean: (c) => `encode(boolsend(${c}), 'hex')`,
  "double precision": (c) => `encode(float8send(${c}), 'hex')`,
  numeric: (c) => `${c}::text`,
  text: (c) => `encode(convert_to(${c}, 'UTF8'), 'hex')`,
  bytea: (c) => `encode(${c}, 'hex')`,
  timestamp: (c) => `encode(timestamp_send(${c}), 'hex')`,
  timestamptz: (c) => `encode(timestamptz_send(${c}), 'hex')`,
  date: (c) => `encode(date_send(${c}), 'hex')`,
  jsonb: (c) => `${c}::text`,
  uuid: (c) => `encode(uuid_send(${c}), 'hex')`,
};

/** What {@link sentBy} gave, in the form of {@link expectedValue}. */
export function arrivedValue(text: string | null, type: PostgresType): string | null {
  if (text === null) return null;
  if (type === "numeric") return normalNumber(text);
  return type === "jsonb" ? (normalJson(text) ?? "no JSON arrived") : text;
}

const since2000 = BigInt(Date.UTC(2000, 0, 1));

function integerHex(value: bigint, bits: number): string {
  return BigInt.asUintN(bits, value).toString(16).padStart(bits / 4, "0");
}

function textOf(bytes: Buffer, encoding: StoredEncoding): string | undefined {
  const text = validText(bytes, encoding);
  return text === undefined || text.includes("\0") ? undefined : text;
}

/** Written out code unit by code unit: the product asks TextDecoder. */
function validText(bytes: Buffer, encoding: StoredEncoding): string | undefined {
  if (encoding === "UTF-8") {
    const text = bytes.toString("utf8");
    return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
  }
  if (bytes.length % 2 !== 0) return undefined;
  const units = Array.from({ length: bytes.length / 2 }, (_, i) => (encoding === "UTF-16le" ? bytes.readUInt16LE(2 * i) : bytes.readUInt16BE(2 * i)));
  const text = units.map((unit) => String.fromCharCode(unit)).join("");
  return loneSurrogate.test(text) ? undefined : text;
}

/** A moment in microseconds since 1970, undefined where the text is none. */
function microseconds(text: string, zoned: boolean): bigint | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?: ?(Z|[+-]\d{2}:\d{2}))?)?$/i.exec(text);
  if (parts === null) return undefined;
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", fraction = "", zone] = parts.map((part: string | undefined) => part ?? undefined);
  if (zone !== undefined && !zoned) return undefined;
  const shown = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const moment = new Date(shown);
  // What Date moves on (30 February, 24:00) is no moment.
  if (Number(year) === 0 || Number.isNaN(moment.getTime()) || moment.toISOString() !== shown) return undefined;
  const digits = fraction.replace(/0+$/, "");
  if (digits.length > 6) return undefined;
  let offset = 0;
  if (zone !== undefined && zone.toUpperCase() !== "Z") {
    offset = (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
    if (Number(zone.slice(1, 3)) > 15 || Number(zone.slice(4)) > 59) return undefined;
  }
  const at = moment.getTime() - offset * 60_000;
  const reached = new Date(at).getUTCFullYear();
  return reached < 1 || reached > 9999 ? undefined : BigInt(at) * 1000n + BigInt(digits.padEnd(6, "0"));
}

/** A number as digits without zeros at either end and a power of ten. */
export function normalNumber(text: string): string {
  if (/^-?Inf/i.test(text)) return text;
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  let power = Number(exponent) - fraction.length;
  let digits = (whole + fraction).replace(/^0+/, "");
  while (digits.endsWith("0")) {
    digits = digits.slice(0, -1);
    power++;
  }
  return digits === "" ? "0" : `${text.startsWith("-") ? "-" : ""}${digits}E${power}`;
}

/** A JSON text in a normal form, undefined when jsonb does not keep it. */
function keptJson(text: string): string | undefined {
  const value = numbersMarked(text);
  if (value === undefined) return undefined;
  let written = 0;
  for (const token of tokens(text)) {
    if (token === ":") written++;
    if (/^-?\d/.test(token) && /[eE][+-]?\d{4}/.test(token)) return undefined;
  }
  let left = 0;
  const strings: string[] = [];
  const look = (each: unknown): void => {
    if (typeof each === "string") strings.push(each);
    if (typeof each !== "object" || each === null) return;
    if (!Array.isArray(each)) left += Object.keys(each).length;
    for (const [key, member] of Object.entries(each)) {
      look(key);
      look(member);
    }
  };
  look(value);
  // Keys that are written and keys that are left: one that is there twice is lost.
  return !strings.some((each) => each.includes("\0") || loneSurrogate.test(each)) && written === left ? JSON.stringify(sorted(value)) : undefined;
}

const loneSurrogate = /\p{Surrogate}/u;

function normalJson(text: string): string | undefined {
  const value = numbersMarked(text);
  return value === undefined ? undefined : JSON.stringify(sorted(value));
}

/** Strings, punctuation and words of a JSON text, blanks left out. */
function tokens(text: string): string[] {
  return text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]|[^\s[\]{}:,"]+/gs) ?? [];
}

/** A JSON text's value, strings as `s…` and numbers as `n…` with all of their digits; undefined when it is no JSON. */
function numbersMarked(text: string): unknown {
  try {
    JSON.parse(text);
    const all = tokens(text);
    const marked = all.map((token, i) => {
      if (/^-?\d/.test(token)) return JSON.stringify(`n${normalNumber(token)}`);
      return token.startsWith('"') && all[i + 1] !== ":" ? `"s${token.slice(1)}` : token;
    });
    const value: unknown = JSON.parse(marked.join(""));
    return value;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(sorted) : { members: Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]) };
}
