import { opening } from "#core/rules/rewrite.ts";
import { schemaView, type SchemaView } from "#core/rules/schema-view.ts";
import { meaningsOf, nameOf } from "#core/rules/scope.ts";
import type { MakeTranslator, StatementPlace, TranslatedStatement } from "#core/schema/statement-translator.ts";
import type { Node, QualifiedName, Statement } from "#core/sql/nodes.ts";
import { parseScript } from "#core/sql/parse.ts";
import { walk } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import { fixStatement } from "./fix-statement.ts";
import { givesOwnId, heedsForeignKeys } from "./same/changes.ts";
import { notLookedAt } from "./same/same-on-both.ts";

/**
 * Translates the statements of triggers and the queries of views by the query rules. Only what rules and whitelist vouch for is
 * translated: a fix that asks for a review, and whatever nobody has looked at, is a reason to leave the object out. Advice on a
 * text that may stay is a note.
 */
export const statementTranslator: MakeTranslator = (schema) => {
  let view: SchemaView | undefined;
  return (sql, place) => translate(sql, place, { ...(view ??= schemaView(schema)), rows: place.rows });
};

function translate(sql: string, { prefix }: StatementPlace, schema: SchemaView): TranslatedStatement {
  const { statements, errors } = parseScript(sql);
  const [statement] = statements;
  if (statement === undefined || statements.length !== 1 || errors.length > 0) return { reason: `its text is not understood (${snippet(sql)})` };
  const { names, unknown } = tablesIn(statement, schema);
  if (unknown !== undefined) return { reason: unknown };
  const fixed = fixStatement(sql, statement, { mode: "postgres", schema, translateDdl: undefined, edits: prefix === "" ? [] : names.map(({ name }): Edit => opening(name.span, prefix)) });
  const notes: string[] = [];
  for (const { rule, message, applicability, span } of fixed.findings) {
    if (applicability === "safe") continue;
    if (!fixed.advice.has(message)) return { reason: `${snippet(sql.slice(span.start, span.end))}: ${message} (rule ${rule})` };
    notes.push(message);
  }
  if (fixed.answered || fixed.needs.length > 0) return { reason: `it needs what only the generated adapter has (${snippet(sql)})` };
  for (const { what, span, loud } of notLookedAt(statement, sql, { schema, rewritten: fixed.rewritten, settles: fixed.settles })) {
    // A sum that 64 bits cannot hold is an error there, and never another sum.
    if (loud === true || (what === givesOwnId && fixed.findings.some(({ rule }) => rule === "explicit-id"))) continue;
    // The foreign keys of the plan are heeded, as an application's that counts on them are.
    if (what === heedsForeignKeys) {
      notes.push("it deletes from a table that foreign keys point to: SQLite heeds them only with PRAGMA foreign_keys = ON, PostgreSQL always");
      continue;
    }
    if (fixed.findings.some((finding) => finding.applicability !== "safe" && finding.span.start === span.start && span.end >= finding.span.end)) continue;
    return { reason: `nothing shows yet that this means the same on PostgreSQL: ${what} (${snippet(sql.slice(span.start, span.end))})` };
  }
  return { sql: fixed.sql, notes };
}

/** The names of tables and views in a statement, and the first that the plan does not have. */
function tablesIn(statement: Statement, schema: SchemaView): { readonly names: readonly QualifiedName[]; readonly unknown: string | undefined } {
  const meanings = meaningsOf(statement, schema);
  const names: QualifiedName[] = [];
  let unknown: string | undefined;
  walk(statement, {
    enter(node, ancestors) {
      if (node.kind !== "QualifiedName" || !namesRelation(ancestors.at(-1)) || meanings.isCommonTable(node)) return;
      const name = nameOf(node.name) ?? "";
      if (schema.targetRelation(name) === undefined) unknown ??= schema.virtualTable(name) === undefined ? `there is no table ${name}` : `it uses ${name}, a virtual table, which PostgreSQL does not have`;
      names.push(node);
    },
  });
  return { names, unknown };
}

function namesRelation(parent: Node | undefined): boolean {
  switch (parent?.kind) {
    case "TableReference":
    case "InTable":
    case "InsertStatement":
    case "UpdateStatement":
    case "DeleteStatement":
      return true;
    default:
      return false;
  }
}

function snippet(sql: string): string {
  const text = sql.replace(/\s+/g, " ").trim();
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
