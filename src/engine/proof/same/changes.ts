import { fold, type TableView } from "#core/rules/schema-view.ts";
import { nameOf } from "#core/rules/scope.ts";
import type { Expression, InsertStatement, Node, QualifiedName, SetClause, UpsertClause } from "#core/sql/nodes.ts";
import { insertedColumns, mayRepeatKey } from "#core/rules/upsert/inserted-columns.ts";
import { storingDiffers } from "#core/rules/kinds/assignable.ts";
import { asValue, type Checking } from "./checking.ts";
import { meetsOneRow } from "./meets-one-row.ts";

/** What differs for an INSERT that gives the value of an INTEGER PRIMARY KEY; the rule explicit-id says more. */
export const givesOwnId = "an id that the statement gives itself: PostgreSQL's sequence does not move on, and NULL is no id there";

/** What differs for a DELETE from a table that foreign keys point to. */
export const heedsForeignKeys = "DELETE from a table that foreign keys point to: SQLite heeds them only with PRAGMA foreign_keys = ON";

/** Looks at one node of a statement that changes rows, objects or transactions. */
export function changeDifferences(node: Node, checking: Checking): void {
  const { report } = checking;
  switch (node.kind) {
    case "InsertStatement": {
      const table = tableOf(node.table, checking);
      if (table === undefined) {
        report(node.table, "values for a table whose columns are not known here (--schema tells them)");
        return;
      }
      triggers(node.table, table, node.or !== undefined || node.verb !== "INSERT" || node.upserts.some((upsert) => upsert.action !== "NOTHING"), checking);
      if (node.verb === undefined || (node.verb === "REPLACE" && !checking.isReplaced(node.verbSpan))) report(node, "REPLACE");
      insert(node, table, checking);
      for (const upsert of node.upserts) {
        if (checking.settled(upsert) === undefined && upsert.action === "UPDATE" && upsert.target === undefined) report(upsert, "DO UPDATE without a target");
        if (upsert.action === "UPDATE" && mayTouchTwice(node, upsert, table, checking)) report(upsert, "DO UPDATE for several rows: PostgreSQL refuses to touch one row twice");
        for (const term of upsert.target?.terms ?? []) if (checking.settled(term) === undefined && (term.expression.kind !== "ColumnReference" || term.nulls !== undefined || term.direction !== undefined || isFolded(term.expression, table))) report(term, "a conflict target that is no plain column");
        if (upsert.target?.where !== undefined) report(upsert.target, "a conflict target with WHERE");
        if (upsert.set !== undefined) assigned(upsert.set, table, checking);
      }
      if (node.upserts.length > 1 && !node.upserts.every((upsert) => checking.isReplaced(upsert.span))) report(node, "several ON CONFLICT clauses");
      return;
    }
    case "UpdateStatement": {
      const table = tableOf(node.table, checking);
      if (table === undefined) {
        report(node.table, "values for a table whose columns are not known here (--schema tells them)");
        return;
      }
      triggers(node.table, table, node.or !== undefined, checking);
      if (node.from !== undefined) {
        if (!meetsOneRow(node, checking)) report(node.from, "UPDATE … FROM whose rows may meet several: which one is taken is each engine's choice");
        for (const column of node.returning?.columns ?? []) if (column.kind === "AllColumns" && !checking.insertedAt(column.span.start)) report(column, "RETURNING * of UPDATE … FROM");
      }
      if ([node.orderBy, node.limit].some((clause) => clause !== undefined && checking.settled(clause) === undefined)) report(node, "UPDATE with ORDER BY or LIMIT");
      if (node.set.kind === "SetClause") assigned(node.set, table, checking);
      return;
    }
    case "DeleteStatement": {
      const table = tableOf(node.table, checking);
      if (table === undefined) {
        report(node.table, "DELETE from a table whose foreign keys and triggers are not known here (--schema tells them)");
        return;
      }
      triggers(node.table, table, false, checking);
      if (table.referencedBy.length > 0) report(node.table, heedsForeignKeys);
      if ([node.orderBy, node.limit].some((clause) => clause !== undefined && checking.settled(clause) === undefined)) report(node, "DELETE with ORDER BY or LIMIT");
      return;
    }
    case "ReturningClause":
      for (const column of node.columns) if (column.kind === "ResultColumn") asValue(column.expression, checking);
      return;
    case "BeginStatement":
      if (node.modeSpan !== undefined && !checking.isReplaced(node.modeSpan)) report(node, "BEGIN with a mode");
      if (node.name !== undefined && !checking.isReplaced(node.name.span)) report(node, "a transaction's name");
      return;
    case "CommitStatement":
    case "RollbackStatement":
      if (node.name !== undefined && !checking.isReplaced(node.name.span)) report(node, "a transaction's name");
      return;
    default:
      return;
  }
}

/**
 * Triggers do the same where the plan says so. In SQLite what a statement does about conflicts (OR …, DO UPDATE) goes for the
 * statements of its triggers, too: https://www.sqlite.org/lang_createtrigger.html
 */
function triggers(name: QualifiedName, table: TableView, decidesConflicts: boolean, { report }: Checking): void {
  if (table.triggersDiffer) report(name, "a table with triggers that are not the same on PostgreSQL");
  else if (table.hasTriggers && decidesConflicts) report(name, "OR … or DO UPDATE on a table with triggers, whose statements follow it in SQLite");
}

function tableOf(name: QualifiedName, { schema }: Checking): TableView | undefined {
  return schema?.table(nameOf(name.name) ?? "");
}

/** Whether the key compares without case: PostgreSQL has it as an index on lower(). */
function isFolded(expression: Expression, table: TableView): boolean {
  const collation = expression.kind === "ColumnReference" ? table.column(nameOf(expression.column) ?? "")?.column.collation : undefined;
  return collation !== undefined && collation.toUpperCase() !== "BINARY";
}

function rowCount({ source }: InsertStatement): number | undefined {
  if (source.kind === "DefaultValues") return 1;
  if (source.kind !== "SelectStatement") return undefined;
  const [term] = source.terms;
  return source.terms.length === 1 && term?.kind === "ValuesClause" ? term.rows.length : undefined;
}

/** Whether two rows of the statement may meet the same row, which PostgreSQL refuses. */
function mayTouchTwice(node: InsertStatement, upsert: UpsertClause, table: TableView, { settled }: Checking): boolean {
  // The key that a rule has written is the only one that the rows can violate.
  if (settled(upsert) !== undefined) return rowCount(node) !== 1;
  const key = upsert.target?.terms.map(({ expression }) => (expression.kind === "ColumnReference" ? nameOf(expression.column) : undefined)) ?? [undefined];
  const given = insertedColumns(node, table);
  const known = key.filter((name) => name !== undefined);
  return given === undefined || known.length !== key.length || mayRepeatKey(node, known, given);
}

function insert(node: InsertStatement, table: TableView, checking: Checking): void {
  const { report } = checking;
  const columns = node.columns?.names.map((name) => table.column(nameOf(name) ?? "")) ?? table.columns.filter((view) => view.column.generated === undefined);
  for (const [i, view] of columns.entries()) {
    if (view === undefined) report(node.columns?.names[i] ?? node, "a column that the schema at hand does not have");
    else if (view.column.name === table.table.rowidAlias && !isLeftOut(node, i, checking)) report(node.columns?.names[i] ?? node, givesOwnId);
  }
  if (node.source.kind !== "SelectStatement") return;
  for (const term of node.source.terms) {
    const rows: readonly (readonly (Expression | undefined)[])[] =
      term.kind === "ValuesClause"
        ? term.rows.map((row) => (row.kind === "ExpressionList" ? row.items : []))
        : term.kind === "SelectCore"
          ? [term.columns.map((column) => (column.kind === "ResultColumn" ? column.expression : undefined))]
          : [[]];
    for (const row of rows) {
      if (row.length !== columns.length || row.includes(undefined)) {
        report(term, "values that cannot be told apart by column");
        continue;
      }
      for (const [i, value] of row.entries()) {
        const name = columns[i]?.column.name;
        if (value?.kind === "NullLiteral" && name !== table.table.rowidAlias && table.table.primaryKey?.columns.includes(name ?? "") === true) report(value, "NULL in a primary key, which PostgreSQL refuses");
        stored(value, columns[i], checking);
      }
    }
  }
}

/** Whether every row's value in that place is one that a rule leaves out or writes anew. */
function isLeftOut({ source }: InsertStatement, index: number, { isReplaced }: Checking): boolean {
  if (source.kind !== "SelectStatement") return false;
  return source.terms.every((term) => {
    const items = term.kind === "ValuesClause" ? term.rows.map((row) => (row.kind === "ExpressionList" ? row.items[index] : undefined)) : term.kind === "SelectCore" ? [term.columns[index]] : [undefined];
    return items.every((item) => item !== undefined && isReplaced(item.span));
  });
}

function stored(value: Expression | undefined, view: TableView["columns"][number] | undefined, checking: Checking): void {
  if (value === undefined || view === undefined) return;
  const differs = storingDiffers(checking.kind(value), view);
  if (differs !== undefined) checking.report(value, differs);
}

/** Whether a value is the same for every row: given, or of the row that a trigger runs for. */
function isOneValue(value: Expression, { meanings, schema }: Checking): boolean {
  if (value.kind === "ColumnReference") {
    const source = meanings.source(value);
    return source !== undefined && source.node === undefined && schema?.rows.some((row) => row.name === source.name) === true;
  }
  return value.kind === "BindParameter" || value.kind === "StringLiteral" || value.kind === "NumericLiteral";
}

function assigned(set: SetClause, table: TableView, checking: Checking): void {
  for (const each of set.assignments) {
    if (each.kind !== "Assignment") continue;
    const name = each.target.kind === "Identifier" ? nameOf(each.target) : undefined;
    const view = name === undefined ? undefined : table.column(name);
    if (view === undefined) {
      checking.report(each, "an assignment to something else than one known column");
      continue;
    }
    stored(each.value, view, checking);
    const isKey = table.uniqueKeys.some((key) => key.some((column) => fold(column) === fold(view.column.name)));
    if (isKey && (table.referencedBy.length > 0 || !isOneValue(each.value, checking))) checking.report(each, "a change of a key's column");
  }
}
