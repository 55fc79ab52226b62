import { nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { enclose } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";

/** `x IN table`, which PostgreSQL's grammar does not have. */
export const inTable: StatementRule = {
  meta: {
    id: "in-table",
    family: "select",
    title: "IN with a table's name",
    doc: {
      what: "Finds `x IN table`.",
      why: "SQLite takes it for the table's only column; PostgreSQL wants a query.",
      example: "SELECT * FROM tasks WHERE id IN wanted",
      useInstead: { both: "SELECT * FROM tasks WHERE id IN (SELECT * FROM wanted)", postgres: "the same" },
      fixSafety: "Safe: SQLite takes only tables of one column (or as many as the row value has) here.",
    },
  },
  *check({ statement }) {
    if (isDefinition(statement)) return;
    for (const source of nodesOfKind(statement, "InTable")) {
      // What a table-valued function gives is that function's rule.
      if (source.arguments !== undefined) continue;
      yield {
        span: source.span,
        severity: "error",
        message: "PostgreSQL has no IN with a table's name; a query of the table means the same.",
        fixes: [{ kind: "edit", title: "Select from the table", applicability: "safe", edits: enclose(source.span, "(SELECT * FROM ", ")"), settles: [{ span: source.span, enclosed: true }] }],
      };
    }
  },
};
