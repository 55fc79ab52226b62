import type { Expression, LikeExpression } from "#core/sql/nodes.ts";
import { nameOf, type Resolution } from "../scope.ts";
import { unwrap } from "./flag-value.ts";

/** What is known of the value that LIKE looks at: text compared by bytes, a column of a type without LIKE, or neither. */
export type LikedValue = "bytes" | "unknown" | { readonly column: string; readonly type: string };

export function likedValue(value: Expression, resolution: Resolution): LikedValue {
  const node = unwrap(value);
  const view = node.kind === "ColumnReference" ? resolution(node) : undefined;
  if (view === undefined) return "unknown";
  if (view.decision.type === "text") return view.decision.collation === "C" ? "bytes" : "unknown";
  return { column: view.column.name, type: view.decision.type.toUpperCase() };
}

/** Whether the comparison means the same on both engines as it stands: one case on both sides, and no backslash that only one reads. */
export function folded(like: LikeExpression): boolean {
  if (literalPattern(like, "lower") && literalPattern(like, "upper")) return true;
  for (const kase of ["lower", "upper"] as const) {
    if (isCall(like.left, kase) && (isCall(like.right, kase) || literalPattern(like, kase))) return true;
  }
  return false;
}

/** Whether the pattern is a literal that folding would not change, and that has no backslash unless the statement says what escapes. */
export function literalPattern({ right, escape }: LikeExpression, kase: "lower" | "upper"): boolean {
  const pattern = unwrap(right);
  if (pattern.kind !== "StringLiteral" || pattern.holes.length > 0) return false;
  if (escape !== undefined && (escape.kind !== "StringLiteral" || /[A-Za-z]/.test(escape.value))) return false;
  return (kase === "lower" ? /^[^A-Z\u0080-\uffff]*$/ : /^[^a-z\u0080-\uffff]*$/).test(pattern.value) && (escape !== undefined || !pattern.value.includes("\\"));
}

function isCall(node: Expression, name: string): boolean {
  const inner = unwrap(node);
  return inner.kind === "FunctionCall" && inner.name.kind === "Identifier" && nameOf(inner.name)?.toLowerCase() === name && inner.arguments.length === 1;
}
