import type { Expression } from "#core/sql/nodes.ts";
import type { Edit } from "#core/text/edit.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import type { StatementContext } from "../rule.ts";
import { manual, suppliedUnless, type Answer, type Translator } from "./answer.ts";
import { asText, textEdits } from "./as-text.ts";
import { isCastTo, type Call } from "./call.ts";
import { append, around as enclosed, renamed } from "./edits.ts";

/** Whether a value's number is all that counts of it, not its type: it is a result, or is compared. */
export function onlyNumberCounts({ around: [parent] }: Pick<Call, "around">): boolean {
  return parent?.kind === "ResultColumn" || parent?.kind === "OrderingTerm" || (parent?.kind === "BinaryExpression" && /^(?:==?|<>|!=|[<>]=?)$/.test(parent.operator));
}

const sum: Translator = (call) => {
  const [argument] = call.args;
  const [kind] = call.kinds;
  if (argument === undefined || kind === undefined || call.args.length !== 1) return undefined;
  // Of 32 bits, its sum is a bigint.
  if (kind.kind !== "integer" || kind.wide !== true || isCastTo(call, "BIGINT") || isCastTo(call, "DOUBLE PRECISION")) return undefined;
  // A result comes to the code as what it is.
  if (onlyNumberCounts(call) && (call.context.mode === "both" || call.around[0]?.kind !== "ResultColumn")) return undefined;
  return {
    form: "rewrite",
    title: "Cast to BIGINT",
    message: "PostgreSQL's sum() of bigint is a numeric, which divides with a fraction and comes to the code as a decimal; SQLite's is an integer.",
    edits: enclose(call.node.span, "CAST(", " AS BIGINT)"),
    exact: { kind: "integer", wide: true },
    severity: "warning",
  };
};

const avg: Translator = (call) => {
  const [kind] = call.kinds;
  if (call.args.length !== 1 || kind === undefined) return undefined;
  // A flag and a comparison are cast to INTEGER by rules of their own.
  if (call.context.mode === "both" || (kind.kind !== "integer" && kind.kind !== "boolean" && kind.kind !== "condition")) return undefined;
  return {
    form: "rewrite",
    title: "Cast to DOUBLE PRECISION",
    message: "PostgreSQL's avg() of integers is a numeric of 16 digits or more; SQLite's is a REAL.",
    edits: enclosed(call, 0, "CAST(", " AS DOUBLE PRECISION)"),
    exact: { kind: "double" },
    severity: "warning",
  };
};

const total: Translator = (call) => {
  const [kind] = call.kinds;
  if (kind === undefined) return undefined;
  if (call.context.mode === "both") return suppliedUnless(kind.kind === "integer" || kind.kind === "boolean" || kind.kind === "condition" ? undefined : "the last digit of a sum of fractions may be another one", { kind: "double" });
  const edits = [...enclose(call.node.span, "COALESCE(CAST(", " AS DOUBLE PRECISION), 0)"), renamed(call, "sum")];
  const title = "Use COALESCE(sum(), 0)";
  const message = "PostgreSQL has no total(); the sum as DOUBLE PRECISION, and 0 for none, is the same.";
  if (kind.kind === "integer" || kind.kind === "boolean" || kind.kind === "condition") return { form: "rewrite", title, message, edits, exact: { kind: "double" } };
  return { form: "rewrite", title, message: `${message} Look at it: the last digit of a sum of fractions may differ.`, edits, exact: undefined };
};

/** Why the parts may come in another order; undefined when their order is told. */
function orderDiffers({ node, args, kinds, sql, around, context }: Call): string | undefined {
  const terms = node.orderBy?.terms;
  if (terms === undefined || terms.length === 0) return "without ORDER BY the order of the parts is not defined; SQLite usually takes the rows as they were inserted, PostgreSQL as they lie on disk";
  const written = ({ span }: Expression): string => sql.slice(span.start, span.end).toLowerCase();
  const [argument] = args;
  const [kind] = kinds;
  for (const term of terms) {
    const { expression } = term;
    const sorted = context.kind(expression);
    const isSorted = sorted.kind === "integer" || sorted.kind === "double" || sorted.kind === "boolean" || (sorted.kind === "text" && sorted.ordered);
    if (!isSorted) return "the order of the parts by such values may be another one";
    // Equal parts are the same in any order, and those that are NULL are left out.
    if (argument !== undefined && written(expression) === written(argument)) return kind?.kind === "text" || kind?.kind === "integer" ? undefined : "the order of the parts by such values may be another one";
    const view = expression.kind === "ColumnReference" ? context.resolution(expression) : undefined;
    if (isUnique(expression, around, context)) return undefined;
    if (view === undefined || view.nullable) return "NULLs come first in SQLite and last in PostgreSQL, and parts that are equal by this order come in any";
  }
  return "parts that are equal by this order come in any";
}

/** Whether a column is by itself a unique key of the query's only table. */
function isUnique(expression: Expression, around: Call["around"], { schema, resolution }: StatementContext): boolean {
  if (expression.kind !== "ColumnReference" || resolution(expression)?.nullable !== false) return false;
  const core = around.find((each) => each.kind === "SelectCore");
  const [source] = core?.from?.terms ?? [];
  if (core?.from?.terms.length !== 1 || source?.kind !== "JoinTerm" || source.source.kind !== "TableReference") return false;
  const column = fold(nameOf(expression.column) ?? "");
  return schema?.table(nameOf(source.source.table.name) ?? "")?.uniqueKeys.some((key) => key.length === 1 && fold(key[0] ?? "") === column) === true;
}

const groupConcat: Translator = (call) => {
  const { node, args, kinds, name, context } = call;
  const [argument, separator] = args;
  const [kind] = kinds;
  if (argument === undefined || kind === undefined || (context.mode === "both" && name === "string_agg")) return undefined;
  const text = asText(kind);
  if (context.mode === "both" && text !== undefined) {
    return suppliedUnless(text.differs ?? (node.quantifier === "DISTINCT" ? "with DISTINCT the parts may come in another order" : orderDiffers(call)), { kind: "text", binary: true, ordered: false });
  }
  if (text === undefined) return manual("PostgreSQL has no group_concat(). Its string_agg() of bytes wants a separator of bytes, and gives bytes.");
  const edits: Edit[] = textEdits(call, 0, text);
  if (name === "group_concat") edits.push(renamed(call, "string_agg"));
  if (separator === undefined) edits.push(append(call, ", ','"));
  else if (separator.kind !== "StringLiteral") {
    const between = asText(kinds[1] ?? { kind: "unknown" });
    if (between === undefined) return manual("PostgreSQL has no group_concat(); the separator of its string_agg() is a text.");
    edits.push(...textEdits(call, 1, between));
  }
  if (edits.length === 0) return undefined;
  const separatorDiffers = separator === undefined || separator.kind === "StringLiteral" ? undefined : "a separator that is NULL leaves nothing between the parts in SQLite, and nothing of them is lost";
  const known = kind.kind === "unknown" || kind.kind === "parameter" ? "string_agg() takes texts alone: cast a number" : text.differs;
  const order = node.quantifier === "DISTINCT" ? "with DISTINCT, SQLite takes the parts as they first come, PostgreSQL sorts them" : orderDiffers(call);
  const differs = known ?? separatorDiffers ?? order;
  const base = name === "group_concat" ? "PostgreSQL has no group_concat(); string_agg() is the same, with texts and a separator." : "PostgreSQL's string_agg() takes texts only.";
  const answer = { form: "rewrite", title: "Use string_agg()", edits } as const;
  const exact: ValueKind = { kind: "text", binary: true, ordered: false };
  const result: Answer = differs === undefined ? { ...answer, message: base, exact } : { ...answer, message: `${base} Look at it: ${differs}.`, exact: undefined };
  return result;
};

/** `count()` without arguments. */
const count: Translator = (call) => {
  if (call.node.starSpan !== undefined || call.args.length > 0) return undefined;
  return { form: "rewrite", title: "Write count(*)", message: "PostgreSQL's count() wants an argument: count(*).", edits: [append(call, "*")], exact: { kind: "integer", wide: true, small: true } };
};

/** Calls that make one value of many rows. */
export const aggregateCalls: Readonly<Record<string, Translator>> = { sum, avg, total, group_concat: groupConcat, string_agg: groupConcat, count };
