import { nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { leaveOut } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";

/** INDEXED BY and NOT INDEXED name indexes to the planner; PostgreSQL has no such words. */
export const indexHint: StatementRule = {
  meta: {
    id: "index-hint",
    family: "select",
    title: "INDEXED BY and NOT INDEXED",
    doc: {
      what: "Finds INDEXED BY and NOT INDEXED behind a table.",
      why: "PostgreSQL's grammar has neither; its planner chooses indexes by its statistics.",
      example: "SELECT * FROM tasks INDEXED BY tasks_status WHERE status = 'open'",
      useInstead: { both: "SELECT * FROM tasks WHERE status = 'open'", postgres: "the same" },
      fixSafety: "Safe: the words change the plan, never the rows.",
    },
  },
  *check({ statement, site }) {
    if (isDefinition(statement)) return;
    for (const hint of nodesOfKind(statement, "IndexedBy")) {
      yield {
        span: hint.span,
        severity: "error",
        message: "PostgreSQL has no hints that name an index. The rows are the same without this one.",
        fixes: [{ kind: "edit", title: "Leave the hint out", applicability: "safe", edits: [leaveOut(site.text, hint.span)] }],
      };
    }
  },
};
