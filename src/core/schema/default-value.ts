import { parseExpression } from "#core/sql/parse.ts";
import type { Expression } from "#core/sql/nodes.ts";

/** What a DEFAULT says, as far as it can be told without running it. */
export type DefaultValue =
  | { readonly kind: "null" }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "blob"; readonly hex: string }
  /** The moment of the insert, in UTC, as `YYYY-MM-DD HH:MM:SS`. */
  | { readonly kind: "now" }
  /** The day of the insert, in UTC. */
  | { readonly kind: "today" }
  | { readonly kind: "expression"; readonly expression: Expression };

/**
 * Reads a DEFAULT's text. A bare word is TRUE, FALSE or a string to SQLite, and so is a double-quoted one.
 * @see https://www.sqlite.org/lang_createtable.html#the_default_clause
 */
export function readDefault(text: string): DefaultValue {
  return valueOf(parseExpression(text));
}

function valueOf(expression: Expression): DefaultValue {
  switch (expression.kind) {
    case "NullLiteral":
      return { kind: "null" };
    case "NumericLiteral":
      return { kind: "number", text: numberText(expression.text) };
    case "StringLiteral":
      return { kind: "string", value: expression.value };
    case "BlobLiteral":
      return { kind: "blob", hex: expression.hex };
    case "ParenthesizedExpression":
      return valueOf(expression.expression);
    case "CurrentTimeLiteral":
      return expression.name === "CURRENT_TIMESTAMP" ? { kind: "now" } : expression.name === "CURRENT_DATE" ? { kind: "today" } : { kind: "expression", expression };
    case "UnaryExpression": {
      if (expression.operator !== "-" && expression.operator !== "+") return { kind: "expression", expression };
      const operand = valueOf(expression.operand);
      if (operand.kind !== "number") return { kind: "expression", expression };
      return { kind: "number", text: expression.operator === "-" ? negated(operand.text) : operand.text };
    }
    case "ColumnReference": {
      if (expression.table !== undefined || expression.column.kind !== "Identifier") return { kind: "expression", expression };
      const { value, quote } = expression.column;
      if (quote === "none" && /^(true|false)$/i.test(value)) return { kind: "boolean", value: /^true$/i.test(value) };
      return { kind: "string", value };
    }
    case "FunctionCall":
      return isNow(expression, "datetime") ? { kind: "now" } : isNow(expression, "date") ? { kind: "today" } : { kind: "expression", expression };
    default:
      return { kind: "expression", expression };
  }
}

function isNow(call: Extract<Expression, { readonly kind: "FunctionCall" }>, name: string): boolean {
  if (call.name.kind !== "Identifier" || call.name.value.toLowerCase() !== name) return false;
  const [first, ...more] = call.arguments;
  return more.length === 0 && (first === undefined || first.kind === "CurrentTimeLiteral" || (first.kind === "StringLiteral" && first.value.toLowerCase() === "now"));
}

function negated(text: string): string {
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}

/** A number as PostgreSQL 14 reads it: hexadecimal as decimal, no digit separators, a digit before the point. */
export function numberText(text: string): string {
  const plain = text.replaceAll("_", "");
  if (/^0x/i.test(plain)) return BigInt.asIntN(64, BigInt(plain)).toString();
  return plain.startsWith(".") ? `0${plain}` : plain.replace(/\.(?=$|[eE])/, ".0");
}
