import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import { cli } from "../../support/cli.ts";
import { ask, move, stateOf } from "../../support/move.ts";
import type { TestServer } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function workspace(script: string): string {
  const folder = temporaryFolder();
  const db = new Database(join(folder, "app.db"));
  db.pragma("foreign_keys = off");
  db.exec(script);
  db.close();
  return folder;
}

const twoTables = `CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
  CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id), note TEXT);
  CREATE INDEX by_note ON child (note);
  CREATE TRIGGER noted AFTER INSERT ON child BEGIN UPDATE parent SET name = name || '!' WHERE id = NEW.parent_id; END;
  INSERT INTO parent VALUES (1, 'one'), (2, 'two'); INSERT INTO child VALUES (1, 1, 'a'), (2, 2, 'b');`;

for (const major of [14, 18] as const) {
  describe(`preflight, PostgreSQL ${major}`, () => {
    let server: TestServer;
    before(async () => {
      server = await startServer(major);
    });

    it("--dry-run shows it all, with an estimate, and writes neither a file nor a table", async () => {
      const folder = workspace(twoTables);
      const { target, url } = await server.newDatabase();
      const state = await stateOf(target);
      const bytes = readFileSync(join(folder, "app.db"));
      const dry = await cli(folder, ["migrate", "--from", "app.db", "--to", url, "--dry-run"]);
      assert.equal(dry.code, 0, dry.err);
      assert.match(dry.out, /CREATE TABLE public\.parent[\s\S]*CREATE INDEX by_note[\s\S]*CREATE FUNCTION/);
      assert.match(dry.out, /4 rows in 2 tables, 1 MB in the source; the backup takes as much on this machine\nabout a minute, an estimate by the rate of a machine with two processors.*\nthe server will need about 1 MB .* cannot be known from here\ndry run: nothing was written/);
      const json = await cli(folder, ["migrate", "--from", "app.db", "--to", url, "--dry-run", "--format", "json"]);
      assert.match(json.out, /"estimate": \{\s+"rows": 4,\s+"bytes": \d+,\s+"seconds": 2,\s+"basis": "usual"/);
      assert.deepEqual(readdirSync(folder), ["app.db"]);
      assert.deepEqual(readFileSync(join(folder, "app.db")), bytes);
      assert.deepEqual(await stateOf(target), state);
    });

    it("lists the rows that cannot be sent, of every kind, beside the orphans, before anything is made", async () => {
      const folder = workspace(`${twoTables} INSERT INTO child VALUES (7, 99, 'lost'), (8, 1, 'a' || char(0) || 'b'), (9, 1, CAST(x'ff' AS TEXT)), (10, 2, 'c' || char(0))`);
      const { target, url } = await server.newDatabase();
      const state = await stateOf(target);
      const failed = await cli(folder, ["migrate", "--from", "app.db", "--to", url]);
      assert.equal(failed.code, 3);
      assert.match(failed.err, /child: 1 row without their row in parent, such as rowid 7/);
      assert.match(failed.err, /child\.note: text with a NUL character \(2 rows, such as rowid 8\)/);
      assert.match(failed.err, /child\.note: text that is not valid UTF-8 \(1 row, such as rowid 9\)/);
      assert.deepEqual(readdirSync(folder), ["app.db"]);
      assert.deepEqual(await stateOf(target), state);
    });

    it("gives every problem at once: rights, names that are taken, orphans with their rows, damage", async () => {
      const folder = workspace(`${twoTables} INSERT INTO child SELECT value + 10, value + 90, 'lost' FROM json_each('[1,2,3,4,5,6,7]'); CREATE TABLE filler (x)`);
      const db = new Database(join(folder, "app.db"));
      db.exec("CREATE INDEX by_x ON filler (x || '!'); INSERT INTO filler SELECT 'value ' || value FROM json_each('[1,2,3,4,5,6,7,8,9]')");
      // An index that holds other values than its table: only the full check reads both.
      db.unsafeMode();
      db.pragma("writable_schema = on");
      db.exec("UPDATE sqlite_schema SET sql = 'CREATE INDEX by_x ON filler (x)' WHERE name = 'by_x'");
      db.close();
      const { name, target } = await server.newDatabase();
      for (const statement of [`CREATE ROLE user_${name} LOGIN PASSWORD 'staple'`, "CREATE TABLE child (mine int)", "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"]) await ask(target, statement);
      const state = await stateOf(target);
      const url = `postgres://user_${name}:staple@127.0.0.1:${server.port}/${name}`;
      const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", url, "--dry-run"]);
      assert.equal(code, 3);
      assert.match(err, /error: 6 things stand in the way/);
      for (const what of [/may not make schemas/, /may not make tables in the schema public/, /Triggers need the language plpgsql/, /names already.*child/, /7 rows refer to rows that do not exist.*child: 7 rows without their row in parent, such as rowid 11, 12, 13, 14, 15/, /The source is damaged.*row 1 missing from index by_x/]) {
        assert.match(err.replaceAll("\n", " "), what);
      }
      assert.deepEqual(await stateOf(target), state);
      assert.deepEqual(readdirSync(folder), ["app.db"]);
      // The quick check does not read them; a run that fails anyway does with it, as a full one would keep writers out.
      for (const args of [["--dry-run", "--integrity", "quick"], []]) {
        const quick = await cli(folder, ["migrate", "--from", "app.db", "--to", url, ...args]);
        assert.match(quick.err, /error: 5 things stand in the way/);
      }
    });

    for (const mode of ["delete", "wal"]) {
      it(`damage alone stops a run before anything is written, and leaves no backup, journal_mode ${mode}`, async () => {
        const folder = workspace(`CREATE TABLE filler (id INTEGER PRIMARY KEY, x TEXT); CREATE INDEX by_x ON filler (x || '!'); INSERT INTO filler (x) VALUES ('one'), ('two')`);
        const db = new Database(join(folder, "app.db"));
        db.pragma(`journal_mode = ${mode}`);
        db.unsafeMode();
        db.pragma("writable_schema = on");
        db.exec("UPDATE sqlite_schema SET sql = 'CREATE INDEX by_x ON filler (x)' WHERE name = 'by_x'");
        db.close();
        const { target, url } = await server.newDatabase();
        const state = await stateOf(target);
        const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", url]);
        assert.equal(code, 3);
        assert.match(err, /error: The source is damaged\n {2}where: .*app\.db\n {2}why: {3}row 1 missing from index by_x/);
        assert.deepEqual(await stateOf(target), state);
        assert.deepEqual(readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("backups/")), []);
      });
    }

    it("what belongs to somebody else is not dropped, and a journal of somebody else's is not written to", async () => {
      const folder = workspace(twoTables);
      const { name, target, url } = await server.newDatabase();
      for (const statement of [`CREATE ROLE other_${name} LOGIN PASSWORD 'staple'`, `GRANT CREATE ON DATABASE ${name} TO other_${name}`, `GRANT CREATE ON SCHEMA public TO other_${name}`]) await ask(target, statement);
      assert.equal((await cli(folder, ["migrate", "--from", "app.db", "--to", url])).code, 0);
      await ask(target, `GRANT ALL ON SCHEMA cutover TO other_${name}`);
      const state = await stateOf(target);
      const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", `postgres://other_${name}:staple@127.0.0.1:${server.port}/${name}`, "--drop"]);
      assert.equal(code, 3);
      assert.match(err, /does not own what is to be dropped/);
      assert.match(err, /child belongs to postgres, parent belongs to postgres/);
      assert.match(err, /may not write to the journal's tables journal, .*run/);
      assert.deepEqual(await stateOf(target), state);
    });

    it("a tablespace that is named and may not be used is said before anything is made", async () => {
      const folder = workspace(twoTables);
      const { name, target } = await server.newDatabase();
      for (const statement of [`CREATE ROLE placed_${name} LOGIN PASSWORD 'staple'`, `GRANT CREATE ON DATABASE ${name} TO placed_${name}`, `GRANT CREATE ON SCHEMA public TO placed_${name}`, `ALTER ROLE placed_${name} SET default_tablespace = pg_global`]) await ask(target, statement);
      const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", `postgres://placed_${name}:staple@127.0.0.1:${server.port}/${name}`]);
      assert.equal(code, 3);
      assert.match(err, /may not make tables in the tablespace pg_global/);
    });

    it("the estimate goes by the last run into the target", async () => {
      const folder = workspace(twoTables);
      const { target, url } = await server.newDatabase();
      assert.equal((await cli(folder, ["migrate", "--from", "app.db", "--to", url])).code, 0);
      // As if that run had taken an hour for its few bytes.
      await ask(target, "UPDATE cutover.run SET started = finished - interval '1 hour'");
      const { out } = await cli(folder, ["migrate", "--from", "app.db", "--to", url, "--drop", "--dry-run"]);
      assert.match(out, /about [\d,. ]+ minutes, an estimate by the last run into this target/);
    });
  });
}

describe("time-outs", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(18);
  });
  const at = (url: string): ReturnType<typeof serverTarget> => serverTarget(parseServerAddress(url));

  it("of the role, the database and the server do not end a run of ours", async () => {
    const folder = workspace(twoTables);
    const { name, target, url } = await server.newDatabase();
    for (const setting of ["statement_timeout = '30ms'", "lock_timeout = '30ms'", "idle_in_transaction_session_timeout = '30ms'", "idle_session_timeout = '30ms'", "transaction_timeout = '30ms'", "default_transaction_isolation = 'serializable'"]) {
      await ask(target, `ALTER DATABASE ${name} SET ${setting}`);
    }
    const session = await at(url).connect();
    await session.query("BEGIN");
    await session.query("SELECT pg_sleep(0.1)");
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual((await session.query("SELECT current_setting('transaction_isolation')")).rows, [["read committed"]]);
    await session.query("COMMIT");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await session.query("SELECT 1");
    await session.close();
    const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", url]);
    assert.equal(code, 0, err);
  });

  it("of ours hold in the copy and in what is made after it: one clear error, and the run can be resumed", async () => {
    const folder = workspace(`${twoTables} CREATE UNIQUE INDEX one_note ON child (note)`);
    const { name, target, url } = await server.newDatabase();
    // Each CREATE TABLE, then each CREATE INDEX takes longer than the time-out.
    await ask(target, "CREATE TABLE slow (tag text)");
    await ask(target, "CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT FROM public.slow WHERE tag = tg_tag) THEN PERFORM pg_sleep(1); END IF; END $$");
    await ask(target, "CREATE EVENT TRIGGER slow ON ddl_command_end EXECUTE FUNCTION slow()");
    for (const [tag, args] of [["CREATE TABLE", []], ["CREATE INDEX", []]] as const) {
      await ask(target, `TRUNCATE slow; INSERT INTO slow VALUES ('${tag}')`);
      const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", `${url}?statement_timeout=200`, ...args]);
      assert.equal(code, 3, err);
      assert.match(err, /error: The server stopped a statement that took too long[\s\S]*statement_timeout/);
    }
    await ask(target, "TRUNCATE slow");
    const resumed = await cli(folder, ["migrate", "--from", "app.db", "--to", `${url}?statement_timeout=20000`, "--resume"]);
    assert.equal(resumed.code, 0, resumed.err);
    // cutover.json's lock time-out, while another session reads the table that is to be dropped.
    writeFileSync(join(folder, "cutover.json"), JSON.stringify({ connections: { lockTimeout: 150 } }));
    const reader = await at(server.url(name)).connect();
    await reader.query("BEGIN");
    await reader.query("SELECT * FROM public.child");
    const { lockTimeout } = (await loadConfig(folder)).connections;
    const impatient = serverTarget(parseServerAddress(url, {}, { lockTimeout }));
    await assert.rejects(move(join(folder, "app.db"), impatient, { drop: true, retryFor: 1 }), (error) => error instanceof CutoverError && /lock timeout/.test(error.why ?? "") && /lock_timeout/.test(error.next));
    await impatient.close();
    await reader.query("ROLLBACK");
    await reader.close();
  });
});
