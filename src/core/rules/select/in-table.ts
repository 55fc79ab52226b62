import type { InTable, Name, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { enclose } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";

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
  *check({ statement, schema, meanings }) {
    if (isDefinition(statement)) return;
    for (const source of nodesOfKind(statement, "InTable")) {
      // What a table-valued function gives is that function's rule.
      if (source.arguments !== undefined) continue;
      const name = nameOf(source.table.name);
      if (name !== undefined && !meanings.isCommonTable(source.table) && (schema === undefined ? isMark(source, statement) : isCapital(source.table.name) && schema.table(name) === undefined && schema.targetRelation(name) === undefined)) continue;
      yield {
        span: source.span,
        severity: "error",
        message: "PostgreSQL has no IN with a table's name; a query of the table means the same.",
        fixes: [{ kind: "edit", title: "Select from the table", applicability: "safe", edits: enclose(source.span, "(SELECT * FROM ", ")"), settles: [{ span: source.span, enclosed: true }] }],
      };
    }
  },
};

function isCapital(name: Name): boolean {
  return name.kind === "Identifier" && name.quote === "none" && /^[A-Z][A-Z\d_]*$/.test(name.value);
}

/** Whether a name in capitals among names that are not is a mark of a template: what code puts there is not known. */
function isMark(source: InTable, statement: Statement): boolean {
  const columns = nodesOfKind(statement, "ColumnReference").map(({ column }) => column);
  return isCapital(source.table.name) && columns.length > 0 && !columns.some(isCapital);
}
