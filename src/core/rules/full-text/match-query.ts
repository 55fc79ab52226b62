import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import type { LikeExpression } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { enclose, replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";
import { virtualForm } from "#core/schema/virtual-form.ts";

/** MATCH and the functions of full-text search. */
export const matchQuery: StatementRule = {
  meta: {
    id: "match-query",
    family: "full-text",
    title: "MATCH, bm25(), snippet()",
    doc: {
      what: "Finds the operator MATCH and the functions bm25, snippet, highlight, matchinfo and offsets.",
      why: "PostgreSQL has neither. Its full-text search compares a tsvector with a tsquery by @@, ranks by ts_rank() (more is better, where bm25() is less) and marks by ts_headline().",
      example: "SELECT title FROM docs_fts WHERE docs_fts MATCH ?",
      useInstead: {
        both: "by_engine(sqlite=…, postgresql=…): the queries are written in another language",
        postgres: "SELECT title FROM docs_fts WHERE docs_fts.search @@ websearch_to_tsquery('simple', $1) ORDER BY ts_rank(docs_fts.search, websearch_to_tsquery('simple', $1)) DESC",
      },
      fixSafety:
        "Review, in mode postgres, for a full-text table of the schema at hand, which has to be there as the rule virtual-table makes it: with a column search. Words and \"phrases\" are searched alike; prefixes (word*), NEAR, AND, NOT and column filters (title: word) are written otherwise in a tsquery, and the ranking is another. " +
        "The functions have no fix: their arguments and results are of another kind.",
    },
  },
  *check(context) {
    for (const match of nodesOfKind(context.statement, "LikeExpression")) if (match.operator === "MATCH") yield ofMatch(match, context);
    for (const call of nodesOfKind(context.statement, "FunctionCall")) {
      const name = call.name.kind === "Identifier" ? call.name.value.toLowerCase() : "";
      const advice = Object.hasOwn(functions, name) ? functions[name] : undefined;
      if (advice !== undefined) yield { span: call.name.span, severity: "error", message: `PostgreSQL has no ${name}(). ${advice}`, fixes: [] };
    }
  },
};

const functions: Readonly<Record<string, string>> = {
  bm25: "ts_rank(search, query) ranks, more is better: order by it DESC.",
  rank_bm25: "ts_rank(search, query) ranks, more is better: order by it DESC.",
  snippet: "ts_headline('simple', column, query, 'MaxFragments=1') marks the words and cuts the text.",
  highlight: "ts_headline('simple', column, query, 'HighlightAll=true, StartSel=<b>, StopSel=</b>') marks the words.",
  matchinfo: "ts_rank() ranks; a tsvector's positions are told by unnest(search).",
  offsets: "ts_headline() marks the words; their positions are told by unnest(search).",
};

const what = "PostgreSQL has no MATCH; its full-text search compares a tsvector with a tsquery by @@.";

function ofMatch(match: LikeExpression, context: StatementContext): SqlFinding {
  const base = { span: match.operatorSpan, severity: "error" as const };
  const { left, right } = match;
  const no = (why: string): SqlFinding => ({ ...base, message: `${what} ${why}`, fixes: [] });
  if (context.mode === "both") return no("SQLite's queries are written in another language: choose by engine.");
  if (match.not || left.kind !== "ColumnReference") return no("Write it by hand: column @@ websearch_to_tsquery('simple', query).");
  if (context.schema === undefined) return no("The schema at hand would tell the table's columns (--schema).");
  const search = searched(left.table === undefined ? undefined : nameOf(left.table), nameOf(left.column) ?? "", context);
  if (search === undefined) return no("The schema at hand has no full-text table of this name: write column @@ websearch_to_tsquery('simple', query).");
  return {
    ...base,
    message: `${what} Look at it: the table has to be there with its column search (see the rule virtual-table); prefixes (word*), NEAR, AND, NOT and column filters are written otherwise in a tsquery, and the ranking is another.`,
    fixes: [{ kind: "edit", title: "Compare the tsvector with @@", applicability: "review", edits: [replace(left.span, search), replace(match.operatorSpan, "@@"), ...enclose(right.span, "websearch_to_tsquery('simple', ", ")")] }],
  };
}

/** The tsvector of what stands before MATCH: a full-text table, or one of its columns. */
function searched(qualifier: string | undefined, name: string, { statement, schema }: StatementContext): string | undefined {
  const tables = nodesOfKind(statement, "TableReference").flatMap(({ table, alias }) => {
    const written = nameOf(table.name);
    const virtual = written === undefined ? undefined : schema?.virtualTable(written);
    const found = virtual === undefined ? undefined : virtualForm(virtual.sql, virtual.module);
    // An index over another table's texts is asked there.
    if (written === undefined || found?.form !== "full-text") return [];
    return [{ table: written, called: nameOf(alias?.name) ?? written, columns: found.columns ?? ["content"] }];
  });
  const of = (each: { readonly called: string }): string => postgresIdentifier(each.called);
  const whole = qualifier === undefined ? tables.find((each) => fold(each.called) === fold(name) || fold(each.table) === fold(name)) : undefined;
  if (whole !== undefined) return `${of(whole)}.search`;
  const holder = tables.find((each) => (qualifier === undefined || fold(each.called) === fold(qualifier)) && each.columns.some((column) => fold(column) === fold(name)));
  const column = holder?.columns.find((each) => fold(each) === fold(name));
  return holder === undefined || column === undefined ? undefined : `to_tsvector('simple', ${of(holder)}.${postgresIdentifier(column)})`;
}
