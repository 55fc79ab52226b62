import type { SqliteCell, TextEncoding } from "./sqlite-cell.ts";
import { decodeText } from "./sqlite-cell.ts";

/** A value of a row that was kept aside, with the encoding of its bytes when it is a text. */
export interface KeptCell {
  readonly cell: SqliteCell;
  readonly encoding: TextEncoding;
}

/**
 * A value as the quarantine keeps it: `{"kind", "value"}`, integers and reals as text; BLOBs, and texts that PostgreSQL cannot hold, as `hex`, with
 * their `encoding` where it is not UTF-8.
 */
export function cellJson(cell: SqliteCell, encoding: TextEncoding): unknown {
  switch (cell.kind) {
    case "null":
      return { kind: "null" };
    case "integer":
      return { kind: "integer", value: cell.value.toString() };
    case "real":
      return { kind: "real", value: Object.is(cell.value, -0) ? "-0" : String(cell.value) };
    case "blob":
      return { kind: "blob", hex: cell.bytes.toString("hex") };
    case "text": {
      const text = decodeText(cell.bytes, encoding);
      // PostgreSQL's JSON functions stumble over \u0000.
      if (text !== undefined && !text.includes("\0")) return { kind: "text", value: text };
      return { kind: "text", hex: cell.bytes.toString("hex"), ...(encoding === "UTF-8" ? {} : { encoding }) };
    }
  }
}

/**
 * Reads a value as {@link cellJson} writes it, or as a person would: null, true, false, a text, a number. `renderReal` gives SQLite's own text
 * of a real.
 * @returns why it is none.
 */
export function readCell(value: unknown, renderReal: (value: number) => string): KeptCell | { readonly problem: string } {
  const utf8 = (cell: SqliteCell): KeptCell => ({ cell, encoding: "UTF-8" });
  const real = (number: number): KeptCell => utf8({ kind: "real", value: number, rendering: renderReal(number) });
  const integer = (number: bigint): KeptCell | { readonly problem: string } =>
    BigInt.asIntN(64, number) === number ? utf8({ kind: "integer", value: number }) : { problem: `${number} is beyond 64 bits` };
  if (value === null) return utf8({ kind: "null" });
  if (typeof value === "string") return utf8({ kind: "text", bytes: Buffer.from(value, "utf8") });
  if (typeof value === "boolean") return integer(value ? 1n : 0n);
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return real(value);
    return Number.isSafeInteger(value) ? integer(BigInt(value)) : { problem: 'a number of more than 15 digits may have lost some: write {"kind": "integer", "value": "…"}' };
  }
  if (!isRecord(value)) return { problem: "a value is null, true, false, a text, a number, or an object with its kind" };
  const { kind, value: content, hex, encoding } = value;
  if (kind === "null") return utf8({ kind });
  if (kind === "integer") return typeof content === "string" && /^-?\d+$/.test(content) ? integer(BigInt(content)) : { problem: "an integer's value is its digits, as a text" };
  if (kind === "real") {
    const number = typeof content === "string" && /^-?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(content) ? Number(content) : NaN;
    return Number.isNaN(number) ? { problem: "a real's value is a number, as a text" } : real(number);
  }
  if (kind === "text" && typeof content === "string") return utf8({ kind, bytes: Buffer.from(content, "utf8") });
  if ((kind === "text" || kind === "blob") && typeof hex === "string" && /^(?:[0-9a-f]{2})*$/i.test(hex)) {
    return { cell: { kind, bytes: Buffer.from(hex, "hex") }, encoding: encoding === "UTF-16le" || encoding === "UTF-16be" ? encoding : "UTF-8" };
  }
  return { problem: `${JSON.stringify(kind)} is no kind of value: null, integer, real, text (value or hex) and blob (hex) are` };
}

/** The values of a row's JSON by column, undefined when it is no object. */
export function rowOf(json: string): Readonly<Record<string, unknown>> | undefined {
  const value: unknown = JSON.parse(json);
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
