// A hole is written {…} here, and may stand for anything.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node, NodeKind } from "#core/sql/nodes.ts";
import { parseFragment, parseScript } from "#core/sql/parse.ts";
import { bindParameters } from "#core/sql/bind-parameters.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import { walk } from "#core/sql/walk.ts";
import { checkScript } from "./support/check-tree.ts";

const holesOf = (sql: string): { start: number; end: number }[] =>
  [...sql.matchAll(/\$?\{[^}]*\}/g)].map((match) => ({ start: match.index, end: match.index + match[0].length }));

function holeParents(tree: Node): NodeKind[] {
  const parents: NodeKind[] = [];
  walk(tree, {
    enter(node, ancestors) {
      const parent = ancestors.at(-1);
      if (node.kind === "Hole" && parent !== undefined) parents.push(parent.kind);
    },
  });
  return parents;
}

const cases: readonly (readonly [sql: string, parents: readonly NodeKind[]])[] = [
  ["SELECT {columns} FROM {table} WHERE {condition}", ["ResultColumn", "QualifiedName", "WhereClause"]],
  ["SELECT a FROM {schema}.{table} AS {alias} JOIN u ON {on}", ["QualifiedName", "QualifiedName", "Alias", "OnClause"]],
  ["SELECT a FROM t {where} ORDER BY a {direction} LIMIT {n} OFFSET {m}", ["SelectCore", "OrderingTerm", "LimitClause", "LimitClause"]],
  ["SELECT a FROM t {joins} JOIN u USING (b) WHERE c = 1 {and_more} GROUP BY d {having}", ["FromClause", "SelectCore", "SelectCore"]],
  ["SELECT a FROM t {where} AND b = ?", ["BinaryExpression"]],
  ["SELECT a FROM t WHERE b {operator} ? AND (c = 1 {more})", ["HoleOperatorExpression", "HoleOperatorExpression"]],
  ["SELECT a FROM t WHERE b IN ({list}) OR c IN {list} OR {c} = 1", ["ExpressionList", "InExpression", "ColumnReference"].slice(0, 2).concat(["BinaryExpression"]) as NodeKind[]],
  ["SELECT {f}(a), t.{column}, 'x{y}z', \"p_{q}\", tbl_{n}.a FROM log_{year}", ["FunctionCall", "ColumnReference", "StringLiteral", "Identifier", "Identifier", "Identifier"]],
  ["SELECT a FROM t UNION {select}", ["SelectStatement"]],
  ["SELECT * FROM ({select}) s WHERE a = (SELECT {x})", ["QualifiedName", "ResultColumn"]],
  ["INSERT {or_ignore} INTO {table} ({columns}) VALUES ({values}), {rows} {on_conflict}", ["OrAction", "QualifiedName", "NameList", "ExpressionList", "ValuesClause", "InsertStatement"]],
  ["INSERT INTO t {columns_and_values}", ["InsertStatement"]],
  ["INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT ({keys}) DO UPDATE SET {assignments}", ["OrderingTerm", "SetClause"]],
  ["{verb} INTO t (a) VALUES (1)", []],
  ["UPDATE {table} SET {column} = ?, {more} WHERE id = ? {and}", ["QualifiedName", "Assignment", "SetClause", "UpdateStatement"]],
  ["DELETE FROM {table} {where}", ["QualifiedName", "DeleteStatement"]],
  ["CREATE TABLE {name} ({columns})", ["QualifiedName", "CreateTableStatement"]],
  ["CREATE TABLE t ({name} {type} NOT NULL, b TEXT {constraint})", ["ColumnDefinition", "TypeName", "ColumnDefinition"]],
  ["CREATE INDEX {name} ON {table} ({column} DESC)", ["QualifiedName", "CreateIndexStatement", "OrderingTerm"]],
  ["ALTER TABLE {table} ADD COLUMN {name} {type}", ["QualifiedName", "ColumnDefinition", "TypeName"]],
  ["DROP TABLE IF EXISTS {table}", ["QualifiedName"]],
  ["PRAGMA {name} = {value}", ["QualifiedName", "PragmaStatement"]],
  ["PRAGMA table_info({table})", ["PragmaStatement"]],
  ["WITH {ctes} SELECT CASE WHEN {a} THEN {b} END, CAST({c} AS {d})", ["WithClause", "CaseBranch", "CaseBranch", "CastExpression", "TypeName"]],
  ["{select} WHERE a = 1 ORDER BY b", ["Fragment"]],
  ["{statement}", ["Fragment"]],
  ["SELECT ?{i}, :{name}", ["BindParameter", "BindParameter"]],
  ["SELECT a FROM `{table}` WHERE x = '${x}' -- {comment}", ["Identifier", "StringLiteral"]],
];

describe("holes", () => {
  for (const [sql, parents] of cases) {
    it(sql, () => {
      const script = parseScript(sql, { holes: holesOf(sql) });
      assert.deepEqual(script.errors, []);
      checkScript(script);
      const [statement] = script.statements;
      assert.ok(statement !== undefined && script.statements.length === 1);
      assert.deepEqual(holeParents(statement), parents);
    });
  }

  it("is a token of its own, or glued into one", () => {
    const sql = "SELECT{a} tbl_{b}x {c}{d} '{e}'";
    const kinds = tokenize(sql, holesOf(sql)).filter((token) => token.kind !== "blank").map((token) => `${token.kind} ${sql.slice(token.start, token.end)} ${token.holes.length}`);
    assert.deepEqual(kinds, ["keyword SELECT 0", "hole {a} 1", "name tbl_{b}x 1", "hole {c}{d} 2", "string '{e}' 1", "end  0"]);
  });

  it("hides the numbers of the parameters after it, unless it is a name", () => {
    const numbers = (sql: string): (number | undefined)[] => {
      const [statement] = parseScript(sql, { holes: holesOf(sql) }).statements;
      assert.ok(statement !== undefined);
      return bindParameters(statement).map((parameter) => parameter.number);
    };
    assert.deepEqual(numbers("SELECT ?, ?5, ?, :a, :a, @a, ? FROM t"), [1, 5, 6, 7, 7, 8, 9]);
    assert.deepEqual(numbers("SELECT ? FROM {table} WHERE a = ? AND {more} AND b = ?"), [1, 2, undefined]);
  });
});

describe("fragments", () => {
  const fragments: readonly (readonly [sql: string, kinds: readonly NodeKind[]])[] = [
    ["AND a = ? OR b", ["BinaryExpression"]],
    ["WHERE a = 1 ORDER BY b", ["WhereClause", "OrderByClause"]],
    ["ORDER BY a DESC LIMIT 1", ["OrderByClause", "LimitClause"]],
    ["a = ? AND b", ["BinaryExpression"]],
    ["a, b, c", ["ColumnReference", "ColumnReference", "ColumnReference"]],
    ["a DESC, b", ["OrderingTerm", "ColumnReference"]],
    ["LEFT JOIN t ON a = b WHERE c", ["JoinTerm", "WhereClause"]],
    ["VALUES (?, ?) ON CONFLICT DO NOTHING", ["ValuesClause", "UpsertClause"]],
    ["SET a = 1 WHERE b", ["SetClause", "WhereClause"]],
    ["UNION ALL SELECT 1", ["CompoundOperator", "SelectStatement"]],
    ["?, ?, ?", ["BindParameter", "BindParameter", "BindParameter"]],
    ["", []],
  ];
  for (const [sql, kinds] of fragments) {
    it(sql, () => { assert.deepEqual(parseFragment(sql).parts.map((part) => part.kind), kinds); });
  }
});
