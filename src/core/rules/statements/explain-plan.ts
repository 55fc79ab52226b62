import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";

/** EXPLAIN QUERY PLAN and EXPLAIN. */
export const explainPlan: StatementRule = {
  meta: {
    id: "explain-plan",
    family: "statements",
    title: "EXPLAIN QUERY PLAN",
    doc: {
      what: "Finds EXPLAIN QUERY PLAN and EXPLAIN.",
      why: "PostgreSQL has EXPLAIN only, and it gives one column of text for people where SQLite gives rows (id, parent, notused, detail) or the bytecode of the statement. Code that looks for words such as SCAN or USING INDEX does not find them.",
      example: "EXPLAIN QUERY PLAN SELECT * FROM issues WHERE id = 1",
      useInstead: { both: "by_engine(sqlite=…, postgresql=\"EXPLAIN SELECT * FROM issues WHERE id = 1\")", postgres: "EXPLAIN SELECT * FROM issues WHERE id = 1; EXPLAIN (FORMAT JSON) for code to read" },
      fixSafety: "Review: the statement runs, what it gives is another thing.",
    },
  },
  *check({ statement, mode }) {
    if (statement.kind !== "ExplainStatement") return;
    const span = statement.explainSpan;
    if (!statement.queryPlan) {
      yield { span, severity: "warning", message: "EXPLAIN gives SQLite's bytecode, and PostgreSQL's plan as one column of text. Look at it: who reads the rows?", fixes: [], advice: true };
      return;
    }
    yield {
      span,
      severity: "error",
      message: "PostgreSQL has no EXPLAIN QUERY PLAN; its EXPLAIN gives one column of text. Look at it: who reads the rows? EXPLAIN (FORMAT JSON) is for code.",
      fixes: mode === "postgres" ? [{ kind: "edit", title: "Use EXPLAIN", applicability: "review", edits: [replace(span, "EXPLAIN")] }] : [],
    };
  },
};
