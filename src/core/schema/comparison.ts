import { postgresString } from "#core/sql/postgres-literal.ts";
import { literalAs } from "./literal-as.ts";
import { cast, isBoolean, isNumber, level, refuse, value, wrapped, type Value } from "./translated-value.ts";

/** The comparison that is made; `other` stands for IN, IS and the like, where only equality counts. */
export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** How SQLite's spellings of a comparison are spelt in SQL; undefined for any other operator. */
export function comparisonOf(operator: string): Comparison | undefined {
  switch (operator) {
    case "=":
    case "==":
      return "=";
    case "<>":
    case "!=":
      return "<>";
    case "<":
    case "<=":
    case ">":
    case ">=":
      return operator;
    default:
      return undefined;
  }
}

/**
 * Writes two operands so that PostgreSQL compares what SQLite compares: a literal takes the other side's type, flags meet
 * true and false, NOCASE compares in lower case. Ends in a refusal where SQLite compares values of different kinds.
 * @see https://www.sqlite.org/datatype3.html#comparison_expressions
 */
export function compared(left: Value, right: Value, operator: Comparison): readonly [Value, Value] {
  if (left.type === "null" || right.type === "null") return [left, right];
  if (left.mixed === true || right.mixed === true) return refuse("it compares a column of values of several kinds, which SQLite orders by kind");
  const collation = collationOf(left, right);
  if (left.literal !== undefined && right.literal === undefined) {
    const [second, first] = pair(right, left, mirrored[operator]);
    return collated(first, second, collation);
  }
  const [first, second] = pair(left, right, operator);
  return collated(first, second, collation);
}

const mirrored: Record<Comparison, Comparison> = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** The left operand's collation goes first, an explicit one before both. */
export function collationOf(left: Value, right: Value): string | undefined {
  if (left.explicitCollation) return left.collation;
  if (right.explicitCollation) return right.collation;
  return left.collation ?? right.collation;
}

function pair(left: Value, right: Value, operator: Comparison): readonly [Value, Value] {
  if (right.literal !== undefined && left.literal === undefined) return [left, literalFor(left, right, operator)];
  if (isBoolean(left.type) && isBoolean(right.type)) return [left, right];
  if (isBoolean(left.type) && isNumber(right.type)) return [value(cast(left, "integer"), level.atom, "integer"), right];
  if (isNumber(left.type) && isBoolean(right.type)) return [left, value(cast(right, "integer"), level.atom, "integer")];
  if (isNumber(left.type) && isNumber(right.type)) return [left, right];
  if (left.type === right.type && left.type !== "jsonb") return [left, right];
  if (left.type === "text" && right.type === "timestamp") return [left, timestampText(right)];
  if (left.type === "timestamp" && right.type === "text") return [timestampText(left), right];
  return refuse(`it compares ${left.type} with ${right.type}`);
}

function timestampText(moment: Value): Value {
  return value(moment.format === undefined ? cast(moment, "text") : `to_char(${moment.sql}, '${moment.format}')`, level.atom, "text");
}

/** The literal as a value of the type that it is compared with. */
function literalFor(other: Value, literal: Value, operator: Comparison): Value {
  const content = literal.literal;
  if (content === undefined) return literal;
  const kind = content.kind;
  const numericAffinity = other.affinity === "INTEGER" || other.affinity === "REAL" || other.affinity === "NUMERIC";
  if (kind === "string" && (isNumber(other.type) || isBoolean(other.type)) && !numericAffinity) return refuse(`it compares a number with the text ${literal.sql}`);
  if (kind === "number" && other.type === "text" && other.affinity !== "TEXT") return refuse(`it compares a text with the number ${literal.sql}`);
  if (kind === "string" && other.type === "timestamp" && /^\d{4}-\d\d-\d\d$/.test(content.value)) {
    // As texts, 2020-01-01 is less than every time of that day: only these two mean the same for timestamps.
    if (operator !== ">=" && operator !== "<") return refuse(`it compares a timestamp with the day ${literal.sql}`);
    const midnight = literalAs({ kind: "string", value: `${content.value} 00:00:00` }, "timestamp");
    if (midnight !== undefined) return value(midnight, level.atom, "timestamp");
  }
  if (kind === "string" && other.type === "date" && /^\d{4}-\d\d-\d\d[ T]/.test(content.value)) {
    // As texts, 2020-01-01 is less than every time of that day, and not less than it is every later day.
    if (operator === "=" || operator === "<>") return refuse(`it compares a day with the time ${literal.sql}`);
    const day = new Date(`${content.value.slice(0, 10)}T00:00:00Z`);
    const shown = operator === ">=" || operator === "<" ? new Date(day.getTime() + 86_400_000) : day;
    const written = Number.isNaN(day.getTime()) ? undefined : literalAs({ kind: "string", value: shown.toISOString().slice(0, 10) }, "date");
    if (written !== undefined) return value(written, level.atom, "date");
  }
  if (other.type === "jsonb") return refuse("it compares JSON with a text");
  const written = literalAs(content, other.type);
  if (written === undefined) return refuse(`${literal.sql} is not a value of ${other.type}`);
  return { ...literal, sql: written, level: written.startsWith("-") ? level.unary : level.atom, type: other.type };
}

function collated(left: Value, right: Value, collation: string | undefined): readonly [Value, Value] {
  if (collation === undefined || left.type !== "text" || right.type !== "text") return [left, right];
  return [inCollation(left, collation), inCollation(right, collation)];
}

/** A text as one of SQLite's own collations compares it, for PostgreSQL to compare bytewise. @throws Untranslatable for an application's own collation */
export function inCollation(text: Value, collation: string | undefined): Value {
  switch (collation?.toUpperCase()) {
    case undefined:
    case "BINARY":
      return text;
    case "NOCASE":
      return lowered(text);
    case "RTRIM":
      return value(`rtrim(${inC(text)}, ' ')`, level.atom, "text", { bytewise: true });
    default:
      return refuse(`PostgreSQL has no collation ${collation}`);
  }
}

/** A text in lower case as NOCASE folds it: the 26 ASCII letters only, which is what the "C" collation makes lower() do. */
export function lowered(text: Value): Value {
  const literal = text.literal;
  if (literal?.kind === "number") return text; // its digits
  if (literal?.kind === "string") {
    const folded = literal.value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    return value(postgresString(folded), level.atom, "text", { literal: { kind: "string", value: folded } });
  }
  return value(`lower(${inC(text)})`, level.atom, "text", { bytewise: true });
}

/** The text with the "C" collation, written only where it has another. */
export function inC(text: Value): string {
  return text.bytewise ? text.sql : `${wrapped(text, level.atom)} COLLATE "C"`;
}
