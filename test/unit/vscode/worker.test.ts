import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { applyEdits } from "#core/text/edit.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { TextChange } from "#protocol/worker.ts";
import Database from "better-sqlite3";
import { embeddedTarget } from "#engine/postgres/embedded.ts";
import { Cancelled, createWorkerClient, WorkerFailure, type WorkerClient } from "../../../src/vscode/worker-client.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const entry = fileURLToPath(new URL("../../../src/vscode/worker/main.ts", import.meta.url));

/** A workspace with a database of two tables and a cutover.json that moves it to the embedded PostgreSQL. */
function workspace(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, "data"));
  const db = new Database(join(root, "data", "app.db"));
  db.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, active INTEGER);
    CREATE TABLE notes (body, "at" TEXT);
    CREATE INDEX users_name ON users (name);
    INSERT INTO users (name, active) VALUES ('ann', 1), ('bob', 0), ('eve', 1)`);
  db.close();
  writeFileSync(join(root, "cutover.json"), '{ "databases": [{ "source": "data/app.db", "target": "embedded" }] }');
  return root;
}

async function withClient(body: (client: WorkerClient, log: readonly string[]) => Promise<void>): Promise<void> {
  const log: string[] = [];
  const client = createWorkerClient(entry, (message) => log.push(message));
  try {
    await body(client, log);
  } finally {
    client.dispose();
  }
}

/** A text after changes that do not touch each other. */
function applied(text: string, changes: readonly TextChange[]): string {
  const lines = lineIndex(text);
  return applyEdits(text, changes.map(({ range, newText }) => ({ span: { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) }, newText })));
}

function failure(error: unknown): WorkerFailure {
  assert.ok(error instanceof WorkerFailure, String(error));
  return error;
}

describe("the worker", () => {
  it("says what cutover.json configures", async () => {
    await withClient(async (client) => {
      assert.deepEqual(await client.ask("configuration", { root: workspace() }), { present: true, databases: [{ name: "app", source: "data/app.db", target: "embedded" }] });
      assert.deepEqual(await client.ask("configuration", { root: temporaryFolder() }), { present: false, databases: [] });
    });
  });

  it("hands over a user's error as what, where and what next", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "cutover.json"), '{ "databases": 1 }');
    await withClient(async (client, log) => {
      const { problem } = failure(await client.ask("configuration", { root }).catch((error: unknown) => error));
      assert.equal(problem.tag, "config-invalid");
      assert.match(problem.why ?? "", /databases must be a list/);
      assert.deepEqual(log, []);
    });
  });

  it("counts both sides, and makes no embedded database by looking for one", async () => {
    const root = workspace();
    await withClient(async (client) => {
      const before = await client.ask("database", { root, name: "app", connect: true });
      assert.deepEqual(
        before.tables.map(({ name, source, target }) => [name, source?.rows, target]),
        [
          ["users", 3, undefined],
          ["notes", 0, undefined],
        ],
      );
      assert.deepEqual([before.sourceProblem, before.targetProblem, before.targetName], [undefined, undefined, "embedded:.cutover/embedded"]);
      assert.ok(!existsSync(join(root, ".cutover")));

      const target = embeddedTarget(join(root, ".cutover", "embedded"), ".cutover/embedded");
      const session = await target.connect();
      await session.script('CREATE TABLE users (id bigint, name text); INSERT INTO users VALUES (1, $$ann$$); CREATE TABLE "Extra" (n numeric(10,2)); CREATE VIEW v AS SELECT 1');
      await target.close();

      const after = await client.ask("database", { root, name: "app", connect: true });
      assert.deepEqual(after.tables, [
        {
          name: "users",
          source: { rows: 3, columns: [{ name: "id", type: "INTEGER" }, { name: "name", type: "TEXT" }, { name: "active", type: "INTEGER" }] },
          target: { rows: 1, columns: [{ name: "id", type: "bigint" }, { name: "name", type: "text" }] },
        },
        { name: "notes", source: { rows: 0, columns: [{ name: "body", type: "" }, { name: "at", type: "TEXT" }] }, target: undefined },
        { name: "Extra", source: undefined, target: { rows: 0, columns: [{ name: "n", type: "numeric(10,2)" }] } },
      ]);
    });
  });

  it("connects to nothing unless told, and shows one side when the other fails", async () => {
    const root = workspace();
    await withClient(async (client) => {
      const untrusted = await client.ask("database", { root, name: "app", connect: false });
      assert.equal(untrusted.targetProblem?.tag, "untrusted");
      assert.equal(untrusted.tables.length, 2);
      writeFileSync(join(root, "cutover.json"), '{ "databases": [{ "source": "data/app.db", "target": "env:CUTOVER_TEST_NOT_SET" }, { "source": "gone.db", "target": "embedded" }] }');
      const unset = await client.ask("database", { root, name: "app", connect: true });
      assert.equal(unset.targetProblem?.tag, "config-invalid");
      assert.equal(unset.tables.length, 2);
      const gone = await client.ask("database", { root, name: "gone", connect: true });
      assert.equal(gone.sourceProblem?.tag, "source-missing");
      assert.deepEqual(gone.tables, []);
    });
  });

  it("translates a schema, and finds each column in both texts", async () => {
    const request = { root: workspace(), source: "data/app.db", code: false, config: undefined, text: undefined };
    await withClient(async (client) => {
      const { table: users, tables, values } = await client.ask("schema", { ...request, table: "USERS", at: undefined });
      assert.equal(values, "unread");
      assert.deepEqual(tables.find(({ name }) => name === "users")?.columns, ["id", "name", "active"]);
      assert.ok(users);
      assert.match(users.sqliteDdl, /CREATE INDEX users_name/);
      assert.match(users.postgresDdl, /CREATE INDEX users_name/);
      assert.deepEqual(
        users.columns.map(({ name, sqliteSpan, postgresSpan }) => [name, sqliteSpan && users.sqliteDdl.slice(sqliteSpan.start, sqliteSpan.end), postgresSpan && users.postgresDdl.slice(postgresSpan.start).startsWith(name)]),
        [
          ["id", "id INTEGER PRIMARY KEY", true],
          ["name", "name TEXT NOT NULL", true],
          ["active", "active INTEGER", true],
        ],
      );
      for (const column of users.columns) assert.ok(column.postgresType !== "" && column.evidence !== "" && column.confidence > 0, column.name);
      assert.match((await client.ask("schemaText", { ...request, table: undefined })).postgres, /CREATE TABLE/);
    });
  });

  it("goes by the declaration until the values are read, and by what cutover.json says as it is typed", async () => {
    const root = workspace();
    const path = join(root, "data", "events.db");
    const db = new Database(path);
    db.exec("CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, size TEXT); INSERT INTO events (at, size) VALUES ('2024-05-01 10:00:00', '12'), ('2024-05-01 10:00:01', 'big')");
    db.close();
    const request = { root, source: "data/events.db", code: false, config: undefined, text: undefined };
    await withClient(async (client) => {
      const typesOf = async (config?: string): Promise<unknown> => {
        const { values, table } = await client.ask("schema", { ...request, config, table: undefined, at: undefined });
        return [values, ...(table?.columns.map((column) => column.postgresType) ?? [])];
      };
      assert.deepEqual(await typesOf(), ["unread", "bigserial", "text", "text"]);
      const said: string[] = [];
      await client.ask("profile", request, undefined, ({ done, total }) => said.push(`${done} of ${total}`));
      assert.equal(said.at(-1), "2 of 2");
      assert.deepEqual(await typesOf(), ["read", "bigserial", "timestamp", "text"]);
      assert.deepEqual(await typesOf('{ "overrides": { "events.size": "numeric" } }'), ["read", "bigserial", "timestamp", "numeric"]);
      const { table } = await client.ask("schema", { ...request, table: "events", at: undefined });
      const size = table?.columns.find((column) => column.name === "size");
      assert.deepEqual(size?.choices.find(({ type }) => type === "numeric"), { type: "numeric", fit: "refused", note: "up to 1 of 2 values do not fit; sorts and compares by the number, not the text" });
      assert.deepEqual(size.choices[0], { type: "text", fit: "whole", note: "" });

      const changed = new Database(path);
      changed.exec("INSERT INTO events (at) VALUES ('never')");
      changed.close();
      assert.deepEqual(await typesOf(), ["stale", "bigserial", "timestamp", "text"], "what was known stays until there is better");
      await client.ask("profile", request);
      assert.deepEqual(await typesOf(), ["read", "bigserial", "text", "text"]);
    });
  });

  it("reads the tables that code makes, the one under the cursor first", async () => {
    const text = 'import sqlite3\nDDL = """CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (\n  a_id INTEGER REFERENCES a,\n  at TEXT DEFAULT CURRENT_TIMESTAMP)"""\ndef f(db):\n    db.execute(DDL)\n    db.execute("CREATE INDEX bad ON nowhere (x)")\n';
    const root = workspace();
    await withClient(async (client) => {
      const { table, tables, notes, values } = await client.ask("schema", { root, source: "make.py", code: true, config: undefined, text, table: undefined, at: { line: 3, character: 4 } });
      assert.deepEqual([values, tables.map(({ name }) => name), table?.name, table?.columns.map(({ postgresType }) => postgresType)], ["none", ["a", "b"], "b", ["bigint", "timestamp"]]);
      assert.match(notes.join("\n"), /make\.py:8: .*nowhere/);
      const sql = await client.ask("schema", { root, source: "more.sql", code: true, config: undefined, text: "ALTER TABLE nobody ADD x;\nCREATE TABLE c (x);\nCREATE TABLE d (y DATE);", table: undefined, at: { line: 2, character: 14 } });
      assert.deepEqual([sql.table?.name, sql.notes.length], ["d", 1]);
    });
  });

  it("writes a choice into cutover.json's text", async () => {
    await withClient(async (client) => {
      const changes = await client.ask("override", { text: '{\n  "overrides": {\n    "a.b": "text" // why\n  }\n}\n', table: "t", column: "c", type: "date" });
      assert.deepEqual(changes.map(({ newText }) => newText), [",", '\n    "t.c": "date"']);
      await assert.rejects(client.ask("override", { text: "{", table: "t", column: "c", type: "date" }), { name: "WorkerFailure" });
    });
  });

  it("finds what only SQLite understands, by line and character", async () => {
    const root = workspace();
    const text = "import sqlite3\n\ndef add(db):\n    db.execute(\"INSERT OR IGNORE INTO users (name) VALUES ('é')\")\n";
    await withClient(async (client) => {
      const { findings, sites } = await client.ask("analyze", { root, path: join(root, "add.py"), text });
      const found = findings.find((finding) => finding.rule === "insert-or");
      assert.ok(found, JSON.stringify(findings));
      assert.equal(found.range.start.line, 3);
      assert.ok(found.fixes.length > 0);
      assert.deepEqual(found.tables, ["users"]);
      assert.deepEqual(sites.map(({ range, whole }) => [range.start, whole]), [[{ line: 3, character: 15 }, true]]);
    });
  });

  it("looks at every file of a folder, tells how far it is, and works out the fixes of a rule", async () => {
    const root = workspace();
    writeFileSync(join(root, "a.py"), 'import sqlite3\ndef f(db):\n    db.execute("SELECT ifnull(name, \'x\') FROM users")\n    db.execute("SELECT ifnull(body, 1) FROM notes")\n');
    writeFileSync(join(root, "b.py"), 'import sqlite3\n# cutover-ignore-file[sqlite-function]: run on SQLite\ndef f(db):\n    db.execute("SELECT ifnull(name, \'x\') FROM users")\n');
    await withClient(async (client) => {
      const words: string[] = [];
      const found = await client.ask("scan", { root, texts: [] }, undefined, ({ done, total }) => words.push(`${done} of ${total}`));
      assert.equal(words.at(-1), "2 of 2");
      assert.deepEqual([found.files.map(({ path }) => path), found.looked, found.withSites, found.ignored], [[join(root, "a.py")], 2, [join(root, "a.py"), join(root, "b.py")], 1]);
      assert.deepEqual(found.files[0]?.findings.map(({ rule, tables }) => [rule, ...tables]), [["sqlite-function", "users"], ["sqlite-function", "notes"]]);

      // What the editor holds goes before what is written.
      const text = 'import sqlite3\ndef f(db):\n    db.execute("SELECT ifnull(name, \'x\') FROM users")\n';
      const changes = await client.ask("fixes", { root, texts: [{ path: join(root, "a.py"), text }], rule: "sqlite-function", level: "safe", path: undefined });
      assert.deepEqual(changes.map(({ path, text: of, fixed, waiting }) => [path, of, fixed, waiting]), [[join(root, "a.py"), text, 1, 0]]);
      assert.deepEqual(changes[0]?.changes.map(({ newText }) => newText), ["COALESCE"]);
      assert.deepEqual(await client.ask("fixes", { root, texts: [], rule: "like-case", level: "review", path: undefined }), []);
    });
  });

  it("stops looking when it is told to", async () => {
    const root = workspace();
    for (let i = 0; i < 200; i++) writeFileSync(join(root, `f${i}.py`), `import sqlite3\ndef f(db):\n    db.execute("SELECT ifnull(name, ${i}) FROM users")\n`);
    await withClient(async (client) => {
      const controller = new AbortController();
      const asked = client.ask("scan", { root, texts: [] }, controller.signal, () => {
        controller.abort();
      });
      await assert.rejects(asked, Cancelled);
      await client.idle("scan");
      assert.equal((await client.ask("scan", { root, texts: [] })).files.length, 200);
    });
  });

  it("turns a rule off in a cutover.json, whose comments stay", async () => {
    await withClient(async (client) => {
      const text = '{\n  // decided\n  "mode": "both",\n  "severity": { "null-order": "warning" }\n}\n';
      const changes = await client.ask("turnOff", { text, rule: "like-case" });
      assert.match(applied(text, changes), /\/\/ decided\n.*\n {2}"severity": \{\s*"null-order": "warning",\s*"like-case": "off"\s*\}/);
      assert.deepEqual(JSON.parse(applied("", await client.ask("turnOff", { text: "", rule: "like-case" }))), { severity: { "like-case": "off" } });
    });
  });

  it("asks both engines about a statement, with the schema and rows of the source", async () => {
    const root = workspace();
    const text = 'import sqlite3\n\ndef f(db):\n    db.execute("SELECT ifnull(name, \'\') FROM users ORDER BY id")\n    db.execute(f"SELECT {x} FROM users")\n';
    const path = join(root, "a.py");
    await withClient(async (client) => {
      const { sites } = await client.ask("analyze", { root, path, text });
      const [whole, built] = sites;
      assert.ok(whole && built && !built.whole);
      const trial = await client.ask("trial", { root, path, text, range: whole.range });
      assert.equal(trial?.before, "SELECT ifnull(name, '') FROM users ORDER BY id");
      assert.match(trial.after, /COALESCE\(name, ''\)/i);
      assert.deepEqual(trial.verdict, { verdict: "proven", rows: 3 });
      assert.equal(await client.ask("trial", { root, path, text, range: built.range }), undefined);
      const all = await client.ask("proofs", { root, path, text });
      assert.deepEqual(all?.trials.find(({ range }) => range.start.line === whole.range.start.line)?.trial.verdict, { verdict: "proven", rows: 3 });
    });
  });

  it("gives up what is cancelled, and is idle once the worker has let go of it", async () => {
    const root = workspace();
    await withClient(async (client) => {
      const controller = new AbortController();
      const asked = client.ask("database", { root, name: "app", connect: true }, controller.signal);
      controller.abort();
      await assert.rejects(asked, Cancelled);
      await client.idle("database");
      assert.equal((await client.ask("database", { root, name: "app", connect: false })).tables.length, 2);
      await assert.rejects(client.ask("configuration", { root }, AbortSignal.abort()), Cancelled);
    });
  });

  it("ends what waits when it is let go, and takes no more", async () => {
    const root = workspace();
    const client = createWorkerClient(entry, () => undefined);
    const asked = client.ask("configuration", { root });
    client.dispose();
    await assert.rejects(asked, WorkerFailure);
    await assert.rejects(client.ask("configuration", { root }), Cancelled);
  });

  it("tells when its thread dies, and logs why", async () => {
    const log: string[] = [];
    const client = createWorkerClient(join(temporaryFolder(), "missing.ts"), (message) => log.push(message));
    const { problem } = failure(await client.ask("configuration", { root: "/" }).catch((error: unknown) => error));
    assert.equal(problem.tag, "internal");
    assert.match(log.join("\n"), /missing\.ts/);
    client.dispose();
  });
});
