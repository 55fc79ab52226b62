import assert from "node:assert/strict";
import { test } from "node:test";
import { statementTranslator } from "#engine/proof/statement-translator.ts";
import { planOf } from "../schema/plan-of.ts";

const plan = await planOf(`
  CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, fullName TEXT, done BOOLEAN NOT NULL DEFAULT 0, edits INTEGER NOT NULL DEFAULT 0, changed_at DATETIME);
  CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT, note INTEGER);
  CREATE TABLE tags (name TEXT PRIMARY KEY, uses INTEGER NOT NULL DEFAULT 0);
  CREATE VIRTUAL TABLE found USING fts5(title);
`);
const translate = statementTranslator(plan);

function translated(sql: string, nullable = false, prefix = ""): string {
  const result = translate(sql, { rows: (["NEW", "OLD"] as const).map((name) => ({ name, relation: "notes", nullable })), prefix });
  return "reason" in result ? `no: ${result.reason}` : [result.sql, ...result.notes].join("\n-- ");
}

const cases: readonly (readonly [sql: string, expected: string | RegExp])[] = [
  ["UPDATE notes SET changed_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid", "UPDATE notes SET changed_at = date_trunc('second', timezone('utc', statement_timestamp())) WHERE id = NEW.id"],
  ["INSERT INTO log (what, note) VALUES (NEW.fullName, OLD.id)", 'INSERT INTO log (what, note) VALUES (NEW."fullName", OLD.id)'],
  ["INSERT INTO tags (name, uses) VALUES (NEW.title, 1) ON CONFLICT (name) DO UPDATE SET uses = uses + 1", "INSERT INTO tags (name, uses) VALUES (NEW.title, 1) ON CONFLICT (name) DO UPDATE SET uses = tags.uses + 1"],
  ["SELECT 1 WHERE NEW.title IS NOT OLD.title AND NEW.done = 1", "SELECT 1 WHERE NEW.title IS DISTINCT FROM OLD.title AND NEW.done = TRUE"],
  // The column is the table's, not the row's.
  ["UPDATE notes SET edits = edits + 1 WHERE id = NEW.id", "UPDATE notes SET edits = edits + 1 WHERE id = NEW.id"],
  ["INSERT INTO log (id, what) VALUES (NEW.id, 'x')", /^INSERT INTO log \(id, what\) VALUES \(NEW.id, 'x'\)\n-- This gives "log.id" itself/],
  ["INSERT INTO log (what) VALUES (NEW.edits)", "INSERT INTO log (what) VALUES (NEW.edits)"],
  ["INSERT INTO log (what) VALUES (NEW.done)", /^no: nothing shows yet .* stored as text \(NEW.done\)$/],
  ["INSERT INTO log VALUES (NEW.id, 'x', 1)", /^INSERT INTO log VALUES \(NEW.id, 'x', 1\)\n-- This gives "log.id" itself/],
  ["INSERT INTO log (note) VALUES (last_insert_rowid())", /^no: last_insert_rowid: PostgreSQL has no/],
  ["INSERT INTO found (title) VALUES (NEW.title)", "no: it uses found, a virtual table, which PostgreSQL does not have"],
  ["DELETE FROM gone", "no: there is no table gone"],
  ["UPDATE notes SET", /^no: its text is not understood/],
];

for (const [sql, expected] of cases) {
  test(`a trigger's ${sql}`, () => {
    if (typeof expected === "string") assert.equal(translated(sql), expected);
    else assert.match(translated(sql), expected);
  });
}

test("tables carry their schema, columns and WITH tables do not", () => {
  assert.equal(
    translated("INSERT INTO log (what) WITH t AS (SELECT title FROM notes WHERE notes.id = NEW.id) SELECT title FROM t WHERE title IN (SELECT name FROM tags)", false, "public."),
    "INSERT INTO public.log (what) WITH t AS (SELECT title FROM public.notes WHERE notes.id = NEW.id) SELECT title FROM t WHERE title IN (SELECT name FROM public.tags)",
  );
});

test("a row's column may be NULL before the row is stored", () => {
  const sql = "DELETE FROM log WHERE what IN (SELECT title FROM notes ORDER BY NEW.title, id LIMIT 1)";
  assert.notEqual(translated(sql, true), translated(sql, false));
});
