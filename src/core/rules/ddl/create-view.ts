import { opening, replace, tokenIn } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { ddlFinding } from "./ddl-finding.ts";

/** CREATE VIEW IF NOT EXISTS, which PostgreSQL does not have. */
export const createView: StatementRule = {
  meta: {
    id: "create-view",
    family: "ddl",
    title: "CREATE VIEW IF NOT EXISTS",
    doc: {
      what: "Finds CREATE VIEW IF NOT EXISTS. What the view selects is looked at as every query is.",
      why: "PostgreSQL has no IF NOT EXISTS for a view and rejects the statement.",
      example: "CREATE VIEW IF NOT EXISTS open_issues AS SELECT id, title FROM issues WHERE closed_at IS NULL",
      useInstead: { both: "by_engine(sqlite=…, postgresql=\"CREATE OR REPLACE VIEW open_issues AS …\")", postgres: "CREATE OR REPLACE VIEW open_issues AS SELECT id, title FROM issues WHERE closed_at IS NULL" },
      fixSafety: "Review: IF NOT EXISTS keeps the view that is there, OR REPLACE writes it anew, and PostgreSQL refuses that when a column would be dropped, renamed or get another type. A view that selects * gets a column that is added later in SQLite only.",
    },
  },
  *check(context) {
    const { statement, site } = context;
    if (statement.kind !== "CreateViewStatement" || statement.ifNotExistsSpan === undefined) return;
    const words = statement.ifNotExistsSpan;
    const create = tokenIn(site.text, statement.span, "CREATE");
    if (create === undefined) return;
    const first = statement.temporarySpan?.start ?? tokenIn(site.text, { start: create.end, end: words.start }, "VIEW")?.start ?? words.start;
    yield ddlFinding(
      {
        span: words,
        severity: "error",
        message: "PostgreSQL has no IF NOT EXISTS for a view; it has OR REPLACE.",
        title: "Use CREATE OR REPLACE VIEW",
        edits: [opening({ start: first, end: words.start }, "OR REPLACE "), replace({ start: words.start, end: statement.name.span.start }, "")],
        differs: "a view of this name that is there already is written anew instead of kept",
      },
      context,
    );
  },
};
