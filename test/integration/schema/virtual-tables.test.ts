import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, move, planOf } from "../../support/move.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { allTargets } from "../../support/targets.ts";
import { validate } from "#engine/validate/validate.ts";

const ddl = `
  CREATE VIRTUAL TABLE docs USING fts5(title, body, note UNINDEXED, tokenize = 'porter unicode61', prefix = '2 3');
  CREATE VIRTUAL TABLE old USING fts4(title TEXT, "b c");
  CREATE VIRTUAL TABLE plain USING fts3;
  CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, text TEXT, n INTEGER);
  CREATE VIRTUAL TABLE over_notes USING fts5(title, text, content = 'notes', content_rowid = 'id');
  CREATE VIRTUAL TABLE bare USING fts5(x, content = '');
  CREATE VIRTUAL TABLE places USING rtree(id, x0, x1, y0, y1, +label TEXT);
  CREATE VIRTUAL TABLE spans USING rtree_i32(id, low, high)`;
const rows = `
  INSERT INTO docs (rowid, title, body, note) VALUES (7, 'Running fast', 'a fox', 'secret'), (9, 'Fish', NULL, 'fox'), (-2, 'Größe', 'tab	and
line', 'x');
  INSERT INTO old (docid, title, "b c") VALUES (3, 'one', 'two'), (4, 'Fish', '');
  INSERT INTO plain (content) VALUES ('just one fish');
  INSERT INTO notes VALUES (1, 'A fish', 'swims', 5), (2, NULL, 'a fox', 6);
  INSERT INTO over_notes (over_notes) VALUES ('rebuild');
  INSERT INTO bare (rowid, x) VALUES (1, 'gone');
  INSERT INTO places VALUES (1, 0.1, 0.2, 0.3, 0.4, 'tiny'), (2, 10, 20, 10, 20, 'big');
  INSERT INTO spans VALUES (1, -5, 5), (2, 100, 200)`;

for (const { label, empty } of allTargets) {
  describe(`virtual tables, on ${label}`, () => {
    it("become tables with an index of PostgreSQL's own kind, with their rows, or are named with the reason", async () => {
      const from = sqliteFile(`${ddl};${rows}`);
      const target = await empty();
      await move(from, target);
      const found = async (table: string, words: string): Promise<unknown> => (await ask(target, `SELECT rowid FROM ${table} WHERE search @@ websearch_to_tsquery('simple', '${words}') ORDER BY rowid`)).map(([id]) => id);
      assert.deepEqual(await ask(target, "SELECT rowid, title, body, note FROM docs ORDER BY rowid"), [["-2", "Größe", "tab\tand\nline", "x"], ["7", "Running fast", "a fox", "secret"], ["9", "Fish", null, "fox"]]);
      // What is UNINDEXED is not found.
      assert.deepEqual(await found("docs", "FOX"), ["7"]);
      assert.deepEqual(await found("old", "fish"), ["4"]);
      assert.deepEqual(await found("plain", "one fish"), ["1"]);
      // It stays current, and goes on numbering.
      await ask(target, "UPDATE docs SET body = 'a fox' WHERE rowid = 9");
      await ask(target, "INSERT INTO docs (title) VALUES ('another fox')");
      assert.deepEqual(await found("docs", "fox"), ["7", "9", "10"]);
      assert.deepEqual(await ask(target, "SELECT id FROM notes WHERE to_tsvector('simple', COALESCE(title, '') || ' ' || COALESCE(text, '')) @@ websearch_to_tsquery('simple', 'fish')"), [["1"]]);
      assert.deepEqual(await ask(target, "SELECT id, label FROM places WHERE box(point(x0, y0), point(x1, y1)) && box(point(0, 0), point(1, 1))"), [["1", "tiny"]]);
      assert.deepEqual(await ask(target, "SELECT id, low, high FROM spans ORDER BY id"), [["1", "-5", "5"], ["2", "100", "200"]]);
      assert.deepEqual(
        (await ask(target, "SELECT c.relname, m.amname FROM pg_class c JOIN pg_am m ON m.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND m.amname IN ('gin', 'gist') ORDER BY 1")).map((row) => row.join(" ")),
        ["docs_search gin", "notes_search gin", "old_search gin", "places_box gist", "plain_search gin", "spans_box gist"],
      );
    });

    it("are the same on both sides afterwards, and everything of them is accounted for", async () => {
      const from = sqliteFile(`${ddl};${rows}`);
      const target = await empty();
      await move(from, target);
      const plan = await planOf(from);
      assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
      const of = (outcome: string): string[] => plan.reported.filter((each) => each.kind === "virtual-table" && each.outcome === outcome).map(({ name }) => name);
      assert.deepEqual(of("changed"), ["docs", "old", "plain", "over_notes", "places", "spans"]);
      assert.deepEqual(plan.reported.filter((each) => each.kind === "virtual-table" && each.outcome === "left-out").map(({ name, reason }) => `${name}: ${reason.slice(0, 30)}`), ["bare: it keeps no texts of its own ("]);
      assert.match(plan.reported.find(({ name }) => name === "docs")?.reason ?? "", /porter/);
    });
  });
}
