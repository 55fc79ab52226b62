import type { ColumnDefinition, CreateTableStatement } from "#core/sql/nodes.ts";
import { columnName } from "#core/schema/read-table-sql.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { checkDifferences, collation, columnDifferences, isIntegerKey, keyGives, onConflict, typeWords, type DefinitionDifference } from "./column-differences.ts";

/**
 * What PostgreSQL would refuse of a CREATE TABLE, or take for something else, each once. That it sorts texts by the database's locale is
 * not among it, nor what is filled in at run time. https://www.sqlite.org/lang_createtable.html
 */
export function tableDifferences(statement: CreateTableStatement): DefinitionDifference[] {
  const columns = statement.columns.filter((column): column is ColumnDefinition => column.kind === "ColumnDefinition");
  const found: DefinitionDifference[] = columns.flatMap(columnDifferences);
  for (const constraint of statement.constraints) {
    switch (constraint.kind) {
      case "TablePrimaryKey":
      case "TableUnique": {
        found.push(...onConflict(constraint));
        for (const { expression, direction } of constraint.terms) {
          if (expression.kind === "CollateExpression") found.push(...collation(nameOf(expression.collation) ?? ""));
          if (direction !== undefined) found.push({ text: `PostgreSQL has no key with ${direction}`, refused: true });
        }
        const [first, second] = constraint.terms.map(({ expression }) => columnName(expression));
        const key = first === undefined || second !== undefined ? undefined : columns.find((column) => fold(nameOf(column.name) ?? "") === fold(first));
        if (constraint.kind === "TablePrimaryKey" && constraint.terms.length === 1 && key !== undefined && typeWords(key) === "INTEGER" && !isIntegerKey(key)) {
          found.push({ text: keyGives, refused: false });
        }
        break;
      }
      case "CheckConstraint":
        found.push(...checkDifferences(constraint));
        break;
      default:
    }
  }
  for (const option of statement.options) if (option.kind === "TableOption" && option.option !== undefined) found.push({ text: `PostgreSQL has no ${option.option}`, refused: true });
  const byText = new Map(found.map((each) => [each.text, each]));
  // What PostgreSQL refuses comes first.
  return [...byText.values()].sort((a, b) => Number(b.refused) - Number(a.refused));
}
