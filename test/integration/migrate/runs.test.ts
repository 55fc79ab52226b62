import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import type { ProgressEvent } from "#protocol/progress.ts";
import { migrate } from "#engine/migrate/migrate.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask, move, planOf, stateOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { allTargets } from "../../support/targets.ts";

const script = `
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id), note TEXT, shout TEXT GENERATED ALWAYS AS (upper(note)) STORED);
CREATE TABLE empty_counted (id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE "Odd Name" ("Select" TEXT, "äöü" INTEGER, PRIMARY KEY ("Select", "äöü")) WITHOUT ROWID;
CREATE INDEX child_parent ON child (parent_id);
CREATE VIEW pairs AS SELECT p.name, c.note FROM parent p JOIN child c ON c.parent_id = p.id;
INSERT INTO parent VALUES (1, 'one'), (2, 'two'), (40, 'forty');
DELETE FROM parent WHERE id = 40;
INSERT INTO child (id, parent_id, note) VALUES (1, 1, 'a'), (2, 2, 'b'), (9, NULL, 'c');
INSERT INTO "Odd Name" VALUES ('x', 1), ('y', 2)`;

const newServerDatabase = async () => (await startServer(18)).newDatabase();

for (const { label, empty } of allTargets) {
  describe(`a run onto ${label}`, () => {
    it("TRAP 33, 37, 38, 65: moves tables, keys, sequences and views, and reports every phase", async () => {
      const from = sqliteFile(script);
      const target = await empty();
      const events: ProgressEvent[] = [];
      const bytes = readFileSync(from);
      const plan = await planOf(from);
      const report = await move(from, target, { plan, onEvent: (event) => events.push(event) });
      assert.deepEqual(
        report.tables.map(({ table, sourceRows, copied, quarantined }) => [table, sourceRows, copied, quarantined]).sort(),
        [["Odd Name", 2, 2, 0], ["child", 3, 3, 0], ["empty_counted", 0, 0, 0], ["parent", 2, 2, 0]],
      );
      const phases = ["plan", "preflight", "backup", "pre-data", "copy", "post-data", "sequences", "analyze", "verify"];
      assert.deepEqual(report.phases.map(({ phase }) => phase), phases);
      assert.deepEqual(events.filter(({ kind }) => kind === "phase-start").map((event) => (event.kind === "phase-start" ? event.phase : "")), phases);
      assert.equal(events.at(-1)?.kind, "done");
      assert.deepEqual(readFileSync(from), bytes);
      // AUTOINCREMENT goes on behind the 40 that was deleted, a plain key behind its largest, an empty table at 1.
      assert.deepEqual(await ask(target, "INSERT INTO parent (name) VALUES ('next') RETURNING id"), [["41"]]);
      assert.deepEqual(await ask(target, "INSERT INTO child (note) VALUES ('next') RETURNING id, shout"), [["10", "NEXT"]]);
      assert.deepEqual(await ask(target, "INSERT INTO empty_counted DEFAULT VALUES RETURNING id"), [["1"]]);
      assert.deepEqual(await ask(target, 'SELECT "Select", "äöü" FROM "Odd Name" ORDER BY 2'), [["x", "1"], ["y", "2"]]);
      assert.deepEqual(await ask(target, "SELECT reltuples::int FROM pg_class WHERE relname = 'child'"), [["3"]]);
      const backup = new Database(report.backup?.path ?? "", { readonly: true });
      assert.equal(backup.prepare("SELECT count(*) FROM child").pluck().get(), 3);
      backup.close();
    });
  });
}

describe("the run's choices", () => {
  it("a dry run writes nothing and says what would be done", async () => {
    const from = sqliteFile(script);
    const { target } = await newServerDatabase();
    const before = await stateOf(target);
    const report = await move(from, target, { dryRun: true });
    assert.equal(report.outcome, "planned");
    assert.ok(report.statements.some((statement) => /CREATE TABLE/.test(statement)));
    assert.equal(report.backup, undefined);
    assert.deepEqual(await stateOf(target), before);
  });

  it("TRAP 59: drop makes the plan's own tables anew, and nothing else", async () => {
    const from = sqliteFile(script);
    const { target } = await newServerDatabase();
    await ask(target, "CREATE TABLE somebody_elses (a int)");
    await move(from, target);
    await ask(target, "INSERT INTO parent (name) VALUES ('later')");
    const plan = await planOf(from);
    await move(from, target, { plan, drop: true });
    assert.ok((await validate({ from, target, plan, level: "cells" })).equal);
    assert.deepEqual(await ask(target, "SELECT count(*) FROM somebody_elses"), [["0"]]);
  });

  it("TRAP 62: drop refuses when somebody else's view depends on a table, and changes nothing", async () => {
    const from = sqliteFile(script);
    const { target } = await newServerDatabase();
    await move(from, target);
    await ask(target, "CREATE VIEW theirs AS SELECT name FROM parent");
    const before = await stateOf(target);
    await assert.rejects(move(from, target, { drop: true }), (error) => error instanceof CutoverError && error.tag === "target-failed" && /theirs/.test(error.why ?? ""));
    assert.deepEqual(await stateOf(target), before);
  });

  it("one table again, with the foreign keys that point at it", async () => {
    const from = sqliteFile(script);
    const { target } = await newServerDatabase();
    const plan = await planOf(from);
    await move(from, target, { plan });
    await ask(target, "DROP VIEW pairs");
    await move(from, target, { plan, tables: ["PARENT"], drop: true });
    assert.deepEqual(await ask(target, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'parent'::regclass"), [["1"]]);
    const { differences } = await validate({ from, target, plan, level: "cells" });
    assert.deepEqual(differences, [{ kind: "missing-object", table: undefined, object: "view", name: "pairs" }]);
  });

  it("TRAP 32: orphans are kept aside, and those who lose their parent by it", async () => {
    const from = sqliteFile(`
      CREATE TABLE a (id INTEGER PRIMARY KEY);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id));
      CREATE TABLE c (name TEXT PRIMARY KEY, b_id INTEGER REFERENCES b (id));
      INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1), (2, 77); INSERT INTO c VALUES ('fine', 1), ('lost "too"', 2)`);
    const { target } = await newServerDatabase();
    const plan = await planOf(from);
    const report = await move(from, target, { plan, badRows: "quarantine" });
    assert.deepEqual(report.tables.map(({ table, copied, quarantined }) => [table, copied, quarantined]), [["a", 1, 0], ["b", 1, 1], ["c", 1, 1]]);
    assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
  });

  it("TRAP 34: a row that only the server refuses is found among many, and kept aside whole", async () => {
    const from = sqliteFile("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT)", (db) => {
      const insert = db.prepare("INSERT INTO t VALUES (?, ?, ?)");
      db.transaction(() => {
        for (let i = 1; i <= 5000; i++) insert.run(i, i === 3210 ? -1 : i, `row ${i}`);
      })();
    });
    const made = await planOf(from);
    const plan = { ...made, objects: made.objects.map((object) => (object.kind === "table" ? { ...object, sql: object.sql.replace(/\)\s*$/, ", CONSTRAINT n_positive CHECK (n > 0))") } : object)) };
    const { target } = await newServerDatabase();
    const before = await stateOf(target);
    await assert.rejects(move(from, target, { plan }), (error) => error instanceof CutoverError && error.tag === "bad-rows" && /n_positive[\s\S]*rowid 3210/.test(error.why ?? ""));
    assert.deepEqual(await stateOf(target), before);
    const report = await move(from, target, { plan, badRows: "quarantine" });
    assert.deepEqual(report.tables.map(({ copied, quarantined }) => [copied, quarantined]), [[4999, 1]]);
    assert.deepEqual(await ask(target, `SELECT source_key, "row" -> 's' ->> 'value' FROM cutover.quarantine`), [["rowid 3210", "row 3210"]]);
  });

  it("TRAP 63: commits that lie in the WAL are moved", async () => {
    let writer: Database.Database | undefined;
    const from = sqliteFile("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
    try {
      writer = new Database(from);
      writer.pragma("journal_mode = WAL");
      writer.pragma("wal_autocheckpoint = 0");
      writer.exec("INSERT INTO t VALUES (2)");
      const { target } = await newServerDatabase();
      const report = await move(from, target);
      assert.deepEqual(report.tables.map(({ copied }) => copied), [2]);
    } finally {
      writer?.close();
    }
  });

  it("TRAP 60: a stopped run goes on where it was, with every row once", async () => {
    const from = sqliteFile("CREATE TABLE big (id INTEGER PRIMARY KEY, s TEXT); CREATE TABLE small (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO small VALUES (1, 'x')", (db) => {
      const insert = db.prepare("INSERT INTO big (s) VALUES (?)");
      db.transaction(() => {
        for (let i = 0; i < 220_000; i++) insert.run(`${i} ${"x".repeat(60)}`);
      })();
    });
    const plan = await planOf(from);
    const { target } = await newServerDatabase();
    const workspace = temporaryFolder();
    const stop = new AbortController();
    const reason = new Error("stopped by the test");
    await assert.rejects(
      migrate({ from, target, plan, workspace, jobs: 2, signal: stop.signal, onEvent: (event) => { if (event.kind === "table" && event.rows > 0) stop.abort(reason); } }),
      (error) => error === reason,
    );
    const [[there = "0"] = []] = await ask(target, "SELECT count(*) FROM big");
    assert.ok(Number(there) > 0 && Number(there) < 220_000, `${there} rows were there`);
    await assert.rejects(move(from, target, { plan }), (error) => error instanceof CutoverError && error.tag === "target-not-empty");
    const report = await migrate({ from, target, plan, workspace, resume: true });
    assert.ok(report.resumed);
    assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
  });

  it("a stopped run does not go on from a source that has changed", async () => {
    const from = sqliteFile("CREATE TABLE big (id INTEGER PRIMARY KEY, s TEXT); CREATE TABLE other (id INTEGER PRIMARY KEY); INSERT INTO big VALUES (7, 'x'), (8, 'y')");
    const plan = await planOf(from);
    const { target } = await newServerDatabase();
    const workspace = temporaryFolder();
    const stop = new AbortController();
    await assert.rejects(migrate({ from, target, plan, workspace, jobs: 1, signal: stop.signal, onEvent: (event) => { if (event.kind === "table") stop.abort(); } }));
    const writer = new Database(from);
    writer.exec("UPDATE big SET s = 'changed' WHERE id = 7");
    writer.close();
    await assert.rejects(migrate({ from, target, plan, workspace, resume: true }), (error) => error instanceof CutoverError && error.tag === "usage" && /other rows in big/.test(error.why ?? ""));
  });

  it("a failure of the keys leaves the rows, and says so; the run goes on after the cause is gone", async () => {
    const from = sqliteFile("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, 'x')");
    const made = await planOf(from);
    const plan = { ...made, objects: [...made.objects, { section: "post-data" as const, kind: "index" as const, name: "i", table: "t", sql: "CREATE INDEX i ON t (needs_this(s))", sources: [] }] };
    const { target } = await newServerDatabase();
    const workspace = temporaryFolder();
    await assert.rejects(migrate({ from, target, plan, workspace }), (error) => error instanceof CutoverError && error.tag === "target-failed" && /needs_this/.test(error.why ?? ""));
    await ask(target, "CREATE FUNCTION needs_this(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'");
    assert.ok((await migrate({ from, target, plan, workspace, resume: true })).resumed);
    assert.ok((await validate({ from, target, plan, level: "cells" })).equal);
  });
});

describe("the end of a run finds", () => {
  const changes: readonly (readonly [name: string, sql: string, why: RegExp])[] = [
    ["a changed cell", "UPDATE t SET s = 'y' WHERE id = 1", /checksum/],
    ["values that changed rows", "UPDATE t SET s = CASE id WHEN 1 THEN 'two' ELSE 'one' END", /checksum/],
    ["a bit of a double", "UPDATE t SET r = -r", /checksum/],
    ["a missing row", "DELETE FROM t WHERE id = 1", /the target has 1/],
  ];
  for (const [name, sql, why] of changes) {
    it(name, async () => {
      const from = sqliteFile("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, r REAL); INSERT INTO t VALUES (1, 'one', 0.0), (2, 'two', 0.0)");
      const plan = await planOf(from);
      const { target } = await newServerDatabase();
      const workspace = temporaryFolder();
      const stop = new AbortController();
      await assert.rejects(migrate({ from, target, plan, workspace, signal: stop.signal, onEvent: (event) => { if (event.kind === "phase-start" && event.phase === "verify") stop.abort(); } }));
      await ask(target, sql);
      await assert.rejects(migrate({ from, target, plan, workspace, resume: true }), (error) => error instanceof CutoverError && error.tag === "target-failed" && why.test(error.why ?? ""));
    });
  }
});

describe("validation finds", () => {
  const changes: readonly (readonly [name: string, sql: string, kinds: readonly string[]])[] = [
    ["a changed cell", "UPDATE child SET note = 'B' WHERE id = 2", ["checksum", "cell"]],
    ["a missing row", "DELETE FROM child WHERE id = 2", ["rows", "checksum", "missing-row"]],
    ["an extra row", "INSERT INTO child VALUES (77, NULL, 'x')", ["rows", "checksum", "extra-row"]],
    ["a text that became NULL", "UPDATE child SET note = NULL WHERE id = 1", ["checksum", "cell"]],
    ["a NULL that became the empty text", "UPDATE child SET parent_id = NULL, note = '' WHERE id = 1", ["checksum", "cell", "cell"]],
    ["values that changed places", "UPDATE parent SET name = CASE id WHEN 1 THEN 'two' ELSE 'one' END", ["checksum", "cell", "cell"]],
    ["an index that is gone", "DROP INDEX child_parent", ["missing-object"]],
    ["a foreign key that is gone", "ALTER TABLE child DROP CONSTRAINT child_parent_id_fkey", ["missing-object"]],
    ["a column that lost its NOT NULL", "ALTER TABLE parent ALTER COLUMN name DROP NOT NULL", ["different-object"]],
    ["a foreign key with another action", "ALTER TABLE child DROP CONSTRAINT child_parent_id_fkey, ADD CONSTRAINT child_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE", ["different-object"]],
    ["a table that is gone", "DROP TABLE empty_counted", ["missing-table", "missing-object"]],
  ];
  for (const [name, sql, kinds] of changes) {
    it(name, async () => {
      const from = sqliteFile(script);
      const plan = await planOf(from);
      const { target } = await newServerDatabase();
      await move(from, target, { plan });
      assert.deepEqual((await validate({ from, target, plan, level: "cells" })).differences, []);
      const [foreignKey] = (await ask(target, "SELECT conname FROM pg_constraint WHERE contype = 'f'"))[0] ?? [];
      await ask(target, sql.replaceAll("child_parent_id_fkey", foreignKey ?? ""));
      const { differences, equal } = await validate({ from, target, plan, level: "cells" });
      assert.equal(equal, false);
      assert.deepEqual(differences.map(({ kind }) => kind).filter((kind, i, all) => kind !== "missing-object" || all.indexOf(kind) === i), kinds);
    });
  }
});
