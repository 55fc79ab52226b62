import { affinityOf } from "#core/schema/affinity.ts";
import type { Affinity } from "#core/schema/catalog.ts";
import type { CastExpression, Expression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { kindName, type ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { castWords } from "./cast-words.ts";
import { unwrap } from "./flag-value.ts";
import { realPrefix, wholePrefix } from "./number-prefix.ts";

/** CAST: SQLite looks at the type's letters and never fails, PostgreSQL at the type and at the whole value. */
export const castType: StatementRule = {
  meta: {
    id: "cast-type",
    family: "operators",
    title: "CAST that gives another value",
    doc: {
      what: "Finds CAST to a type that PostgreSQL does not have or reads otherwise, and CAST of a value that comes out otherwise.",
      why:
        "SQLite knows five kinds of values and looks at a type's letters; widths mean nothing. PostgreSQL's INTEGER has 32 bits, its REAL about 7 digits, VARCHAR(3) cuts a text, DATETIME does not exist. " +
        "It rounds a number that is cast to INTEGER, where SQLite cuts off; it refuses a text that is not all number, where SQLite takes its beginning; and it writes a double otherwise (1, not 1.0).",
      example: "SELECT CAST(score AS INTEGER), CAST(code AS INTEGER) FROM results",
      useInstead: {
        both: "SELECT CAST(trunc(score) AS BIGINT) FROM results, and a column of numbers for code",
        postgres: "SELECT CAST(trunc(score) AS BIGINT), CAST(regexp_replace(code, '^[ \\t\\n\\v\\f\\r]*([+-]?)([0-9]*).*$', '\\10\\2') AS BIGINT) FROM results",
      },
      fixSafety:
        "Safe where the value's kind is known and comes out the same. trunc() is a review in mode both: SQLite has it from 3.35 on, where it is built with its mathematical functions. Where the kind is not known (without a schema), another type's name is a review. " +
        "A double cast to TEXT, and a text cast to a number in mode both, are left to a person.",
    },
  },
  *check(context) {
    if (context.statement.kind === "CreateTableStatement") return;
    for (const node of nodesOfKind(context.statement, "CastExpression")) {
      const finding = look(node, context);
      if (finding !== undefined) yield finding;
    }
  },
};

/** How a CAST is written so that PostgreSQL gives SQLite's value: `text` is put in place of the type's words. */
interface Written {
  readonly type: string;
  readonly why: string;
  readonly enclosed?: readonly [string, string];
  readonly review?: string;
  readonly kind: ValueKind;
  /** Stands for the value itself. */
  readonly value?: string;
}

const wide: ValueKind = { kind: "integer", wide: true };
const double: ValueKind = { kind: "double" };
const text: ValueKind = { kind: "text", binary: true, ordered: false };

function look(node: CastExpression, context: StatementContext): SqlFinding | undefined {
  const words = castWords(node);
  if (words === undefined || node.type === undefined) return undefined;
  const operand = context.kind(node.expression);
  if (words === "NUMERIC" && context.mode === "postgres" && isForNumerics(node, context)) return undefined;
  if (isPostgresType(words, context, node) || isDateCall(unwrap(node.expression))) return undefined;
  const written = write(node.expression, operand, words, affinityOf(words), context);
  if (written === undefined) return undefined;
  const { span } = node.type;
  if ("advice" in written) return { span, severity: "warning", message: written.advice, fixes: [] };
  const edits: Edit[] = [];
  if (written.type !== words) edits.push(replace(span, written.type));
  if (written.enclosed !== undefined) edits.push(...enclose(node.expression.span, ...written.enclosed));
  if (written.value !== undefined) edits.push(replace(unwrap(node.expression).span, written.value));
  if (edits.length === 0) return undefined;
  return {
    span,
    severity: "warning",
    message: written.review === undefined ? written.why : `${written.why} Look at it: ${written.review}`,
    fixes: [
      {
        kind: "edit",
        title: written.type === words ? "Cast the same value" : `Cast to ${written.type}`,
        applicability: written.review === undefined ? "safe" : "review",
        edits,
        ...(written.review === undefined ? { settles: [{ span: node.span, kind: written.kind }] } : {}),
      },
    ],
  };
}

/** What the rule math-function writes: PostgreSQL has these functions for numerics, and reads a number out of JSON's text. */
function isForNumerics(node: CastExpression, { statement }: StatementContext): boolean {
  const value = unwrap(node.expression);
  if (value.kind === "BinaryExpression" && value.operator === "->>") return true;
  return nodesOfKind(statement, "FunctionCall").some((call) => call.name.kind === "Identifier" && /^(?:round|mod|log|to_char|nullif)$/i.test(call.name.value) && call.arguments.includes(node));
}

function write(value: Expression, operand: ValueKind, words: string, affinity: Affinity, context: StatementContext): Written | { readonly advice: string } | undefined {
  switch (affinity) {
    case "INTEGER":
      return toInteger(value, operand, words, context);
    case "TEXT":
      return toText(operand, words, context);
    case "REAL":
      return toReal(value, operand, words, context);
    case "BLOB":
      return toBlob(operand, words, context);
    case "NUMERIC":
      return toNumeric(operand, words);
  }
}

const mathematical = "SQLite has trunc() from 3.35 on, where it is built with its mathematical functions.";

/** Why a value asks for a look, and what would tell its type. */
function unknownValue({ schema }: StatementContext): string {
  return `the value's type is not known here${schema === undefined ? "; a schema (--schema) may tell" : ""}.`;
}

function toInteger(value: Expression, operand: ValueKind, words: string, context: StatementContext): Written | { readonly advice: string } | undefined {
  const { mode, schema } = context;
  const width = /^(?:INT|INTEGER|INT4)$/.test(words) ? "PostgreSQL's INTEGER has 32 bits, SQLite's 64." : /^(?:BIGINT|INT8)$/.test(words) ? "PostgreSQL's type has 64 bits, as SQLite's." : /^(?:SMALLINT|INT2)$/.test(words) ? "PostgreSQL's type has 16 bits, SQLite's 64." : `PostgreSQL has no type ${words}; SQLite takes it for an integer of 64 bits.`;
  switch (operand.kind) {
    case "integer":
      if (words === "BIGINT" || (words === "INTEGER" && (operand.small === true || (operand.literal !== undefined && operand.wide === undefined)))) return undefined;
      return { type: "BIGINT", why: width, kind: wide };
    case "double":
    case "numeric":
      // What this rule has written.
      if (isCall(value, "trunc")) return undefined;
      return { type: "BIGINT", why: "PostgreSQL rounds the number, SQLite cuts off what is behind the point: trunc() does so on both.", enclosed: ["trunc(", ")"], kind: wide, ...(mode === "both" ? { review: mathematical } : {}) };
    case "condition":
    case "boolean":
      return words === "INTEGER" ? undefined : { type: "INTEGER", why: "PostgreSQL casts a boolean to INTEGER only.", kind: { kind: "integer", small: true } };
    case "text": {
      const literal = unwrap(value);
      const whole = literal.kind === "StringLiteral" && literal.holes.length === 0 ? wholePrefix(literal.value) : undefined;
      if (whole !== undefined) return { type: "BIGINT", why: `SQLite takes the number at the text's beginning: ${whole}.`, value: whole, kind: wide };
      const why = "PostgreSQL refuses a text that is not all number; SQLite takes the number at its beginning, or 0.";
      return mode === "postgres" && literal.kind !== "StringLiteral"
        ? { type: "BIGINT", why, enclosed: ["regexp_replace(", `, '^[ \\t\\n\\v\\f\\r]*([+-]?)([0-9]*).*$', '\\10\\2')`], kind: wide }
        : { advice: `${why} Make the column a number, or cast where every value is one.` };
    }
    case "null":
      return words === "BIGINT" || words === "INTEGER" ? undefined : { type: "BIGINT", why: width, kind: wide };
    case "unknown":
      if (isCall(value, "trunc") || isCall(value, "regexp_replace")) return words === "BIGINT" ? undefined : { type: "BIGINT", why: width, kind: wide, review: unknownValue(context) };
      // A boolean may be cast to INTEGER alone.
      return words === "BIGINT" || (schema !== undefined && (words === "INTEGER" || words === "INT")) ? undefined : { type: "BIGINT", why: `${width} It rounds a number with a fraction, where SQLite cuts off.`, kind: wide, review: unknownValue(context) };
    case "parameter":
      return words === "BIGINT" ? undefined : { type: "BIGINT", why: width, kind: wide, review: "a bound text or fraction is refused by PostgreSQL, and cut off by SQLite." };
    default:
      return { advice: `PostgreSQL does not cast ${kindName(operand)} to a number as SQLite does.` };
  }
}

function toText(operand: ValueKind, words: string, context: StatementContext): Written | { readonly advice: string } | undefined {
  const why = "SQLite gives the whole text whatever the type's width; PostgreSQL cuts it off or fills it up, or has no such type.";
  const plain = words === "TEXT";
  switch (operand.kind) {
    case "text":
      return plain ? undefined : { type: "TEXT", why, kind: { kind: "text", binary: operand.binary, ordered: operand.ordered } };
    case "integer":
      return plain ? undefined : { type: "TEXT", why, kind: text };
    case "condition":
    case "boolean":
      return { type: "TEXT", why: "PostgreSQL writes a boolean as true and false, SQLite as 1 and 0.", enclosed: ["CAST(", " AS INTEGER)"], kind: text };
    case "double":
    case "numeric":
      return { advice: `SQLite writes ${kindName(operand)} with a point (1.0), PostgreSQL without (1), and both write large ones in their own way: format it in code.` };
    case "other":
      return operand.type === "bytea" ? { advice: "PostgreSQL writes bytes in hexadecimal digits; SQLite takes them for text." } : undefined;
    case "null":
    case "parameter":
    case "rewritten":
      return plain ? undefined : { type: "TEXT", why, kind: text };
    case "time":
    case "unknown":
      return plain ? undefined : { type: "TEXT", why, kind: text, review: unknownValue(context) };
  }
}

function toReal(value: Expression, operand: ValueKind, words: string, context: StatementContext): Written | { readonly advice: string } | undefined {
  const { mode } = context;
  const type = "DOUBLE PRECISION";
  const why = "SQLite's REAL is a double; PostgreSQL's has about 7 digits, and it has no DOUBLE.";
  switch (operand.kind) {
    case "integer":
    case "double":
    case "numeric":
    case "null":
      return words === type ? undefined : { type, why, kind: double };
    case "condition":
    case "boolean":
      return { type, why: "PostgreSQL casts a boolean to INTEGER only.", enclosed: ["CAST(", " AS INTEGER)"], kind: double };
    case "text": {
      const literal = unwrap(value);
      const number = literal.kind === "StringLiteral" && literal.holes.length === 0 ? realPrefix(literal.value) : undefined;
      if (number !== undefined) return { type, why: `SQLite takes the number at the text's beginning: ${number}.`, value: number, kind: double };
      const refuses = "PostgreSQL refuses a text that is not all number; SQLite takes the number at its beginning, or 0.";
      return mode === "postgres" && literal.kind !== "StringLiteral"
        ? { type, why: refuses, enclosed: ["regexp_replace(", `, '^[ \\t\\n\\v\\f\\r]*([+-]?)([0-9]*)(\\.[0-9]*)?([eE][+-]?[0-9]+)?.*$', '\\10\\2\\3\\4')`], kind: double }
        : { advice: `${refuses} Make the column a number, or cast where every value is one.` };
    }
    case "parameter":
      return words === type ? undefined : { type, why, kind: double, review: "a bound text that is no number is refused by PostgreSQL, and 0 in SQLite." };
    case "unknown":
      if (words === type) return undefined;
      return isCall(value, "regexp_replace") ? { type, why, kind: double } : { type, why, kind: double, review: unknownValue(context) };
    default:
      return { advice: `PostgreSQL does not cast ${kindName(operand)} to a number as SQLite does.` };
  }
}

function toBlob(operand: ValueKind, words: string, { mode }: StatementContext): Written | { readonly advice: string } | undefined {
  if (operand.kind === "other" && operand.type === "bytea" && mode === "postgres") return words === "BYTEA" ? undefined : { type: "bytea", why: "PostgreSQL's type of bytes is bytea.", kind: { kind: "other", type: "bytea" } };
  if (operand.kind === "text" && mode === "postgres") return { type: "bytea", why: "PostgreSQL has no BLOB; convert_to() gives a text's bytes.", enclosed: ["convert_to(", ", 'UTF8')"], kind: { kind: "other", type: "bytea" } };
  return { advice: "PostgreSQL has no BLOB, and no cast to bytes that SQLite knows, too: bind the bytes." };
}

function toNumeric(operand: ValueKind, words: string): Written | { readonly advice: string } | undefined {
  if (/DATE|TIME/.test(words)) return { advice: `SQLite's CAST to ${words} takes the number at the beginning (the year); PostgreSQL reads a date: say which is meant.` };
  const why = "SQLite leaves a number as it is; PostgreSQL has no such type, makes a decimal of it, or rounds it to the width.";
  switch (operand.kind) {
    case "integer":
      return { type: "BIGINT", why, kind: wide };
    case "double":
      return { type: "DOUBLE PRECISION", why, kind: double };
    case "null":
      return { type: "BIGINT", why, kind: { kind: "null" } };
    default:
      return { advice: `SQLite's CAST to ${words} gives an integer or a double, whichever the value is: PostgreSQL has one type for all rows.` };
  }
}

/** Types that SQLite has no use for, or as other rules write them: in lower case. */
function isPostgresType(words: string, { site }: StatementContext, node: CastExpression): boolean {
  if (words === "BYTEA" || words === "BOOLEAN" || words === "INTERVAL") return true;
  return node.type !== undefined && /^(?:timestamp|timestamptz|date|time|jsonb?|numeric|regclass|oid|name)$/.test(site.text.slice(node.type.span.start, node.type.span.end));
}

const dateFunctions = new Set(["strftime", "date", "time", "datetime", "julianday", "unixepoch", "timediff"]);

/** The date rules write the call and what is cast of it together. */
function isDateCall(node: Expression): boolean {
  return node.kind === "FunctionCall" && node.name.kind === "Identifier" && dateFunctions.has(node.name.value.toLowerCase());
}

function isCall(node: Expression, name: string): boolean {
  return node.kind === "FunctionCall" && node.name.kind === "Identifier" && node.name.value.toLowerCase() === name;
}
