import type { Site } from "#core/hosts/site.ts";
import type { InsertStatement, Statement } from "#core/sql/nodes.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { SqlFinding, SqlFix, StatementContext, StatementRule } from "../rule.ts";
import { fold, type ColumnView, type TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** `INSERT OR action` and `REPLACE INTO`: SQLite's way to say what a violated constraint does. */
export const insertOr: StatementRule = {
  meta: {
    id: "insert-or",
    family: "upsert",
    title: "INSERT OR … / REPLACE INTO",
    doc: {
      what: "Finds INSERT OR IGNORE, INSERT OR REPLACE, REPLACE INTO and the other OR actions of an INSERT.",
      why: "PostgreSQL has no OR clause and rejects the statement. Its ON CONFLICT clause, which SQLite understands too from 3.24 on, is about unique keys only.",
      example: "INSERT OR REPLACE INTO queue_config (config_key, config_value) VALUES (?, ?)",
      useInstead: {
        both: "INSERT INTO queue_config (config_key, config_value) VALUES (?, ?) ON CONFLICT (config_key) DO UPDATE SET config_value = excluded.config_value",
        postgres: "the same",
      },
      fixSafety:
        "Safe where the schema at hand shows that the two forms cannot differ. OR IGNORE also skips rows that violate NOT NULL or CHECK, which ON CONFLICT DO NOTHING reports; " +
        "REPLACE deletes the old row and inserts a new one: child rows with ON DELETE actions, delete triggers, a generated id and NULLs replaced by defaults tell the difference. Then the fix asks for a review and says why.",
    },
  },
  *check(context) {
    for (const insert of insertsOf(context.statement)) {
      const finding = checkInsert(insert, context);
      if (finding !== undefined) yield finding;
    }
  },
};

function insertsOf(statement: Statement): readonly InsertStatement[] {
  return nodesOfKind(statement, "InsertStatement");
}

function checkInsert(insert: InsertStatement, context: StatementContext): SqlFinding | undefined {
  const action = insert.verb === "REPLACE" ? "REPLACE" : insert.or?.action;
  if (action === undefined) return undefined;
  const written = insert.verb === "REPLACE" ? "REPLACE INTO" : `INSERT OR ${action}`;
  const span = insert.or === undefined ? insert.verbSpan : { start: insert.verbSpan.start, end: insert.or.span.end };
  const base = { span, severity: "error" as const };
  const drop = dropAction(insert);
  switch (action) {
    case "ABORT":
      // ABORT is what an INSERT without an OR clause does: https://www.sqlite.org/lang_conflict.html
      return { ...base, message: "PostgreSQL has no INSERT OR ABORT; a plain INSERT does the same on both.", fixes: [{ kind: "edit", title: "Remove OR ABORT", applicability: "safe", edits: drop }] };
    case "FAIL":
    case "ROLLBACK":
      return { ...base, message: `PostgreSQL has no ${written}. What it does to the rows before the failing one, or to the transaction, must be written in code.`, fixes: [] };
    case "IGNORE":
      return ignore(insert, context, base, drop);
    case "REPLACE":
      return replace(insert, context, base, drop, written);
  }
}

/** Removes `OR action` with the blank before it, or turns REPLACE into INSERT. */
function dropAction(insert: InsertStatement): Edit[] {
  if (insert.verb === "REPLACE") return [{ span: insert.verbSpan, newText: "INSERT" }];
  return insert.or === undefined ? [] : [{ span: { start: insert.verbSpan.end, end: insert.or.span.end }, newText: "" }];
}

function ignore(insert: InsertStatement, context: StatementContext, base: Pick<SqlFinding, "span" | "severity">, drop: readonly Edit[]): SqlFinding {
  if (insert.upserts.length > 0) return { ...base, message: "INSERT OR IGNORE together with ON CONFLICT has no PostgreSQL form; choose one.", fixes: [] };
  const place = appendAfterSource(insert, "ON CONFLICT DO NOTHING", context.site);
  if (place === undefined) return { ...base, message: "PostgreSQL has no INSERT OR IGNORE, and the end of this statement cannot be seen here: write ON CONFLICT DO NOTHING behind its rows.", fixes: [] };
  const table = tableOf(insert, context);
  const differs = table === undefined ? "the schema of the table is not known here" : ignoreDiffers(insert, table);
  const message =
    "PostgreSQL has no INSERT OR IGNORE; ON CONFLICT DO NOTHING skips rows that a unique key refuses, on both." +
    (differs === undefined ? "" : ` Look at it: ${differs}; OR IGNORE skips a row that violates NOT NULL or CHECK too, ON CONFLICT reports it.`);
  return { ...base, message, fixes: [{ kind: "edit", title: "Use ON CONFLICT DO NOTHING", applicability: differs === undefined ? "safe" : "review", edits: [...drop, ...place] }] };
}

function ignoreDiffers(insert: InsertStatement, table: TableView): string | undefined {
  const named = table.table.name;
  if (table.table.checks.length > 0) return `"${named}" has CHECK constraints`;
  const given = insertedColumns(insert, table);
  if (given === undefined) return "the inserted columns cannot be seen";
  for (const view of table.columns) {
    const { column } = view;
    if (!column.notNull || table.table.rowidAlias === column.name) continue;
    const index = given.findIndex((g) => fold(g) === fold(column.name));
    if (index < 0 ? column.default === undefined : !neverNull(insert, index)) return `"${named}.${column.name}" is NOT NULL`;
  }
  return undefined;
}

function replace(insert: InsertStatement, context: StatementContext, base: Pick<SqlFinding, "span" | "severity">, drop: readonly Edit[], written: string): SqlFinding {
  const no = (why: string): SqlFinding => ({ ...base, message: `PostgreSQL has no ${written}: ${why}`, fixes: [] });
  if (insert.upserts.length > 0) return no("together with ON CONFLICT it has no PostgreSQL form; choose one.");
  const table = tableOf(insert, context);
  if (table === undefined) return no("the row it replaces is found by the table's unique keys, and the schema is not at hand. Name a database in cutover.json or pass --schema.");
  const given = insertedColumns(insert, table);
  if (given === undefined) return no("the inserted columns cannot be seen here.");
  const has = (name: string): boolean => given.some((g) => fold(g) === fold(name));
  const alias = table.table.rowidAlias;
  // A rowid alias that is not given gets a fresh value and so never conflicts.
  const keys = table.uniqueKeys.filter((key) => !(key.length === 1 && alias !== undefined && fold(key[0] ?? "") === fold(alias) && !has(alias)));
  const key = keys[0];
  if (key === undefined) return no(`"${table.table.name}" has no unique key that the given columns could violate, so a plain INSERT may be what is meant.`);
  if (keys.length > 1) return no(`"${table.table.name}" has several unique keys (${keys.map((k) => k.join(", ")).join("; ")}), and a new row may replace more than one old row. Delete the old rows, then insert, in one transaction.`);
  if (!key.every(has)) return no(`the key (${key.join(", ")}) of "${table.table.name}" is not among the given columns.`);

  const assignments: string[] = [];
  for (const view of table.columns) {
    const { name } = view.column;
    if (key.some((k) => fold(k) === fold(name)) || view.column.generated !== undefined) continue;
    const quoted = postgresIdentifier(name);
    if (has(name)) assignments.push(`${quoted} = excluded.${quoted}`);
    else if (alias !== undefined && fold(alias) === fold(name)) continue;
    else {
      const value = defaultFor(view);
      if (value === undefined) return no(`the column "${name}" is not given, and a replaced row gets its default (${view.column.default ?? "NULL"}), which ON CONFLICT cannot say on both engines. Give the column.`);
      assignments.push(`${quoted} = ${value}`);
    }
  }
  const target = key.map((k) => postgresIdentifier(k)).join(", ");
  const clause = assignments.length === 0 ? `ON CONFLICT (${target}) DO NOTHING` : `ON CONFLICT (${target}) DO UPDATE SET ${assignments.join(", ")}`;
  const place = appendAfterSource(insert, clause, context.site);
  if (place === undefined) return no("the end of this statement cannot be seen here.");
  const differs = replaceDiffers(insert, table, given);
  const fix: SqlFix = { kind: "edit", title: `Use ON CONFLICT (${key.join(", ")}) DO UPDATE`, applicability: differs === undefined ? "safe" : "review", edits: [...drop, ...place] };
  return {
    ...base,
    message: `PostgreSQL has no ${written}; ON CONFLICT (${key.join(", ")}) DO UPDATE sets the same row on both.` + (differs === undefined ? "" : ` Look at it: ${differs}.`),
    fixes: [fix],
  };
}

function replaceDiffers(insert: InsertStatement, table: TableView, given: readonly string[]): string | undefined {
  const reasons: string[] = [];
  const alias = table.table.rowidAlias;
  if (table.referencedBy.length > 0) reasons.push(`REPLACE deletes the old row, so rows of ${[...new Set(table.referencedBy.map((r) => `"${r.table}"`))].join(", ")} that refer to it are deleted, set or refused by their foreign key; ON CONFLICT keeps the row`);
  if (table.hasTriggers) reasons.push("the table has triggers, and REPLACE inserts where ON CONFLICT updates");
  if (table.hasOtherUniqueIndexes) reasons.push("the table has further unique indexes (partial or on expressions) that ON CONFLICT on this key does not cover");
  if (alias !== undefined && !given.some((g) => fold(g) === fold(alias))) reasons.push(`REPLACE gives the row a new "${alias}", ON CONFLICT keeps the old one`);
  for (const view of table.columns) {
    const index = given.findIndex((g) => fold(g) === fold(view.column.name));
    if (index < 0 || neverNull(insert, index)) continue;
    if (view.column.notNull && view.column.default !== undefined) reasons.push(`a NULL for "${view.column.name}" becomes its default under REPLACE and is refused by ON CONFLICT`);
  }
  return reasons.length === 0 ? undefined : reasons.join("; ");
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
  if (/^(true|false)$/i.test(text)) return text.toUpperCase();
  // Both read UTC when the adapter has set the session's zone; it is the column's own default that is repeated here.
  if (/^current_timestamp$/i.test(text)) return "CURRENT_TIMESTAMP";
  if (/^\(?\s*datetime\(\s*'now'\s*\)\s*\)?$/i.test(text)) return "datetime('now')";
  return undefined;
}

function tableOf(insert: InsertStatement, context: StatementContext): TableView | undefined {
  const name = nameOf(insert.table.name);
  return name === undefined ? undefined : context.schema?.table(name);
}

/** The columns that the statement gives values for, or undefined when holes hide them. */
function insertedColumns(insert: InsertStatement, table: TableView): readonly string[] | undefined {
  if (insert.columns !== undefined) {
    const names = insert.columns.names.map(nameOf);
    return names.every((n) => n !== undefined) ? names : undefined;
  }
  return table.columns.filter((c) => c.column.generated === undefined).map((c) => c.column.name);
}

/** Whether every row gives a literal other than NULL in that place. */
function neverNull(insert: InsertStatement, index: number): boolean {
  if (insert.source.kind !== "SelectStatement") return false;
  return insert.source.terms.every((term) => {
    if (term.kind !== "ValuesClause") return false;
    return term.rows.every((row) => {
      const item = row.kind === "ExpressionList" ? row.items[index] : undefined;
      return item !== undefined && (item.kind === "NumericLiteral" || item.kind === "StringLiteral" || item.kind === "BlobLiteral" || item.kind === "CurrentTimeLiteral");
    });
  });
}

/**
 * Puts a clause behind the rows of an INSERT. Behind a SELECT without WHERE the word ON would be read as a join's:
 * SQLite asks for `WHERE true` there (https://www.sqlite.org/lang_upsert.html#parsing_ambiguity).
 */
function appendAfterSource(insert: InsertStatement, clause: string, site: Site): Edit[] | undefined {
  const { source } = insert;
  if (source.kind === "Hole" || source.kind === "ErrorNode" || insert.holes.length > 0 || insert.rest !== undefined || insert.problem !== undefined) return undefined;
  const end = source.span.end;
  if (source.kind === "DefaultValues") return undefined;
  if (source.holes.length > 0) return undefined;
  const last = source.terms.at(-1);
  if (last?.kind === "ValuesClause") return [{ span: { start: end, end }, newText: `${gapBefore(last.span.start, site)}${clause}` }];
  if (last?.kind !== "SelectCore" || last.holes.length > 0) return undefined;
  const clear = source.orderBy !== undefined || source.limit !== undefined || last.where !== undefined || last.groupBy !== undefined || last.from === undefined;
  return [{ span: { start: end, end }, newText: `${clear ? "" : " WHERE true"}${gapBefore(source.span.start, site)}${clause}` }];
}

/** A line break with the indentation of the rows' line where the statement has a line for them, else a blank. */
function gapBefore(start: number, { text, map }: Site): string {
  const line = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, start))?.[1];
  // A line break in the text that the host writes as an escape, or not at all, would not look like one there.
  const shown = map.pieces.some((piece) => piece.kind === "verbatim" && piece.text.start < start && start <= piece.text.end && text.slice(piece.text.start, start).includes("\n"));
  return line !== undefined && shown ? `\n${line}` : " ";
}
