import type { InsertStatement, UpdateStatement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { dropAction } from "./drop-action.ts";
import { ignoreRows } from "./ignore-rows.ts";
import { tableOf } from "./inserted-columns.ts";
import { replaceRows } from "./replace-rows.ts";

/** `INSERT OR action`, `REPLACE INTO`, `UPDATE OR action`: SQLite's way to say what a violated constraint does. */
export const insertOr: StatementRule = {
  meta: {
    id: "insert-or",
    family: "upsert",
    title: "INSERT OR … / REPLACE INTO",
    doc: {
      what: "Finds INSERT OR IGNORE, INSERT OR REPLACE, REPLACE INTO, the other OR actions of an INSERT, and those of an UPDATE.",
      why: "PostgreSQL has no OR clause and rejects the statement. Its ON CONFLICT clause, which SQLite understands too from 3.24 on, is about unique keys only.",
      example: "INSERT OR REPLACE INTO queue_config (config_key, config_value) VALUES (?, ?)",
      useInstead: {
        both: "INSERT INTO queue_config (config_key, config_value) VALUES (?, ?) ON CONFLICT (config_key) DO UPDATE SET config_value = excluded.config_value",
        postgres: "the same; a column that is not given gets DEFAULT",
      },
      fixSafety:
        "Safe where the schema at hand shows that the two forms cannot differ. OR IGNORE also skips rows that violate NOT NULL or CHECK, which ON CONFLICT DO NOTHING reports; " +
        "REPLACE deletes the old row and inserts a new one: child rows with ON DELETE actions, delete triggers, a generated id and NULLs replaced by defaults tell the difference; " +
        "and of several rows of one statement with the same key, REPLACE keeps the last where PostgreSQL refuses the second. Then the fix asks for a review and says why. On PostgreSQL a row that is skipped or replaced uses up a generated id all the same. " +
        "There is none for a table with several unique keys, for a key that compares without case, and for UPDATE OR.",
    },
  },
  *check(context) {
    for (const insert of nodesOfKind(context.statement, "InsertStatement")) {
      const finding = checkInsert(insert, context);
      if (finding !== undefined) yield finding;
    }
    for (const update of nodesOfKind(context.statement, "UpdateStatement")) {
      const finding = checkUpdate(update, context);
      if (finding !== undefined) yield finding;
    }
  },
};

function checkInsert(insert: InsertStatement, context: StatementContext): SqlFinding | undefined {
  const action = insert.verb === "REPLACE" ? "REPLACE" : insert.or?.action;
  if (action === undefined) return undefined;
  const written = insert.verb === "REPLACE" ? "REPLACE INTO" : `INSERT OR ${action}`;
  const span = insert.or === undefined ? insert.verbSpan : { start: insert.verbSpan.start, end: insert.or.span.end };
  const base = { span, severity: "error" as const };
  switch (action) {
    case "ABORT":
      return abort(insert, base, written, tableOf(insert, context)?.table.conflictClauses ?? [], context);
    case "FAIL":
    case "ROLLBACK":
      return { ...base, message: `PostgreSQL has no ${written}. What it does to the rows before the failing one, or to the transaction, must be written in code.`, fixes: [] };
    case "IGNORE":
      return ignoreRows(insert, context, base);
    case "REPLACE":
      return replaceRows(insert, context, base, written);
  }
}

function checkUpdate(update: UpdateStatement, context: StatementContext): SqlFinding | undefined {
  const action = update.or?.action;
  if (update.or === undefined || action === undefined) return undefined;
  const base = { span: { start: update.verbSpan.start, end: update.or.span.end }, severity: "error" as const };
  if (action === "ABORT") return abort(update, base, "UPDATE OR ABORT", tableOf(update, context)?.table.conflictClauses ?? [], context);
  return { ...base, message: `PostgreSQL has no UPDATE OR ${action}. Leave out the rows that would violate a key by a condition (NOT EXISTS …), or catch the error in code.`, fixes: [] };
}

/** ABORT is what a statement without an OR clause does: https://www.sqlite.org/lang_conflict.html */
function abort(change: InsertStatement | UpdateStatement, base: Pick<SqlFinding, "span" | "severity">, written: string, clauses: readonly string[], { site }: StatementContext): SqlFinding {
  const [clause] = clauses;
  return {
    ...base,
    message: `PostgreSQL has no ${written}; without these words the statement does the same on both.` + (clause === undefined ? "" : ` Look at it: the table says ${clause}, which they override.`),
    fixes: [{ kind: "edit", title: "Remove OR ABORT", applicability: clause === undefined ? "safe" : "review", edits: dropAction(change, site.text) }],
  };
}
