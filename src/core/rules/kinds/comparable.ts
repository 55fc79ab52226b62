import { kindName, type ValueKind } from "./value-kind.ts";

/**
 * Why a comparison of two values may not mean the same on both engines; undefined when it does.
 * @see https://www.sqlite.org/datatype3.html#comparison_expressions
 */
export function comparisonDiffers(left: ValueKind, right: ValueKind, order: boolean): string | undefined {
  if (left.kind === "null" || right.kind === "null") return undefined;
  const no = `a comparison of ${kindName(left)} with ${kindName(right)}`;
  if (left.kind === "rewritten" || right.kind === "rewritten") {
    const other = left.kind === "rewritten" ? right.kind : left.kind;
    return other === "boolean" || other === "integer" || other === "rewritten" ? undefined : no;
  }
  if (left.kind === "parameter" || right.kind === "parameter") {
    const other = left.kind === "parameter" ? right : left;
    if ("literal" in other) return no;
    if (other.kind === "text") return textDiffers(other, other, order);
    return other.kind === "integer" || other.kind === "double" || other.kind === "numeric" || (other.kind === "boolean" && !order) ? undefined : no;
  }
  if (left.kind === "text" && right.kind === "text") return textDiffers(left, right, order);
  const truth = (value: ValueKind): boolean => value.kind === "boolean" || value.kind === "condition";
  if (truth(left) && truth(right)) return undefined;
  if (left.kind === "other" && right.kind === "other" && left.type === "bytea" && right.type === "bytea") return undefined;
  const pair = (a: ValueKind, b: ValueKind): boolean => {
    if (a.kind === "integer") return b.kind === "integer" || b.kind === "numeric";
    // PostgreSQL makes a double of the other side, which 53 bits hold exactly.
    if (a.kind === "double") return b.kind === "double" || (b.kind === "numeric" && b.literal !== undefined) || (b.kind === "integer" && b.literal !== undefined && b.literal < 2n ** 53n && b.literal > -(2n ** 53n));
    return a.kind === "numeric" && b.kind === "numeric" && !(a.literal !== undefined && b.literal !== undefined);
  };
  return pair(left, right) || pair(right, left) ? undefined : no;
}

function textDiffers(left: ValueKind & { kind: "text" }, right: ValueKind & { kind: "text" }, order: boolean): string | undefined {
  if (!left.binary || !right.binary) return "a comparison of texts under a collation such as NOCASE";
  if (!order) return undefined;
  const one = left.ordered || right.ordered;
  const both = [left, right].every((text) => text.ordered || text.literal !== undefined);
  return one && both ? undefined : "an order of texts that is not known to be by bytes";
}
