import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { Expression, InsertStatement, Node } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Edit } from "#core/text/edit.ts";
import type { Span } from "#core/text/span.ts";
import { closing, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold, type TableView } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { tableOf } from "../upsert/inserted-columns.ts";

/** NULL for an INTEGER PRIMARY KEY, which SQLite takes as "the next id". */
export const nullId: StatementRule = {
  meta: {
    id: "null-id",
    family: "writes",
    title: "NULL for the next id",
    doc: {
      what: "Finds INSERT with NULL for the table's INTEGER PRIMARY KEY.",
      why: "SQLite gives such a row the next id. PostgreSQL takes the NULL and reports that the key cannot be NULL.",
      example: "INSERT INTO adw_locks VALUES (NULL, 'x', 1)",
      useInstead: { both: "INSERT INTO adw_locks (adw_id, is_held) VALUES ('x', 1)", postgres: "INSERT INTO adw_locks VALUES (DEFAULT, 'x', 1)" },
      fixSafety: "Safe: the column is left out, or gets DEFAULT in mode postgres, and each engine gives the next id. In mode both there is no fix where some rows of one statement give an id and others NULL. A parameter that is bound to NULL is not seen here.",
    },
  },
  *check(context) {
    for (const insert of nodesOfKind(context.statement, "InsertStatement")) {
      const found = finding(insert, context);
      if (found !== undefined) yield found;
    }
  },
};

function finding(insert: InsertStatement, context: StatementContext): SqlFinding | undefined {
  const table = tableOf(insert, context);
  const { source } = insert;
  if (table?.table.rowidAlias === undefined || source.kind !== "SelectStatement" || insert.holes.length > 0) return undefined;
  const columns = table.columns.filter(({ column }) => column.generated === undefined);
  const names: readonly (string | undefined)[] = insert.columns?.names.map(nameOf) ?? columns.map(({ column }) => column.name);
  const alias = table.table.rowidAlias;
  const index = names.findIndex((name) => name !== undefined && fold(name) === fold(alias));
  const rows = rowsOf(insert);
  if (index < 0 || rows === undefined || rows.some((row) => row.length !== names.length)) return undefined;
  const nulls = rows.flatMap((row) => (row[index]?.kind === "NullLiteral" ? [row[index]] : []));
  const [first] = nulls;
  if (first === undefined) return undefined;
  const base = { span: first.span, severity: "error" as const, message: `SQLite gives a row with NULL for "${alias}" the next id; PostgreSQL refuses the NULL.` };
  const fromValues = source.terms.every((term) => term.kind === "ValuesClause");
  if (context.mode === "postgres" && fromValues) {
    return { ...base, fixes: [{ kind: "edit", title: "Write DEFAULT", applicability: "safe", edits: nulls.map(({ span }) => replace(span, "DEFAULT")) }] };
  }
  if (nulls.length < rows.length) return { ...base, message: `${base.message} Some rows of this statement give an id: insert those with an id by a statement of their own.`, fixes: [] };
  const edits = leftOut(insert, table, rows, index, context);
  return { ...base, message: edits === undefined ? `${base.message} Leave the column out.` : base.message, fixes: edits === undefined ? [] : [{ kind: "edit", title: `Leave out ${alias}`, applicability: "safe", edits }] };
}

/** What each row gives, by place; undefined where that cannot be seen. */
function rowsOf({ source }: InsertStatement): (readonly Expression[])[] | undefined {
  if (source.kind !== "SelectStatement") return undefined;
  const rows: (readonly Expression[])[] = [];
  for (const term of source.terms) {
    if (term.kind === "ValuesClause") {
      for (const row of term.rows) {
        if (row.kind !== "ExpressionList") return undefined;
        rows.push(row.items);
      }
      continue;
    }
    if (term.kind !== "SelectCore" || source.terms.length > 1 || term.quantifier !== undefined) return undefined;
    const columns = term.columns.flatMap((column) => (column.kind === "ResultColumn" && column.alias === undefined ? [column.expression] : []));
    if (columns.length !== term.columns.length) return undefined;
    // `ORDER BY 2` and `GROUP BY 1` count the columns.
    if ([source.orderBy, term.groupBy].some((clause) => clause !== undefined && nodesOfKind(clause, "NumericLiteral").length > 0)) return undefined;
    rows.push(columns);
  }
  return rows;
}

/** Takes one place out of the list of columns and of every row; writes the list where there is none. */
function leftOut(insert: InsertStatement, table: TableView, rows: readonly (readonly Expression[])[], index: number, { site }: StatementContext): Edit[] | undefined {
  const lists: (readonly Node[])[] = [...rows, ...(insert.columns === undefined ? [] : [insert.columns.names])];
  const edits: Edit[] = [];
  for (const list of lists) {
    const span = placeOf(list, index, site.text);
    if (span === undefined) return undefined;
    edits.push(replace(span, ""));
  }
  if (insert.columns === undefined) {
    const alias = table.table.rowidAlias ?? "";
    const names = table.columns.flatMap(({ column }) => (column.generated === undefined && fold(column.name) !== fold(alias) ? [postgresIdentifier(column.name)] : []));
    edits.push(closing((insert.alias ?? insert.table).span, ` (${names.join(", ")})`));
  }
  return edits;
}

/** An item of a list with the comma that goes with it; undefined for the only one, or where a comment stands between. */
function placeOf(list: readonly Node[], index: number, text: string): Span | undefined {
  const [before, item, after] = [list[index - 1], list[index], list[index + 1]];
  if (item === undefined) return undefined;
  const span = after !== undefined ? { start: item.span.start, end: after.span.start } : before !== undefined ? { start: before.span.end, end: item.span.end } : undefined;
  const gap = span === undefined ? undefined : after !== undefined ? text.slice(item.span.end, span.end) : text.slice(span.start, item.span.start);
  return gap !== undefined && /^\s*,\s*$/.test(gap) ? span : undefined;
}
