import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { before, describe, it } from "node:test";
import { defaultBackupDays } from "#engine/workspace/config.ts";
import { backupFolder, listBackups, removeOldBackups } from "#engine/migrate/backup-files.ts";
import { cli } from "../../support/cli.ts";
import { move } from "../../support/move.ts";
import type { TestServer } from "../../support/postgres-server.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const rowsOf = (path: string): unknown => {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare("SELECT text FROM notes ORDER BY id").pluck().all();
  } finally {
    db.close();
  }
};

/** A workspace with a database in a mode, moved once; `more` runs while the database is still open. */
async function workspace(server: TestServer, mode: "delete" | "wal", more?: (db: Database.Database) => Promise<void>): Promise<{ readonly folder: string; readonly path: string; readonly url: string }> {
  const folder = temporaryFolder();
  const path = join(folder, "app.db");
  const db = new Database(path);
  db.pragma(`journal_mode = ${mode}`);
  db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes (text) VALUES ('one'), ('two'), ('a' || char(0) || 'b')");
  db.exec("DELETE FROM notes WHERE id = 3");
  const { url } = await server.newDatabase();
  if (more !== undefined) await more(db);
  const moved = await cli(folder, ["migrate", "--from", "app.db", "--to", url]);
  assert.equal(moved.code, 0, moved.err);
  db.close();
  return { folder, path, url };
}

describe("backups of the source", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(18);
  });

  it("TRAP 63: hold what was committed to the log only, and are whole databases by themselves", async () => {
    const { folder, path } = await workspace(server, "wal", (db) => {
      db.pragma("wal_autocheckpoint = 0");
      db.exec("INSERT INTO notes (text) VALUES ('in the log')");
      // A copy of the file alone would lack it.
      const copy = join(temporaryFolder(), "copy.db");
      copyFileSync(db.name, copy);
      assert.throws(() => rowsOf(copy), /no such table/);
      return Promise.resolve();
    });
    const [backup] = await listBackups(backupFolder(folder));
    assert.match(backup?.name ?? "", /^app-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z\.db$/);
    assert.ok(Math.abs((backup?.made.getTime() ?? 0) - Date.now()) < 60_000);
    assert.equal(backup?.note.source, path);
    assert.equal(backup.note.neededFor, undefined);
    assert.deepEqual(rowsOf(backup.path), ["one", "two", "in the log"]);
    assert.deepEqual(readdirSync(backupFolder(folder)).sort(), [backup.name, `${backup.name}.json`]);
  });

  for (const mode of ["delete", "wal"] as const) {
    it(`are brought back by name, journal_mode ${mode}; what was there is kept`, async () => {
      const { folder, path } = await workspace(server, mode);
      const [made] = await listBackups(backupFolder(folder));
      const name = made?.name ?? "";
      const listed = await cli(folder, ["restore"]);
      assert.match(listed.out, new RegExp(`${name}.*app\\.db`));
      const json = await cli(folder, ["restore", "--format", "json"]);
      assert.match(json.out, /"version": 1/);

      const app = new Database(path);
      app.exec("DELETE FROM notes; INSERT INTO notes (text) VALUES ('later')");
      app.close();
      const unconfirmed = await cli(folder, ["restore", name]);
      assert.equal(unconfirmed.code, 2);
      assert.match(unconfirmed.err, /would be written over app\.db[\s\S]*--over app\.db/);
      assert.equal((await cli(folder, ["restore", name, "--over", "other.db"])).code, 2);
      assert.equal((await cli(folder, ["restore", "no-such", "--over", "app.db"])).code, 2);
      assert.deepEqual(rowsOf(path), ["later"]);

      const done = await cli(folder, ["restore", name, "--over", "app.db"]);
      assert.equal(done.code, 0, done.err);
      assert.deepEqual(rowsOf(path), ["one", "two"]);
      const restored = new Database(path);
      assert.equal(restored.pragma("journal_mode", { simple: true }), mode);
      restored.close();
      const kept = (await listBackups(backupFolder(folder))).find((backup) => backup.name !== name);
      assert.match(done.out, new RegExp(`what was there before: .*${kept?.name ?? "?"}`));
      assert.deepEqual(rowsOf(kept?.path ?? ""), ["later"]);
      // And back again.
      assert.equal((await cli(folder, ["restore", kept?.name ?? "", "--over", "app.db"])).code, 0);
      assert.deepEqual(rowsOf(path), ["later"]);
    });

    it(`are not brought back while somebody uses the database, journal_mode ${mode}`, async () => {
      const { folder, path } = await workspace(server, mode);
      const [made] = await listBackups(backupFolder(folder));
      const app = new Database(path);
      app.exec("DELETE FROM notes; INSERT INTO notes (text) VALUES ('later')");
      const uses: readonly (readonly [string, string])[] = [["BEGIN IMMEDIATE", "ROLLBACK"], ["BEGIN; SELECT * FROM notes", "ROLLBACK"]];
      for (const [begin, end] of uses) {
        app.exec(begin);
        if (begin.includes("SELECT")) app.prepare("SELECT * FROM notes").all();
        const refused = await cli(folder, ["restore", made?.name ?? "", "--over", "app.db"]);
        assert.equal(refused.code, 3, `${begin}: ${refused.out}`);
        assert.match(refused.err, /holds the database/);
        app.exec(end);
      }
      // In WAL mode an open connection is seen even while it does nothing.
      if (mode === "wal") assert.equal((await cli(folder, ["restore", made?.name ?? "", "--over", "app.db"])).code, 3);
      assert.deepEqual(app.prepare("SELECT text FROM notes").pluck().all(), ["later"]);
      app.close();
      assert.equal((await cli(folder, ["restore", made?.name ?? "", "--over", "app.db"])).code, 0);
    });
  }

  it("come back where the database is gone, or damaged: what cannot be read is kept under another name", async () => {
    const { folder, path } = await workspace(server, "delete");
    const [made] = await listBackups(backupFolder(folder));
    rmSync(path);
    assert.equal((await cli(folder, ["restore", made?.name ?? "", "--over", "app.db"])).code, 0);
    assert.deepEqual(rowsOf(path), ["one", "two"]);
    writeFileSync(path, "no database any more, but something that somebody may want to look at\n".repeat(100));
    const done = await cli(folder, ["restore", made?.name ?? "", "--over", "app.db"]);
    assert.equal(done.code, 0, done.err);
    assert.deepEqual(rowsOf(path), ["one", "two"]);
    const aside = readdirSync(folder).find((name) => name.startsWith("app.db.damaged-"));
    assert.match(readFileSync(join(folder, aside ?? ""), "utf8"), /somebody may want to look at/);
  });

  it("that were changed afterwards are refused", async () => {
    const { folder, path } = await workspace(server, "delete");
    const [made] = await listBackups(backupFolder(folder));
    const db = new Database(made?.path ?? "");
    db.exec("UPDATE notes SET text = 'forged'");
    db.close();
    const refused = await cli(folder, ["restore", made?.name ?? "", "--over", "app.db"]);
    assert.equal(refused.code, 3);
    assert.match(refused.err, /not as it was made/);
    assert.deepEqual(rowsOf(path), ["one", "two"]);
  });

  it("are removed after some days: Cutover's own only, never the newest of a database, never one that an unfinished run needs", async () => {
    const folder = join(temporaryFolder(), "backups");
    mkdirSync(folder, { recursive: true });
    const put = (name: string, source: string | undefined, neededFor?: string): void => {
      writeFileSync(join(folder, name), "x");
      if (source !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify({ version: 1, source, sha256: "", neededFor }));
    };
    put("app-2026-01-01T00-00-00-000Z.db", "/w/app.db");
    put("app-2026-01-02T00-00-00-000Z.db", "/w/app.db", "db:5432/app, schema public");
    put("app-2026-01-03T00-00-00-000Z.db", undefined);
    put("app-2026-01-04T00-00-00-000Z.db", "/w/app.db");
    put("app-2026-03-01T00-00-00-000Z.db", "/w/app.db");
    put("other-2026-01-01T00-00-00-000Z.db", "/w/other.db");
    put("my own copy.db", undefined);
    const now = new Date("2026-03-10T00:00:00Z");
    assert.deepEqual(await removeOldBackups(folder, 0, now), []);
    assert.deepEqual(await removeOldBackups(folder, 90, now), []);
    assert.deepEqual((await removeOldBackups(folder, defaultBackupDays, now)).sort(), ["app-2026-01-01T00-00-00-000Z.db", "app-2026-01-04T00-00-00-000Z.db"]);
    assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".db")).sort(), [
      "app-2026-01-02T00-00-00-000Z.db", "app-2026-01-03T00-00-00-000Z.db", "app-2026-03-01T00-00-00-000Z.db", "my own copy.db", "other-2026-01-01T00-00-00-000Z.db",
    ]);
  });

  it("a run removes old ones, by cutover.json's number of days, and says which", async () => {
    const { folder, url } = await workspace(server, "delete");
    const [made] = await listBackups(backupFolder(folder));
    const old = (made?.name ?? "").replace(/-\d{4}-/, "-2020-");
    for (const ending of ["", ".json"]) renameSync(`${made?.path ?? ""}${ending}`, `${join(backupFolder(folder), old)}${ending}`);
    writeFileSync(join(folder, "cutover.json"), JSON.stringify({ backups: { days: 7 } }));
    const again = await cli(folder, ["migrate", "--from", "app.db", "--to", url, "--drop"]);
    assert.equal(again.code, 0, again.err);
    assert.match(again.err, new RegExp(`the backup ${old} was removed: it is older than 7 days`));
    assert.ok(!existsSync(join(backupFolder(folder), old)));
  });

  it("the one of a run that is not finished stays, and is let go when it is", async () => {
    const { target } = await server.newDatabase();
    const folder = temporaryFolder();
    const path = join(folder, "app.db");
    const db = new Database(path);
    db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes (text) VALUES ('one'), ('two')");
    db.close();
    const stop = new AbortController();
    await assert.rejects(
      move(path, target, { workspace: folder, signal: stop.signal, onEvent: (event) => { if (event.kind === "phase-start" && event.phase === "post-data") stop.abort(new Error("stopped")); } }),
    );
    const [needed] = await listBackups(backupFolder(folder));
    assert.match(needed?.note.neededFor ?? "", /schema public$/);
    assert.deepEqual(await removeOldBackups(backupFolder(folder), 1, new Date("2100-01-01")), []);
    await move(path, target, { workspace: folder, resume: true });
    assert.deepEqual((await listBackups(backupFolder(folder))).map(({ note }) => note.neededFor), [undefined]);
    assert.equal(basename(needed?.path ?? ""), needed?.name);
  });
});
