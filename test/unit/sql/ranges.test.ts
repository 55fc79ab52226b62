// The ranges that rewrites need, by the text they cover.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Span } from "#core/text/span.ts";
import type { NodeKind, NodeOf } from "#core/sql/nodes.ts";
import { parseStatement } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";

function only<K extends NodeKind>(sql: string, kind: K): NodeOf<K> {
  const [found] = nodesOfKind(parseStatement(sql), kind);
  assert.ok(found !== undefined, `no ${kind} in ${sql}`);
  return found;
}

const covers = (sql: string, span: Span | undefined, text: string): void => {
  assert.equal(span && sql.slice(span.start, span.end), text);
};

describe("ranges", () => {
  it("INSERT", () => {
    const sql = "INSERT /*!*/ OR  IGNORE INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO NOTHING";
    const insert = only(sql, "InsertStatement");
    covers(sql, insert.verbSpan, "INSERT");
    covers(sql, insert.or?.span, "OR  IGNORE");
    covers(sql, insert.intoSpan, "INTO");
    covers(sql, insert.columns?.span, "(a, b)");
    covers(sql, insert.source.span, "VALUES (?, ?)");
    covers(sql, insert.upserts[0]?.target?.span, "(a)");
    covers(sql, insert.upserts[0]?.actionSpan, "DO NOTHING");
  });

  it("ordering terms and LIMIT", () => {
    const sql = "SELECT 1 ORDER BY a COLLATE nocase  DESC NULLS  LAST LIMIT 5 , 10";
    const term = only(sql, "OrderingTerm");
    covers(sql, term.span, "a COLLATE nocase  DESC NULLS  LAST");
    covers(sql, term.directionSpan, "DESC");
    covers(sql, term.nullsSpan, "NULLS  LAST");
    const limit = only(sql, "LimitClause");
    assert.equal(limit.offsetForm, "comma");
    covers(sql, limit.limit.span, "10");
    covers(sql, limit.offset?.span, "5");
    covers(sql, limit.offsetSpan, ",");
  });

  it("calls", () => {
    const sql = "SELECT group_concat( DISTINCT a ) FILTER (WHERE b) OVER w";
    const call = only(sql, "FunctionCall");
    covers(sql, call.name.span, "group_concat");
    covers(sql, call.argumentsSpan, "( DISTINCT a )");
    covers(sql, call.quantifierSpan, "DISTINCT");
    covers(sql, call.filter?.span, "FILTER (WHERE b)");
    covers(sql, call.over?.span, "OVER w");
  });

  it("operators", () => {
    const sql = "SELECT a NOT  LIKE b ESCAPE c, d IS NOT  DISTINCT FROM e, f NOT BETWEEN 1 AND 2, g == h";
    covers(sql, only(sql, "LikeExpression").operatorSpan, "NOT  LIKE");
    covers(sql, only(sql, "LikeExpression").escapeSpan, "ESCAPE");
    covers(sql, only(sql, "IsExpression").operatorSpan, "IS NOT  DISTINCT FROM");
    covers(sql, only(sql, "BetweenExpression").andSpan, "AND");
    covers(sql, only(sql, "BinaryExpression").operatorSpan, "==");
  });

  it("column constraints", () => {
    const sql = "CREATE TABLE t (a INTEGER CONSTRAINT k PRIMARY  KEY AUTOINCREMENT DEFAULT (1), b NUMERIC(10, 2) AS (a) STORED) STRICT";
    const key = only(sql, "ColumnPrimaryKey");
    covers(sql, key.span, "CONSTRAINT k PRIMARY  KEY AUTOINCREMENT");
    covers(sql, key.keySpan, "PRIMARY  KEY");
    covers(sql, key.autoincrementSpan, "AUTOINCREMENT");
    covers(sql, only(sql, "DefaultConstraint").value.span, "(1)");
    covers(sql, nodesOfKind(parseStatement(sql), "TypeName")[1]?.argumentsSpan, "(10, 2)");
    covers(sql, only(sql, "GeneratedConstraint").storageSpan, "STORED");
    covers(sql, only(sql, "TableOption").span, "STRICT");
  });

  it("names know their quotes", () => {
    const names = nodesOfKind(parseStatement("SELECT a, \"b\"\"c\", [d], `e` FROM 'f'"), "Identifier");
    assert.deepEqual(names.map((name) => [name.value, name.quote]), [["a", "none"], ['b"c', "double"], ["d", "bracket"], ["e", "backtick"], ["f", "single"]]);
  });
});
