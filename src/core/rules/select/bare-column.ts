import type { AllColumns, ColumnReference, FunctionCall, OrderByClause, SelectCore } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { closing, opening, replace, tokenIn } from "../rewrite.ts";
import type { SqlFix, StatementContext, StatementRule } from "../rule.ts";
import { groupedKeyIf } from "./grouped-key.ts";
import { isAggregate } from "#core/sql/aggregates.ts";
import { coresOf, groupingOf, written } from "./grouped.ts";

/** Columns beside aggregates that are not grouped. */
export const bareColumn: StatementRule = {
  meta: {
    id: "bare-column",
    family: "select",
    title: "Columns outside of GROUP BY",
    doc: {
      what: "Finds columns of a grouped query that are neither in GROUP BY nor inside of an aggregate.",
      why:
        "SQLite takes their value from some row of the group (with one min() or max(), from the row that has it). PostgreSQL refuses them, unless the table's primary key is grouped: " +
        "then there is one row to take it from.",
      example: "SELECT t.user_id, u.name, count(*) FROM tasks t JOIN users u ON u.id = t.user_id GROUP BY t.user_id",
      useInstead: { both: "SELECT t.user_id, u.name, count(*) FROM tasks t JOIN users u ON u.id = t.user_id GROUP BY t.user_id, u.name", postgres: "the same" },
      fixSafety:
        "Safe where keys and equalities of the schema show that the column has one value in each group: it is added to GROUP BY. With one min() or max(), mode postgres offers DISTINCT ON as a review: of several rows that have it, the engines may choose different ones. " +
        "Otherwise a person must say which row is meant: min(column), any_value(column) (from PostgreSQL 16 on), or DISTINCT ON.",
    },
  },
  *check(context) {
    const { statement, site, meanings, kind, schema } = context;
    if (isDefinition(statement)) return;
    for (const { core, orderBy } of coresOf(statement)) {
      const grouping = groupingOf(core, orderBy, site.text, meanings, kind);
      if (grouping === undefined || grouping.bare.length === 0 || core.holes.length > 0) continue;
      const told = grouping.bare.filter((node): node is ColumnReference => node.kind === "ColumnReference" && grouping.isDetermined(node));
      const last = core.groupBy?.expressions.at(-1);
      const names = [...new Map(told.map((node) => [written(node, site.text, meanings), site.text.slice(node.span.start, node.span.end)])).values()];
      const add: SqlFix | undefined =
        last === undefined || names.length === 0
          ? undefined
          : { kind: "edit", title: `Group by ${names.join(", ")}, too`, applicability: "safe", edits: [closing({ start: core.groupBy?.span.start ?? last.span.start, end: last.span.end }, `, ${names.join(", ")}`)] };
      const extreme = extremeOf(core);
      const first = told.length === grouping.bare.length ? undefined : distinctOn(core, orderBy, extreme, context);
      for (const node of grouping.bare) {
        const unless = schema === undefined ? groupedKeyIf(node, core, meanings) : undefined;
        const isTold = node.kind === "ColumnReference" && told.includes(node);
        yield {
          span: node.span,
          severity: "error",
          message: isTold ? "PostgreSQL wants this column in GROUP BY; it has one value in each group." : untold(node, extreme, schema !== undefined),
          ...(unless === undefined ? {} : { unless: [unless] }),
          fixes: isTold && add !== undefined ? [add] : !isTold && first !== undefined ? [first] : [],
        };
      }
    }
  },
};

function untold(node: ColumnReference | AllColumns, extreme: FunctionCall | undefined, hasSchema: boolean): string {
  const which = extreme?.name.kind === "Identifier" ? `SQLite takes it from the row that has the ${extreme.name.value.toLowerCase()}(), of several such rows from any` : "SQLite takes it from any row of the group";
  const what = node.kind === "AllColumns" ? "Name the columns, and say which row is meant" : "Say which row is meant";
  return `PostgreSQL refuses a column that is neither grouped nor inside of an aggregate. ${which}. ${what}: min(column), any_value(column) (from PostgreSQL 16 on), or SELECT DISTINCT ON (…) … ORDER BY ….${hasSchema ? "" : " Where the table's primary key is grouped, PostgreSQL takes it as it is (--schema tells)."}`;
}

/** The only aggregate of a SELECT's list, when it is min() or max(). */
function extremeOf(core: SelectCore): FunctionCall | undefined {
  const calls = core.columns.flatMap((column) => nodesOfKind(column, "FunctionCall").filter(isAggregate));
  const [call] = calls;
  return calls.length === 1 && call?.name.kind === "Identifier" && /^(min|max)$/i.test(call.name.value) ? call : undefined;
}

/** The row that has the min or max, as the first one of each group in that order: PostgreSQL only. */
function distinctOn(core: SelectCore, orderBy: OrderByClause | undefined, call: FunctionCall | undefined, { mode, site }: StatementContext): SqlFix | undefined {
  const [argument] = call?.arguments ?? [];
  const [first] = core.columns;
  const group = core.groupBy;
  if (mode !== "postgres" || call === undefined || argument?.kind !== "ColumnReference" || first === undefined || group === undefined || orderBy !== undefined || core.having !== undefined || core.quantifier !== undefined || call.filter !== undefined || call.quantifier !== undefined) return undefined;
  const last = group.expressions.at(-1);
  if (last === undefined || !group.expressions.every((each) => each.kind === "ColumnReference") || !core.columns.some((column) => column.kind === "ResultColumn" && column.expression === call)) return undefined;
  const text = (node: { readonly span: { readonly start: number; readonly end: number } }): string => site.text.slice(node.span.start, node.span.end);
  const isMax = call.name.kind === "Identifier" && /^max$/i.test(call.name.value);
  const by = tokenIn(site.text, group.groupBySpan, "GROUP");
  if (by === undefined) return undefined;
  return {
    kind: "edit",
    title: "Use DISTINCT ON: of several rows that have it, another one may be chosen",
    applicability: "review",
    edits: [
      opening(first.span, `DISTINCT ON (${group.expressions.map(text).join(", ")}) `),
      replace({ start: call.span.start, end: argument.span.start }, ""),
      replace({ start: argument.span.end, end: call.span.end }, ""),
      replace(by, "ORDER"),
      closing({ start: group.span.start, end: last.span.end }, `, ${text(argument)} ${isMax ? "DESC " : ""}NULLS LAST`),
    ],
  };
}
