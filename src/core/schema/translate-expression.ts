import type { BinaryExpression, CaseExpression, CastExpression, Expression, FunctionCall, InExpression, IsExpression, LikeExpression } from "#core/sql/nodes.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import { affinityOf } from "./affinity.ts";
import { compared, comparisonOf, type Comparison } from "./comparison.ts";
import { asCondition, converted, textOf, unified, utf8Of } from "./conversion.ts";
import type { PostgresType } from "./decision.ts";
import { numberText } from "./default-value.ts";
import type { ExpressionContext } from "./expression-context.ts";
import { givesOneRow } from "./gives-one-row.ts";
import { literalAs } from "./literal-as.ts";
import { translateFunction } from "./translate-functions.ts";
import { cast, isBoolean, isInteger, isNumber, level, refuse, Untranslatable, value, wrapped, type LiteralValue, type Value, type ValueType } from "./translated-value.ts";

/** A translation, or the reason why there is none. */
export type Translation = { readonly sql: string; readonly type: ValueType } | { readonly reason: string };

/** Translates an expression used as a condition (CHECK, WHERE, ON): true, false or NULL as SQLite finds it. */
export function translateCondition(expression: Expression, context: ExpressionContext): Translation {
  return attempt(() => ({ sql: condition(expression, context).sql, type: "boolean" }));
}

/** Translates an expression whose value goes into a column of a type (DEFAULT, a generated column). */
export function translateAs(expression: Expression, type: PostgresType, context: ExpressionContext): Translation {
  return attempt(() => ({ sql: converted(translate(expression, context), type, context).sql, type }));
}

/** Translates an expression whose type is its own affair (an index key). */
export function translateExpression(expression: Expression, context: ExpressionContext): Translation {
  return attempt(() => {
    const { sql, type } = translate(expression, context);
    return { sql, type };
  });
}

function attempt(run: () => Translation): Translation {
  try {
    return run();
  } catch (problem) {
    if (problem instanceof Untranslatable) return { reason: problem.message };
    throw problem;
  }
}

/**
 * Translates one expression.
 * @throws Untranslatable with the reason; callers outside of the translator use the functions above.
 */
export function translate(expression: Expression, context: ExpressionContext): Value {
  switch (expression.kind) {
    case "NumericLiteral":
      return numberLiteral(numberText(expression.text));
    case "StringLiteral":
      return stringLiteral(expression.value);
    case "BlobLiteral": {
      const literal: LiteralValue = { kind: "blob", hex: expression.hex };
      return value(`${literalAs(literal, "bytea") ?? ""}::bytea`, level.atom, "bytea", { literal });
    }
    case "NullLiteral":
      return value("NULL", level.atom, "null");
    case "CurrentTimeLiteral":
      return currentTime(expression.name, context);
    case "ColumnReference":
      return columnReference(expression, context);
    case "ParenthesizedExpression": {
      const inner = translate(expression.expression, context);
      return inner.level >= level.unary ? inner : { ...inner, sql: `(${inner.sql})`, level: level.atom };
    }
    case "UnaryExpression":
      return unary(expression.operator, expression.operand, context);
    case "BinaryExpression":
      return binary(expression, context);
    case "IsExpression":
      return isExpression(expression, context);
    case "NullTest":
      return value(`${wrapped(translate(expression.operand, context), level.other)} IS ${expression.form === "ISNULL" ? "" : "NOT "}NULL`, level.predicate, "condition");
    case "LikeExpression":
      return like(expression, context);
    case "BetweenExpression": {
      const operand = translate(expression.operand, context);
      const [first, low] = compared(operand, translate(expression.low, context), ">=");
      const [second, high] = compared(operand, translate(expression.high, context), "<=");
      if (first.sql === second.sql) {
        return value(`${wrapped(first, level.other)} ${expression.not ? "NOT " : ""}BETWEEN ${wrapped(low, level.other)} AND ${wrapped(high, level.other)}`, level.predicate, "condition");
      }
      const both = `${wrapped(first, level.other)} >= ${wrapped(low, level.other)} AND ${wrapped(second, level.other)} <= ${wrapped(high, level.other)}`;
      return expression.not ? value(`NOT (${both})`, level.not, "condition") : value(both, level.and, "condition");
    }
    case "InExpression":
      return inExpression(expression, context);
    case "ExistsExpression": {
      if (expression.subquery.kind !== "Subquery" || context.subquery === undefined) return refuse("it has a subquery");
      return value(`EXISTS (${context.subquery(expression.subquery.select).sql})`, level.atom, "condition");
    }
    case "Subquery": {
      if (context.subquery === undefined) return refuse("it has a subquery");
      const { sql, columns } = context.subquery(expression.select);
      const [column, ...more] = columns;
      if (column === undefined || more.length > 0) return refuse("it takes a row for a value");
      if (!givesOneRow(expression.select)) context.notes.push("PostgreSQL reports an error where a query that stands for a value has several rows, SQLite takes the first");
      return { ...column, sql: `(${sql})`, level: level.atom, literal: undefined, affinity: undefined };
    }
    case "CaseExpression":
      return caseExpression(expression, context);
    case "CastExpression":
      return castExpression(expression, context);
    case "CollateExpression": {
      const name = expression.collation.kind === "Identifier" ? expression.collation.value : "";
      return { ...translate(expression.operand, context), collation: /^binary$/i.test(name) ? undefined : name, explicitCollation: true };
    }
    case "FunctionCall":
      return functionCall(expression, context);
    case "RowValue":
      return refuse("it compares rows");
    case "RaiseExpression":
      return refuse("RAISE belongs in a trigger");
    case "BindParameter":
      return refuse(`it has the parameter ${expression.text}`);
    case "Hole":
    case "HoleOperatorExpression":
      return refuse("it is put together at run time");
    case "ErrorNode":
      return refuse(expression.message);
  }
}

/** From 17 on PostgreSQL computes constants before it knows their collation there, and gives up. */
const constantText = "it compares constant texts";

/** Translates an expression used as a condition. @throws Untranslatable */
export function condition(expression: Expression, context: ExpressionContext): Value {
  return asCondition(translate(expression, context));
}

function numberLiteral(text: string): Value {
  const literal: LiteralValue = { kind: "number", text };
  if (/^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return value(text, level.atom, "bigint", { literal });
  return value(text, level.atom, "double precision", { literal });
}

function stringLiteral(text: string): Value {
  if (text.includes("\0")) return refuse("PostgreSQL text cannot hold U+0000");
  return value(postgresString(text), level.atom, "text", { literal: { kind: "string", value: text } });
}

function currentTime(name: "CURRENT_TIME" | "CURRENT_DATE" | "CURRENT_TIMESTAMP", context: ExpressionContext): Value {
  if (context.immutable) return refuse("it asks for the current time");
  switch (name) {
    case "CURRENT_TIMESTAMP":
      return value("date_trunc('second', timezone('utc', now()))", level.atom, "timestamp", { format: "YYYY-MM-DD HH24:MI:SS" });
    case "CURRENT_DATE":
      return value("timezone('utc', now())::date", level.atom, "date");
    case "CURRENT_TIME":
      return value("to_char(timezone('utc', now()), 'HH24:MI:SS')", level.atom, "text");
  }
}

function columnReference(expression: Extract<Expression, { readonly kind: "ColumnReference" }>, context: ExpressionContext): Value {
  if (expression.column.kind !== "Identifier") return refuse("a name is put together at run time");
  const { value: name, quote } = expression.column;
  const table = expression.table === undefined ? undefined : expression.table.kind === "Identifier" ? expression.table.value : refuse("a name is put together at run time");
  const column = context.column(table, name);
  if (column !== undefined) {
    return value(column.sql, level.atom, column.type, { affinity: column.affinity, collation: column.collation, bytewise: column.bytewise, mixed: column.mixed });
  }
  if (table === undefined && quote === "none" && /^(true|false)$/i.test(name)) return numberLiteral(/^true$/i.test(name) ? "1" : "0");
  // A double-quoted word that names no column is a string to SQLite.
  if (table === undefined && quote === "double") return stringLiteral(name);
  return refuse(`it names ${table === undefined ? "" : `${table}.`}${name}, which is no column here`);
}

function unary(operator: "-" | "+" | "~" | "NOT", operand: Expression, context: ExpressionContext): Value {
  const inner = translate(operand, context);
  switch (operator) {
    case "NOT":
      return value(`NOT ${wrapped(asCondition(inner), level.not)}`, level.not, "condition");
    case "+":
      // A no-op that only takes the affinity away.
      return { ...inner, affinity: undefined };
    case "-": {
      if (inner.literal?.kind === "number") {
        const negated = numberLiteral(inner.literal.text.startsWith("-") ? inner.literal.text.slice(1) : `-${inner.literal.text}`);
        return { ...negated, level: level.unary };
      }
      if (!isNumber(inner.type)) return refuse(`it computes with a ${inner.type}`);
      return value(`- ${wrapped(inner, level.unary)}`, level.unary, inner.type);
    }
    case "~":
      if (!isInteger(inner.type)) return refuse(`it computes bits of a ${inner.type}`);
      return value(`~ ${wrapped(inner, level.unary)}`, level.unary, "bigint");
  }
}

function binary(expression: BinaryExpression, context: ExpressionContext): Value {
  if (expression.operator === "AND" || expression.operator === "OR") return chain(expression, expression.operator, context);
  const left = translate(expression.left, context);
  const right = translate(expression.right, context);
  const comparison = comparisonOf(expression.operator);
  if (comparison !== undefined) {
    if (context.immutable && left.literal !== undefined && right.literal !== undefined && left.type === "text") return refuse(constantText);
    return compare(left, right, comparison);
  }
  switch (expression.operator) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(expression.operator, left, right);
    case "||":
      return value(`${wrapped(textOf(left, context), level.other)} || ${wrapped(textOf(right, context), level.add)}`, level.other, "text", {
        bytewise: left.bytewise && right.bytewise,
      });
    case "&":
    case "|":
      if (!isInteger(left.type) || !isInteger(right.type)) return refuse("it computes bits of something other than integers");
      return value(`${wrapped(left, level.add)} ${expression.operator} ${wrapped(right, level.add)}`, level.other, "bigint");
    case "<<":
    case ">>": {
      const shift = right.literal?.kind === "number" ? Number(right.literal.text) : -1;
      if (!isInteger(left.type) || !Number.isInteger(shift) || shift < 0 || shift > 63) return refuse("it shifts by a number of bits that is not known");
      return value(`${cast(left, "bigint")} ${expression.operator} ${right.sql}`, level.other, "bigint");
    }
    case "->":
    case "->>":
      return refuse(`the operator ${expression.operator} gives other types`);
    default:
      return refuse(`the operator ${expression.operator} is not known`);
  }
}

/** `a AND b AND c …` leans to the left and may be thousands long: a loop instead of recursion. */
function chain(expression: BinaryExpression, operator: "AND" | "OR", context: ExpressionContext): Value {
  const operands: Expression[] = [];
  let node: Expression = expression;
  while (node.kind === "BinaryExpression" && node.operator === operator) {
    operands.push(node.right);
    node = node.left;
  }
  operands.push(node);
  const binding = operator === "AND" ? level.and : level.or;
  return value(
    operands.reverse().map((operand) => wrapped(condition(operand, context), binding + 1)).join(` ${operator} `),
    binding,
    "condition",
  );
}

function compare(left: Value, right: Value, comparison: Comparison): Value {
  const [a, b] = compared(left, right, comparison);
  return value(`${wrapped(a, level.other)} ${comparison} ${wrapped(b, level.other)}`, level.predicate, "condition");
}

function arithmetic(operator: "+" | "-" | "*" | "/" | "%", left: Value, right: Value): Value {
  if (left.type === "null" || right.type === "null") return value("NULL", level.atom, "null");
  const a = isBoolean(left.type) ? value(cast(left, "integer"), level.atom, "bigint") : left;
  const b = isBoolean(right.type) ? value(cast(right, "integer"), level.atom, "bigint") : right;
  if (!isNumber(a.type) || !isNumber(b.type)) return refuse(`it computes with a ${isNumber(a.type) ? b.type : a.type}`);
  const integers = isInteger(a.type) && isInteger(b.type);
  const type: ValueType = integers ? "bigint" : a.type === "double precision" || b.type === "double precision" ? "double precision" : "numeric";
  const binding = operator === "+" || operator === "-" ? level.add : level.multiply;
  // Two integer literals would be computed in 32 bits, and 1.5 is numeric to PostgreSQL where SQLite computes with doubles.
  const first = a.literal?.kind === "number" && (b.literal !== undefined || !integers) && type !== "numeric" ? cast(a, type) : wrapped(a, binding);
  if (operator === "%") {
    if (!integers) return refuse("% makes integers of its operands");
    return value(`${first} % ${divisor(b)}`, binding, "bigint");
  }
  if (operator === "/") {
    if (type === "numeric") return refuse("it divides decimals, which PostgreSQL rounds in another way");
    return value(`${first} / ${divisor(b)}`, binding, type);
  }
  const second = b.literal?.kind === "number" && !integers && type !== "numeric" ? cast(b, type) : wrapped(b, binding + 1);
  return value(`${first} ${operator} ${second}`, binding, type);
}

/** Dividing by zero is NULL in SQLite and an error in PostgreSQL. */
function divisor(operand: Value): string {
  if (operand.literal?.kind === "number" && Number(operand.literal.text) !== 0) return wrapped(operand, level.atom);
  return `nullif(${operand.sql}, 0)`;
}

function isExpression(expression: IsExpression, context: ExpressionContext): Value {
  // IS DISTINCT FROM is IS NOT.
  const negative = expression.not !== expression.distinctFrom;
  const right = expression.right;
  const left = translate(expression.left, context);
  if (right.kind === "NullLiteral") return value(`${wrapped(left, level.other)} IS ${negative ? "NOT " : ""}NULL`, level.predicate, "condition");
  if (!expression.distinctFrom && right.kind === "ColumnReference" && right.table === undefined && right.column.kind === "Identifier" && right.column.quote === "none") {
    const name = right.column.value.toUpperCase();
    if ((name === "TRUE" || name === "FALSE") && context.column(undefined, right.column.value) === undefined) {
      return value(`${wrapped(asCondition(left), level.other)} IS ${negative ? "NOT " : ""}${name}`, level.predicate, "condition");
    }
  }
  const [a, b] = compared(left, translate(right, context), "=");
  return value(`${wrapped(a, level.other)} IS ${negative ? "" : "NOT "}DISTINCT FROM ${wrapped(b, level.other)}`, level.predicate, "condition");
}

function inExpression(expression: InExpression, context: ExpressionContext): Value {
  const operand = translate(expression.operand, context);
  const not = expression.not ? "NOT " : "";
  switch (expression.source.kind) {
    case "ExpressionList": {
      // `x IN ()` is false in SQLite, for NULL too.
      if (expression.source.items.length === 0) return value(expression.not ? "true" : "false", level.atom, "condition");
      // IN compares with the left operand's affinity and collation alone.
      const items = expression.source.items.map((item) => compared(operand, translate(item, context), "="));
      const left = items[0]?.[0] ?? operand;
      if (items.some(([each]) => each.sql !== left.sql)) return refuse("it compares with values of several kinds");
      return value(`${wrapped(left, level.other)} ${not}IN (${items.map(([, item]) => item.sql).join(", ")})`, level.predicate, "condition");
    }
    case "Subquery": {
      if (context.subquery === undefined) return refuse("it has a subquery");
      const { sql, columns } = context.subquery(expression.source.select);
      const [column, ...more] = columns;
      if (column === undefined || more.length > 0) return refuse("it compares rows");
      const [left, right] = compared(operand, { ...column, literal: undefined }, "=");
      if (left.sql !== operand.sql || right.sql !== column.sql) return refuse("it compares values of several kinds");
      return value(`${wrapped(operand, level.other)} ${not}IN (${sql})`, level.predicate, "condition");
    }
    case "InTable":
      return refuse("it looks into a table by IN");
    case "Hole":
    case "ErrorNode":
      return refuse("it is put together at run time");
  }
}

function caseExpression(expression: CaseExpression, context: ExpressionContext): Value {
  const operand = expression.operand === undefined ? undefined : translate(expression.operand, context);
  const results: Value[] = [];
  const conditions: string[] = [];
  for (const branch of expression.branches) {
    if (branch.kind === "Hole") return refuse("it is put together at run time");
    conditions.push(operand === undefined ? condition(branch.condition, context).sql : compare(operand, translate(branch.condition, context), "=").sql);
    results.push(translate(branch.result, context));
  }
  if (expression.otherwise !== undefined) results.push(translate(expression.otherwise, context));
  const { values, type } = unified(results, context);
  const branches = conditions.map((when, i) => `WHEN ${when} THEN ${values[i] ?? "NULL"}`);
  const otherwise = expression.otherwise === undefined ? "" : ` ELSE ${values.at(-1) ?? "NULL"}`;
  return value(`CASE ${branches.join(" ")}${otherwise} END`, level.atom, type, { bytewise: results.every((result) => result.bytewise || result.literal !== undefined) });
}

function castExpression(expression: CastExpression, context: ExpressionContext): Value {
  const operand = translate(expression.expression, context);
  const words = expression.type?.words.map((word) => (word.kind === "Identifier" ? word.value : "")).join(" ") ?? "";
  const affinity = affinityOf(words);
  const result = (sql: string, type: ValueType, binding: number = level.atom): Value => value(sql, binding, type, { affinity });
  switch (affinity) {
    case "INTEGER":
      if (isInteger(operand.type)) return { ...operand, affinity };
      if (isBoolean(operand.type)) return result(cast(operand, "integer"), "bigint");
      // SQLite cuts the fraction off, PostgreSQL's cast rounds.
      if (isNumber(operand.type)) return result(`trunc(${operand.sql})::bigint`, "bigint");
      break;
    case "TEXT":
      if (operand.type === "text") return { ...operand, affinity };
      if (isInteger(operand.type) || isBoolean(operand.type)) return result(cast(isBoolean(operand.type) ? value(cast(operand, "integer"), level.atom, "bigint") : operand, "text"), "text");
      if (operand.type === "timestamp" || operand.type === "date") return { ...converted(operand, "text", context), affinity };
      break;
    case "REAL":
      if (isNumber(operand.type)) return result(cast(operand, "double precision"), "double precision");
      break;
    case "NUMERIC":
      if (isNumber(operand.type)) return { ...operand, affinity };
      break;
    case "BLOB":
      if (operand.type === "bytea") return { ...operand, affinity };
      if (operand.type === "text") return result(utf8Of(operand, context), "bytea");
      break;
  }
  return refuse(`it casts a ${operand.type} to ${words === "" ? "nothing" : words}`);
}

function like(expression: LikeExpression, context: ExpressionContext): Value {
  const left = translate(expression.left, context);
  const right = translate(expression.right, context);
  const not = expression.not ? "NOT " : "";
  if (left.type !== "text" || right.type !== "text") return refuse(`${expression.operator} of a ${left.type}`);
  const operand = left.bytewise || left.literal !== undefined ? wrapped(left, level.add) : `${wrapped(left, level.atom)} COLLATE "C"`;
  switch (expression.operator) {
    case "LIKE": {
      // LIKE folds the 26 ASCII letters, as ILIKE does in the "C" collation; a backslash means nothing without ESCAPE.
      const escape = expression.escape === undefined ? "''" : translate(expression.escape, context).sql;
      return value(`${operand} ${not}ILIKE ${wrapped(right, level.add)} ESCAPE ${escape}`, level.predicate, "condition");
    }
    case "GLOB": {
      if (right.literal?.kind !== "string") return refuse("GLOB with a pattern that is not written out");
      return value(`${operand} ${expression.not ? "!~" : "~"} ${postgresString(globExpression(right.literal.value))}`, level.predicate, "condition");
    }
    case "REGEXP":
    case "MATCH":
      return refuse(`${expression.operator} is a function of the application's`);
  }
}

/** A GLOB pattern as a regular expression: `*`, `?` and `[…]` are all that GLOB knows. */
function globExpression(pattern: string): string {
  let result = "";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i);
    if (c === "*") result += ".*";
    else if (c === "?") result += ".";
    else if (c === "[") {
      // A ] that comes first stands for itself.
      const from = pattern.charAt(i + 1) === "^" ? i + 2 : i + 1;
      const end = pattern.indexOf("]", from + 1);
      if (end < 0) return refuse("a GLOB pattern with a [ that is not closed matches nothing");
      const body = pattern.slice(from, end).replaceAll("\\", "\\\\").replace(/\[(?=[.:=])/g, "\\[");
      result += `[${from === i + 2 ? "^" : ""}${body}]`;
      i = end;
    } else result += /[\\^$.|+(){}\]]/.test(c) ? `\\${c}` : c;
  }
  return `^${result}$`;
}

function functionCall(expression: FunctionCall, context: ExpressionContext): Value {
  if (expression.name.kind !== "Identifier") return refuse("a function's name is put together at run time");
  return translateFunction(expression.name.value.toLowerCase(), expression, context, (each) => translate(each, context));
}
