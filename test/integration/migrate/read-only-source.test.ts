import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { atEnd } from "../../support/at-end.ts";
import { ask, stateOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Someone whom permissions mean something to: as root they mean nothing. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Runs the command line as that user, in a folder of its own. */
async function asNobody(args: readonly string[], url: string): Promise<{ readonly code: unknown; readonly err: string }> {
  const cwd = temporaryFolder();
  chmodSync(cwd, 0o777);
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../../src/cli/main.ts"), ...args], { cwd, env: { PATH: process.env["PATH"], TARGET: url }, stdio: ["ignore", "ignore", "pipe"], ...nobody });
  const [err, code] = await Promise.all([text(child.stderr), new Promise<unknown>((resolve) => child.once("exit", resolve))]);
  return { code, err };
}

/** What a folder holds, with what is in it. */
function contents(folder: string): unknown {
  return readdirSync(folder).sort().map((name) => [name, statSync(join(folder, name)).mtimeMs, createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")]);
}

/** A database of three rows in a folder that may be read only. `leave` says which of the files of WAL mode are left beside it, with how many of the rows in the log. */
function readOnlySource(mode: "DELETE" | "WAL", leave: readonly ("-wal" | "-shm")[]): string {
  const made = join(temporaryFolder(), "made.db");
  const db = new Database(made);
  db.exec(`PRAGMA journal_mode = ${mode}; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)`);
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.exec("INSERT INTO t VALUES (3)");
  if (leave.length === 0) db.close();
  const folder = temporaryFolder();
  const path = join(folder, "source.db");
  for (const part of ["", ...leave]) {
    copyFileSync(`${made}${part}`, `${path}${part}`);
    chmodSync(`${path}${part}`, 0o444);
  }
  if (leave.length > 0) db.close();
  chmodSync(folder, 0o555);
  // Before the folder is removed.
  atEnd(() => { chmodSync(folder, 0o777); });
  return path;
}

describe("a source that nobody may write beside", () => {
  const cases: readonly (readonly [name: string, mode: "DELETE" | "WAL", leave: readonly ("-wal" | "-shm")[], rows: string | undefined])[] = [
    ["in rollback-journal mode is moved", "DELETE", [], "3"],
    ["in WAL mode with its -wal and -shm is moved, the log's commits too", "WAL", ["-wal", "-shm"], "3"],
    ["in WAL mode without its -shm is refused: the log cannot be read without it", "WAL", ["-wal"], undefined],
    ["in WAL mode without either is refused: somebody may be writing a log elsewhere", "WAL", [], undefined],
  ];
  for (const [name, mode, leave, rows] of cases) {
    it(name, async () => {
      const from = readOnlySource(mode, leave);
      const { url, target } = await (await startServer(18)).newDatabase();
      const [before, beside] = [await stateOf(target), contents(dirname(from))];
      const { code, err } = await asNobody(["migrate", "--from", from, "--to", "env:TARGET", "--progress", "none"], url);
      assert.deepEqual(contents(dirname(from)), beside);
      if (rows === undefined) {
        assert.equal(code, 3, err);
        assert.equal(err.trim().split("\n")[0]?.includes("The database cannot be read"), true, err);
        assert.match(err, /-wal and -shm/);
        assert.deepEqual(await stateOf(target), before);
      } else {
        assert.equal(code, 0, err);
        assert.deepEqual(await ask(target, "SELECT count(*) FROM t"), [[rows]]);
      }
    });
  }

  it("that may be written beside has nothing beside it afterwards that was not there", async () => {
    for (const mode of ["DELETE", "WAL"] as const) {
      const from = readOnlySource(mode, []);
      chmodSync(dirname(from), 0o777);
      chmodSync(from, 0o666);
      const { url, target } = await (await startServer(18)).newDatabase();
      const beside = contents(dirname(from));
      const { code, err } = await asNobody(["migrate", "--from", from, "--to", "env:TARGET", "--progress", "none"], url);
      assert.equal(code, 0, err);
      assert.deepEqual(await ask(target, "SELECT count(*) FROM t"), [["3"]]);
      assert.deepEqual(contents(dirname(from)), beside, mode);
    }
  });
});
