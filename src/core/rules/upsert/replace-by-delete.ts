import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { InsertStatement } from "#core/sql/nodes.ts";
import { replace } from "../rewrite.ts";
import type { SqlFix, StatementContext } from "../rule.ts";
import { fold, type TableView } from "../schema-view.ts";

/**
 * REPLACE as SQLite does it, for PostgreSQL: the rows that share a key with a new one are deleted, then the new ones are inserted, in one
 * statement. Undefined in mode `both`, and for other values than literals and parameters, which nothing else rewrites.
 */
export function replaceByDelete(insert: InsertStatement, table: TableView, given: readonly string[], { mode, site }: StatementContext): SqlFix | undefined {
  const { source } = insert;
  if (mode !== "postgres" || source.kind !== "SelectStatement" || insert.with !== undefined || insert.alias !== undefined || insert.holes.length > 0 || table.hasOtherUniqueIndexes) return undefined;
  const [term] = source.terms;
  if (source.terms.length !== 1 || term?.kind !== "ValuesClause") return undefined;
  const plain = term.rows.every((row) => row.kind === "ExpressionList" && row.items.length === given.length && row.items.every(({ kind }) => kind === "BindParameter" || kind === "StringLiteral" || kind === "NumericLiteral" || kind === "NullLiteral"));
  const { text } = site;
  // The rule null-id is for those.
  const idIndex = given.findIndex((column) => table.table.rowidAlias !== undefined && fold(column) === fold(table.table.rowidAlias));
  if (term.rows.some((row) => row.kind === "ExpressionList" && row.items[idIndex]?.kind === "NullLiteral")) return undefined;
  if (!plain || /--|\/\*/.test(text.slice(insert.span.start, insert.span.end))) return undefined;
  const has = (name: string): boolean => given.some((each) => fold(each) === fold(name));
  const name = text.slice(insert.table.span.start, insert.table.span.end);
  const keys = table.uniqueKeys.filter((key) => key.every(has));
  if (keys.length === 0) return undefined;
  const same = keys.map((key) => {
    const folded = table.foldedKeys.includes(key);
    const parts = key.map((column) => {
      const quoted = postgresIdentifier(column);
      const lowered = folded && table.column(column)?.column.collation?.toUpperCase() === "NOCASE";
      return lowered ? `lower(${name}.${quoted}) = lower(new.${quoted})` : `${name}.${quoted} = new.${quoted}`;
    });
    return parts.length > 1 && keys.length > 1 ? `(${parts.join(" AND ")})` : parts.join(" AND ");
  });
  const columns = given.map((column) => postgresIdentifier(column));
  // A parameter among VALUES is a text to PostgreSQL unless it is cast.
  const casts = given.map((column, i) => `CAST(column${i + 1} AS ${table.column(column)?.decision.type ?? "text"})`);
  const returning = insert.returning === undefined ? "" : ` ${text.slice(insert.returning.span.start, insert.returning.span.end)}`;
  const sql =
    `WITH new (${columns.join(", ")}) AS (SELECT ${casts.join(", ")} FROM (${text.slice(source.span.start, source.span.end)}) AS given), ` +
    `gone AS (DELETE FROM ${name} USING new WHERE ${same.join(" OR ")} RETURNING 1) ` +
    `INSERT INTO ${name} (${columns.join(", ")}) SELECT ${columns.join(", ")} FROM new WHERE (SELECT count(*) FROM gone) >= 0${returning}`;
  return { kind: "edit", title: "Delete the old rows, then insert, in one statement", applicability: "review", edits: [replace(insert.span, sql)] };
}
