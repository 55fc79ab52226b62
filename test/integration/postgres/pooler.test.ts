import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { CutoverError } from "#core/cutover-error.ts";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import { PostgresFailure, type PostgresTarget } from "#engine/postgres/session.ts";
import { validate } from "#engine/validate/validate.ts";
import { cli } from "../../support/cli.ts";
import { ask, move, planOf, stateOf } from "../../support/move.ts";
import { noPgBouncer, startPgBouncer, type Pooler } from "../../support/pgbouncer.ts";
import type { TestServer } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const at = (url: string): PostgresTarget => serverTarget(parseServerAddress(url));

/** Two tables with everything that the phases make, and more rows than one transaction's. */
function source(): string {
  return sqliteFile(
    `CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, at TEXT, part REAL, raw BLOB);
     CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id), note TEXT, CHECK (length(note) < 100));
     CREATE INDEX by_note ON child (note);
     CREATE VIEW notes AS SELECT parent.name, child.note FROM parent JOIN child ON child.parent_id = parent.id`,
    (db) => {
      const parent = db.prepare("INSERT INTO parent (name, at, part, raw) VALUES (?, ?, ?, ?)");
      const child = db.prepare("INSERT INTO child (parent_id, note) VALUES (?, ?)");
      db.transaction(() => {
        for (let i = 1; i <= 3000; i++) parent.run(`name ${i}`, `2024-01-02 03:04:${String(i % 60).padStart(2, "0")}.5`, i / 7, Buffer.from([i & 255, 0, 92]));
        for (let i = 1; i <= 9000; i++) child.run((i % 3000) + 1, `note ${i} ü\\`);
      })();
    },
  );
}

for (const mode of ["transaction", "session"] as const) {
  describe(`through PgBouncer, pool_mode ${mode}`, { skip: noPgBouncer }, () => {
    let server: TestServer;
    let pooler: Pooler;
    before(async () => {
      server = await startServer(mode === "transaction" ? 18 : 14);
      pooler = await startPgBouncer(server, [`pool_mode = ${mode}`, "default_pool_size = 6", "max_client_conn = 30", "query_wait_timeout = 5"]);
    });

    it("is recognised", async () => {
      for (const [url, pooled] of [[pooler.url("postgres"), true], [server.url("postgres"), false]] as const) {
        const session = await at(url).connect();
        assert.equal(session.pooled, pooled);
        await session.close();
      }
    });

    it("a whole migration goes through, and what it leaves is equal, cell by cell", async () => {
      const { name, target: direct } = await server.newDatabase();
      // What a role brings along must not decide how values are printed, nor end what takes long.
      await ask(direct, `ALTER DATABASE ${name} SET DateStyle = 'SQL, DMY'`);
      await ask(direct, `ALTER DATABASE ${name} SET TimeZone = 'Asia/Tokyo'`);
      await ask(direct, `ALTER DATABASE ${name} SET extra_float_digits = 0`);
      await ask(direct, `ALTER DATABASE ${name} SET bytea_output = 'escape'`);
      const target = at(pooler.url(name));
      const from = source();
      const plan = await planOf(from);
      const report = await move(from, target, { plan, jobs: 3 });
      assert.deepEqual(report.warnings, []);
      assert.deepEqual(report.tables.map(({ table, copied }) => [table, copied]), [["parent", 3000], ["child", 9000]]);
      const compared = await validate({ from, target, plan, level: "cells" });
      assert.deepEqual(compared.differences, []);
      await target.close();
      // Nothing of ours stays with the pooler's connections, which others get afterwards.
      const [own] = await ask(at(pooler.url(name)), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
      assert.deepEqual(own, ["0"]);
    });

    it("a run keeps others off, until it ends", async () => {
      const { name } = await server.newDatabase();
      const from = source();
      const plan = await planOf(from);
      const first = at(pooler.url(name));
      let second: Promise<unknown> | undefined;
      await move(from, first, {
        plan,
        jobs: 1,
        onEvent: (event) => {
          if (event.kind !== "phase-start" || event.phase !== "copy") return;
          second = assert.rejects(move(from, at(server.url(name)), { plan, drop: true }), (error) => error instanceof CutoverError && error.tag === "target-busy");
        },
      });
      assert.ok(second !== undefined);
      await second;
      await move(from, first, { plan, drop: true });
      await first.close();
    });

    it("settings hold in every transaction and leave nothing behind", async () => {
      const { name } = await server.newDatabase();
      const target = at(`${pooler.url(name)}?statement_timeout=300`);
      const session = await target.connect();
      await session.set({ work_mem: "7MB" });
      const settings = "SELECT current_setting('statement_timeout'), current_setting('work_mem'), current_setting('TimeZone')";
      assert.deepEqual((await session.query(settings)).rows, [["300ms", "7MB", "UTC"]]);
      await session.query("BEGIN");
      assert.deepEqual((await session.query(settings)).rows, [["300ms", "7MB", "UTC"]]);
      await session.query("COMMIT");
      await assert.rejects(session.query("SELECT pg_sleep(5)"), (error) => error instanceof PostgresFailure && error.problem.code === "57014");
      assert.deepEqual((await session.query("SELECT 1")).rows, [["1"]]);
      await assert.rejects(session.set({ no_such_setting: "1" }), PostgresFailure);
      await session.close();
      if (mode === "transaction") {
        // Another client of the pool gets the same process of the server.
        const { default: pg } = await import("pg");
        const other = new pg.Client(pooler.url(name));
        await other.connect();
        assert.deepEqual((await other.query({ text: "SELECT current_setting('statement_timeout'), current_setting('work_mem')", rowMode: "array" })).rows, [["0", "4MB"]]);
        await other.end();
      }
    });

    it("a running statement is stopped", async () => {
      const session = await at(pooler.url("postgres")).connect();
      const sleeping = assert.rejects(session.query("SELECT pg_sleep(60)"), (error) => error instanceof PostgresFailure && error.problem.code === "57014");
      await new Promise((resolve) => setTimeout(resolve, 200));
      await session.cancel();
      await sleeping;
      await session.close();
    });

    it("a run that is stopped stops on the server, too, and goes on later", async () => {
      const { name, target: direct } = await server.newDatabase();
      await ask(direct, "CREATE TABLE slow (seconds int)");
      await ask(direct, "INSERT INTO slow VALUES (60)");
      await ask(direct, "CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(seconds) FROM public.slow; END $$");
      await ask(direct, "CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION slow()");
      const folder = temporaryFolder();
      const from = source();
      const target = at(pooler.url(name));
      const stop = new AbortController();
      const sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";
      const run = assert.rejects(move(from, target, { workspace: folder, jobs: 2, signal: stop.signal }), /stopped by its user/);
      while ((await ask(direct, sleeping))[0]?.[0] === "0") await new Promise((resolve) => setTimeout(resolve, 50));
      stop.abort(new Error("stopped by its user"));
      await run;
      assert.deepEqual(await ask(direct, sleeping), [["0"]]);
      await ask(direct, "DELETE FROM slow");
      const resumed = await move(from, target, { workspace: folder, jobs: 2, resume: true });
      assert.deepEqual([resumed.resumed, resumed.tables.map(({ copied }) => copied)], [true, [3000, 9000]]);
      await target.close();
    });

    it("rows are kept aside, and put back", async () => {
      const { name } = await server.newDatabase();
      const folder = temporaryFolder();
      const db = new Database(join(folder, "app.db"));
      db.exec("CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id)); INSERT INTO parent VALUES (1)");
      db.pragma("foreign_keys = off");
      db.exec("INSERT INTO child VALUES (1, 1), (2, 2)");
      db.close();
      const to = ["--from", "app.db", "--to", pooler.url(name)];
      const moved = await cli(folder, ["migrate", ...to, "--bad-rows", "quarantine"]);
      assert.equal(moved.code, 0, moved.err);
      assert.equal((await cli(folder, ["quarantine", "list", ...to])).code, 1);
      await ask(at(pooler.url(name)), "INSERT INTO public.parent VALUES (2)");
      const replayed = await cli(folder, ["quarantine", "replay", ...to]);
      assert.equal(replayed.code, 0, replayed.err);
      assert.deepEqual(await ask(at(pooler.url(name)), "SELECT id, parent_id FROM public.child ORDER BY id"), [["1", "1"], ["2", "2"]]);
    });

    it("what it refuses is said in our words", async () => {
      const refusals: readonly (readonly [url: string, tag: string])[] = [
        [pooler.url("no_such_database"), "target-refused"],
        [pooler.url("postgres").replace("correct", "wrong"), "target-refused"],
        [pooler.url("postgres").replace("//postgres:", "//nobody:"), "target-refused"],
        [`${pooler.url("postgres")}?sslmode=verify-full`, "target-tls"],
      ];
      for (const [url, tag] of refusals) {
        await assert.rejects(at(url).connect(), (error) => {
          assert.ok(error instanceof CutoverError);
          assert.equal(error.tag, tag, `${url}: ${error.message}: ${error.why ?? ""}`);
          assert.notEqual(error.message, "The connection fails");
          assert.doesNotMatch(JSON.stringify(error), /staple/);
          return true;
        });
      }
    });
  });
}

describe("a pool that is too small", { skip: noPgBouncer }, () => {
  it("for the jobs: fewer jobs work, and the run says so", async () => {
    const server = await startServer(18);
    const pooler = await startPgBouncer(server, ["pool_mode = transaction", "default_pool_size = 2", "query_wait_timeout = 60"]);
    const { name } = await server.newDatabase();
    const target = at(pooler.url(name));
    const report = await move(source(), target, { jobs: 3 });
    assert.deepEqual(report.warnings, ["the pooler's pool has no more than one connection for them: one job works instead of 3"]);
    await target.close();
  });

  it("because it is for statements: a run is refused, with what to do", async () => {
    const server = await startServer(18);
    const pooler = await startPgBouncer(server, ["pool_mode = statement"]);
    const { name, target: direct } = await server.newDatabase();
    const state = await stateOf(direct);
    const target = at(pooler.url(name));
    await assert.rejects(move(source(), target), (error) => error instanceof CutoverError && error.tag === "target-refused" && /takes no transactions/.test(error.message));
    await target.close();
    assert.deepEqual(await stateOf(direct), state);
  });

  it("for a run: it is refused, and the target is as it was", async () => {
    const server = await startServer(18);
    const pooler = await startPgBouncer(server, ["pool_mode = transaction", "default_pool_size = 1", "query_wait_timeout = 60"]);
    const { name, target: direct } = await server.newDatabase();
    const state = await stateOf(direct);
    const target = at(pooler.url(name));
    await assert.rejects(move(source(), target), (error) => error instanceof CutoverError && error.tag === "target-unreachable" && /pool size/.test(error.next));
    await target.close();
    assert.deepEqual(await stateOf(direct), state);
  });
});
