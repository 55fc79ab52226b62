import { booleanName } from "#core/sql/literal-value.ts";
import type { IsExpression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { replace } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { unwrap } from "./flag-value.ts";

/** Behind IS, PostgreSQL takes NULL, TRUE, FALSE and UNKNOWN only; and NOT NULL wants an IS before it. */
export const isValue: StatementRule = {
  meta: {
    id: "is-value",
    family: "operators",
    title: "IS with a value, NOT NULL without IS",
    doc: {
      what: "Finds IS and IS NOT before anything else than NULL, TRUE and FALSE, and NOT NULL behind a value.",
      why: "In SQLite IS is a comparison for which NULL is a value like others. PostgreSQL's IS knows a few words only: it rejects the statement. It also has no `x NOT NULL`.",
      example: "SELECT id FROM tasks WHERE parent IS ? AND owner NOT NULL",
      useInstead: { both: "SELECT id FROM tasks WHERE parent IS NOT DISTINCT FROM ? AND owner IS NOT NULL", postgres: "the same" },
      fixSafety: "Safe in mode postgres: the words mean the same. In mode both IS NOT DISTINCT FROM asks for a review, since SQLite knows the words from 3.39 on. IS NOT NULL is safe in both.",
    },
  },
  *check(context) {
    const { statement, mode } = context;
    for (const node of nodesOfKind(statement, "NullTest")) {
      if (node.form !== "NOT NULL") continue;
      yield {
        span: node.operatorSpan,
        severity: "error",
        message: "PostgreSQL has no NOT NULL behind a value; IS NOT NULL is the same on both.",
        fixes: [{ kind: "edit", title: "Write IS NOT NULL", applicability: "safe", edits: [replace(node.operatorSpan, "IS NOT NULL")] }],
      };
    }
    for (const node of nodesOfKind(statement, "IsExpression")) {
      if (!comparesValues(node, context)) continue;
      const words = node.not ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM";
      yield {
        span: node.operatorSpan,
        severity: "error",
        message: `Behind ${node.not ? "IS NOT" : "IS"} PostgreSQL takes NULL, TRUE and FALSE only; ${words} compares values, NULL among them.${mode === "both" ? " Look at it: SQLite knows the words from 3.39 on." : ""}`,
        fixes: [{ kind: "edit", title: `Write ${words}`, applicability: mode === "both" ? "review" : "safe", edits: [replace(node.operatorSpan, words)] }],
      };
    }
  },
};

function comparesValues({ distinctFrom, left, right }: IsExpression, { kind }: StatementContext): boolean {
  if (distinctFrom || right.kind === "NullLiteral" || right.kind === "Hole" || right.kind === "ErrorNode" || booleanName(right) !== undefined) return false;
  // A flag beside 0, 1 or a parameter is rule boolean-flag's.
  const value = unwrap(right).kind;
  return !(kind(left).kind === "boolean" && (value === "NumericLiteral" || value === "BindParameter"));
}
