import { nameOf } from "#core/rules/scope.ts";
import type { CreateIndexStatement, Node, ResultItem, SelectStatement } from "#core/sql/nodes.ts";
import { isPlain } from "#core/rules/kinds/value-kind.ts";
import type { Checking } from "./checking.ts";

/** Looks at one node of a statement that makes, changes or drops objects. What PostgreSQL refuses is no difference: nobody overlooks it. */
export function definitionDifferences(node: Node, checking: Checking): void {
  const { report } = checking;
  switch (node.kind) {
    case "CreateIndexStatement":
      index(node, checking);
      return;
    case "CreateViewStatement":
      if (node.ifNotExistsSpan !== undefined && !checking.isReplaced(node.ifNotExistsSpan)) report(node, "CREATE VIEW IF NOT EXISTS");
      if (node.select.kind !== "SelectStatement") return;
      named(node.select, node.columns === undefined, checking);
      // SQLite keeps the text and reads * whenever the view is used; PostgreSQL keeps the columns that there are now.
      for (const column of columnsOf(node.select)) if (column.kind === "AllColumns") report(column, "* in a view: a column that is added later is in SQLite's, not in PostgreSQL's");
      return;
    case "CreateTableStatement":
      if (node.select === undefined) {
        report(node, "CREATE TABLE");
        return;
      }
      named(node.select, true, checking);
      for (const column of columnsOf(node.select)) {
        if (column.kind === "ResultColumn" && column.expression.kind !== "ColumnReference") report(column, "a computed column of CREATE TABLE … AS: its type is PostgreSQL's, where SQLite's column takes any value");
      }
      return;
    case "AlterTableStatement":
      if (node.action.kind === "Hole") report(node.action, "an interpolation");
      return;
    case "DropStatement":
      if (node.object === "TRIGGER" && !checking.insertedAt(node.name.span.end)) report(node, "DROP TRIGGER");
      return;
    case "VacuumStatement":
      if (node.into !== undefined || (node.schema !== undefined && !checking.isReplaced(node.schema.span))) report(node, "VACUUM of a schema or into a file");
      return;
    case "AnalyzeStatement":
      if (node.name !== undefined && checking.schema?.table(nameOf(node.name.name) ?? "") === undefined) report(node, "ANALYZE of a name that is not known to be a table");
      return;
    default:
      return;
  }
}

/**
 * An index that is not unique changes no result. A unique one refuses rows, and which rows are equal depends on the columns'
 * types and collations.
 */
function index(node: CreateIndexStatement, checking: Checking): void {
  for (const term of node.terms) {
    const { expression } = term;
    if (expression.kind === "CollateExpression") continue; // looked at by itself
    if (node.uniqueSpan !== undefined && checking.settled(expression) === undefined && !isPlain(checking.kind(expression))) {
      checking.report(term, `a unique index over values whose type or collation is not known to compare alike${checking.schema === undefined ? " (--schema tells)" : ""}`);
    }
  }
}

function columnsOf(select: SelectStatement): readonly ResultItem[] {
  const [term] = select.terms;
  return term?.kind === "SelectCore" ? term.columns : [];
}

/** The names of columns that have no alias are each engine's own, but for plain columns. */
function named(select: SelectStatement, matters: boolean, { report }: Checking): void {
  if (!matters) return;
  if (select.terms[0]?.kind !== "SelectCore") report(select, "columns without names");
  for (const column of columnsOf(select)) if (column.kind === "ResultColumn" && column.alias === undefined && column.expression.kind !== "ColumnReference") report(column, "a column without a name: each engine makes one up");
}
