import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { closing } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";
import { ddlFinding } from "./ddl-finding.ts";

/** DROP TRIGGER, which names its table in PostgreSQL. */
export const dropTrigger: StatementRule = {
  meta: {
    id: "drop-trigger",
    family: "ddl",
    title: "DROP TRIGGER",
    doc: {
      what: "Finds DROP TRIGGER. The other DROP statements are the same on both.",
      why: "Triggers belong to their table in PostgreSQL, so that the statement has to name it: DROP TRIGGER name ON table.",
      example: "DROP TRIGGER IF EXISTS notes_touch",
      useInstead: { both: "by_engine(sqlite=…, postgresql=\"DROP TRIGGER IF EXISTS notes_touch ON notes\")", postgres: "DROP TRIGGER IF EXISTS notes_touch ON notes" },
      fixSafety: "Review: the schema at hand tells the table; the trigger may have another name there, which keeps the order in which triggers run (`cutover schema` says so), and the function that it calls stays. Without the schema there is none.",
    },
  },
  *check(context) {
    const { statement, schema } = context;
    if (statement.kind !== "DropStatement" || statement.object !== "TRIGGER") return;
    const name = nameOf(statement.name.name);
    const table = name === undefined ? undefined : schema?.triggerOn(name);
    // What is filled in behind the name may be the table.
    if (nodesOfKind(statement, "Hole").some(({ count }) => count > 1) || (statement.name.name.kind === "Identifier" && statement.name.name.holes.length > 1)) return;
    const message = "PostgreSQL's triggers belong to a table, which DROP TRIGGER has to name.";
    if (table === undefined) {
      yield { span: statement.span, severity: "error", message: `${message} ${name === undefined ? "Which one it is, is filled in at run time." : schema === undefined ? "The schema at hand would tell it (--schema)." : "The schema at hand has no such trigger."} Write DROP TRIGGER name ON table.`, fixes: [] };
      return;
    }
    yield ddlFinding({ span: statement.span, severity: "error", message, title: `Write ON ${table}`, edits: [closing(statement.name.span, ` ON ${postgresIdentifier(table)}`)], differs: "the function that the trigger calls stays, and is dropped by DROP FUNCTION" }, context);
  },
};
