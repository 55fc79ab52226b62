import type { InsertStatement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { insertedColumns, literalsAt, tableOf } from "../upsert/inserted-columns.ts";

/** An INSERT that gives its own ids leaves PostgreSQL's sequence behind. */
export const explicitId: StatementRule = {
  meta: {
    id: "explicit-id",
    family: "writes",
    title: "Ids that the statement gives itself",
    doc: {
      what: "Finds INSERT that gives a value for the table's INTEGER PRIMARY KEY.",
      why: "SQLite's next id is one more than the largest there is, whoever gave it. PostgreSQL's comes from a sequence, which knows nothing of such a row: a later INSERT without an id gets one that is taken and fails, as often as there are such rows.",
      example: "INSERT INTO projects (id, title) VALUES (1, 'first')",
      useInstead: {
        both: "INSERT INTO projects (title) VALUES ('first'); or, on PostgreSQL after rows with ids, SELECT setval(pg_get_serial_sequence('projects', 'id'), (SELECT max(id) FROM projects))",
        postgres: "the same",
      },
      fixSafety: "There is no fix: the text is the same on both, and what to do depends on who gives the ids. Where all of them come from elsewhere (another table, the client) nothing needs to be done. `cutover migrate` sets the sequences after its copy.",
    },
  },
  *check(context) {
    for (const insert of nodesOfKind(context.statement, "InsertStatement")) {
      const found = finding(insert, context);
      if (found !== undefined) yield found;
    }
  },
};

function finding(insert: InsertStatement, context: StatementContext): SqlFinding | undefined {
  const table = tableOf(insert, context);
  const alias = table?.table.rowidAlias;
  if (table === undefined || alias === undefined || insert.source.kind === "DefaultValues") return undefined;
  // The key of another table's row is never the database's to choose.
  if (table.table.foreignKeys.some(({ columns }) => columns.some((column) => fold(column) === fold(alias)))) return undefined;
  const given = insertedColumns(insert, table);
  const index = given?.findIndex((name) => fold(name) === fold(alias)) ?? -1;
  if (index < 0) return undefined;
  const values = literalsAt(insert, index);
  // All of them are NULL: the rule null-id.
  if (values?.every(({ kind }) => kind === "null") === true) return undefined;
  const name = insert.columns?.names[index];
  return {
    span: name?.span ?? insert.table.span,
    severity: "warning",
    message:
      `This gives "${table.table.name}.${alias}" itself, and PostgreSQL's sequence does not move on: an INSERT without an id may get one that is taken. ` +
      `Look at it: leave the id to the database, or call setval() after such rows${values === undefined || values.some(({ kind }) => kind === "unknown") ? "; and a NULL is the next id in SQLite and refused by PostgreSQL" : ""}.`,
    fixes: [],
    advice: true,
  };
}
