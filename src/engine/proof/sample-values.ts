import type { ColumnView, SchemaView, TableView } from "#core/rules/schema-view.ts";
import { nameOf, resolveColumns } from "#core/rules/scope.ts";
import { bindParameters } from "#core/sql/bind-parameters.ts";
import type { Expression, InsertStatement, Node, Statement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";
import { queryRows, sqliteIdentifier, type SqliteValue } from "#engine/sqlite/rows.ts";
import type { Database } from "better-sqlite3";

/** What a parameter's value is for. */
type Use =
  /** Compared with a column, or stored into it. */
  | { readonly kind: "column"; readonly view: ColumnView; readonly stored: boolean }
  /** A pattern for a column. */
  | { readonly kind: "pattern"; readonly view: ColumnView }
  | { readonly kind: "limit" | "offset" };

/** How many sets of values a statement is tried with. */
const tries = 2;

/**
 * Values for a statement's parameters, by their numbers, several sets of them: taken from the rows at hand, from one row a set, so
 * that conditions over several columns hold. A set for an INSERT has fresh keys but for the last, which meets a row that is there.
 * A statement without parameters has one empty set; one with a parameter that nothing tells about has none.
 */
export function sampleValues(statement: Statement, schema: SchemaView, db: Database): readonly (readonly SqliteValue[])[] {
  const parameters = bindParameters(statement);
  if (parameters.length === 0) return [[]];
  const uses = usesOf(statement, schema);
  const count = Math.max(...parameters.map(({ number }) => number ?? 0));
  const byNumber = new Map<number, Use>();
  for (const { node, number } of parameters) {
    const use = uses.get(node);
    if (number !== undefined && use !== undefined && !byNumber.has(number)) byNumber.set(number, use);
  }
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  // A number that is left out binds nothing.
  if (parameters.some(({ number }) => number === undefined || !byNumber.has(number))) return [];
  return Array.from({ length: tries }, (_, nth) =>
    numbers.map((number) => {
      const use = byNumber.get(number);
      return use === undefined ? null : valueFor(use, { nth, schema, db });
    }),
  );
}

interface Sampling {
  /** Which of the sets this is, from 0 on. */
  readonly nth: number;
  readonly schema: SchemaView;
  readonly db: Database;
}

function valueFor(use: Use, { nth, schema, db }: Sampling): SqliteValue {
  switch (use.kind) {
    case "limit":
      return 3n;
    case "offset":
      return BigInt(nth);
    case "pattern": {
      const text = sampled(use.view, nth, db);
      return typeof text === "string" ? `%${Array.from(text).slice(0, 3).join("").toUpperCase()}%` : "%a%";
    }
    case "column": {
      const value = sampled(use.view, nth, db);
      if (!use.stored || nth === tries - 1) return value;
      const table = schema.table(use.view.decision.table);
      return table !== undefined && isKey(use.view, table) ? fresh(value, nth) : value;
    }
  }
}

/** The column's value in one of its table's rows. */
function sampled({ column, decision }: ColumnView, nth: number, db: Database): SqliteValue {
  const table = sqliteIdentifier(decision.table);
  const rows = queryRows(db, `SELECT ${sqliteIdentifier(column.name)} FROM ${table} LIMIT 1 OFFSET (SELECT count(*) * ? / ? FROM ${table})`, BigInt(nth), BigInt(tries));
  return rows[0]?.[0] ?? null;
}

function isKey({ column }: ColumnView, table: TableView): boolean {
  return table.table.rowidAlias === column.name || table.uniqueKeys.some((key) => key.includes(column.name));
}

function fresh(value: SqliteValue, nth: number): SqliteValue {
  if (typeof value === "bigint") return value + 1_000_003n + BigInt(nth);
  if (typeof value === "number") return value + 1_000_003 + nth;
  if (typeof value === "string") return `${value}~${nth}`;
  return value;
}

/** What each parameter of a statement is for; one that nothing tells about is missing. */
function usesOf(statement: Statement, schema: SchemaView): ReadonlyMap<Node, Use> {
  const resolution = resolveColumns(statement, schema);
  const uses = new Map<Node, Use>();
  const note = (node: Expression, use: Use): void => {
    for (const inner of results(node)) if (inner.kind === "BindParameter" && !uses.has(inner)) uses.set(inner, use);
  };
  const viewOf = (node: Expression): ColumnView | undefined => {
    const inner = unwrapped(node);
    if (inner.kind === "ColumnReference") return resolution(inner);
    // A function of a column is compared with what is like the column's values.
    return inner.kind === "FunctionCall" ? inner.arguments.map(viewOf).find((view) => view !== undefined) : undefined;
  };
  const compared = (left: Expression, right: Expression): void => {
    for (const [a, b] of [[left, right], [right, left]] as const) {
      const view = viewOf(a);
      if (view !== undefined) note(b, { kind: "column", view, stored: false });
    }
  };
  walk(statement, {
    enter(node) {
      switch (node.kind) {
        case "BinaryExpression":
        case "IsExpression":
          compared(node.left, node.right);
          return;
        case "BetweenExpression":
          compared(node.operand, node.low);
          compared(node.operand, node.high);
          return;
        case "InExpression":
          if (node.source.kind === "ExpressionList") for (const item of node.source.items) compared(node.operand, item);
          return;
        case "LikeExpression": {
          const view = viewOf(node.left);
          if (view !== undefined) note(node.right, { kind: "pattern", view });
          return;
        }
        case "FunctionCall":
          // coalesce(?, column) and its like.
          for (const argument of node.arguments) for (const other of node.arguments) if (argument !== other) compared(argument, other);
          return;
        case "LimitClause":
          note(node.limit, { kind: "limit" });
          if (node.offset !== undefined) note(node.offset, { kind: "offset" });
          return;
        case "InsertStatement":
          for (const [view, value] of inserted(node, schema)) note(value, { kind: "column", view, stored: true });
          return;
        case "Assignment": {
          const name = node.target.kind === "Identifier" ? nameOf(node.target) : undefined;
          const view = name === undefined ? undefined : targetTable(statement, schema)?.column(name);
          if (view !== undefined) note(node.value, { kind: "column", view, stored: true });
          return;
        }
        default:
          return;
      }
    },
  });
  return uses;
}

/** The expressions that an expression's value may be. */
function results(node: Expression): Expression[] {
  const inner = unwrapped(node);
  switch (inner.kind) {
    case "CaseExpression":
      return [...inner.branches.flatMap((branch) => (branch.kind === "CaseBranch" ? results(branch.result) : [])), ...(inner.otherwise === undefined ? [] : results(inner.otherwise))];
    case "FunctionCall":
      return inner.name.kind === "Identifier" && /^(coalesce|ifnull|nullif|iif|min|max)$/i.test(inner.name.value) ? inner.arguments.flatMap(results) : [inner];
    default:
      return [inner];
  }
}

function unwrapped(node: Expression): Expression {
  if (node.kind === "ParenthesizedExpression") return unwrapped(node.expression);
  return node.kind === "CastExpression" ? unwrapped(node.expression) : node;
}

function targetTable(statement: Statement, schema: SchemaView): TableView | undefined {
  const named = statement.kind === "InsertStatement" || statement.kind === "UpdateStatement" ? nameOf(statement.table.name) : undefined;
  return named === undefined ? undefined : schema.table(named);
}

/** The values of an INSERT's rows, each with its column. */
function inserted(node: InsertStatement, schema: SchemaView): (readonly [ColumnView, Expression])[] {
  const table = schema.table(nameOf(node.table.name) ?? "");
  if (table === undefined || node.source.kind !== "SelectStatement") return [];
  const columns = node.columns?.names.map((name) => table.column(nameOf(name) ?? "")) ?? table.columns.filter((view) => view.column.generated === undefined);
  return node.source.terms.flatMap((term) => {
    const rows = term.kind === "ValuesClause" ? term.rows.flatMap((row) => (row.kind === "ExpressionList" ? [row.items] : [])) : [];
    return rows.flatMap((row) =>
      row.flatMap((value, i) => {
        const view = columns[i];
        return view === undefined ? [] : [[view, value] as const];
      }),
    );
  });
}
