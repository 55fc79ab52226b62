import type { Site } from "#core/hosts/site.ts";
import { columnName } from "#core/schema/read-table-sql.ts";
import type { AlterTableStatement, ColumnDefinition, CreateTableStatement, OrderingTerm } from "#core/sql/nodes.ts";
import { parseScript } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import type { Declaration } from "./declaration.ts";

/** What a site's statements say of tables, in their order. A table whose name is put together at run time is not among them. */
export function declarationsIn(site: Site): Declaration[] {
  if (site.kind === "fragment" || !/\b(?:create|alter)\b/i.test(site.text)) return [];
  const { statements } = parseScript(site.text, { holes: site.holes.map((hole) => hole.span) });
  return statements.flatMap((statement) => {
    if (statement.kind === "CreateTableStatement") return created(statement);
    if (statement.kind === "AlterTableStatement") return altered(statement);
    if (statement.kind === "CreateViewStatement" || statement.kind === "CreateVirtualTableStatement") return unknown(nameOf(statement.name.name));
    return [];
  });
}

function unknown(name: string | undefined): Declaration[] {
  return name === undefined ? [] : [{ table: fold(name), kind: "unknown", columns: [], neverNull: [], flags: [], keys: [], primaryKey: [] }];
}

function created(statement: CreateTableStatement): Declaration[] {
  const name = nameOf(statement.name.name);
  if (name === undefined) return [];
  const columns = statement.columns.filter((column): column is ColumnDefinition => column.kind === "ColumnDefinition");
  const isWhole = statement.select === undefined && statement.problem === undefined && nodesOfKind(statement, "Hole").length === 0 && nodesOfKind(statement, "ErrorNode").length === 0;
  if (!isWhole || columns.length !== statement.columns.length || columns.some((column) => nameOf(column.name) === undefined)) return unknown(name);
  const neverNull = new Set(columns.filter((column) => isNeverNull(column)).map(folded));
  const byBytes = new Set(columns.filter((column) => column.constraints.every((each) => each.kind !== "CollateConstraint" || nameOf(each.collation)?.toUpperCase() === "BINARY")).map(folded));
  const keys: string[][] = [];
  let primaryKey: readonly string[] = [];
  for (const column of columns) {
    for (const { kind } of column.constraints) {
      if (kind === "ColumnPrimaryKey" || kind === "ColumnUnique") keys.push([folded(column)]);
      if (kind === "ColumnPrimaryKey") primaryKey = [folded(column)];
      // PostgreSQL's keys hold no NULL: what SQLite lets in cannot be moved.
      if (kind === "ColumnPrimaryKey") neverNull.add(folded(column));
    }
  }
  for (const constraint of statement.constraints) {
    if (constraint.kind !== "TablePrimaryKey" && constraint.kind !== "TableUnique") continue;
    const key = keyOf(constraint.terms);
    if (key === undefined) continue;
    keys.push(key);
    if (constraint.kind !== "TablePrimaryKey") continue;
    primaryKey = key;
    for (const column of key) neverNull.add(column);
  }
  return [{ table: fold(name), kind: "table", columns: columns.map(folded), neverNull: [...neverNull], flags: columns.filter(isFlag).map(folded), keys: keys.filter((key) => key.every((column) => byBytes.has(column))), primaryKey }];
}

function altered({ table, action }: AlterTableStatement): Declaration[] {
  const name = nameOf(table.name);
  if (name === undefined) return [];
  switch (action.kind) {
    case "RenameTable": {
      const renamed = nameOf(action.newName);
      return renamed === undefined ? [] : [{ table: fold(renamed), kind: "renamed", from: fold(name), columns: [], neverNull: [], flags: [], keys: [], primaryKey: [] }];
    }
    case "AddColumn": {
      const { column } = action;
      if (column.kind !== "ColumnDefinition" || nameOf(column.name) === undefined) return unknown(name);
      return [{ table: fold(name), kind: "column", columns: [folded(column)], neverNull: isNeverNull(column) ? [folded(column)] : [], flags: isFlag(column) ? [folded(column)] : [], keys: [], primaryKey: [] }];
    }
    case "DropColumn":
      return [];
    default:
      return unknown(name);
  }
}

function isNeverNull(column: ColumnDefinition): boolean {
  return column.constraints.some((each) => each.kind === "NotNullConstraint" || each.kind === "ColumnPrimaryKey");
}

function isFlag({ type }: ColumnDefinition): boolean {
  return type?.words.length === 1 && /^BOOL(?:EAN)?$/i.test(nameOf(type.words[0]) ?? "");
}

/** The columns of a key that compares by bytes; undefined for another. */
function keyOf(terms: readonly OrderingTerm[]): string[] | undefined {
  const names = terms.map(({ expression }) => (expression.kind === "CollateExpression" ? undefined : columnName(expression)));
  return names.some((name) => name === undefined) ? undefined : names.map((name) => fold(name ?? ""));
}

function folded(column: ColumnDefinition): string {
  return fold(nameOf(column.name) ?? "");
}
