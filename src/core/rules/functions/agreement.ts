import type { Expression } from "#core/sql/nodes.ts";
import { unified, type ValueKind } from "../kinds/value-kind.ts";

/**
 * What becomes of values of which an expression gives one (COALESCE, CASE): PostgreSQL brings them to one type, SQLite does not.
 * `same`: each stays what it is, and `kind` is the whole's; `refused`: PostgreSQL would say so, or nothing is known; `changed`: one
 * may silently become another.
 */
export type Agreement = { readonly result: "same"; readonly kind: ValueKind } | { readonly result: "refused" | "changed" };

/** Texts that PostgreSQL reads as numbers, dates or flags where the values beside them are. */
const readable = /^\s*(?:[-+.\d]|(?:true|false|yes|no|on|off|t|f|y|n|now|today|tomorrow|yesterday|epoch|infinity|inf|nan)\b)/i;

/** Tells what PostgreSQL makes of values of these kinds, when one of them is given. */
export function agreement(values: readonly Expression[], kinds: readonly ValueKind[]): Agreement {
  const one = unified(kinds);
  if (one.kind !== "unknown") return { result: "same", kind: one };
  const known = kinds.filter((kind) => kind.kind !== "null");
  const [first] = known;
  if (first === undefined) return { result: "same", kind: { kind: "null" } };
  if (known.every((kind) => kind.kind === "condition" || kind.kind === "boolean")) return { result: "same", kind: { kind: "condition" } };
  if (first.kind === "time" || first.kind === "other") {
    if (known.every((kind) => kind.kind === first.kind && kind.type === first.type)) return { result: "same", kind: first };
  }
  if (known.every(isNumber)) {
    const wide = known.some((kind) => kind.kind === "integer" && kind.literal === undefined) && known.some((kind) => kind.kind === "double");
    return wide ? { result: "changed" } : { result: "same", kind: { kind: "unknown" } };
  }
  const literal = values.some((value) => value.kind === "StringLiteral" && readable.test(value.value));
  return { result: literal && known.some((kind) => kind.kind !== "text") ? "changed" : "refused" };
}

function isNumber(kind: ValueKind): boolean {
  return kind.kind === "integer" || kind.kind === "double" || kind.kind === "numeric";
}
