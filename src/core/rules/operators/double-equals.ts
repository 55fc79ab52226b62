import { nodesOfKind } from "#core/sql/walk.ts";
import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";

/** SQLite takes two equals signs for one. */
export const doubleEquals: StatementRule = {
  meta: {
    id: "double-equals",
    family: "operators",
    title: "== for equal",
    doc: {
      what: "Finds the operator ==.",
      why: "PostgreSQL has no such operator and rejects the statement.",
      example: "SELECT id FROM jobs WHERE state == 'done'",
      useInstead: { both: "SELECT id FROM jobs WHERE state = 'done'", postgres: "the same" },
      fixSafety: "Safe: both are one operator in SQLite.",
    },
  },
  *check({ statement }) {
    for (const node of nodesOfKind(statement, "BinaryExpression")) {
      if (node.operator !== "==") continue;
      yield {
        span: node.operatorSpan,
        severity: "error",
        message: "PostgreSQL has no operator ==; = is the same on both.",
        fixes: [{ kind: "edit", title: "Write =", applicability: "safe", edits: [replace(node.operatorSpan, "=")] }],
      };
    }
  },
};
