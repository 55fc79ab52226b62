// The tree binds as SQLite's does: with every operation of ours in parentheses, SQLite compiles the same program.
// PRECEDENCE_COUNT and PRECEDENCE_SEED run more of it by hand: PRECEDENCE_COUNT=10000 node --test test/unit/sql/precedence.test.ts
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import type { Expression } from "#core/sql/nodes.ts";
import { parseExpression, parseScript } from "#core/sql/parse.ts";
import { textOf } from "#core/sql/print.ts";
import { descendants, walk } from "#core/sql/walk.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { corpusMissing, corpusNames, readCorpus } from "./support/corpus.ts";
import { parenthesize } from "./support/parenthesize.ts";

const count = Number(process.env["PRECEDENCE_COUNT"] ?? 600);
const seed = Number(process.env["PRECEDENCE_SEED"] ?? 1);

const syntaxError = /^near |^incomplete input|^unrecognized token/;

const infix = [
  "OR", "AND", "=", "==", "<>", "!=", "IS", "IS NOT", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", "LIKE", "NOT LIKE", "GLOB", "NOT GLOB",
  "<", "<=", ">", ">=", "&", "|", "<<", ">>", "+", "-", "*", "/", "%", "||", "->", "->>",
] as const;
const prefix = ["NOT", "-", "+", "~"] as const;
const postfix = ["ISNULL", "NOTNULL", "NOT NULL", "COLLATE nocase", "IN (a, 2)", "NOT IN (1, b)", "IN ()", "IN t", "NOT IN (SELECT c FROM t)"] as const;
const atoms = ["a", "b", "c", "d", "t.a", "1", "2.5", "'x'", "NULL", "x'ab'", "(SELECT 1)", "abs(a)", "CAST(b AS INT)", "CASE a WHEN b THEN c ELSE d END"] as const;

/** Random operators between random operands, hardly ever in parentheses: precedence decides. */
function randomExpression(next: () => number, depth: number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? "a";
  let text = "";
  const operands = 1 + Math.floor(next() * 5);
  for (let i = 0; i < operands; i++) {
    if (i > 0) {
      const r = next();
      if (r < 0.08) text += ` ${next() < 0.5 ? "NOT " : ""}BETWEEN ${randomOperand(next, depth)} AND `;
      else text += ` ${pick(infix)} `;
    }
    text += randomOperand(next, depth);
    if (next() < 0.06) text += ` LIKE ${randomOperand(next, depth)} ESCAPE ${randomOperand(next, depth)}`;
    while (next() < 0.12) text += ` ${pick(postfix)}`;
  }
  return text;
}

function randomOperand(next: () => number, depth: number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? "a";
  let text = "";
  while (next() < 0.2) text += `${pick(prefix)} `;
  return text + (depth < 2 && next() < 0.12 ? `(${randomExpression(next, depth + 1)})` : pick(atoms));
}

/** SQLite's program for an expression, or the error it gives. */
function program(db: Database.Database, expression: string, from: string): string {
  try {
    return JSON.stringify(db.prepare(`EXPLAIN SELECT ${expression} FROM ${from}`).all());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("precedence", () => {
  it(`binds ${count} random expressions as SQLite does`, () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t(a INT, b TEXT, c REAL, d)");
    const next = seededRandom(seed);
    let compiled = 0;
    for (let i = 0; i < count; i++) {
      const sql = randomExpression(next, 0);
      const theirs = program(db, sql, "t");
      const tree = parseExpression(sql);
      if (syntaxError.test(theirs)) {
        assert.equal(tree.kind === "ErrorNode" ? tree.message : "accepted", theirs, sql);
        continue;
      }
      assert.notEqual(tree.kind, "ErrorNode", sql);
      if (theirs.startsWith("[")) compiled++;
      assert.equal(program(db, parenthesize(sql, tree), "t"), theirs, `${sql}\n${parenthesize(sql, tree)}`);
    }
    assert.ok(compiled > count / 2, `only ${compiled} of ${count} compiled`);
  });

  it("binds the conditions of the corpora as SQLite does", { skip: corpusMissing }, () => {
    let compiled = 0;
    for (const name of corpusNames) {
      for (const sql of readCorpus(name)) {
        const [statement] = parseScript(sql).statements;
        if (statement === undefined) continue;
        walk(statement, {
          enter(node) {
            if (node.kind !== "WhereClause" && node.kind !== "OnClause") return;
            if (checkCondition(textOf(sql, node.condition))) compiled++;
          },
        });
      }
    }
    assert.ok(compiled > 800, `only ${compiled} compiled`);
  });
});

/** Compares one condition, on tables made for its columns. True if SQLite could compile it. */
function checkCondition(written: string): boolean {
  const tree = parseExpression(written);
  const parts = descendants(tree);
  if (!parts.some((part) => part.kind === "BinaryExpression") || parts.some((part) => part.kind === "Subquery")) return false;
  // Parameters would have to be bound to be explained.
  let sql = written;
  for (const part of parts.toReversed()) {
    if (part.kind === "BindParameter") sql = `${sql.slice(0, part.span.start)}7${sql.slice(part.span.end)}`;
  }
  const replaced = parseExpression(sql);
  const { columns, tables } = namesOf(replaced);
  if (tables.size > 4) return false;
  const db = new Database(":memory:");
  try {
    const list = columns.size === 0 ? "x" : [...columns].map((column) => `"${column}"`).join(", ");
    db.exec(`CREATE TABLE t(${list}, "unused column" INTEGER PRIMARY KEY)`);
    const from = tables.size === 0 ? "t" : [...tables].map((table) => `t AS "${table}"`).join(", ");
    const theirs = program(db, sql, from);
    if (!theirs.startsWith("[")) return false;
    assert.equal(program(db, parenthesize(sql, replaced), from), theirs, `${sql}\n${parenthesize(sql, replaced)}`);
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError) return false;
    throw error;
  } finally {
    db.close();
  }
}

function namesOf(tree: Expression): { readonly columns: ReadonlySet<string>; readonly tables: ReadonlySet<string> } {
  const columns = new Set<string>();
  const tables = new Set<string>();
  for (const node of descendants(tree)) {
    if (node.kind !== "ColumnReference") continue;
    if (node.column.kind === "Identifier") columns.add(node.column.value.toLowerCase());
    if (node.table?.kind === "Identifier") tables.add(node.table.value.toLowerCase());
  }
  return { columns, tables };
}
