import type { InsertStatement } from "#core/sql/nodes.ts";
import type { SqlFinding, StatementContext } from "../rule.ts";
import { fold, type TableView } from "../schema-view.ts";
import { appendAfterSource } from "./append-after-source.ts";
import { dropAction } from "./drop-action.ts";
import { insertedColumns, literalsAt, neverNull, tableOf } from "./inserted-columns.ts";

/** What becomes of INSERT OR IGNORE: ON CONFLICT DO NOTHING, which speaks of unique keys only. */
export function ignoreRows(insert: InsertStatement, context: StatementContext, base: Pick<SqlFinding, "span" | "severity">): SqlFinding {
  if (insert.upserts.length > 0) return { ...base, message: "INSERT OR IGNORE together with ON CONFLICT has no PostgreSQL form; choose one.", fixes: [] };
  if (insert.source.kind === "DefaultValues") return { ...base, message: "PostgreSQL has no INSERT OR IGNORE, and SQLite takes no ON CONFLICT behind DEFAULT VALUES: name a column and its value.", fixes: [] };
  const place = appendAfterSource(insert, "ON CONFLICT DO NOTHING", context.site);
  if (place === undefined) return { ...base, message: "PostgreSQL has no INSERT OR IGNORE, and the end of this statement cannot be seen here: write ON CONFLICT DO NOTHING behind its rows.", fixes: [] };
  const table = tableOf(insert, context);
  const differs = table === undefined ? `the schema of the table is not known here; ${reported}` : ignoreDiffers(insert, table, context);
  return {
    ...base,
    message: "PostgreSQL has no INSERT OR IGNORE; ON CONFLICT DO NOTHING skips rows that a unique key refuses, on both." + (differs === undefined ? "" : ` Look at it: ${differs}.`),
    fixes: [{ kind: "edit", title: "Use ON CONFLICT DO NOTHING", applicability: differs === undefined ? "safe" : "review", edits: [...dropAction(insert, context.site.text), ...place] }],
  };
}

const reported = "OR IGNORE skips a row that violates NOT NULL or CHECK too, ON CONFLICT reports it";

function ignoreDiffers(insert: InsertStatement, view: TableView, { resolution }: StatementContext): string | undefined {
  const { table, columns } = view;
  const [clause] = table.conflictClauses;
  if (clause !== undefined) return `"${table.name}" says ${clause}, which OR IGNORE overrides`;
  if (table.checks.length > 0) return `"${table.name}" has CHECK constraints; ${reported}`;
  const given = insertedColumns(insert, view);
  if (given === undefined) return `the inserted columns cannot be seen; ${reported}`;
  for (const { column } of columns) {
    const index = given.findIndex((g) => fold(g) === fold(column.name));
    if (table.rowidAlias === column.name) {
      if (index >= 0 && literalsAt(insert, index)?.some((value) => value.kind === "null") === true) return `a NULL for "${column.name}" gets a new id in SQLite and is refused by PostgreSQL`;
      continue;
    }
    if (!column.notNull) continue;
    if (index < 0 ? column.default === undefined : !neverNull(insert, index, resolution)) return `"${table.name}.${column.name}" is NOT NULL; ${reported}`;
  }
  return undefined;
}
