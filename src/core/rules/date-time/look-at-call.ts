import type { LiteralValue } from "#core/sql/literal-value.ts";
import type { Expression, Node } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import type { Settled } from "../finding.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { enclose } from "../rewrite.ts";
import type { SqlFinding, SqlFix, StatementContext } from "../rule.ts";
import { constantResult } from "./constant-call.ts";
import { momentOf, wholeMoment } from "./moment.ts";
import { render, renderConstant, type Rendered, type Wanted } from "./render.ts";
import { rewriteCall } from "./rewrite-call.ts";
import { shapeOf, showsMillis, type Shape } from "./shape.ts";
import { timeCall, type TimeCall } from "./time-call.ts";
import { useOf, type Use } from "./use.ts";

/** A call and the nodes around it, the nearest last. */
export interface PlacedCall {
  readonly call: TimeCall;
  readonly ancestors: readonly Node[];
}

/** The calls of a statement; one that another call takes for its moment goes with that one. */
export function placedCalls({ statement, meanings }: Pick<StatementContext, "statement" | "meanings">): PlacedCall[] {
  const found: PlacedCall[] = [];
  walk(statement, {
    enter(node, ancestors) {
      const call = timeCall(node, (reference) => meanings.of(reference) !== undefined);
      if (call !== undefined && !belongs(call, ancestors)) found.push({ call, ancestors: [...ancestors] });
    },
  });
  return found;
}

function belongs(call: TimeCall, ancestors: readonly Node[]): boolean {
  const at = ancestors.findLastIndex((each) => each.kind !== "ParenthesizedExpression");
  const parent = ancestors[at];
  const outer = parent === undefined ? undefined : timeCall(parent);
  const argument = ancestors[at + 1] ?? call.node;
  if (outer === undefined || outer.value !== argument) return false;
  return wholeMoment(call) !== undefined || constantResult(outer) !== undefined;
}

/** What a call gives on SQLite, as messages name it. */
export function nameOfCall({ node, name }: TimeCall): string {
  return node.kind === "CurrentTimeLiteral" ? node.name : `${name}()`;
}

/** Looks at a call where SQLite is left behind. `opening` says what is wrong with it there. */
export function lookInPostgres({ call, ancestors }: PlacedCall, context: StatementContext, opening: string): SqlFinding {
  const base = { span: call.node.span, severity: "error" as const };
  const manual = (why: string): SqlFinding => ({ ...base, message: `${opening} ${why}`, fixes: [] });
  const shape = shapeOf(call);
  if (shape === undefined) return manual("The format is put together at run time: write it out, or format in code.");
  const use = useOf(call.node, shape, ancestors, context);
  const found = written(call, shape, context, "refused" in use ? "text" : use.wanted);
  if ("reason" in found) return manual(sentence(found.reason));
  if ("refused" in use) return manual(sentence(use.refused));
  const parent = ancestors.findLast((each) => each.kind !== "ParenthesizedExpression")?.kind;
  if (found.slots.length === 0 && found.kind.kind !== "time" && call.value !== undefined && !isClock(call) && (parent === "GroupByClause" || parent === "OrderingTerm")) return manual("It is the same for every row, and PostgreSQL takes no constant there: leave it out.");
  const edits = rewriteCall(call.node, found.template, found.slots, context.site.text);
  if (edits === undefined) return manual("Its form names the value more than once, which may be done with a column only: compute it in a subquery or in code.");
  const doubts = [...new Set([...use.doubts, ...found.doubts])];
  const applicability = doubts.length === 0 ? "safe" : "review";
  const fixes: SqlFix[] = [
    { kind: "edit", title: title(call, shape, use.wanted), applicability, edits: [...edits, ...use.edits], settles: [{ span: call.node.span, kind: found.kind }, ...use.settles] },
  ];
  if (isNow(call) && (use.wanted === "timestamp" || use.wanted === "timestamptz")) {
    fixes.push({ kind: "edit", title: "Use NOW(): microseconds, and the session's time zone", applicability: "review", edits: [{ span: call.node.span, newText: "NOW()" }] });
  }
  return { ...base, message: `${opening} ${gives(call, use.wanted, shape)}${doubts.length === 0 ? "" : ` Look at it: ${doubts.join("; ")}.`}`, fixes };
}

/** Whether the present moment is asked for, so that it is no constant to PostgreSQL. */
function isClock(call: TimeCall): boolean {
  return constantResult(call) === undefined;
}

function isNow(call: TimeCall): boolean {
  return call.name === "datetime" && call.modifiers.length === 0 && call.node.kind === "FunctionCall" && (call.value === undefined || call.value.kind === "StringLiteral");
}

interface Written extends Rendered {
  readonly slots: readonly Expression[];
}

function written(call: TimeCall, shape: Shape, context: StatementContext, wanted: Wanted): Written | { readonly reason: string } {
  if (call.name === "timediff") return { reason: "PostgreSQL's age() and the difference of two timestamps are intervals, which count and print otherwise: compute it in code" };
  const constant = constantResult(call);
  if (constant !== undefined && "reason" in constant) return constant;
  if (constant !== undefined) return withSlots(renderConstant(constant satisfies LiteralValue, shape, wanted), []);
  const moment = momentOf(call, { kind: context.kind, hasSchema: context.schema !== undefined });
  if (moment === null) return withSlots(renderConstant({ type: "null" }, shape, wanted), []);
  if ("reason" in moment) return moment;
  return withSlots(render(call, shape, moment, wanted), moment.slots);
}

function withSlots(rendered: Rendered | { readonly reason: string }, slots: readonly Expression[]): Written | { readonly reason: string } {
  return "reason" in rendered ? rendered : { ...rendered, slots };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function title(call: TimeCall, shape: Shape, wanted: Wanted): string {
  if (isNow(call) && wanted === "timestamp") return "Use the UTC time, cut to seconds";
  switch (wanted) {
    case "text":
      return shape.is === "integer" || shape.is === "double" ? "Compute the number" : "Write the text that SQLite gives";
    case "collated":
      return "Write the text that SQLite gives, compared by bytes";
    case "timestamp":
    case "timestamptz":
    case "date":
      return `Use a ${wanted}`;
    case "integer":
    case "number":
      return "Use the number itself";
  }
}

function gives(call: TimeCall, wanted: Wanted, shape: Shape): string {
  switch (wanted) {
    case "text":
    case "collated":
      return shape.is === "integer" || shape.is === "double" ? "The same number is computed from its timestamp." : "As a text in SQLite's form it is to_char() of a timestamp in UTC.";
    case "timestamp":
      return isNow(call) ? "The UTC time cut to seconds is date_trunc('second', timezone('utc', statement_timestamp()))." : "What it meets is a timestamp, so it becomes one, in UTC.";
    case "timestamptz":
      return "What it meets is a timestamptz, so it becomes one; timezone('utc', …) keeps the session's zone out of it.";
    case "date":
      return "What it meets is a date, so it becomes one.";
    case "integer":
    case "number":
      return "What is wanted of its text is a number, so it becomes one.";
  }
}

/** Looks at a call where the adapter's functions are there, and SQLite runs the text, too. */
export function lookInBoth({ call, ancestors }: PlacedCall, context: StatementContext, opening: string): SqlFinding {
  const base = { span: call.node.span, severity: "information" as const };
  const { name } = call;
  const manual = (why: string): SqlFinding => ({ ...base, severity: "error", message: `${opening} ${sentence(why)}`, fixes: [] });
  if (name === "timediff") return manual("the adapter has none: compute the difference in code");
  const shape = shapeOf(call);
  if (shape === undefined) return { ...base, message: `${opening} The generated adapter supplies it there.`, supplied: [name], fixes: [] };
  const use = useOf(call.node, shape, ancestors, context);
  if ("refused" in use) return manual(use.refused);
  // The adapter's strftime() gives a text, which it compares with timestamps and dates as texts.
  const isTyped = name === "datetime" || name === "date";
  const cast = castFor(call, shape, use, ancestors);
  const edits = [...(cast === undefined ? [] : enclose(call.node.span, "CAST(", ` AS ${cast})`)), ...(isTyped || use.wanted === "number" ? use.edits : [])];
  const kind = kindInBoth(call, shape, cast);
  if (call.modifiers.some((each) => each.kind === "StringLiteral" && /^(?:localtime|utc)$/i.test(each.value))) {
    return manual("the adapter takes the zone of the environment variable TZ for the application's machine, and reports an error without: compute local time in code, or set TZ and leave this as it is");
  }
  if (name === "datetime" && showsMillis(call)) return manual("the adapter's datetime() is a timestamp, which shows only as many digits as it needs: write strftime('%Y-%m-%d %H:%M:%f', …)");
  const constant = constantResult(call);
  if (constant !== undefined && "reason" in constant) return manual(constant.reason);
  if (constant?.type === "text" && /^(?:-|0000)/.test(constant.value)) return manual("the adapter knows no years before 1");
  if (!isTyped && use.bound === true) return manual(`the adapter's ${name}() is a text, which PostgreSQL does not take for a ${use.wanted}: call datetime() or date()`);
  const number = call.value === undefined ? undefined : context.kind(call.value);
  const [first] = call.modifiers;
  if (number?.kind === "integer" && !(first?.kind === "StringLiteral" && /^unixepoch$/i.test(first.value))) return manual("SQLite reads the number as a Julian day, and most numbers are none: say 'unixepoch' for seconds since 1970");
  const doubts = [...use.doubts, ...(use.wanted === "collated" ? ["the database's collation may sort other texts than dates in another way"] : [])];
  const settles: Settled[] = [{ span: call.node.span, kind }, ...(doubts.length === 0 ? use.settles : [])];
  const look = doubts.length === 0 ? "" : ` Look at it: ${doubts.join("; ")}.`;
  if (edits.length === 0) return { ...base, message: `${opening} The generated adapter supplies it there.${look}`, supplied: [name], settles, fixes: [], ...(doubts.length === 0 ? {} : { advice: true as const }) };
  const why = cast === undefined ? "The generated adapter gives a timestamp or date there, which compares with another operator than the text." : `The generated adapter supplies it there, with a type of its own: CAST(… AS ${cast}) is what SQLite has.`;
  return { ...base, severity: "warning", message: `${opening} ${why}${look}`, fixes: [{ kind: "edit", title: cast === undefined ? "Compare as the texts do" : `Cast it to ${cast}`, applicability: doubts.length === 0 ? "safe" : "review", edits, needs: [name], settles }] };
}

/** The type that a call is cast to, so that the adapter's own does not show. */
function castFor(call: TimeCall, shape: Shape, use: Use, ancestors: readonly Node[]): string | undefined {
  if (use.meets === "number" && use.wanted === "integer") return "BIGINT";
  const parent = ancestors.findLast((each) => each.kind !== "ParenthesizedExpression");
  if (parent?.kind === "CastExpression") return undefined;
  if (shape.is === "integer") return parent?.kind === "BinaryExpression" && /^[<>=!]/.test(parent.operator) ? undefined : "BIGINT";
  return (call.name === "datetime" || call.name === "date") && use.meets === "text" && (use.wanted === "text" || use.wanted === "collated") ? "TEXT" : undefined;
}

/** The adapter's datetime() is a timestamp and its date() a date; its other functions give texts and doubles. */
function kindInBoth({ name }: TimeCall, shape: Shape, cast: string | undefined): ValueKind {
  if (cast === "BIGINT") return { kind: "integer" };
  if (cast !== "TEXT" && (name === "datetime" || name === "date")) return { kind: "time", type: name === "date" ? "date" : "timestamp", exact: true };
  return shape.is === "integer" || shape.is === "double" ? { kind: "double" } : { kind: "text", binary: true, ordered: shape.is !== "text" || shape.pattern !== undefined };
}
