import { comparisonOf } from "#core/schema/comparison.ts";
import { literalValue } from "#core/sql/literal-value.ts";
import type { BetweenExpression, Expression } from "#core/sql/nodes.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import { nodesOfKind, walk } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import { flipped, placedOperator, placeOf, type TimeOperator, type TimeType } from "../kinds/time-text.ts";
import { unwrap } from "../operators/flag-value.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { storedIn } from "./stored-in.ts";
import { timeCall } from "./time-call.ts";
import { betweenEdits, inexact } from "./use.ts";

/** Texts of dates that are compared with a column that becomes a timestamp or a date. */
export const dateLiteral: StatementRule = {
  meta: {
    id: "date-literal",
    family: "date-time",
    title: "A text compared with a timestamp or date",
    doc: {
      what: "Finds a literal such as '2024-01-31', '2024-01' or '' that is compared with a column that becomes timestamp, timestamptz or date, where the comparison of moments is not that of texts.",
      why:
        "SQLite compares texts: '2024-01-31' comes before '2024-01-31 00:00:00', so that created <= '2024-01-31' leaves the whole of that day out and = never holds. " +
        "PostgreSQL reads the literal as midnight, and includes it. It refuses '2024-01' and '', drops the time of a literal that meets a date, and takes a literal for a timestamptz in the session's zone.",
      example: "SELECT * FROM adw_locks WHERE created_at BETWEEN '2024-01-01' AND '2024-01-31'",
      useInstead: { both: "SELECT * FROM adw_locks WHERE (created_at >= '2024-01-01' AND created_at < '2024-01-31')", postgres: "the same" },
      fixSafety:
        "Safe where all of the column's texts were looked at and have the form 'YYYY-MM-DD HH:MM:SS' (or 'YYYY-MM-DD'): the new operator or literal finds the same rows on both engines. Otherwise review: a T or a zone in the texts counts in SQLite. " +
        "A comparison that is never (or always) true, a literal with a T or a zone, and one that is no date are left to a person.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (context.schema === undefined || statement.kind === "CreateTableStatement") return;
    for (const node of nodesOfKind(statement, "BinaryExpression")) {
      const operator = comparisonOf(node.operator);
      if (operator === undefined) continue;
      const right = meeting(node.left, node.right, context);
      const left = right === undefined ? meeting(node.right, node.left, context) : undefined;
      const met = right ?? left;
      if (met === undefined) continue;
      const settle = (typed: TimeOperator): Edit[] => (typed === operatorOf(operator, right === undefined) ? [] : [replace(node.operatorSpan, operatorOf(typed, right === undefined))]);
      yield* compared(met, operatorOf(operator, right === undefined), node.span, settle, context);
    }
    for (const node of nodesOfKind(statement, "BetweenExpression")) yield* between(node, context);
    for (const node of nodesOfKind(statement, "InExpression")) {
      if (node.source.kind !== "ExpressionList") continue;
      for (const item of node.source.items) {
        const met = meeting(node.operand, item, context);
        if (met !== undefined) yield* compared(met, "=", undefined, () => [], context);
      }
    }
    if (context.mode === "postgres") yield* storedLiterals(context);
  },
};

function operatorOf(operator: TimeOperator, exchanged: boolean): TimeOperator {
  return exchanged ? flipped(operator) : operator;
}

/** A literal that meets a column's moments. */
interface Meeting {
  readonly literal: Expression;
  readonly text: string;
  readonly column: ValueKind & { readonly kind: "time" };
}

function meeting(column: Expression, other: Expression, context: StatementContext): Meeting | undefined {
  const literal = literalValue(unwrap(other));
  if (literal?.type !== "text" || timeCall(unwrap(column)) !== undefined) return undefined;
  const kind = context.kind(unwrap(column));
  return kind.kind === "time" ? { literal: unwrap(other), text: literal.value, column: kind } : undefined;
}

/** The literal as PostgreSQL should read it, whatever the session's zone. */
function literalEdits({ literal, text, column }: Meeting, at: string, mode: StatementContext["mode"]): Edit[] {
  const wanted = column.type === "timestamptz" && mode === "postgres" ? `${at}+00` : needsAll(text, column.type) ? at : text;
  return wanted === text ? [] : [replace(literal.span, postgresString(wanted))];
}

/** A year and month alone PostgreSQL refuses; a time behind a day it drops. */
function needsAll(text: string, type: TimeType): boolean {
  return text.length < 10 || (type === "date" && text.length > 10);
}

function* compared(met: Meeting, operator: TimeOperator, comparison: Span | undefined, change: (typed: TimeOperator) => Edit[], context: StatementContext): Iterable<SqlFinding> {
  const place = placeOf(met.text, met.column.type);
  if (place === undefined) {
    yield unreadable(met);
    return;
  }
  const typed = placedOperator(operator, place);
  if (typed === "never") {
    yield never(met);
    return;
  }
  const edits = [...change(typed), ...literalEdits(met, place.at, context.mode)];
  if (edits.length > 0) yield finding(met, edits, comparison, context);
}

function* between(node: BetweenExpression, context: StatementContext): Iterable<SqlFinding> {
  const [low, high] = [meeting(node.operand, node.low, context), meeting(node.operand, node.high, context)];
  const places = [low, high].map((met) => (met === undefined ? undefined : placeOf(met.text, met.column.type)));
  const typed = [placedOperator(">=", places[0] ?? { place: "at" }), placedOperator("<=", places[1] ?? { place: "at" })];
  const [lower, upper] = typed;
  for (const [i, met] of [low, high].entries()) {
    const place = places[i];
    if (met === undefined) continue;
    if (place === undefined) {
      yield unreadable(met);
      continue;
    }
    const own = typed[i];
    if (own === undefined || own === "never") continue;
    const literal = literalEdits(met, place.at, context.mode);
    if (own === (i === 0 ? ">=" : "<=")) {
      if (literal.length > 0) yield finding(met, literal, undefined, context);
      continue;
    }
    // Where the other bound is a call, its own form is for datetime-function to find, which rewrites the whole in the same way.
    const edits = lower === undefined || upper === undefined || lower === "never" || upper === "never" ? undefined : betweenEdits(node, lower, upper, context.site.text);
    const other = i === 0 ? node.high : node.low;
    if (timeCall(unwrap(other)) !== undefined) {
      if (literal.length > 0) yield finding(met, literal, undefined, context);
      continue;
    }
    const settled = literalValue(unwrap(other)) === undefined ? undefined : node.span;
    if (edits === undefined) yield { ...base(met), message: `${says(met)} Its bound is another one among texts than among moments: write two comparisons.`, fixes: [] };
    else yield finding(met, [...edits, ...literal], settled, context);
  }
}

function base({ literal }: Meeting): Pick<SqlFinding, "span" | "severity"> {
  return { span: literal.span, severity: "warning" };
}

function says({ text, column }: Meeting): string {
  return `SQLite compares '${text}' as a text; PostgreSQL reads it as a ${column.type}.`;
}

function finding(met: Meeting, edits: readonly Edit[], comparison: Span | undefined, context: StatementContext): SqlFinding {
  const { column } = met;
  const why = column.type === "timestamptz" && met.text.length >= 10 ? " Without an offset that is a moment of the session's zone." : " The operator or literal that finds the same rows is another one.";
  return {
    ...base(met),
    message: `${says(met)}${why}${column.exact ? "" : ` Look at it: ${inexact(context)}.`}`,
    fixes: [
      {
        kind: "edit",
        title: "Compare moments as the texts compare",
        applicability: column.exact ? "safe" : "review",
        edits,
        settles: comparison === undefined || !column.exact ? [] : [{ span: comparison, kind: { kind: "condition" } }],
      },
    ],
  };
}

function never(met: Meeting): SqlFinding {
  return { ...base(met), message: `${says(met)} No text of the column equals it, so that the comparison never depends on the row: compare with the whole ${met.column.type === "date" ? "date alone" : "moment, or date(…) of the column"}.`, fixes: [] };
}

function unreadable(met: Meeting): SqlFinding {
  const { text, column } = met;
  const why = /^\d{4}-\d\d-\d\dT/.test(text)
    ? "among texts a T sorts after the blank of every time on that day: write a blank"
    : text === ""
      ? "PostgreSQL refuses the empty text: ask for IS NULL or IS NOT NULL"
      : /^\d{4}-\d\d-\d\d/.test(text)
        ? "its zone or digits make another text of the same moment: write it as the column's texts are written"
        : "PostgreSQL refuses it, or (now, today, infinity) reads a moment in it";
  return { ...base(met), severity: "error", message: `SQLite compares ${postgresString(text)} as a text, and the column becomes ${column.type}: ${why}.`, fixes: [] };
}

/** A literal that is put into a timestamptz is a moment of the session's zone unless it says its own. */
function* storedLiterals(context: StatementContext): Iterable<SqlFinding> {
  const found: { readonly node: Expression; readonly text: string }[] = [];
  walk(context.statement, {
    enter(node, ancestors) {
      if (node.kind !== "StringLiteral" || node.holes.length > 0) return;
      const view = storedIn(node, ancestors, context.schema);
      if (typeof view === "object" && view.decision.type === "timestamptz" && placeOf(node.value, "timestamptz")?.place === "at") found.push({ node, text: node.value });
    },
  });
  for (const { node, text } of found) {
    yield {
      span: node.span,
      severity: "warning",
      message: `Without an offset '${text}' is a moment of the session's zone where it is stored as a timestamptz; on SQLite it is UTC.`,
      fixes: [{ kind: "edit", title: "Write the offset", applicability: "safe", edits: [replace(node.span, postgresString(`${text}+00`))], settles: [{ span: node.span, kind: { kind: "time", type: "timestamptz", exact: true } }] }],
    };
  }
}
