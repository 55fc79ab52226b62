/** What is known of places and lengths in a text, such as `instr(x, ':') + 1`, from their form alone. */
import { literalValue } from "#core/sql/literal-value.ts";
import type { Expression } from "#core/sql/nodes.ts";

const far = 2n ** 31n - 1n;

/** Functions that count from 0 on, in 32 bits. */
const counting = /^(?:instr|strpos|length|octet_length)$/i;

/** The value of an integer literal of 32 bits. */
export function integerOf(node: Expression | undefined): bigint | undefined {
  const value = node === undefined ? undefined : literalValue(node);
  return value?.type === "integer" && value.value <= far && value.value >= -far ? value.value : undefined;
}

/** Whether a call counts from 0 on. */
export function isCount(node: Expression): boolean {
  return node.kind === "FunctionCall" && node.name.kind === "Identifier" && counting.test(node.name.value);
}

/** The least that an expression can be; undefined where its form does not tell. */
export function leastOf(node: Expression): bigint | undefined {
  if (node.kind === "ParenthesizedExpression") return leastOf(node.expression);
  const literal = integerOf(node);
  if (literal !== undefined) return literal;
  if (isCount(node)) return 0n;
  if (isGreatest(node)) return node.arguments.map(leastOf).find((each) => each !== undefined && each >= 0n);
  if (node.kind !== "BinaryExpression") return undefined;
  const left = leastOf(node.left);
  if (left === undefined) return undefined;
  const right = integerOf(node.right);
  if (right !== undefined) return node.operator === "+" ? left + right : node.operator === "-" ? left - right : undefined;
  const other = node.operator === "+" ? leastOf(node.right) : undefined;
  return other === undefined ? undefined : left + other;
}

/** Whether PostgreSQL computes it in 32 bits, which is what its substr() takes. */
export function isPlaceOf32Bits(node: Expression): boolean {
  if (node.kind === "ParenthesizedExpression") return isPlaceOf32Bits(node.expression);
  if (integerOf(node) !== undefined || isCount(node)) return true;
  if (isGreatest(node)) return node.arguments.every(isPlaceOf32Bits);
  return node.kind === "BinaryExpression" && (node.operator === "+" || node.operator === "-") && isPlaceOf32Bits(node.left) && isPlaceOf32Bits(node.right);
}

/** Whether substr() counts alike from such a start, for such a length: both from 0 on. */
export function countsAlike(start: Expression, size: Expression | undefined): boolean {
  return [start, ...(size === undefined ? [] : [size])].every((each) => isPlaceOf32Bits(each) && (leastOf(each) ?? -1n) >= 0n);
}

function isGreatest(node: Expression): node is Extract<Expression, { readonly kind: "FunctionCall" }> {
  return node.kind === "FunctionCall" && node.name.kind === "Identifier" && /^greatest$/i.test(node.name.value);
}
