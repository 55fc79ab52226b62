import { comparisonOf } from "#core/schema/comparison.ts";
import { flipped, placedOperator, placeOf } from "./time-text.ts";
import { kindName, type ValueKind } from "./value-kind.ts";

/**
 * Why a comparison of two values may not mean the same on both engines; undefined when it does.
 * @param operator which one it is: a text compares with some moments by some operators only
 * @see https://www.sqlite.org/datatype3.html#comparison_expressions
 */
export function comparisonDiffers(left: ValueKind, right: ValueKind, order: boolean, operator?: string): string | undefined {
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
  if (left.kind === "time" && right.kind === "text") return momentDiffers(left, right, operator ?? (order ? undefined : "="), no);
  if (left.kind === "text" && right.kind === "time") return momentDiffers(right, left, exchanged(operator) ?? (order ? undefined : "="), no);
  if (left.kind === "time" && right.kind === "time" && left.type === right.type) return left.exact && right.exact ? undefined : `${no} whose texts may have several forms`;
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

/** A column's moments and a literal: the session's zone keeps out of it unless the column has one. */
function momentDiffers(moment: ValueKind & { kind: "time" }, text: ValueKind & { kind: "text" }, operator: string | undefined, no: string): string | undefined {
  const place = text.literal === undefined || moment.type === "timestamptz" || !moment.exact ? undefined : placeOf(text.literal, moment.type);
  if (place === undefined || text.literal === undefined || text.literal.length < 10) return no;
  if (place.place === "at") return undefined;
  const wanted = comparisonOf(operator ?? "");
  return place.place === "below" && wanted !== undefined && placedOperator(wanted, place) === wanted ? undefined : no;
}

function exchanged(operator: string | undefined): string | undefined {
  const known = comparisonOf(operator ?? "");
  return known === undefined ? undefined : flipped(known);
}
