import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { CutoverError, type ErrorTag } from "#core/cutover-error.ts";
import { embeddedTarget } from "#engine/postgres/embedded.ts";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { ask, move, planOf, stateOf } from "../../support/move.ts";
import { freePort, type TestServer } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const script = `
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id), note TEXT);
INSERT INTO parent VALUES (1, 'one'), (2, 'two');
INSERT INTO child VALUES (1, 1, 'a'), (2, 2, 'b')`;

async function refused(promise: Promise<unknown>, tag: ErrorTag, exitCode: number, secret = "staple"): Promise<CutoverError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof CutoverError, String(error));
    assert.equal(error.tag, tag, `${error.message}: ${error.why ?? ""}`);
    assert.equal(error.exitCode, exitCode);
    assert.ok(error.next.length > 0);
    assert.ok(!JSON.stringify(error).includes(secret), "the password is in the error");
    return error;
  }
  throw new assert.AssertionError({ message: "it was not refused" });
}

describe("what is refused, with one clear error, both sides as they were", () => {
  let server: TestServer;
  let from: string;
  before(async () => {
    server = await startServer(18);
    from = sqliteFile(script);
  });
  const at = (url: string): PostgresTarget => serverTarget(parseServerAddress(url));

  it("a file that is not SQLite", async () => {
    const plan = await planOf(from);
    const other = join(temporaryFolder(), "notes.txt");
    writeFileSync(other, "These are notes, and long enough to be looked at as a database's header would be.\n".repeat(20));
    const { target } = await server.newDatabase();
    const before = await stateOf(target);
    await refused(move(other, target, { plan }), "source-not-sqlite", 2);
    assert.deepEqual(await stateOf(target), before);
  });

  it("a database that has vanished", async () => {
    const plan = await planOf(from);
    const copy = join(temporaryFolder(), "gone.db");
    copyFileSync(from, copy);
    rmSync(copy);
    const { target } = await server.newDatabase();
    const before = await stateOf(target);
    await refused(move(copy, target, { plan }), "source-missing", 2);
    assert.deepEqual(await stateOf(target), before);
  });

  it("TRAP 58: a database that another process holds", async () => {
    const plan = await planOf(from);
    const { target } = await server.newDatabase();
    const before = await stateOf(target);
    const bytes = readFileSync(from);
    const holder = new Database(from);
    holder.exec("BEGIN EXCLUSIVE");
    try {
      await refused(move(from, target, { plan }), "source-locked", 3);
    } finally {
      holder.exec("ROLLBACK");
      holder.close();
    }
    assert.deepEqual(await stateOf(target), before);
    assert.deepEqual(readFileSync(from), bytes);
  });

  it("a damaged database", async () => {
    const damaged = sqliteFile(script, (db) => {
      db.exec("CREATE TABLE filler (x); CREATE INDEX by_x ON filler (x)");
      const insert = db.prepare("INSERT INTO filler VALUES (?)");
      for (let i = 0; i < 2000; i++) insert.run(`value ${i}`);
    });
    const plan = await planOf(damaged);
    const bytes = readFileSync(damaged);
    bytes.fill(0xee, bytes.length - 6000, bytes.length - 2000);
    writeFileSync(damaged, bytes);
    const { target } = await server.newDatabase();
    const before = await stateOf(target);
    await refused(move(damaged, target, { plan }), "source-unreadable", 3);
    assert.deepEqual(await stateOf(target), before);
  });

  it("a server that does not answer", async () => {
    const error = await refused(move(from, at(`postgres://me:staple@127.0.0.1:${await freePort()}/app`)), "target-unreachable", 3);
    assert.match(error.where ?? "", /^127\.0\.0\.1:\d+\/app$/);
  });

  it("a host that does not exist", async () => {
    await refused(move(from, at("postgres://me:staple@no-such-host.invalid/app?sslmode=disable")), "target-unreachable", 3);
  });

  it("a wrong password", async () => {
    await refused(move(from, at(`postgres://postgres:battery@127.0.0.1:${server.port}/postgres`)), "target-refused", 3, "battery");
  });

  it("no password", async () => {
    await refused(move(from, at(`postgres://postgres@127.0.0.1:${server.port}/postgres`)), "target-refused", 3);
  });

  it("a database that does not exist", async () => {
    await refused(move(from, at(server.url("nowhere"))), "target-refused", 3);
  });

  it("a server without TLS, when TLS is asked for", async () => {
    await refused(move(from, at(`${server.url("postgres")}?sslmode=verify-full`)), "target-tls", 3);
  });

  it("a user without rights", async () => {
    const { name, target } = await server.newDatabase();
    await ask(target, `CREATE ROLE reader_${name} LOGIN PASSWORD 'staple'`);
    const before = await stateOf(target);
    const error = await refused(move(from, at(`postgres://reader_${name}:staple@127.0.0.1:${server.port}/${name}`)), "target-refused", 3);
    assert.match(error.why ?? error.message, /may not make schemas[\s\S]*may not make tables in the schema public/);
    assert.deepEqual(await stateOf(target), before);
  });

  it("a user whose transactions are read-only", async () => {
    const { name, target } = await server.newDatabase();
    await ask(target, `CREATE ROLE idler_${name} LOGIN SUPERUSER PASSWORD 'staple'`);
    await ask(target, `ALTER ROLE idler_${name} SET default_transaction_read_only = on`);
    await refused(move(from, at(`postgres://idler_${name}:staple@127.0.0.1:${server.port}/${name}`)), "target-refused", 3);
  });

  it("a database that is not UTF-8", async () => {
    const { name, target } = await server.newDatabase();
    await ask(target, `CREATE DATABASE latin_${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
    await refused(move(from, at(server.url(`latin_${name}`))), "target-unsupported", 3);
  });

  it("TRAP 16, 17: a target that has tables of these names", async () => {
    const { target } = await server.newDatabase();
    await ask(target, "CREATE TABLE parent (id int, seeded text)");
    await ask(target, "INSERT INTO parent VALUES (1, 'by the ORM')");
    const before = await stateOf(target);
    const error = await refused(move(from, target), "target-not-empty", 3);
    assert.match(error.why ?? "", /parent/);
    assert.deepEqual(await stateOf(target), before);
  });

  it("TRAP 32: rows without their parents, all of them named", async () => {
    const orphaned = sqliteFile(`${script}; INSERT INTO child VALUES (7, 99, 'lost')`);
    const { target } = await server.newDatabase();
    const before = await stateOf(target);
    const error = await refused(move(orphaned, target), "bad-rows", 3);
    assert.match(error.why ?? "", /child: 1 row without their row in parent, such as rowid 7/);
    assert.deepEqual(await stateOf(target), before);
  });

  it("every problem at once", async () => {
    const orphaned = sqliteFile(`${script}; INSERT INTO child VALUES (7, 99, 'lost')`);
    const { target } = await server.newDatabase();
    await ask(target, "CREATE VIEW child AS SELECT 1 AS one");
    const error = await refused(move(orphaned, target), "target-not-empty", 3);
    assert.match(error.why ?? "", /child[\s\S]*without their row in parent/);
  });

  it("an embedded database that another run holds", async () => {
    const folder = join(temporaryFolder(), "embedded");
    const first = embeddedTarget(folder, "mine");
    await first.connect();
    try {
      const error = await refused(move(from, embeddedTarget(folder, "mine")), "target-busy", 3);
      assert.match(error.why ?? "", new RegExp(String(process.pid)));
    } finally {
      await first.close();
    }
    const again = embeddedTarget(folder, "mine");
    assert.deepEqual(await ask(again, "SELECT 1"), [["1"]]);
    await again.close();
  });

  it("a table that is not in the source", async () => {
    const { target } = await server.newDatabase();
    await refused(move(from, target, { tables: ["nothing"] }), "usage", 2);
  });
});
