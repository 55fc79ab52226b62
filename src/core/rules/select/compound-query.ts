import type { ColumnReference, Expression, SelectStatement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { freeName } from "../free-name.ts";
import { isDefinition } from "../is-definition.ts";
import { unified, type ValueKind } from "../kinds/value-kind.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** UNION, INTERSECT and EXCEPT that PostgreSQL groups, orders or types in another way. */
export const compoundQuery: StatementRule = {
  meta: {
    id: "compound-query",
    family: "select",
    title: "UNION, INTERSECT and EXCEPT",
    doc: {
      what: "Finds INTERSECT behind UNION or EXCEPT, ORDER BY of a compound query by a name that only a later part has, and parts (also rows of VALUES) whose columns are a text here and a number there.",
      why:
        "SQLite takes the parts from left to right; in PostgreSQL INTERSECT binds tighter, so that the rows differ. PostgreSQL orders by the names of the first part only, and gives each column one type: " +
        "it refuses a text among numbers, or makes a number of it ('1' UNION 1 is one row).",
      example: "SELECT id FROM a UNION SELECT id FROM b INTERSECT SELECT id FROM c",
      useInstead: {
        both: "SELECT * FROM (SELECT id FROM a UNION SELECT id FROM b) AS s INTERSECT SELECT id FROM c",
        postgres: "the same, or (SELECT id FROM a UNION SELECT id FROM b) INTERSECT SELECT id FROM c",
      },
      fixSafety: "The first two are safe. Types are left to a person: a CAST to TEXT in every part gives one type, and another sort order.",
    },
  },
  *check(context) {
    const { statement } = context;
    if (isDefinition(statement)) return;
    const taken = new Set<string>();
    for (const query of nodesOfKind(statement, "SelectStatement")) {
      if (query.terms.length > 1) {
        yield* precedence(query, taken, context);
        yield* order(query, context);
      }
      yield* types(query, context);
    }
  },
};

function* precedence(query: SelectStatement, taken: Set<string>, { site }: StatementContext): Iterable<SqlFinding> {
  const [first] = query.terms;
  if (first === undefined) return;
  for (const [i, operator] of query.operators.entries()) {
    const last = query.terms[i];
    if (operator.kind !== "CompoundOperator" || operator.operator !== "INTERSECT" || last === undefined) continue;
    const before = query.operators.slice(0, i);
    // Everything before it is one run of INTERSECTs, or was put in parentheses for the one before.
    const since = before.findLastIndex((each) => each.kind === "CompoundOperator" && each.operator === "INTERSECT");
    if (!before.slice(since + 1).some((each) => each.kind === "Hole" || each.operator !== "INTERSECT")) continue;
    const range = { start: first.span.start, end: last.span.end };
    const edits = enclose(range, "SELECT * FROM (", `) AS ${freeName(site.text, "s", taken)}`);
    yield {
      span: operator.span,
      severity: "warning",
      message: "In PostgreSQL INTERSECT binds tighter than UNION and EXCEPT; SQLite takes them from left to right. The rows differ.",
      fixes: [{ kind: "edit", title: "Put what stands before it into a subquery", applicability: "safe", edits, settles: [{ span: operator.span }] }],
    };
  }
}

function* order(query: SelectStatement, { kind }: StatementContext): Iterable<SqlFinding> {
  for (const term of query.orderBy?.terms ?? []) {
    const { expression } = term;
    if (expression.kind !== "ColumnReference") continue;
    const place = placeOf(expression, query);
    if (place === undefined || place === "known") continue;
    const kinds = query.terms.map((each): ValueKind => {
      const column = each.kind === "SelectCore" ? each.columns[place] : undefined;
      return column?.kind === "ResultColumn" ? kind(column.expression) : { kind: "unknown" };
    });
    yield {
      span: expression.span,
      severity: "error",
      message: "PostgreSQL orders a compound query by the names that its first part gives; the place in the list means the same column.",
      fixes: [{ kind: "edit", title: `Write ${place + 1}`, applicability: "safe", edits: [replace(expression.span, String(place + 1))], settles: [{ span: expression.span, kind: unified(kinds) }] }],
    };
  }
}

/** The place of the column that a term means, as SQLite looks for it: part after part. `known`: the first part calls a column so. */
function placeOf(reference: ColumnReference, query: SelectStatement): number | "known" | undefined {
  const name = fold(nameOf(reference.column) ?? "?");
  const qualifier = nameOf(reference.table);
  for (const [i, term] of query.terms.entries()) {
    if (term.kind !== "SelectCore" || term.columns.some((column) => column.kind === "AllColumns" || column.expression.kind === "Hole")) return undefined;
    const columns = term.columns.filter((column) => column.kind === "ResultColumn");
    const alias = qualifier === undefined ? columns.findIndex((column) => column.alias !== undefined && fold(nameOf(column.alias.name) ?? "") === name) : -1;
    const own = columns.findIndex(
      ({ expression }) => expression.kind === "ColumnReference" && fold(nameOf(expression.column) ?? "") === name && (qualifier === undefined || expression.table === undefined || fold(nameOf(expression.table) ?? "") === fold(qualifier)),
    );
    const place = alias >= 0 ? alias : own;
    if (place < 0) continue;
    const called = columns[place];
    const isName = alias >= 0 || called?.alias === undefined;
    return i === 0 && isName && qualifier === undefined ? "known" : place;
  }
  return undefined;
}

function* types(query: SelectStatement, { kind }: StatementContext): Iterable<SqlFinding> {
  const rows = query.terms.flatMap((term): (readonly (Expression | undefined)[])[] => {
    switch (term.kind) {
      case "SelectCore":
        return [term.columns.map((column) => (column.kind === "ResultColumn" ? column.expression : undefined))];
      case "ValuesClause":
        return term.rows.map((row) => (row.kind === "ExpressionList" ? row.items : []));
      default:
        return [];
    }
  });
  const [first = [], ...others] = rows;
  for (const [i, start] of first.entries()) {
    if (start === undefined) return;
    const kinds = [start, ...others.flatMap((row) => row[i] ?? [])].map((each) => ({ each, isText: isText(kind(each)) }));
    const begun = kinds.find(({ isText: text }) => text !== undefined);
    const other = kinds.find(({ isText: text }) => text !== undefined && text !== begun?.isText);
    if (other === undefined) continue;
    yield {
      span: other.each.span,
      severity: "error",
      message: "PostgreSQL gives a column one type in all parts of a query: it refuses a text among numbers, or makes a number of one that looks like it. Cast all of them to TEXT, or keep the kinds in columns of their own.",
      fixes: [],
    };
  }
}

function isText(kind: ValueKind): boolean | undefined {
  switch (kind.kind) {
    case "text":
      return true;
    case "integer":
    case "double":
    case "numeric":
      return false;
    default:
      return undefined;
  }
}
