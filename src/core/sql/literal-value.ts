import type { Expression } from "./nodes.ts";

/** A literal's value in SQLite's own types. */
export type LiteralValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "real"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "blob"; readonly value: Uint8Array };

const largest = 2n ** 63n - 1n;

/**
 * The value of a literal, also one with signs or parentheses around it; undefined for anything else, a literal with a
 * hole included. Integers beyond 64 bits are reals, hexadecimal ones wrap (https://www.sqlite.org/lang_expr.html#litvalue).
 */
export function literalValue(node: Expression): LiteralValue | undefined {
  let inner = node;
  let negative = false;
  let signed = false;
  for (;;) {
    if (inner.kind === "ParenthesizedExpression") inner = inner.expression;
    else if (inner.kind === "UnaryExpression" && (inner.operator === "-" || inner.operator === "+")) {
      signed = true;
      if (inner.operator === "-") negative = !negative;
      inner = inner.operand;
    } else break;
  }
  switch (inner.kind) {
    case "NullLiteral": return { type: "null" };
    case "NumericLiteral": return number(inner.text.replaceAll("_", ""), inner.form, negative);
    case "StringLiteral": return signed || inner.holes.length > 0 ? undefined : { type: "text", value: inner.value };
    case "BlobLiteral": return signed || inner.holes.length > 0 ? undefined : { type: "blob", value: bytes(inner.hex) };
    default: return undefined;
  }
}

/**
 * Whether an expression is the bare word TRUE or FALSE, which SQLite takes for 1 and 0 unless a column has that name
 * (https://www.sqlite.org/lang_expr.html#booleanexpr).
 */
export function booleanName(node: Expression): boolean | undefined {
  if (node.kind !== "ColumnReference" || node.table !== undefined || node.column.kind !== "Identifier") return undefined;
  const { value, quote } = node.column;
  if (quote !== "none") return undefined;
  const word = value.toUpperCase();
  return word === "TRUE" ? true : word === "FALSE" ? false : undefined;
}

function number(text: string, form: "integer" | "hex" | "float", negative: boolean): LiteralValue | undefined {
  if (form === "float") return { type: "real", value: negative ? -Number(text) : Number(text) };
  if (form === "hex") {
    if (text.replace(/^0[xX]0*/, "").length > 16) return undefined;
    const wrapped = BigInt.asIntN(64, BigInt(text));
    return { type: "integer", value: negative ? BigInt.asIntN(64, -wrapped) : wrapped };
  }
  const value = BigInt(text);
  if (value <= largest || (negative && value === largest + 1n)) return { type: "integer", value: negative ? -value : value };
  return { type: "real", value: negative ? -Number(text) : Number(text) };
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
