import type { ParenthesizedSource } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { freeName } from "../free-name.ts";
import { isDefinition } from "../is-definition.ts";
import { closing, replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";

/** A query in FROM must have a name before PostgreSQL 16, and a table alone must not stand in parentheses. */
export const sourceAlias: StatementRule = {
  meta: {
    id: "source-alias",
    family: "select",
    title: "Subqueries in FROM without a name",
    doc: {
      what: "Finds queries in FROM without an alias, and single tables in parentheses.",
      why: "PostgreSQL 14 and 15 refuse the first (subquery in FROM must have an alias), every PostgreSQL the second.",
      example: "SELECT sum(n) FROM (SELECT count(*) AS n FROM tasks GROUP BY status)",
      useInstead: { both: "SELECT sum(n) FROM (SELECT count(*) AS n FROM tasks GROUP BY status) AS s", postgres: "the same" },
      fixSafety: "Safe: the name is one that the statement does not use otherwise.",
    },
  },
  *check({ statement, site }) {
    if (isDefinition(statement)) return;
    const taken = new Set<string>();
    for (const source of nodesOfKind(statement, "SubquerySource")) {
      if (source.alias !== undefined) continue;
      const name = freeName(site.text, "s", taken);
      yield {
        span: { start: source.span.start, end: source.span.start + 1 },
        severity: "error",
        message: "PostgreSQL before 16 wants a name for a query in FROM.",
        fixes: [{ kind: "edit", title: `Call it ${name}`, applicability: "safe", edits: [closing(source.span, ` AS ${name}`)] }],
      };
    }
    for (const source of nodesOfKind(statement, "ParenthesizedSource")) {
      const inner = onlyTable(source, site.text);
      // An interpolation in parentheses is a query as often as a table.
      if (inner === undefined || site.holes.some(({ span }) => source.span.start <= span.start && span.end <= source.span.end)) continue;
      yield {
        span: source.span,
        severity: "error",
        message: "PostgreSQL takes no single table in parentheses.",
        fixes: [{ kind: "edit", title: "Leave the parentheses out", applicability: "safe", edits: [replace({ start: source.span.start, end: source.span.start + 1 }, ""), replace(inner, "")] }],
      };
    }
  },
};

/** The closing parenthesis behind a table that stands alone, with one alias at most. */
function onlyTable({ span, terms, alias }: ParenthesizedSource, sql: string): { readonly start: number; readonly end: number } | undefined {
  const [term] = terms;
  if (terms.length !== 1 || term?.kind !== "JoinTerm" || term.source.kind !== "TableReference" || (alias !== undefined && term.source.alias !== undefined)) return undefined;
  const close = sql.lastIndexOf(")", alias === undefined ? span.end : alias.span.start);
  return close < term.span.end ? undefined : { start: close, end: close + 1 };
}
