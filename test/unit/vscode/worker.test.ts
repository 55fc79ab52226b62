import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
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
    const root = workspace();
    await withClient(async (client) => {
      const model = await client.ask("schema", { root, source: "data/app.db" });
      const users = model.tables.find((table) => table.name === "users");
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
      assert.match(model.postgresDdl, /CREATE TABLE/);
    });
  });

  it("finds what only SQLite understands, by line and character", async () => {
    const root = workspace();
    const text = "import sqlite3\n\ndef add(db):\n    db.execute(\"INSERT OR IGNORE INTO users (name) VALUES ('é')\")\n";
    await withClient(async (client) => {
      const findings = await client.ask("analyze", { root, path: join(root, "add.py"), text });
      const found = findings.find((finding) => finding.rule === "insert-or");
      assert.ok(found, JSON.stringify(findings));
      assert.equal(found.range.start.line, 3);
      assert.ok(found.fixes.length > 0);
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
