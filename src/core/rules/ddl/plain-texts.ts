import type { ColumnDefinition, CreateTableStatement } from "#core/sql/nodes.ts";
import type { Span } from "#core/text/span.ts";
import { typeWords } from "./column-differences.ts";

/** The type of a column of texts without a collation of its own: PostgreSQL sorts it by the database's locale. */
export function plainText(column: ColumnDefinition): Span | undefined {
  const isText = column.type?.argumentsSpan === undefined && /^(?:TEXT|VARCHAR|CHARACTER VARYING)$/.test(typeWords(column) ?? "");
  return isText && column.constraints.every(({ kind }) => kind !== "CollateConstraint") ? column.type?.span : undefined;
}

/** The types of a table's columns of texts without a collation of their own. */
export function plainTexts(statement: CreateTableStatement): Span[] {
  return statement.columns.flatMap((column) => (column.kind === "ColumnDefinition" ? (plainText(column) ?? []) : []));
}
