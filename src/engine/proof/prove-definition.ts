import { fold } from "#core/rules/schema-view.ts";
import type { Verdict } from "#core/rules/verdict.ts";
import type { Plan } from "#core/schema/plan.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";

/** Kinds of statements (nodes of PostgreSQL's parser) that make, change or drop objects. */
export const definitionKinds: ReadonlySet<string> = new Set(["CreateStmt", "CreateTableAsStmt", "IndexStmt", "ViewStmt", "AlterTableStmt", "RenameStmt", "DropStmt"]);

/** Errors that tell of the schema at hand, not of the statement: an object is there already, or (in migrations that have long been made) no more. */
const ofTheSchema = /^(42P01|42P07|42701|42703|42704|42710|3F000|2BP01)$/;

/**
 * Makes, changes or drops an object on a server that holds the translated schema, and undoes it. What the schema has of the
 * same name is put out of the way before. The verdict is `prepared` when the server did it; a failure that is no fault of the
 * statement's is `unchecked`. @throws PostgresFailure any other refusal
 */
export async function proveDefinition(sql: string, statement: Statement | undefined, session: PostgresSession, plan: Plan): Promise<Verdict> {
  await session.query("BEGIN");
  try {
    for (const each of clearing(statement, plan)) await session.query(each);
    await session.query(sql);
    return { verdict: "prepared", difference: undefined };
  } catch (problem) {
    if (!(problem instanceof PostgresFailure) || !ofTheSchema.test(problem.problem.code)) throw problem;
    return { verdict: "unchecked", reason: `PostgreSQL's parser accepts it; on the schema at hand it says: ${problem.problem.message}` };
  } finally {
    await session.query("ROLLBACK");
  }
}

/** What takes the plan's own object of that name out of the way. */
function clearing(statement: Statement | undefined, plan: Plan): string[] {
  switch (statement?.kind) {
    case "CreateTableStatement":
      // Beside the tables of the plan, which foreign keys may point to.
      return ["CREATE SCHEMA cutover_definition", "SELECT set_config('search_path', 'cutover_definition, ' || current_setting('search_path'), true)"];
    case "CreateIndexStatement": {
      const name = nameIn(statement.name.name);
      const index = plan.objects.find((object) => object.kind === "index" && fold(object.name) === name);
      return index === undefined ? [] : [`DROP INDEX IF EXISTS ${postgresIdentifier(index.name)}`];
    }
    case "CreateViewStatement": {
      const name = nameIn(statement.name.name);
      const view = plan.objects.find((object) => object.kind === "view" && fold(object.name) === name);
      return view === undefined ? [] : [`DROP VIEW IF EXISTS ${postgresIdentifier(view.name)} CASCADE`];
    }
    case "AlterTableStatement": {
      const { action } = statement;
      if (action.kind !== "AddColumn" || action.column.kind !== "ColumnDefinition") return [];
      const table = plan.catalog.tables.find((each) => fold(each.name) === nameIn(statement.table.name));
      const wanted = nameIn(action.column.name);
      const column = table?.columns.find((each) => fold(each.name) === wanted);
      if (table === undefined || column === undefined) return [];
      const [relation, target] = [plan.names.relations.get(fold(table.name)) ?? table.name, column.name];
      return [`ALTER TABLE ${postgresIdentifier(relation)} DROP COLUMN IF EXISTS ${postgresIdentifier(target)} CASCADE`];
    }
    default:
      return [];
  }
}

function nameIn(name: { readonly kind: string; readonly value?: string }): string | undefined {
  return name.value === undefined ? undefined : fold(name.value);
}
