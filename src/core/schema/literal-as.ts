import { postgresString } from "#core/sql/postgres-literal.ts";
import type { LiteralValue, ValueType } from "./translated-value.ts";

const isoTimestamp = /^(?!0000)\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;
const isoDate = /^(?!0000)\d{4}-\d\d-\d\d$/;
const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Writes a SQLite literal as a PostgreSQL literal of a type, or gives undefined when no value of that type means the same.
 * The result is untyped where PostgreSQL finds the type from the context (a column's default, the other side of `=`).
 */
export function literalAs(literal: LiteralValue, type: ValueType): string | undefined {
  switch (type) {
    case "bigint":
    case "integer": {
      const text = numberOf(literal);
      if (text === undefined || !/^-?\d+$/.test(text)) return undefined;
      const whole = BigInt(text);
      const bits = type === "integer" ? 32 : 64;
      return BigInt.asIntN(bits, whole) === whole ? whole.toString() : undefined;
    }
    case "numeric":
    case "double precision":
      return numberOf(literal);
    case "boolean":
    case "condition": {
      const text = numberOf(literal);
      return text === "0" ? "false" : text === "1" ? "true" : undefined;
    }
    case "text":
      if (literal.kind === "string") return literal.value.includes("\0") ? undefined : postgresString(literal.value);
      // SQLite writes 1.50 as 1.5 and 1e3 as 1000.0: only integers have one spelling.
      return literal.kind === "number" && /^-?\d+$/.test(literal.text) ? postgresString(BigInt(literal.text).toString()) : undefined;
    case "bytea":
      if (literal.kind === "blob") return postgresString(`\\x${literal.hex.toLowerCase()}`);
      return literal.kind === "string" ? postgresString(`\\x${hexOf(literal.value)}`) : undefined;
    case "timestamp":
      return literal.kind === "string" && isoTimestamp.test(literal.value) && isReal(literal.value) ? postgresString(literal.value.replace("T", " ")) : undefined;
    case "timestamptz":
      return literal.kind === "string" && isoTimestamp.test(literal.value) && isReal(literal.value) ? postgresString(`${literal.value.replace("T", " ")}+00`) : undefined;
    case "date":
      return literal.kind === "string" && isoDate.test(literal.value) && isReal(literal.value) ? postgresString(literal.value) : undefined;
    case "jsonb":
      return literal.kind === "string" && isJson(literal.value) ? postgresString(literal.value) : undefined;
    case "uuid":
      return literal.kind === "string" && /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(literal.value) ? postgresString(literal.value) : undefined;
    case "null":
      return undefined;
  }
}

/** A number's text; also of a string that looks like one, since a column with a numeric affinity turns it into one. */
function numberOf(literal: LiteralValue): string | undefined {
  switch (literal.kind) {
    case "number":
      return literal.text;
    case "string": {
      const text = literal.value.trim();
      return numeric.test(text) ? text.replace(/^\+/, "").replace(/^(-?)\./, "$10.").replace(/\.(?=$|[eE])/, "") : undefined;
    }
    case "blob":
      return undefined;
  }
}

/** The day and time exist: no 31 February, no 25 o'clock. */
function isReal(text: string): boolean {
  const iso = `${text.slice(0, 10)}T${text.length > 10 ? text.slice(11, 19) : "00:00:00"}Z`;
  const moment = new Date(iso);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 19) === iso.slice(0, 19);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // not JSON: that is the answer
  }
}

function hexOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
