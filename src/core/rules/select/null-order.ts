import type { Expression, OrderByClause, OrderingTerm, SelectStatement, Statement } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { closing } from "../rewrite.ts";
import { neverNull } from "../declared/never-null.ts";
import type { Unless } from "../declared/unless.ts";
import type { StatementRule } from "../rule.ts";
import { nameOf, type Meanings, type Resolution } from "../scope.ts";
import { isCatalogValue } from "../declared/catalog-value.ts";
import { canBeNull } from "./can-be-null.ts";
import { isKeptFromNull } from "./kept-from-null.ts";
import { resultColumn } from "./result-column.ts";

/** NULLs sort first in SQLite's ascending order and last in PostgreSQL's. */
export const nullOrder: StatementRule = {
  meta: {
    id: "null-order",
    family: "select",
    title: "NULLs in ORDER BY",
    doc: {
      what: "Finds ordering terms whose value can be NULL and that do not say where NULLs go.",
      why: "SQLite takes NULL as smaller than every value, PostgreSQL as larger: the order of rows, and with LIMIT the rows themselves, differ.",
      example: "SELECT * FROM phase_queue ORDER BY ready_timestamp DESC",
      useInstead: { both: "SELECT * FROM phase_queue ORDER BY ready_timestamp DESC NULLS LAST", postgres: "the same" },
      fixSafety: "Safe: it writes down the order that SQLite uses anyway (SQLite knows the words from 3.30 on).",
    },
  },
  *check({ statement, resolution, meanings, schema }) {
    const queries = queriesByOrder(statement);
    for (const clause of nodesOfKind(statement, "OrderByClause")) {
      const query = queries.get(clause);
      for (const term of clause.terms) {
        if (term.nulls !== undefined || isKeptFromNull(term.expression, query) || isCatalogs(term.expression, query, meanings) || (schema === undefined && isId(term.expression, query, meanings)) || !termCanBeNull(term.expression, query, resolution, meanings)) continue;
        if (isOpen(term)) {
          yield { span: term.span, severity: "warning", message: "SQLite puts NULLs before all values and PostgreSQL behind them; what is filled in here may need NULLS FIRST, or NULLS LAST behind DESC.", fixes: [] };
          continue;
        }
        const words = term.direction === "DESC" ? "NULLS LAST" : "NULLS FIRST";
        const end = term.directionSpan?.end ?? term.expression.span.end;
        yield {
          span: term.span,
          severity: "warning",
          ...(schema === undefined ? ifNever(term.expression, query, meanings) : {}),
          message: `SQLite puts NULLs ${term.direction === "DESC" ? "last" : "first"} here, PostgreSQL ${term.direction === "DESC" ? "first" : "last"}.`,
          fixes: [{ kind: "edit", title: `Write ${words}`, applicability: "safe", edits: [closing({ start: term.span.start, end }, ` ${words}`)] }],
        };
      }
    }
  },
};

/** The queries whose rows an ORDER BY sorts; that of a window or of an aggregate's arguments sorts none. */
function queriesByOrder(statement: Statement): ReadonlyMap<OrderByClause, SelectStatement> {
  return new Map(nodesOfKind(statement, "SelectStatement").flatMap((query) => (query.orderBy === undefined ? [] : [[query.orderBy, query] as const])));
}

function termCanBeNull(term: Expression, query: SelectStatement | undefined, resolution: Resolution, meanings: Meanings): boolean {
  const sorted = term.kind === "CollateExpression" ? term.operand : term;
  // One value for all rows: there is nothing to sort.
  if (sorted.kind === "NullLiteral" || sorted.kind === "BindParameter") return false;
  const column = query === undefined ? undefined : resultColumn(sorted, query);
  // In a part, the name of a result of the SELECT in another part.
  const meaning = query === undefined && sorted.kind === "ColumnReference" ? meanings.of(sorted) : undefined;
  if (meaning?.kind === "alias") return canBeNull(meaning.column.expression, resolution);
  if (column === undefined) return canBeNull(sorted, resolution);
  return column.some((expression) => expression === undefined || canBeNull(expression, resolution));
}

/** Whether what is sorted by is a column of SQLite's own catalog that always has a value. */
function isCatalogs(term: Expression, query: SelectStatement | undefined, meanings: Meanings): boolean {
  const sorted = term.kind === "CollateExpression" ? term.operand : term;
  const given = query === undefined ? undefined : resultColumn(sorted, query);
  return (given ?? [sorted]).every((each) => each?.kind === "ColumnReference" && isCatalogValue(each, meanings));
}

/** Whether a column is called `id`: without a schema, the key that hardly any table lets be NULL. One that an outer join may leave out can be. */
function isId(term: Expression, query: SelectStatement | undefined, meanings: Meanings): boolean {
  const sorted = term.kind === "CollateExpression" ? term.operand : term;
  if (sorted.kind !== "ColumnReference" || !/^id$/i.test(nameOf(sorted.column) ?? "") || (query !== undefined && resultColumn(sorted, query) !== undefined)) return false;
  const qualified = meanings.source(sorted);
  const sources = sorted.table === undefined ? meanings.nearest(sorted) : qualified === undefined ? [] : [qualified];
  return sources.length > 0 && sources.every(({ optional, columns }) => !optional && columns === undefined);
}

/** What would show that what is sorted by is never NULL: that its columns are not. */
function ifNever(term: Expression, query: SelectStatement | undefined, meanings: Meanings): { readonly unless?: readonly Unless[] } {
  const sorted = term.kind === "CollateExpression" ? term.operand : term;
  const given = query === undefined ? undefined : resultColumn(sorted, query);
  const columns = (given ?? [sorted]).flatMap((each): readonly (Expression | undefined)[] => {
    const meaning = each?.kind === "ColumnReference" ? meanings.of(each) : undefined;
    // What a query in FROM passes on is what its own columns are.
    return meaning?.kind === "derived" && !meaning.source.optional && meaning.column.values.length > 0 ? meaning.column.values : [each];
  });
  const unless = columns.map((each) => (each?.kind === "ColumnReference" && meanings.of(each)?.kind !== "alias" ? neverNull(each, meanings) : undefined));
  return unless.length > 0 && unless.every((each) => each !== undefined) ? { unless } : {};
}

/** A hole may bring the direction, so that the words cannot be chosen here. */
function isOpen(term: OrderingTerm): boolean {
  return term.holes.length > 0 || (term.expression.kind === "Hole" && term.direction === undefined) || term.expression.kind === "HoleOperatorExpression";
}
