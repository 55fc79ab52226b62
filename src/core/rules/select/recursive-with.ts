import type { CommonTable, Expression, SelectCore, WithClause } from "#core/sql/nodes.ts";
import { nodesOfKind, walk } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { usesItself } from "./uses-itself.ts";

/** WITH that reads itself: PostgreSQL wants the word RECURSIVE, one type for each column, and no ORDER BY or LIMIT. */
export const recursiveWith: StatementRule = {
  meta: {
    id: "recursive-with",
    family: "select",
    title: "Recursive WITH",
    doc: {
      what: "Finds WITH tables that read themselves or one behind them without the word RECURSIVE, ORDER BY and LIMIT inside of a recursive one, and columns that begin as a small integer (or NULL) and go on as a large one.",
      why:
        "PostgreSQL refuses all of them: without RECURSIVE the name is not in sight, ORDER BY and LIMIT are not implemented there, and a column must have one type from the start " +
        "(a literal 1 is an int4, a column of the schema a bigint).",
      example: "WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n",
      useInstead: { both: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n", postgres: "the same" },
      fixSafety:
        "RECURSIVE and the CASTs are safe. ORDER BY decides in SQLite in which order rows are followed, LIMIT where it stops: both need another condition, which a person must write.",
    },
  },
  *check(context) {
    if (isDefinition(context.statement)) return;
    for (const clause of nodesOfKind(context.statement, "WithClause")) {
      const late = readsLate(clause);
      if (late !== undefined && clause.recursiveSpan === undefined) {
        yield {
          span: late.name.span,
          severity: "error",
          message: "PostgreSQL lets a WITH table read itself, or one behind it, only with the word RECURSIVE.",
          fixes: [{ kind: "edit", title: "Write RECURSIVE", applicability: "safe", edits: [replace({ start: clause.withSpan.end, end: clause.withSpan.end }, " RECURSIVE")] }],
        };
      }
      for (const table of clause.tables) if (table.kind === "CommonTable") yield* recursive(table, context);
    }
  },
};

/** The first table of a WITH that reads itself or one behind it. */
function readsLate(clause: WithClause): CommonTable | undefined {
  const names = clause.tables.map((table) => (table.kind === "CommonTable" ? fold(nameOf(table.name) ?? "") : ""));
  return clause.tables.find((table, i): table is CommonTable => {
    if (table.kind !== "CommonTable") return false;
    const later = new Set(names.slice(i));
    let found = false;
    walk(table.query, {
      enter(node) {
        if ((node.kind === "TableReference" || node.kind === "InTable") && node.table.schema === undefined && later.has(fold(nameOf(node.table.name) ?? "?"))) found = true;
      },
    });
    return found;
  });
}

function* recursive(table: CommonTable, context: StatementContext): Iterable<SqlFinding> {
  if (table.query.kind !== "Subquery" || !usesItself(table)) return;
  const { select } = table.query;
  for (const clause of [select.orderBy, select.limit]) {
    if (clause === undefined) continue;
    yield {
      span: clause.span,
      severity: "error",
      message:
        clause.kind === "LimitClause"
          ? "PostgreSQL has no LIMIT inside of a recursive WITH. Let a condition of the recursive part end it (a counter, say); a LIMIT on the query that reads it cuts its rows, too, though PostgreSQL does not promise to stop there."
          : "PostgreSQL has no ORDER BY inside of a recursive WITH. To SQLite it says which row is followed first (depth first or breadth first): carry a path or a depth as a column, and order the query that reads it by that.",
      fixes: [],
    };
  }
  const [first, ...others] = select.terms;
  if (first?.kind !== "SelectCore") return;
  for (const [i, column] of first.columns.entries()) {
    if (column.kind !== "ResultColumn") break;
    const nexts = others.flatMap((term) => (term.kind === "SelectCore" ? at(term, i) : []));
    const names = ownNames(table, first);
    const own = (node: Expression): boolean => {
      if (node.kind !== "ColumnReference") return false;
      const source = context.meanings.source(node)?.node;
      if (source !== undefined) return source.kind === "TableReference" && fold(nameOf(source.table.name) ?? "") === fold(nameOf(table.name) ?? "?");
      return node.table === undefined && names.has(fold(nameOf(node.column) ?? "?"));
    };
    yield* widened(column.expression, nexts, own, context);
  }
}

function at(core: SelectCore, place: number): Expression[] {
  const before = core.columns.slice(0, place + 1);
  const column = before[place];
  return before.every((each) => each.kind === "ResultColumn") && column?.kind === "ResultColumn" ? [column.expression] : [];
}

/** The names of a recursive table's columns, folded. */
function ownNames(table: CommonTable, first: SelectCore): ReadonlySet<string> {
  const names = table.columns?.names ?? first.columns.map((column) => (column.kind !== "ResultColumn" ? undefined : (column.alias?.name ?? (column.expression.kind === "ColumnReference" ? column.expression.column : undefined))));
  return new Set(names.map((name) => fold(nameOf(name) ?? "")));
}

function* widened(start: Expression, nexts: readonly Expression[], isOwn: (node: Expression) => boolean, { kind }: StatementContext): Iterable<SqlFinding> {
  // It says its type already.
  if (start.kind === "CastExpression") return;
  const first = kind(start);
  const isNull = first.kind === "null";
  if (!isNull && !(first.kind === "integer" && first.literal !== undefined)) return;
  // An int4 plus a small number stays one.
  const wide = isNull ? nexts.some((next) => kind(next).kind === "integer" && !isOwn(next)) : nexts.some((next) => kind(next).kind === "integer" && !staysSmall(next, isOwn));
  if (!wide) return;
  yield {
    span: start.span,
    severity: "error",
    message: isNull ? "PostgreSQL takes this NULL for a text, and the column goes on as an integer." : "PostgreSQL takes this number for an int4, and the column may go on as a bigint: it must have one type from the start.",
    fixes: [
      {
        kind: "edit",
        title: "Write CAST(… AS BIGINT)",
        applicability: "safe",
        edits: enclose(start.span, "CAST(", " AS BIGINT)"),
        settles: [{ span: start.span, kind: { kind: "integer", wide: true } }],
      },
    ],
  };
}

/** Whether a value stays an int4 when the column is one. */
function staysSmall(node: Expression, isOwn: (node: Expression) => boolean): boolean {
  switch (node.kind) {
    case "NumericLiteral":
      return node.form === "integer" && node.text.length < 10;
    case "ParenthesizedExpression":
      return staysSmall(node.expression, isOwn);
    case "BinaryExpression":
      return (node.operator === "+" || node.operator === "-") && isOwn(node.left) && node.right.kind === "NumericLiteral" && node.right.text.length < 5;
    default:
      return isOwn(node);
  }
}
