import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask, move, planOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { allTargets } from "../../support/targets.ts";

const script = `
CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, changed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE log (id INTEGER PRIMARY KEY, what TEXT);
CREATE VIEW titles AS SELECT id, title FROM notes;
CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO log (what) VALUES (NEW.title); END;
CREATE TRIGGER stamp AFTER UPDATE ON notes BEGIN UPDATE notes SET changed = changed + 1 WHERE id = NEW.id; END;
CREATE TRIGGER titles_update INSTEAD OF UPDATE ON titles BEGIN UPDATE notes SET title = NEW.title WHERE id = OLD.id; END;
INSERT INTO notes (title) VALUES ('a'), ('b'), ('c');
DELETE FROM log WHERE what = 'b'`;

for (const { label, empty } of allTargets) {
  describe(`triggers in a run onto ${label}`, () => {
    it("do not fire while rows are copied, and do afterwards", async () => {
      const from = sqliteFile(script);
      const target = await empty();
      const plan = await planOf(from);
      await move(from, target, { plan });
      assert.ok((await validate({ from, target, plan, level: "cells" })).equal);
      await ask(target, "INSERT INTO notes (title) VALUES ('d')");
      await ask(target, "UPDATE titles SET title = 'z' WHERE id = 2");
      assert.deepEqual(await ask(target, "SELECT title, changed FROM notes ORDER BY id"), [["a", "0"], ["z", "1"], ["c", "0"], ["d", "0"]]);
      assert.deepEqual(await ask(target, "SELECT id, what FROM log ORDER BY id"), [["1", "a"], ["3", "c"], ["4", "d"]]);
      // Again from the start: the run drops what it has made, functions included.
      await move(from, target, { plan, drop: true });
      assert.ok((await validate({ from, target, plan, level: "cells" })).equal);
    });
  });
}

describe("triggers of a run", () => {
  it("that are gone are missing, and so are their functions", async () => {
    const from = sqliteFile(script);
    const { target } = await (await startServer(18)).newDatabase();
    const plan = await planOf(from);
    await move(from, target, { plan });
    await ask(target, "DROP TRIGGER stamp ON notes");
    await ask(target, "DROP TRIGGER titles_update ON titles");
    await ask(target, "DROP FUNCTION stamp()");
    const { differences } = await validate({ from, target, plan, level: "counts" });
    assert.deepEqual(differences.map((each) => (each.kind === "missing-object" ? `${each.object} ${each.name}` : each.kind)), ["function stamp", "trigger stamp", "trigger titles_update"]);
  });

  it("whose function's name is taken are found out before anything is copied", async () => {
    const from = sqliteFile(script);
    const { target } = await (await startServer(18)).newDatabase();
    await ask(target, "CREATE FUNCTION stamp() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    await assert.rejects(move(from, target), (error) => error instanceof CutoverError && error.tag === "target-not-empty" && error.why === "stamp()");
    assert.deepEqual(await ask(target, "SELECT count(*) FROM pg_class WHERE relname = 'notes'"), [["0"]]);
  });

  it("that were made before a run was stopped are not made again", async () => {
    const from = sqliteFile(script);
    const { target } = await (await startServer(14)).newDatabase();
    const plan = await planOf(from);
    const stop = new AbortController();
    await assert.rejects(move(from, target, { plan, signal: stop.signal, onEvent: (event) => { if (event.kind === "step" && event.name === "function stamp") stop.abort(); } }));
    assert.deepEqual(await ask(target, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"), [["notes_ai"]]);
    await move(from, target, { plan, resume: true });
    assert.ok((await validate({ from, target, plan, level: "cells" })).equal);
    assert.deepEqual(await ask(target, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"), [["notes_ai"], ["stamp"], ["titles_update"]]);
  });
});
