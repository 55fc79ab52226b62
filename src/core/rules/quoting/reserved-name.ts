import type { Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { labelsWithAs, reservedNames, valueNames } from "./keywords.ts";
import { namesInUse } from "./names-in-use.ts";
import { settledName } from "./settled-name.ts";
import { quotedName } from "./written-name.ts";

/** Names that are words of PostgreSQL's grammar. */
export const reservedName: StatementRule = {
  meta: {
    id: "reserved-name",
    family: "quoting",
    title: "Names that are PostgreSQL's keywords",
    doc: {
      what: "Finds columns, tables and results whose unquoted name is a reserved word of PostgreSQL: user, end, desc, offset, analyze, do, fetch, grant …",
      why: "PostgreSQL refuses most of them. `user` it takes for the session's user: SELECT user FROM accounts runs and gives another value.",
      example: "SELECT user, offset FROM jobs",
      useInstead: { both: 'SELECT "user", "offset" FROM jobs', postgres: "the same" },
      fixSafety: "Safe: in double quotes both engines read the name.",
    },
  },
  *check({ statement, meanings, schema, resolution }) {
    if (isDefinition(statement)) return;
    const settled = settledName(statement, resolution);
    // What SQLite finds nowhere must not become a word in quotes, which it takes for a text.
    const readable = asValues(statement);
    const strays = new Set<unknown>(nodesOfKind(statement, "ColumnReference").flatMap((reference) => (meanings.isNoColumn(reference) ? [reference.column] : [])));
    for (const { node, wanted, place } of namesInUse(statement, meanings, schema)) {
      const name = fold(node.value);
      // A name with capitals is written anew by its own rule.
      if (node.quote !== "none" || (wanted !== undefined && wanted !== name) || strays.has(node)) continue;
      // A part of a statement may begin with a clause's own word: OFFSET, WINDOW.
      if (statement.kind === "Fragment" && node.span.start === statement.span.start) continue;
      const clashes = place === "bare-label" ? labelsWithAs.has(name) : place === "column" || place === "table" ? reservedNames.has(name) : false;
      if (!clashes) continue;
      const isValue = valueNames.has(name) && readable.has(node);
      yield {
        span: node.span,
        severity: isValue ? "warning" : "error",
        message: isValue ? `Unquoted, ${name} is a value of PostgreSQL's own${place === "table" ? `, which FROM ${name} reads: a statement that names no column of the table` : ": the statement"} runs and means something else.` : `${name} is a reserved word of PostgreSQL${place === "bare-label" ? " where AS is left out" : ""}.`,
        fixes: [{ kind: "edit", title: `Write ${quotedName(name)}`, applicability: "safe", edits: [replace(node.span, quotedName(name))], settles: settled(node) }],
      };
    }
  },
};

/** The names that stand where PostgreSQL takes such a value: a column by itself, a table to read from. To change a table or its column by such a name is an error. */
function asValues(statement: Statement): ReadonlySet<unknown> {
  return new Set<unknown>([
    ...nodesOfKind(statement, "ColumnReference").flatMap(({ table, column }) => (table === undefined ? [column] : [])),
    ...nodesOfKind(statement, "TableReference").flatMap(({ table }) => (table.schema === undefined ? [table.name] : [])),
  ]);
}
