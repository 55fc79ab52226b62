import { nodesOfKind, walk } from "#core/sql/walk.ts";
import type { Node, Subquery } from "#core/sql/nodes.ts";
import { isDefinition } from "../is-definition.ts";
import { closing } from "../rewrite.ts";
import type { StatementContext, StatementRule } from "../rule.ts";
import { givesOneRow, oneRowIf } from "./one-row.ts";

/** A query as a value that may give several rows. */
export const scalarSubquery: StatementRule = {
  meta: {
    id: "scalar-subquery",
    family: "select",
    title: "A query as a value, of several rows",
    doc: {
      what: "Finds queries that stand for a value and are not known to give one row at most.",
      why: "SQLite takes the first row, PostgreSQL reports an error as soon as there is a second one: more than one row returned by a subquery used as an expression.",
      example: "SELECT name, (SELECT title FROM tasks WHERE user_id = users.id) FROM users",
      useInstead: { both: "SELECT name, (SELECT title FROM tasks WHERE user_id = users.id LIMIT 1) FROM users", postgres: "the same" },
      fixSafety: "Review: LIMIT 1 keeps the statement running; without an ORDER BY that tells rows apart, the engines may take different ones. A query by a whole key of its table, of an aggregate, or with LIMIT 1 is left alone.",
    },
  },
  *check(context) {
    const { statement, meanings, schema } = context;
    if (isDefinition(statement)) return;
    for (const subquery of values(context)) {
      const { select } = subquery;
      if (givesOneRow(select, meanings) || select.limit !== undefined || select.holes.length > 0 || select.terms.some((term) => term.kind === "Hole" || (term.kind === "SelectCore" && term.holes.length > 0))) continue;
      const unless = schema === undefined ? oneRowIf(select, meanings) : undefined;
      const ordered = select.orderBy !== undefined;
      const compound = select.terms.some((term) => term.kind === "ValuesClause");
      yield {
        span: { start: subquery.span.start, end: subquery.span.start + 1 },
        severity: "warning",
        ...(unless === undefined ? {} : { unless: [unless] }),
        message: `SQLite takes the first row of this query, PostgreSQL reports an error when there are several. Look at it: with LIMIT 1 ${ordered ? "the row is the same if the order tells rows apart" : "and no ORDER BY, which row comes first is not defined"}${schema === undefined ? " (--schema tells whether a key makes it one row)" : ""}.`,
        fixes: compound ? [] : [{ kind: "edit", title: "Add LIMIT 1", applicability: "review", edits: [closing(select.span, " LIMIT 1")] }],
      };
    }
  },
};

/** The subqueries that stand where a value stands. */
function values({ statement }: StatementContext): Subquery[] {
  const found: Subquery[] = [];
  walk(statement, {
    enter(node, ancestors) {
      if (node.kind === "Subquery" && isValue(ancestors.at(-1), node)) found.push(node);
    },
  });
  return found;
}

function isValue(parent: Node | undefined, node: Subquery): boolean {
  switch (parent?.kind) {
    case "ExistsExpression":
    case "SubquerySource":
    case "CommonTable":
    // A part that begins with a query may be what a JOIN or FROM elsewhere reads.
    case "Fragment":
      return false;
    case "InExpression":
      return parent.source !== node;
    default:
      return nodesOfKind(node, "SelectCore").length > 0;
  }
}
