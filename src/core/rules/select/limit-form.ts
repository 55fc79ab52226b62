import { literalValue } from "#core/sql/literal-value.ts";
import type { Expression, LimitClause } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { leaveOut, replace } from "../rewrite.ts";
import type { SqlFinding, SqlFix, StatementContext, StatementRule } from "../rule.ts";

/** The largest count that both engines take. */
const everything = "9223372036854775807";

/** `LIMIT a, b`, and negative numbers in LIMIT and OFFSET. */
export const limitForm: StatementRule = {
  meta: {
    id: "limit-form",
    family: "select",
    title: "LIMIT with a comma, negative LIMIT",
    doc: {
      what: "Finds `LIMIT offset, count`, and a LIMIT or OFFSET that is a negative number.",
      why:
        "PostgreSQL has no comma form, and refuses negative numbers: to SQLite a negative LIMIT means all rows, a negative OFFSET none. " +
        "A negative number that is bound at run time (`LIMIT ?` with -1) is refused there, too; the generated adapter takes it for no limit.",
      example: "SELECT * FROM tasks ORDER BY id LIMIT 20, 10",
      useInstead: { both: "SELECT * FROM tasks ORDER BY id LIMIT 10 OFFSET 20", postgres: "the same" },
      fixSafety:
        "Safe. Where both numbers are bare `?`, the two change places, and so would their values: mode both leaves that to a person, mode postgres writes `OFFSET ? LIMIT ?`, whose order stays.",
    },
  },
  *check(context) {
    for (const clause of nodesOfKind(context.statement, "LimitClause")) {
      if (clause.offsetForm === "comma") yield comma(clause, context);
      else yield* negatives(clause, context);
    }
  },
};

function comma(clause: LimitClause, { site, mode, kind }: StatementContext): SqlFinding {
  const { limit, offset, offsetSpan, limitSpan } = clause;
  const base = { span: clause.span, severity: "error" as const };
  if (offset === undefined || offsetSpan === undefined) return { ...base, message: "PostgreSQL has no LIMIT with a comma.", fixes: [] };
  const message = "PostgreSQL has no LIMIT with a comma: the first number is the OFFSET.";
  const bare = [limit, offset].some((node) => movesParameter(node) || node.kind === "Hole" || nodesOfKind(node, "Hole").length > 0);
  if (!bare) {
    const written = (node: Expression): string => site.text.slice(node.span.start, node.span.end);
    const count = literalValue(limit);
    const all = count?.type === "integer" && count.value < 0n;
    const start = literalValue(offset);
    const from = start?.type === "integer" && start.value < 0n ? "0" : written(offset);
    return {
      ...base,
      message,
      fixes: [
        {
          kind: "edit",
          title: "Use LIMIT and OFFSET",
          applicability: "safe",
          edits: [replace(offset.span, all ? everything : written(limit)), replace(offsetSpan, /\s/.test(site.text.charAt(offsetSpan.start - 1)) ? "OFFSET" : " OFFSET"), replace(limit.span, from)],
          settles: [
            { span: limit.span, kind: all ? { kind: "integer", literal: 0n } : kind(limit) },
            { span: offset.span, kind: from === "0" ? { kind: "integer", literal: 0n } : kind(offset) },
          ],
        },
      ],
    };
  }
  if (mode === "postgres") {
    const fix: SqlFix = { kind: "edit", title: "Use OFFSET and LIMIT, in this order", applicability: "safe", edits: [replace(limitSpan, "OFFSET"), replace(offsetSpan, /\s/.test(site.text.charAt(offsetSpan.start - 1)) ? "LIMIT" : " LIMIT")] };
    return { ...base, message, fixes: [fix] };
  }
  return {
    ...base,
    message: `${message} Write LIMIT count OFFSET start${[limit, offset].some(movesParameter) ? ": the two then change places, so bind the values of ? in the other order, too (or number them ?1, ?2 …)" : " by hand"}.`,
    fixes: [],
  };
}

/** A `?` without a number gets its value by its place. */
function movesParameter(node: Expression): boolean {
  return nodesOfKind(node, "BindParameter").some((parameter) => parameter.form === "?");
}

function* negatives(clause: LimitClause, { mode, site }: StatementContext): Iterable<SqlFinding> {
  const { limit, offset } = clause;
  const count = literalValue(limit);
  if (count?.type === "integer" && count.value < 0n) {
    // SQLite has no OFFSET without a LIMIT.
    const keeps = offset !== undefined && mode === "both";
    const clauseSpan = { start: clause.limitSpan.start, end: limit.span.end };
    yield {
      span: limit.span,
      severity: "error",
      message: "PostgreSQL refuses a negative LIMIT; to SQLite it means all rows.",
      fixes: [
        keeps
          ? { kind: "edit", title: "Write the largest number", applicability: "safe", edits: [replace(limit.span, everything)], settles: [{ span: limit.span, kind: { kind: "integer", literal: 0n } }] }
          : { kind: "edit", title: "Leave LIMIT out", applicability: "safe", edits: [leaveOut(site.text, clauseSpan)], settles: [{ span: limit.span, kind: { kind: "integer", literal: 0n } }] },
      ],
    };
  }
  const start = offset === undefined ? undefined : literalValue(offset);
  if (offset !== undefined && start?.type === "integer" && start.value < 0n) {
    yield {
      span: offset.span,
      severity: "error",
      message: "PostgreSQL refuses a negative OFFSET; to SQLite it means 0.",
      fixes: [{ kind: "edit", title: "Write 0", applicability: "safe", edits: [replace(offset.span, "0")], settles: [{ span: offset.span, kind: { kind: "integer", literal: 0n } }] }],
    };
  }
}
