import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { cli, type CliResult } from "../../support/cli.ts";
import { stateOf } from "../../support/move.ts";
import { freePort, type TestServer } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** One clear error: what, where or why, what next; the right code; no stack trace, no password. */
function refused({ code, err }: CliResult, expected: number, what: RegExp, secret = "staple"): void {
  assert.equal(code, expected, err);
  assert.match(err, /^error: .+$/m);
  assert.match(err, /^ {2}next: {2}.+$/m);
  assert.match(err, what);
  assert.equal(err.match(/^error: /gm)?.length, 1, err);
  assert.doesNotMatch(err, /^\s+at .+:\d+:\d+/m);
  assert.ok(!err.includes(secret), "the password is shown");
}

/** A workspace with a small database. */
function workspace(): { readonly folder: string; readonly source: string; readonly fingerprint: () => string } {
  const folder = temporaryFolder();
  const source = join(folder, "app.db");
  const db = new Database(source);
  db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes (text) VALUES ('one'), ('two')");
  db.close();
  return { folder, source, fingerprint: () => createHash("sha256").update(readFileSync(source)).digest("hex") };
}

describe("the command line refuses bad input with one clear error and leaves both databases as they were", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(18);
  });

  it("a file that is not SQLite", async () => {
    const { folder } = workspace();
    writeFileSync(join(folder, "notes.db"), "not a database, but long enough to have a header's length at least\n".repeat(4));
    const { target, url } = await server.newDatabase();
    const state = await stateOf(target);
    refused(await cli(folder, ["migrate", "--from", "notes.db", "--to", url]), 2, /notes\.db/);
    refused(await cli(folder, ["validate", "--from", "notes.db", "--to", url]), 2, /notes\.db/);
    refused(await cli(folder, ["schema", "notes.db"]), 2, /notes\.db/);
    assert.deepEqual(await stateOf(target), state);
  });

  it("a vanished database", async () => {
    const { folder } = workspace();
    const { target, url } = await server.newDatabase();
    const state = await stateOf(target);
    refused(await cli(folder, ["migrate", "--from", "gone.db", "--to", url]), 2, /gone\.db/);
    assert.deepEqual(await stateOf(target), state);
  });

  it("a locked database", async () => {
    const { folder, source, fingerprint } = workspace();
    const { target, url } = await server.newDatabase();
    const [state, print] = [await stateOf(target), fingerprint()];
    const holder = new Database(source);
    holder.exec("BEGIN EXCLUSIVE");
    try {
      refused(await cli(folder, ["migrate", "--from", "app.db", "--to", url]), 3, /locked|in use|busy/i);
    } finally {
      holder.exec("ROLLBACK");
      holder.close();
    }
    assert.deepEqual([await stateOf(target), fingerprint()], [state, print]);
  });

  it("a server that does not answer", async () => {
    const { folder, fingerprint } = workspace();
    const print = fingerprint();
    const port = await freePort();
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", `postgres://postgres:staple@127.0.0.1:${port}/x`]), 3, new RegExp(`127\\.0\\.0\\.1:${port}`));
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", "postgres://postgres:staple@no-such-host.invalid/x"]), 3, /no-such-host\.invalid/);
    assert.equal(fingerprint(), print);
  });

  it("a wrong password, a role or database that is not there", async () => {
    const { folder } = workspace();
    const { name } = await server.newDatabase();
    const at = `127.0.0.1:${server.port}`;
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", `postgres://postgres:wrong-staple@${at}/${name}`]), 3, /password/i);
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", server.url("no_such_database")]), 3, /no_such_database/);
    // The password may come from the environment, too; it stays there.
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", "env:TARGET"], { TARGET: `postgres://postgres:wrong-staple@${at}/${name}` }), 3, /password/i);
  });

  it("a target that has such tables already", async () => {
    const { folder, source, fingerprint } = workspace();
    const { target, url } = await server.newDatabase();
    const session = await target.connect();
    await session.script("CREATE TABLE notes (id int PRIMARY KEY, mine text); INSERT INTO notes VALUES (7, 'keep me')");
    await session.close();
    const [state, print] = [await stateOf(target), fingerprint()];
    refused(await cli(folder, ["migrate", "--from", source, "--to", url]), 3, /notes/);
    assert.deepEqual([await stateOf(target), fingerprint()], [state, print]);
  });

  it("a broken cutover.json, with the place", async () => {
    const { folder } = workspace();
    const config = join(folder, "cutover.json");
    const cases: readonly (readonly [string, RegExp])[] = [
      ['{ "mode": "both", ', /cutover\.json:1:\d+/],
      ['{ "mode": "sideways" }', /mode must be one of both, postgres/],
      ['{ "databses": [] }', /unknown key "databses"/],
      ['{ "databases": [{ "source": "app.db" }] }', /databases\[0\]\.target/],
      ['{ "databases": [{ "source": "app.db", "target": "postgres://u:staple@h/d" }] }', /holds a password/],
      ["[]", /must be an object/],
    ];
    for (const [text, what] of cases) {
      writeFileSync(config, text);
      for (const verb of [["scan"], ["migrate"], ["schema", "app.db"]]) refused(await cli(folder, verb), 2, what);
    }
  });

  it("wrong usage", async () => {
    const { folder } = workspace();
    refused(await cli(folder, ["migrat"]), 2, /no verb "migrat"/);
    refused(await cli(folder, ["scan", "--fromat", "json"]), 2, /--fromat/);
    refused(await cli(folder, ["scan", "--format", "xml"]), 2, /text, json, sarif/);
    refused(await cli(folder, ["scan", "no-such-folder"]), 2, /no-such-folder/);
    refused(await cli(folder, ["migrate", "--to", "embedded"]), 2, /--from/);
    refused(await cli(folder, ["migrate", "--from", "app.db"]), 2, /--to/);
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", "mysql://x"]), 2, /mysql/);
    refused(await cli(folder, ["migrate", "--from", "app.db", "--to", "embedded", "--jobs", "many"]), 2, /--jobs/);
    refused(await cli(folder, ["generate", "nothing"]), 2, /adapter, compat, compose, env/);
    refused(await cli(folder, ["generate", "adapter"]), 2, /opens SQLite/);
  });

  it("a generated file that would stand over one of the user's", async () => {
    const { folder } = workspace();
    mkdirSync(join(folder, "database"));
    writeFileSync(join(folder, "db.py"), "import sqlite3\nfrom contextlib import contextmanager\n\n@contextmanager\ndef get_connection(path='app.db'):\n    conn = sqlite3.connect(path)\n    try:\n        yield conn\n        conn.commit()\n    finally:\n        conn.close()\n");
    writeFileSync(join(folder, "main.py"), "from db import get_connection\n\nwith get_connection() as conn:\n    conn.execute('SELECT 1')\n");
    const mine = join(folder, "database/factory.py");
    writeFileSync(mine, "MINE = True\n");
    refused(await cli(folder, ["generate", "adapter"]), 2, /factory\.py/);
    assert.equal(readFileSync(mine, "utf8"), "MINE = True\n");
    assert.match(readFileSync(join(folder, "db.py"), "utf8"), /sqlite3\.connect/);
    rmSync(mine);
    assert.equal((await cli(folder, ["generate", "adapter"])).code, 0);
  });
});
