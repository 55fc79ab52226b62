import { parseStatement } from "#core/sql/parse.ts";
import type { CreateTableStatement, Expression, Identifier, Node, TableConstraint } from "#core/sql/nodes.ts";
import type { CheckConstraint } from "./catalog.ts";
import { foldName } from "./decision.ts";

/** What a CREATE TABLE text says that no PRAGMA tells. Names of columns are folded as SQLite compares them. */
export interface TableSql {
  readonly checks: readonly CheckConstraint[];
  readonly primaryKeyName: string | undefined;
  /** Named UNIQUE constraints by their columns (`uniqueKey`). */
  readonly uniqueNames: ReadonlyMap<string, string>;
  /** One entry for each foreign key, in the order of the text. */
  readonly foreignKeys: readonly { readonly name: string | undefined; readonly deferred: boolean }[];
  readonly generated: ReadonlyMap<string, string>;
  readonly collations: ReadonlyMap<string, string>;
  readonly autoincrement: boolean;
  readonly conflictClauses: readonly string[];
}

/** The key of a UNIQUE constraint in `TableSql.uniqueNames`. */
export function uniqueKey(columns: readonly string[]): string {
  return columns.map(foldName).join("\0");
}

/**
 * Reads the parts of a stored CREATE TABLE that the PRAGMAs leave out.
 * @throws Error when our parser refuses a text that SQLite took: a bug of ours, said with the statement.
 */
export function readTableSql(sql: string): TableSql {
  const statement = parseStatement(sql);
  if (statement.kind !== "CreateTableStatement") throw new Error(`not a CREATE TABLE: ${sql.slice(0, 80)}`);
  if (statement.problem !== undefined) throw new Error(`${statement.problem.message} in: ${sql.slice(0, 200)}`);
  return readCreateTable(statement, sql);
}

function readCreateTable(statement: CreateTableStatement, sql: string): TableSql {
  const text = (node: Node): string => sql.slice(node.span.start, node.span.end);
  const checks: CheckConstraint[] = [];
  const uniqueNames = new Map<string, string>();
  const foreignKeys: { name: string | undefined; deferred: boolean; readonly at: number }[] = [];
  const generated = new Map<string, string>();
  const collations = new Map<string, string>();
  const conflictClauses: string[] = [];
  let primaryKeyName: string | undefined;
  let autoincrement = false;

  const onConflict = (what: string, action: string | undefined): void => {
    // ABORT is the default, and what PostgreSQL does.
    if (action !== undefined && action !== "ABORT") conflictClauses.push(`${what} ON CONFLICT ${action}`);
  };

  for (const column of statement.columns) {
    if (column.kind !== "ColumnDefinition") continue;
    const name = nameOf(column.name);
    let lastForeignKey: { name: string | undefined; deferred: boolean } | undefined;
    for (const constraint of column.constraints) {
      if (constraint.kind === "Hole" || constraint.kind === "ErrorNode") continue;
      const named = constraint.constraintName === undefined ? undefined : nameOf(constraint.constraintName.name);
      switch (constraint.kind) {
        case "CheckConstraint":
          checks.push({ name: named, expression: text(constraint.expression) });
          break;
        case "ColumnPrimaryKey":
          primaryKeyName = named;
          autoincrement ||= constraint.autoincrementSpan !== undefined;
          onConflict(`PRIMARY KEY (${name})`, constraint.onConflict?.action);
          break;
        case "ColumnUnique":
          if (named !== undefined) uniqueNames.set(uniqueKey([name]), named);
          onConflict(`UNIQUE (${name})`, constraint.onConflict?.action);
          break;
        case "NotNullConstraint":
          onConflict(`${name} NOT NULL`, constraint.onConflict?.action);
          break;
        case "CollateConstraint":
          collations.set(foldName(name), nameOf(constraint.collation));
          break;
        case "ColumnForeignKey":
          lastForeignKey = { name: named, deferred: isDeferred(constraint.references.deferrable) };
          foreignKeys.push({ ...lastForeignKey, at: constraint.span.start });
          break;
        case "DeferrableConstraint": {
          const key = foreignKeys.at(-1);
          if (key !== undefined) key.deferred = isDeferred(constraint.deferrable);
          break;
        }
        case "GeneratedConstraint":
          generated.set(foldName(name), unwrapped(constraint.expression, text));
          break;
        case "DefaultConstraint":
        case "NullConstraint":
        case "EmptyConstraint":
          break;
      }
    }
  }
  for (const constraint of statement.constraints) {
    if (constraint.kind === "Hole" || constraint.kind === "ErrorNode") continue;
    const named = constraint.constraintName === undefined ? undefined : nameOf(constraint.constraintName.name);
    switch (constraint.kind) {
      case "CheckConstraint":
        checks.push({ name: named, expression: text(constraint.expression) });
        break;
      case "TablePrimaryKey":
        primaryKeyName = named;
        autoincrement ||= constraint.autoincrementSpan !== undefined;
        onConflict(`PRIMARY KEY (${keyColumns(constraint).join(", ")})`, constraint.onConflict?.action);
        break;
      case "TableUnique":
        if (named !== undefined) uniqueNames.set(uniqueKey(keyColumns(constraint)), named);
        onConflict(`UNIQUE (${keyColumns(constraint).join(", ")})`, constraint.onConflict?.action);
        break;
      case "TableForeignKey":
        foreignKeys.push({
          name: named,
          deferred: constraint.references.kind === "ReferencesClause" && isDeferred(constraint.references.deferrable),
          at: constraint.span.start,
        });
        break;
      case "EmptyConstraint":
        break;
    }
  }
  foreignKeys.sort((a, b) => a.at - b.at);
  return {
    checks,
    primaryKeyName,
    uniqueNames,
    foreignKeys: foreignKeys.map(({ name, deferred }) => ({ name, deferred })),
    generated,
    collations,
    autoincrement,
    conflictClauses,
  };
}

function isDeferred(clause: { readonly not: boolean; readonly initially: "DEFERRED" | "IMMEDIATE" | undefined } | undefined): boolean {
  return clause !== undefined && !clause.not && clause.initially === "DEFERRED";
}

/** The columns of a key; COLLATE around a column is looked through. */
function keyColumns(constraint: Extract<TableConstraint, { readonly kind: "TablePrimaryKey" | "TableUnique" }>): string[] {
  return constraint.terms.map(({ expression }) => columnName(expression) ?? "");
}

/** The column that an expression names, COLLATE and parentheses around it removed; undefined for anything else. A string in a key is a name to SQLite. */
export function columnName(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "ColumnReference":
      return nameOf(expression.column);
    case "StringLiteral":
      return expression.value;
    case "CollateExpression":
      return columnName(expression.operand);
    case "ParenthesizedExpression":
      return columnName(expression.expression);
    default:
      return undefined;
  }
}

/** The text of an expression without the parentheses that the grammar asks for. */
function unwrapped(expression: Expression, text: (node: Node) => string): string {
  return text(expression.kind === "ParenthesizedExpression" ? expression.expression : expression);
}

function nameOf(name: Identifier | Exclude<Node, Identifier>): string {
  return name.kind === "Identifier" ? name.value : "";
}

