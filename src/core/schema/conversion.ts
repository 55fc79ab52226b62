import { postgresString } from "#core/sql/postgres-literal.ts";
import type { PostgresType } from "./decision.ts";
import type { ExpressionContext } from "./expression-context.ts";
import { literalAs } from "./literal-as.ts";
import { cast, isBoolean, isInteger, isNumber, level, refuse, value, wrapped, type Value, type ValueType } from "./translated-value.ts";

/** SQLite takes any number for a condition: everything but 0 is true. @throws Untranslatable */
export function asCondition(operand: Value): Value {
  if (isBoolean(operand.type)) return operand;
  if (operand.type === "null") return value("NULL::boolean", level.atom, "boolean");
  if (operand.literal?.kind === "number") return value(Number(operand.literal.text) === 0 ? "false" : "true", level.atom, "boolean");
  if (isNumber(operand.type)) return value(`${wrapped(operand, level.other)} <> 0`, level.predicate, "condition");
  return refuse(`it takes a ${operand.type} for a condition`);
}

/** Makes a value one of a type, as storing it in a column of that type would. @throws Untranslatable */
export function converted(operand: Value, type: PostgresType, context: ExpressionContext): Value {
  if (operand.type === "null") return operand;
  if (operand.literal !== undefined) {
    const written = literalAs(operand.literal, type);
    return written === undefined ? refuse(`${operand.sql} is not a value of ${type}`) : value(written, level.atom, type, { literal: operand.literal });
  }
  if (operand.type === type) return operand;
  if (type === "boolean" && operand.type === "condition") return { ...operand, type };
  if (isInteger(type) && isBoolean(operand.type)) return value(cast(operand, "integer"), level.atom, type);
  if (isInteger(type) && isInteger(operand.type)) return { ...operand, type };
  // The cast rounds to 15 digits; a double's text has them all.
  if (type === "numeric" && operand.type === "double precision") return value(`${cast(operand, "text")}::numeric`, level.atom, type);
  if ((type === "numeric" || type === "double precision") && isNumber(operand.type)) return { ...operand, type };
  if (type === "text" && isInteger(operand.type)) return value(cast(operand, "text"), level.atom, "text");
  if (type === "text" && operand.type === "timestamp") {
    if (context.immutable) return refuse("it makes a text of a timestamp, which PostgreSQL does not do immutably");
    // A column prints as it was written, with its fraction; the session's DateStyle is ISO.
    return operand.format === undefined ? value(cast(operand, "text"), level.atom, "text") : value(`to_char(${operand.sql}, '${operand.format}')`, level.atom, "text");
  }
  if (type === "text" && operand.type === "date") {
    if (context.immutable) return refuse("it makes a text of a date, which PostgreSQL does not do immutably");
    return value(`to_char(${operand.sql}, 'YYYY-MM-DD')`, level.atom, "text");
  }
  if (type === "timestamptz" && operand.type === "timestamp") return value(`timezone('utc', ${operand.sql})`, level.atom, "timestamptz");
  return refuse(`it makes a ${type} of a ${operand.type}`);
}

/** The bytes of a text in UTF-8. convert_to() is not immutable; a cast is, and reads a backslash as the start of an escape. */
export function utf8Of(text: Value, context: ExpressionContext): string {
  return context.immutable ? `replace(${text.sql}, ${postgresString("\\")}, ${postgresString("\\\\")})::bytea` : `convert_to(${text.sql}, 'UTF8')`;
}

/** A value as SQLite concatenates it. @throws Untranslatable */
export function textOf(operand: Value, context: ExpressionContext): Value {
  if (operand.type === "text" || operand.type === "null") return operand;
  return converted(operand, "text", context);
}

/** Gives values one type, as PostgreSQL wants it of CASE and coalesce. @throws Untranslatable when SQLite would mix kinds. */
export function unified(values: readonly Value[], context: ExpressionContext): { readonly values: readonly string[]; readonly type: ValueType } {
  const firm = values.filter((each) => each.literal === undefined && each.type !== "null");
  const numbers = (firm.length === 0 ? values : firm).filter((each) => each.type !== "null");
  let type: ValueType | undefined;
  for (const each of numbers) {
    const own: ValueType = each.type === "condition" ? "bigint" : each.type;
    if (type === undefined || type === own) type = own;
    else if (isNumber(type) && isNumber(own)) type = type === "double precision" || own === "double precision" ? "double precision" : type === "numeric" || own === "numeric" ? "numeric" : "bigint";
    else if (type === "boolean" && own === "bigint") type = "bigint";
    else if (type === "bigint" && own === "boolean") type = "bigint";
    else return refuse(`its results are of several kinds (${type}, ${own})`);
  }
  const found = type;
  if (found === undefined || found === "condition" || found === "null") return { values: values.map((each) => each.sql), type: "null" };
  return { values: values.map((each) => converted(each, found, context).sql), type: found };
}
