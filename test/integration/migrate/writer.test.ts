import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { readdirSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { compareDatabases } from "../../support/compare-databases.ts";
import { ask, move, planOf, stateOf } from "../../support/move.ts";
import { startServer } from "../../support/shared-server.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";

const accounts = 400;
const balance = 1000;
/** More rows, for the time that is measured by hand. */
const ballast = Number(process.env["CUTOVER_BALLAST"] ?? 10_000);

function bank(): string {
  return sqliteFile("CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, moves INTEGER NOT NULL, note TEXT); CREATE TABLE transfer (id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES account (id), target INTEGER NOT NULL REFERENCES account (id), amount INTEGER NOT NULL, detail TEXT); CREATE INDEX by_source ON transfer (source, amount); CREATE TABLE counter (n INTEGER NOT NULL, kept INTEGER NOT NULL, total INTEGER NOT NULL); CREATE TABLE old (id INTEGER PRIMARY KEY, what TEXT)", (db) => {
    const numbers = (count: number): string => `WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < ${count})`;
    db.exec(`${numbers(accounts)} INSERT INTO account SELECT n, ${balance}, 0, 'new' FROM number`);
    db.exec(`${numbers(ballast)} INSERT INTO old SELECT n, printf('%.200c', 'x') FROM number`);
    db.prepare("INSERT INTO counter VALUES (0, 0, 0)").run();
  });
}

/** Lets another process write to a database while work is done. */
async function whileWritten<T>(path: string, mode: string, checkpoints: string, work: () => Promise<T>): Promise<{ readonly result: T; readonly transactions: number; readonly longest: number }> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, "../../support/hammer.ts"), path, mode, checkpoints], { stdio: ["pipe", "pipe", "inherit"] });
  const said = text(writer.stdout);
  const ended = once(writer, "exit");
  try {
    await once(writer.stdout, "readable");
    const result = await work();
    writer.stdin.end();
    assert.deepEqual(await ended, [0, null]);
    const told: unknown = JSON.parse((await said).trim().split("\n").at(-1) ?? "");
    assert.ok(typeof told === "object" && told !== null && "transactions" in told && typeof told.transactions === "number" && "longest" in told && typeof told.longest === "number");
    return { result, transactions: told.transactions, longest: told.longest };
  } finally {
    writer.kill();
  }
}

describe("TRAP 58, 63: while another process writes to the source", () => {
  for (const [mode, checkpoints] of [["WAL", "none"], ["WAL", "truncate"], ["DELETE", "default"], ["PERSIST", "default"]] as const) {
    it(`the copy is one state of it: ${mode}, checkpoints: ${checkpoints}`, async (t) => {
      const from = bank();
      const { target } = await (await startServer(18)).newDatabase();
      const { result, transactions, longest } = await whileWritten(from, mode, checkpoints, async () => {
        const plan = await planOf(from);
        return { plan, report: await move(from, target, { plan, jobs: 2 }) };
      });
      const { plan, report } = result;
      t.diagnostic(`${transactions} transactions meanwhile, the longest took ${longest} ms; the backup ${Math.round(1000 * (report.phases.find(({ phase }) => phase === "backup")?.seconds ?? 0))} ms`);
      assert.ok(transactions > 100, `${transactions} transactions`);
      // One state: what every transaction keeps holds, and something was moved already, but not all of it.
      const [[sum, n, kept, total, last, rows, amounts, told, moves] = []] = await ask(target, `SELECT (SELECT sum(balance) FROM account), n, kept, total, (SELECT max(id) FROM transfer), (SELECT count(*) FROM transfer), (SELECT coalesce(sum(amount), 0) FROM transfer), (SELECT count(*) FROM account WHERE moves > 0 AND note <> 'moved ' || moves), (SELECT sum(moves) FROM account) FROM counter`);
      assert.equal(Number(sum), accounts * balance);
      assert.equal(last, n);
      assert.equal(rows, kept);
      assert.equal(told, "0");
      assert.equal(Number(moves), 2 * Number(n));
      assert.ok(Number(amounts) <= Number(total));
      assert.ok(Number(n) > 0 && Number(n) < transactions, `${n ?? ""} of ${transactions}`);
      // It is the backup's state, to the last cell.
      await compareDatabases(report.backup?.path ?? "", target, plan);
      // And the source is whole, and is what the writer has made of it.
      const after = new Database(from, { readonly: true });
      assert.equal(after.pragma("integrity_check", { simple: true }), "ok");
      assert.equal(after.prepare("SELECT n FROM counter").pluck().get(), transactions);
      after.close();
    });
  }

  it("a writer that holds the database for long ends the run with one error, and nothing is written", async () => {
    const from = bank();
    const { target } = await (await startServer(18)).newDatabase();
    const plan = await planOf(from);
    const before = await stateOf(target);
    const files = readdirSync(dirname(from));
    const writer = new Database(from);
    try {
      writer.exec("BEGIN EXCLUSIVE");
      await assert.rejects(move(from, target, { plan }), (error) => error instanceof CutoverError && error.tag === "source-locked" && error.exitCode === 3 && /application/.test(error.next));
    } finally {
      writer.exec("ROLLBACK");
      writer.close();
    }
    assert.deepEqual(await stateOf(target), before);
    assert.deepEqual(readdirSync(dirname(from)), files);
  });
});
