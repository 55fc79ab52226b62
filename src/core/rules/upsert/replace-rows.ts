import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { InsertStatement } from "#core/sql/nodes.ts";
import type { Mode } from "../mode.ts";
import type { SqlFinding, SqlFix, StatementContext } from "../rule.ts";
import { fold, type ColumnView, type TableView } from "../schema-view.ts";
import { appendAfterSource } from "./append-after-source.ts";
import { conflictKey } from "./conflict-key.ts";
import { dropAction } from "./drop-action.ts";
import { replaceByDelete } from "./replace-by-delete.ts";
import { insertedColumns, literalsAt, mayRepeatKey, neverNull, tableOf } from "./inserted-columns.ts";

/** What becomes of INSERT OR REPLACE and REPLACE INTO: ON CONFLICT on the table's only unique key, setting every other column. */
export function replaceRows(insert: InsertStatement, context: StatementContext, base: Pick<SqlFinding, "span" | "severity">, written: string): SqlFinding {
  const no = (why: string): SqlFinding => ({ ...base, message: `PostgreSQL has no ${written}: ${why}`, fixes: [] });
  if (insert.upserts.length > 0) return no("together with ON CONFLICT it has no PostgreSQL form; choose one.");
  const table = tableOf(insert, context);
  if (table === undefined) return no(`the row it replaces is found by the table's unique keys, and ${context.schema === undefined ? "the schema is not at hand. Name a database in cutover.json or pass --schema." : "the schema at hand does not have the table."}`);
  if (insert.source.kind === "DefaultValues") return no("SQLite takes no ON CONFLICT behind DEFAULT VALUES. Name a column and its value.");
  const given = insertedColumns(insert, table);
  if (given === undefined) return no("the inserted columns cannot be seen here.");
  const found = conflictKey(table, given);
  if (typeof found === "string") {
    const deleted = replaceByDelete(insert, table, given, context);
    if (deleted === undefined) return no(found);
    return { ...base, message: `PostgreSQL has no ${written}: the old rows are deleted and the new ones inserted, as REPLACE does. Look at it: ${found} Two that run at the same time with one key may report it as taken, and delete triggers fire.`, fixes: [deleted] };
  }
  const assignments = assignmentsFor(table, found, given, context.mode);
  if (typeof assignments === "string") return no(assignments);
  const target = found.map((k) => postgresIdentifier(k)).join(", ");
  const place = appendAfterSource(insert, `ON CONFLICT (${target}) DO UPDATE SET ${assignments.join(", ")}`, context.site);
  if (place === undefined) return no("the end of this statement cannot be seen here.");
  const differs = replaceDiffers(insert, table, found, given, context);
  const fix: SqlFix = { kind: "edit", title: `Use ON CONFLICT (${found.join(", ")}) DO UPDATE`, applicability: differs === undefined ? "safe" : "review", edits: [...dropAction(insert, context.site.text), ...place] };
  return {
    ...base,
    message: `PostgreSQL has no ${written}; ON CONFLICT (${found.join(", ")}) DO UPDATE sets the same row on both.` + (differs === undefined ? "" : ` Look at it: ${differs}.`),
    fixes: [fix],
  };
}

/** What DO UPDATE sets: every column but the key, those not given to their defaults; or why that cannot be said. */
function assignmentsFor(view: TableView, key: readonly string[], given: readonly string[], mode: Mode): readonly string[] | string {
  const has = hasColumn(given);
  const { rowidAlias } = view.table;
  const assignments: string[] = [];
  for (const each of view.columns) {
    const { name } = each.column;
    if (key.some((k) => fold(k) === fold(name)) || each.column.generated !== undefined) continue;
    const quoted = postgresIdentifier(name);
    if (has(name)) assignments.push(`${quoted} = excluded.${quoted}`);
    else if (rowidAlias !== undefined && fold(rowidAlias) === fold(name)) continue;
    else {
      const value = mode === "postgres" ? "DEFAULT" : defaultFor(each);
      if (value === undefined) return `the column "${name}" is not given, and a replaced row gets its default (${each.column.default ?? "NULL"}), which ON CONFLICT cannot say on both engines. Give the column.`;
      assignments.push(`${quoted} = ${value}`);
    }
  }
  if (assignments.length > 0) return assignments;
  // A row of nothing but its key is set to itself: DO NOTHING would count no row and return none.
  return key.map((k) => `${postgresIdentifier(k)} = excluded.${postgresIdentifier(k)}`);
}

function replaceDiffers(insert: InsertStatement, view: TableView, key: readonly string[], given: readonly string[], { resolution }: StatementContext): string | undefined {
  const reasons: string[] = [];
  const { rowidAlias, conflictClauses } = view.table;
  if (mayRepeatKey(insert, key, given)) reasons.push("of several rows with the same key REPLACE keeps the last, PostgreSQL refuses the second");
  if (view.referencedBy.length > 0) reasons.push(`REPLACE deletes the old row, so rows of ${[...new Set(view.referencedBy.map((r) => `"${r.table}"`))].join(", ")} that refer to it are deleted, set or refused by their foreign key; ON CONFLICT keeps the row`);
  if (view.hasTriggers) reasons.push("the table has triggers, and REPLACE inserts where ON CONFLICT updates");
  if (view.hasOtherUniqueIndexes) reasons.push("the table has further unique indexes (partial or on expressions) that ON CONFLICT on this key does not cover");
  if (conflictClauses.length > 0) reasons.push(`the table says ${conflictClauses.join(", ")}, which REPLACE overrides`);
  if (rowidAlias !== undefined && !hasColumn(given)(rowidAlias)) reasons.push(`REPLACE gives the row a new "${rowidAlias}", ON CONFLICT keeps the old one`);
  for (const each of view.columns) {
    const { name, notNull } = each.column;
    const index = given.findIndex((g) => fold(g) === fold(name));
    if (index < 0) continue;
    if (rowidAlias === name && literalsAt(insert, index)?.some((value) => value.kind === "null") === true) reasons.push(`a NULL for "${name}" gets a new id in SQLite and is refused by PostgreSQL`);
    if (notNull && each.column.default !== undefined && !neverNull(insert, index, resolution)) reasons.push(`a NULL for "${name}" becomes its default under REPLACE and is refused by ON CONFLICT`);
  }
  return reasons.length === 0 ? undefined : reasons.join("; ");
}

function hasColumn(given: readonly string[]): (name: string) => boolean {
  return (name) => given.some((g) => fold(g) === fold(name));
}

/** The default of a column that is not given, in a form that both engines read alike; undefined when there is none. */
function defaultFor(view: ColumnView): string | undefined {
  const text = view.column.default?.trim();
  if (text === undefined || /^null$/i.test(text)) return "NULL";
  if (/^[-+]?\d+(\.\d+)?$/.test(text)) {
    if (view.decision.type !== "boolean") return text;
    return text === "0" ? "FALSE" : text === "1" ? "TRUE" : undefined;
  }
  if (/^'(?:[^'\\]|'')*'$/.test(text)) return text;
  if (/^(true|false)$/i.test(text)) return view.decision.type === "boolean" ? text.toUpperCase() : /^true$/i.test(text) ? "1" : "0";
  // Both read UTC, cut to seconds by the adapter; it is the column's own default that is repeated here.
  if (/^current_timestamp$/i.test(text)) return "CURRENT_TIMESTAMP";
  if (/^\(?\s*datetime\(\s*'now'\s*\)\s*\)?$/i.test(text)) return "datetime('now')";
  return undefined;
}
