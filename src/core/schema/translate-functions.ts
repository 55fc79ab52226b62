import type { ErrorNode, Expression, FrameBound, FunctionCall, WindowFrame, WindowSpecification } from "#core/sql/nodes.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import { compared, inC } from "./comparison.ts";
import { asCondition, textOf, unified, utf8Of } from "./conversion.ts";
import type { ExpressionContext } from "./expression-context.ts";
import { literalAs } from "./literal-as.ts";
import { sortKey, translateOrdering } from "./translate-ordering.ts";
import { cast, isBoolean, isInteger, isNumber, level, refuse, value, wrapped, type Value, type ValueType } from "./translated-value.ts";

/** One call with its arguments translated. */
interface Call {
  readonly name: string;
  readonly node: FunctionCall;
  readonly arguments: readonly Value[];
  readonly context: ExpressionContext;
  readonly translate: (expression: Expression) => Value;
}

/**
 * Translates a function call; a function that is not known, or not for these types, is refused by name.
 * @param name the function's name in lower case.
 * @throws Untranslatable
 */
export function translateFunction(name: string, node: FunctionCall, context: ExpressionContext, translate: (expression: Expression) => Value): Value {
  if (node.withinGroup !== undefined) return refuse(`${name} has WITHIN GROUP`);
  const windowed = node.over !== undefined;
  const call: Call = { name, node, arguments: node.arguments.map(translate), context, translate };
  const aggregate = aggregates[name];
  if (aggregate !== undefined && (name !== "min" && name !== "max" || node.arguments.length === 1)) {
    if (!context.aggregates) return refuse(`it aggregates with ${name}()`);
    return aggregate(call);
  }
  const window = windows[name];
  if (window !== undefined && windowed) {
    if (!context.aggregates) return refuse(`it uses the window function ${name}()`);
    return window(call);
  }
  if (windowed || node.filter !== undefined) return refuse(`${name}() is not known as an aggregate`);
  const scalar = scalars[name];
  // From 17 on PostgreSQL computes constants before it knows their collation there, and gives up.
  if (context.immutable && ["replace", "instr", "trim", "ltrim", "rtrim", "nullif"].includes(name) && call.arguments.every((each) => each.literal !== undefined)) return refuse(`it calls ${name}() with constants only`);
  return scalar === undefined ? refuse(`the function ${name}() has no translation yet`) : scalar(call);
}

type Translator = (call: Call) => Value;

function argument(call: Call, index: number): Value {
  return call.arguments[index] ?? refuse(`${call.name}() has too few arguments`);
}

/** The argument as a text; a number becomes its digits, as in SQLite. */
function text(call: Call, index: number): Value {
  return textOf(argument(call, index), call.context);
}

function literalText(operand: Value): string | undefined {
  return operand.literal?.kind === "string" ? operand.literal.value : undefined;
}

function literalInteger(operand: Value): number | undefined {
  return operand.literal?.kind === "number" && /^-?\d+$/.test(operand.literal.text) ? Number(operand.literal.text) : undefined;
}

const folding = (name: "lower" | "upper"): Translator => (call) => {
  const literal = literalText(argument(call, 0));
  if (literal !== undefined) return stringValue(name === "lower" ? literal.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : literal.replace(/[a-z]+/g, (letters) => letters.toUpperCase()));
  return value(`${name}(${inC(text(call, 0))})`, level.atom, "text", { bytewise: true });
};

const trimming = (name: "btrim" | "ltrim" | "rtrim"): Translator => (call) => {
  const operand = text(call, 0);
  return value(call.arguments.length > 1 ? `${name}(${operand.sql}, ${text(call, 1).sql})` : `${name}(${operand.sql})`, level.atom, "text", { bytewise: operand.bytewise });
};

const coalesce: Translator = (call) => {
  const { values, type } = unified(call.arguments, call.context);
  return value(`coalesce(${values.join(", ")})`, level.atom, type, { bytewise: call.arguments.every((each) => each.bytewise || each.literal !== undefined) });
};

const iif: Translator = (call) => {
  const { values, type } = unified(call.arguments.slice(1), call.context);
  const otherwise = values[1] === undefined ? "" : ` ELSE ${values[1]}`;
  return value(`CASE WHEN ${asCondition(argument(call, 0)).sql} THEN ${values[0] ?? "NULL"}${otherwise} END`, level.atom, type);
};

const scalars: Readonly<Record<string, Translator>> = {
  length: (call) => {
    const operand = argument(call, 0);
    if (operand.type === "bytea" && operand.mixed === true) return refuse("length() of texts and BLOBs: characters of the ones, bytes of the others");
    return value(`length(${operand.type === "bytea" ? operand.sql : text(call, 0).sql})`, level.atom, "bigint");
  },
  lower: folding("lower"),
  upper: folding("upper"),
  trim: trimming("btrim"),
  ltrim: trimming("ltrim"),
  rtrim: trimming("rtrim"),
  coalesce,
  ifnull: coalesce,
  iif,
  if: iif,
  nullif: (call) => {
    const [a, b] = compared(argument(call, 0), argument(call, 1), "=");
    return { ...a, sql: `nullif(${a.sql}, ${b.sql})`, level: level.atom, literal: undefined, affinity: undefined };
  },
  abs: (call) => {
    const operand = argument(call, 0);
    if (!isNumber(operand.type)) return refuse(`abs() of a ${operand.type}`);
    return value(`abs(${operand.sql})`, level.atom, operand.type);
  },
  round: (call) => {
    const operand = argument(call, 0);
    const digits = call.arguments.length > 1 ? literalInteger(argument(call, 1)) : 0;
    if (!isNumber(operand.type) || digits === undefined || digits < 0) return refuse("round() of something other than a number to a known place");
    call.context.notes.push("round() works on the decimal that PostgreSQL prints, SQLite's on the binary number: the last digit of a half may differ");
    return value(`round(${isInteger(operand.type) || operand.type === "numeric" ? operand.sql : cast(operand, "numeric")}, ${digits})::double precision`, level.atom, "double precision");
  },
  substr: (call) => substring(call),
  substring: (call) => substring(call),
  replace: (call) => {
    const operand = text(call, 0);
    return value(`replace(${operand.sql}, ${text(call, 1).sql}, ${text(call, 2).sql})`, level.atom, "text", { bytewise: operand.bytewise });
  },
  instr: (call) => {
    if (argument(call, 0).type === "bytea") return refuse("instr() of bytes");
    return value(`strpos(${text(call, 0).sql}, ${text(call, 1).sql})`, level.atom, "bigint");
  },
  hex: (call) => {
    const operand = argument(call, 0);
    const bytes = operand.type === "bytea" ? operand.sql : utf8Of(text(call, 0), call.context);
    // hex(NULL) is the empty text.
    return value(`coalesce(upper(encode(${bytes}, 'hex')), '')`, level.atom, "text");
  },
  randomblob: (call) => {
    const length = literalInteger(argument(call, 0));
    if (call.context.immutable || length === undefined || length < 1 || length > 15) return refuse("randomblob() of more than 15 bytes needs an extension");
    // The core of PostgreSQL has no random bytes; a digest spreads a random UUID's 122 random bits evenly.
    return value(`substring(sha256(gen_random_uuid()::text::bytea) FROM 1 FOR ${length})`, level.atom, "bytea");
  },
  typeof: (call) => {
    const operand = argument(call, 0);
    if (operand.literal !== undefined) return refuse("typeof() of a literal");
    const number = operand.type === "double precision" || operand.type === "numeric";
    if (operand.mixed === true || (number && operand.affinity !== undefined && operand.affinity !== "REAL")) return refuse("typeof() of a column of values of several kinds");
    return value(`CASE WHEN ${wrapped(operand, level.other)} IS NULL THEN 'null' ELSE ${postgresString(storageClass[operand.type])} END`, level.atom, "text");
  },
  json_valid: (call) => {
    const operand = argument(call, 0);
    // Every jsonb is valid JSON; NULL stays NULL.
    if (operand.type === "jsonb") return value(`${wrapped(operand, level.other)} = ${wrapped(operand, level.other)}`, level.predicate, "condition");
    return refuse(`json_valid() of a ${operand.type}`);
  },
  datetime: (call) => moment(call),
  date: (call) => {
    const at = moment(call);
    const literal = literalText(at);
    if (literal !== undefined) return stringValue(literal.slice(0, 10));
    return value(cast(at, "date"), level.atom, "date");
  },
  time: (call) => {
    const at = moment(call);
    if (call.context.immutable || literalText(at) !== undefined) return refuse("time() has no immutable form");
    return value(`to_char(${at.sql}, 'HH24:MI:SS')`, level.atom, "text");
  },
  unixepoch: (call) => {
    const at = moment(call);
    if (literalText(at) !== undefined) return refuse("unixepoch() of a literal");
    return value(`extract(epoch FROM ${at.sql})::bigint`, level.atom, "bigint");
  },
  strftime: (call) => formatted(call),
};

/** What typeof() says in SQLite of the values that a type's columns hold. */
const storageClass: Record<ValueType, string> = {
  bigint: "integer",
  integer: "integer",
  boolean: "integer",
  condition: "integer",
  "double precision": "real",
  numeric: "real",
  text: "text",
  timestamp: "text",
  timestamptz: "text",
  date: "text",
  jsonb: "text",
  uuid: "text",
  bytea: "blob",
  null: "null",
};

function substring(call: Call): Value {
  const operand = argument(call, 0);
  const bytes = operand.type === "bytea";
  if (bytes && operand.mixed === true) return refuse("substr() of texts and BLOBs: characters of the ones, bytes of the others");
  const from = literalInteger(argument(call, 1));
  const length = call.arguments.length > 2 ? literalInteger(argument(call, 2)) : 0;
  // From 0 or from the end, and backwards, they count differently.
  if (from === undefined || from < 1 || length === undefined || length < 0) return refuse("substr() whose place or length is not a positive literal");
  const subject = bytes ? operand : text(call, 0);
  return value(`substr(${subject.sql}, ${from}${call.arguments.length > 2 ? `, ${length}` : ""})`, level.atom, bytes ? "bytea" : "text", { bytewise: subject.bytewise });
}

function stringValue(content: string): Value {
  return value(postgresString(content), level.atom, "text", { literal: { kind: "string", value: content } });
}

const wholeSeconds = "YYYY-MM-DD HH24:MI:SS";

/** The units of a modifier such as `-7 days` that are as long everywhere; months and years spill over in SQLite. */
const modifier = /^([+-]?\d+(?:\.\d+)?) (day|hour|minute|second)s?$/i;

/** The first argument and its modifiers as a timestamp of whole seconds, or as the text of a constant. */
function moment(call: Call, first = 0): Value {
  const operand = call.arguments[first];
  const content = operand === undefined ? "now" : literalText(operand);
  let sql: string;
  let exact = true;
  if (content?.toLowerCase() === "now") {
    if (call.context.immutable) return refuse("it asks for the current time");
    sql = "timezone('utc', now())";
    exact = false;
  } else if (content !== undefined) {
    const written = literalAs({ kind: "string", value: content.length === 10 ? `${content} 00:00:00` : content }, "timestamp");
    if (written === undefined || call.arguments.length > first + 1) return refuse(`${call.name}() of ${operand?.sql ?? ""}`);
    return stringValue(written.slice(1, 20));
  } else if (operand?.type === "timestamp") {
    sql = operand.sql;
  } else if (operand?.type === "date") {
    sql = cast(operand, "timestamp");
  } else {
    return refuse(`${call.name}() of a ${operand?.type ?? "nothing"}`);
  }
  for (const each of call.arguments.slice(first + 1)) {
    const words = literalText(each);
    if (words === undefined) return refuse(`${call.name}() with a modifier that is not written out`);
    if (/^localtime$/i.test(words)) {
      if (call.context.immutable || content?.toLowerCase() !== "now") return refuse(`${call.name}() with the modifier localtime`);
      call.context.notes.push("localtime is the server's session time zone, not the application's");
      sql = "localtimestamp";
      continue;
    }
    if (/^utc$/i.test(words)) return refuse(`${call.name}() with the modifier utc`);
    if (/^start of day$/i.test(words)) {
      sql = `date_trunc('day', ${sql})`;
      exact = true;
      continue;
    }
    const match = modifier.exec(words);
    if (match === null) return refuse(`${call.name}() with the modifier ${words}`);
    sql = `${sql} + interval ${postgresString(`${match[1] ?? "0"} ${(match[2] ?? "").toLowerCase()}s`)}`;
    exact = false;
  }
  return value(exact && operand?.type === "date" ? sql : `date_trunc('second', ${sql})`, level.atom, "timestamp", { format: wholeSeconds });
}

/** strftime's letters as to_char's, as far as they mean the same. */
const letters: Readonly<Record<string, string>> = { Y: "YYYY", m: "MM", d: "DD", H: "HH24", M: "MI", S: "SS", j: "DDD", F: "YYYY-MM-DD", T: "HH24:MI:SS", R: "HH24:MI" };

function formatted(call: Call): Value {
  const format = literalText(argument(call, 0));
  if (format === undefined) return refuse("strftime() with a format that is not written out");
  if (format === "%s") return value(cast(value(`extract(epoch FROM ${moment(call, 1).sql})::bigint`, level.atom, "bigint"), "text"), level.atom, "text");
  // A format that is a whole timestamp is one, for the columns that take it.
  if (format === "%Y-%m-%d %H:%M:%S") return moment(call, 1);
  if (call.context.immutable) return refuse("strftime() has no immutable form");
  const millis = format.includes("%f");
  const at = moment(call, 1);
  if (literalText(at) !== undefined) return refuse("strftime() of a literal");
  const pattern = format.replace(/%(.)|([A-Za-z]+)|([\\"])/g, (_, letter: string | undefined, words: string | undefined): string => {
    if (letter === "f") return "SS.MS";
    if (letter === "%") return "%";
    if (letter !== undefined) return letters[letter] ?? refuse(`strftime() with %${letter}`);
    return words === undefined ? refuse("strftime() with a quote or a backslash") : `"${words}"`;
  });
  // The fraction is there before the seconds are cut off.
  const source = millis ? at.sql.replace(/^date_trunc\('second', (.*)\)$/s, "$1") : at.sql;
  if (format === "%Y-%m-%d %H:%M:%f") return value(`date_trunc('milliseconds', ${source})`, level.atom, "timestamp", { format: `${wholeSeconds}.MS` });
  return value(`to_char(${source}, ${postgresString(pattern)})`, level.atom, "text");
}

// --- aggregates and windows ------------------------------------------------------------------------

const aggregates: Readonly<Record<string, Translator>> = {
  count: (call) => {
    const [operand] = call.arguments;
    if (call.arguments.length > 1) return refuse("count() of two things");
    return value(`count(${operand === undefined ? "*" : `${distinct(call)}${operand.sql}`})${tail(call)}`, level.atom, "bigint");
  },
  sum: (call) => {
    const operand = number(call, argument(call, 0));
    const sum = `sum(${distinct(call)}${operand.sql})${tail(call)}`;
    return isInteger(operand.type) ? value(`${sum}::bigint`, level.atom, "bigint") : value(sum, level.atom, operand.type);
  },
  total: (call) => value(`coalesce(sum(${distinct(call)}${number(call, argument(call, 0)).sql})${tail(call)}, 0)::double precision`, level.atom, "double precision"),
  avg: (call) => value(`avg(${distinct(call)}${number(call, argument(call, 0)).sql})${tail(call)}::double precision`, level.atom, "double precision"),
  min: (call) => extreme(call),
  max: (call) => extreme(call),
  group_concat: (call) => joined(call),
  string_agg: (call) => joined(call),
};

function number(call: Call, operand: Value): Value {
  if (isBoolean(operand.type)) return value(cast(operand, "integer"), level.atom, "bigint");
  return isNumber(operand.type) ? operand : refuse(`${call.name}() of a ${operand.type}`);
}

function extreme(call: Call): Value {
  const operand = argument(call, 0);
  const subject = isBoolean(operand.type) ? value(cast(operand, "integer"), level.atom, "bigint") : operand;
  if (["jsonb", "uuid", "bytea", "null"].includes(subject.type) || subject.collation !== undefined) return refuse(`${call.name}() of a ${subject.type}`);
  return value(`${call.name}(${sortKey(subject)})${tail(call)}`, level.atom, subject.type, { bytewise: true });
}

function joined(call: Call): Value {
  const operand = text(call, 0);
  const separator = call.arguments.length > 1 ? text(call, 1).sql : "','";
  const order = call.node.orderBy === undefined ? "" : ` ORDER BY ${translateOrdering(call.node.orderBy, call.translate)}`;
  if (order === "") call.context.notes.push(`${call.name}() without ORDER BY: neither engine promises an order`);
  return value(`string_agg(${distinct(call)}${operand.sql}, ${separator}${order})${tail(call)}`, level.atom, "text", { bytewise: operand.bytewise });
}

function distinct(call: Call): string {
  return call.node.quantifier === "DISTINCT" ? "DISTINCT " : "";
}

/** FILTER and OVER. */
function tail(call: Call): string {
  const { filter, over } = call.node;
  let sql = "";
  if (filter !== undefined) {
    if (filter.where.kind !== "WhereClause") return refuse("it is put together at run time");
    sql += ` FILTER (WHERE ${asCondition(call.translate(filter.where.condition)).sql})`;
  }
  return over === undefined ? sql : `${sql} OVER ${windowOf(call)}`;
}

/** What stands behind OVER: a window's name, or its specification in parentheses. */
function windowOf(call: Call): string {
  const window = call.node.over?.window;
  if (window?.kind === "Identifier") return postgresIdentifier(window.value);
  if (window?.kind !== "WindowSpecification") return refuse("it is put together at run time");
  return `(${windowSpecification(window, call.translate)})`;
}

/** What stands in the parentheses of OVER and WINDOW. @throws Untranslatable */
export function windowSpecification(window: WindowSpecification, translate: (expression: Expression) => Value): string {
  if (window.holes.length > 0) return refuse("it is put together at run time");
  const base = window.base === undefined ? [] : [window.base.kind === "Identifier" ? postgresIdentifier(window.base.value) : refuse("it is put together at run time")];
  const partition = window.partitionBy.length === 0 ? [] : [`PARTITION BY ${window.partitionBy.map((each) => sortKey(translate(each))).join(", ")}`];
  const order = window.orderBy === undefined ? [] : [`ORDER BY ${translateOrdering(window.orderBy, translate)}`];
  return [...base, ...partition, ...order, ...(window.frame === undefined ? [] : [frameOf(window.frame)])].join(" ");
}

function frameOf({ unit, from, to, exclude }: WindowFrame): string {
  const bound = (each: FrameBound | ErrorNode): string => {
    if (each.kind === "ErrorNode") return refuse(each.message);
    if (each.offset === undefined) return each.form;
    // A distance in RANGE is of the kind of what is ordered by; rows and groups are counted.
    const rows = unit === "RANGE" || each.offset.kind !== "NumericLiteral" || !/^\d+$/.test(each.offset.text) ? refuse("its window's frame has a distance that is not a number of rows") : each.offset.text;
    return `${rows} ${each.form}`;
  };
  return `${unit} ${to === undefined ? bound(from) : `BETWEEN ${bound(from)} AND ${bound(to)}`}${exclude === undefined ? "" : ` EXCLUDE ${exclude}`}`;
}

const ranking: Translator = (call) => value(`${call.name}() OVER ${windowOf(call)}`, level.atom, "bigint");
const fraction: Translator = (call) => value(`${call.name}() OVER ${windowOf(call)}`, level.atom, "double precision");

/** A value of another row of the window. */
const other: Translator = (call) => {
  const operand = argument(call, 0);
  const places = call.arguments.slice(1).map((each) => (literalInteger(each) !== undefined && (literalInteger(each) ?? 0) >= (call.name === "nth_value" ? 1 : 0) ? `, ${each.sql}` : refuse(`${call.name}() with a place that is not a positive number`)));
  if (places.length > 1) return refuse(`${call.name}() with a default`);
  if (operand.type === "null" || operand.literal !== undefined) return refuse(`${call.name}() of a constant`);
  const subject = operand.type === "condition" ? value(cast(operand, "integer"), level.atom, "integer") : operand;
  return { ...subject, sql: `${call.name}(${subject.sql}${places.join("")}) OVER ${windowOf(call)}`, level: level.atom, literal: undefined, affinity: undefined };
};

const windows: Readonly<Record<string, Translator>> = {
  row_number: ranking,
  rank: ranking,
  dense_rank: ranking,
  percent_rank: fraction,
  cume_dist: fraction,
  ntile: (call) => {
    const parts = literalInteger(argument(call, 0));
    return parts === undefined || parts < 1 ? refuse("ntile() of a number that is not known") : value(`ntile(${parts}) OVER ${windowOf(call)}`, level.atom, "bigint");
  },
  lag: other,
  lead: other,
  first_value: other,
  last_value: other,
  nth_value: other,
};
