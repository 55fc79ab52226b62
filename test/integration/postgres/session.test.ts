import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { PostgresFailure, type PostgresSession, type PostgresTarget } from "#engine/postgres/session.ts";
import { allTargets } from "../../support/targets.ts";

const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString("utf8");

async function failure(promise: Promise<unknown>): Promise<PostgresFailure> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof PostgresFailure, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "the statement was accepted" });
}

for (const { label, empty } of allTargets) {
  describe(`a session on ${label}`, () => {
    let target: PostgresTarget;
    let session: PostgresSession;
    before(async () => {
      target = await empty();
      session = await target.connect();
    });

    it("knows its version and name", () => {
      assert.equal(session.version, label === "PostgreSQL 14" ? 14 : 18);
      assert.equal(session.name, target.name);
      assert.doesNotMatch(session.name, /staple/);
    });

    it("gives every value as the server's text", async () => {
      const { columns, rows, rowCount } = await session.query(
        `SELECT 9223372036854775807 AS "Big", 0.1::float8 + 0.2 AS f, '-0'::float8 AS z, 'Infinity'::float8 AS i, true AS b, NULL AS n, '\\x00ff'::bytea AS y,
                timestamptz '2024-01-02 03:04:05.678+02' AS t, '{"b":1,"a":[1,2]}'::jsonb AS j, 'ü𝄞\\' AS s, ARRAY[1,2] AS a, date '2024-02-29' AS d`,
      );
      assert.deepEqual(columns, ["Big", "f", "z", "i", "b", "n", "y", "t", "j", "s", "a", "d"]);
      assert.deepEqual(rows, [
        ["9223372036854775807", "0.30000000000000004", "-0", "Infinity", "t", null, "\\x00ff", "2024-01-02 01:04:05.678+00", '{"a": [1, 2], "b": 1}', "ü𝄞\\", "{1,2}", "2024-02-29"],
      ]);
      assert.equal(rowCount, 1);
    });

    it("takes text parameters and null", async () => {
      const { rows } = await session.query("SELECT $1::int + 1, $2::text, $3 || 'x'", ["41", null, "ä'\\"]);
      assert.deepEqual(rows, [["42", null, "ä'\\x"]]);
    });

    it("counts the rows that a statement affects", async () => {
      await session.script("CREATE TABLE counted (a int); INSERT INTO counted VALUES (1), (2), (3)");
      assert.equal((await session.query("UPDATE counted SET a = a + 1 WHERE a > 1")).rowCount, 2);
      assert.equal((await session.query("CREATE TABLE none ()")).rowCount, 0);
    });

    it("runs a script as one transaction", async () => {
      const { problem } = await failure(session.script("CREATE TABLE half (a int); INSERT INTO half VALUES (1); SELECT 1/0"));
      assert.equal(problem.code, "22012");
      assert.deepEqual((await session.query("SELECT to_regclass('half')")).rows, [[null]]);
    });

    it("says what the server refuses, with its position", async () => {
      const { problem } = await failure(session.query("SELECT ü, x FROM pg_class"));
      assert.deepEqual({ code: problem.code, position: problem.position }, { code: "42703", position: 8 });
      assert.match(problem.message, /column "ü" does not exist/);
      const constraint = await failure(session.script("CREATE TABLE c (a int CONSTRAINT c_a_positive CHECK (a > 0)); INSERT INTO c VALUES (0)"));
      assert.equal(constraint.problem.constraint, "c_a_positive");
      assert.equal(constraint.problem.table, "c");
    });

    it("describes a statement without running it", async () => {
      const { parameters, columns } = await session.describe("SELECT oid, relname FROM pg_class WHERE oid = $1 AND relname = $2");
      assert.deepEqual(parameters, [26, 19]);
      assert.deepEqual(columns, [
        { name: "oid", typeOid: 26 },
        { name: "relname", typeOid: 19 },
      ]);
      assert.deepEqual(await session.describe("CREATE TABLE not_made (a int)"), { parameters: [], columns: [] });
      assert.deepEqual((await session.query("SELECT to_regclass('not_made')")).rows, [[null]]);
      const { problem } = await failure(session.describe("SELECT nothing"));
      assert.equal(problem.position, 8);
    });

    it("answers in order when several calls wait", async () => {
      const answers = await Promise.all([
        session.query("SELECT 1"),
        failure(session.query("SELECT 1/0")),
        session.describe("SELECT 2"),
        failure(session.describe("SELECT nothing")),
        session.query("SELECT $1::int", ["3"]),
      ]);
      assert.deepEqual(answers[0].rows, [["1"]]);
      assert.deepEqual(answers[4].rows, [["3"]]);
    });

    it("copies rows in, in chunks that end anywhere, and out again", async () => {
      await session.script("CREATE TABLE copied (a bigint, b text)");
      const rows = Array.from({ length: 30_000 }, (_, i) => `${i}\t${i % 7 === 0 ? "\\N" : `zeile\\n\\\\${"ü".repeat(i % 300)}`}\n`);
      const data = Buffer.from(rows.join(""));
      function* chunks(): Generator<Uint8Array> {
        for (let at = 0; at < data.length; at += 70_001) yield data.subarray(at, at + 70_001);
      }
      assert.equal(await session.copyIn("COPY copied FROM STDIN", chunks()), rows.length);
      const parts: Uint8Array[] = [];
      for await (const part of session.copyOut("COPY (SELECT * FROM copied ORDER BY a) TO STDOUT")) parts.push(part);
      assert.equal(text(parts), rows.join(""));
    });

    it("copies in nothing from no chunks", async () => {
      assert.equal(await session.copyIn("COPY copied FROM STDIN", []), 0);
    });

    it("copies in nothing at all when one row is refused", async () => {
      const count = async (): Promise<unknown> => (await session.query("SELECT count(*) FROM copied")).rows[0]?.[0];
      const before = await count();
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let i = 0; i < 100; i++) {
          yield Buffer.from(`${i}\t${"x".repeat(100_000)}\n`);
          if (i === 70) yield Buffer.from("no number\tx\n");
          await Promise.resolve();
        }
      }
      const { problem } = await failure(session.copyIn("COPY copied FROM STDIN", chunks()));
      assert.equal(problem.code, "22P02");
      assert.match(problem.detail ?? "", /COPY copied, line \d+, column a/);
      assert.equal(await count(), before);
      const missing = await failure(session.copyIn("COPY missing FROM STDIN", chunks()));
      assert.equal(missing.problem.code, "42P01");
      assert.equal(await count(), before);
    });

    it("copies in nothing when the producer fails, and passes its error on", async () => {
      const before = (await session.query("SELECT count(*) FROM copied")).rows;
      const own = new Error("the disk is gone");
      function* chunks(): Generator<Uint8Array> {
        for (let i = 0; i < 60; i++) yield Buffer.from(`${i}\t${"x".repeat(100_000)}\n`);
        throw own;
      }
      await assert.rejects(session.copyIn("COPY copied FROM STDIN", chunks()), (error) => error === own);
      assert.deepEqual((await session.query("SELECT count(*) FROM copied")).rows, before);
      await session.query("BEGIN");
      await session.query("INSERT INTO copied VALUES (-1, 'x')");
      await assert.rejects(session.copyIn("COPY copied FROM STDIN", chunks()), (error) => error === own);
      assert.equal((await failure(session.query("SELECT 1"))).problem.code, "25P02");
      await session.query("ROLLBACK");
      assert.deepEqual((await session.query("SELECT count(*) FROM copied")).rows, before);
    });

    it("goes on after a copy out that was not read to its end or failed", async () => {
      for await (const part of session.copyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT")) {
        assert.ok(part.length > 0);
        break;
      }
      assert.deepEqual((await session.query("SELECT 1")).rows, [["1"]]);
      await assert.rejects(async () => {
        for await (const part of session.copyOut("COPY (SELECT 10 / (5000 - i) FROM generate_series(1, 20000) i) TO STDOUT")) assert.ok(part.length > 0);
      }, PostgresFailure);
      assert.deepEqual((await session.query("SELECT 2")).rows, [["2"]]);
    });

    if (label !== "embedded") {
      it("stops a running statement", async () => {
        const other = await target.connect();
        const sleeping = failure(other.query("SELECT pg_sleep(60)"));
        await new Promise((resolve) => setTimeout(resolve, 100));
        await other.cancel();
        assert.equal((await sleeping).problem.code, "57014");
        assert.deepEqual((await other.query("SELECT 1")).rows, [["1"]]);
        await other.close();
      });

      it("says when the connection is lost", async () => {
        const other = await target.connect();
        const pid = (await other.query("SELECT pg_backend_pid()")).rows[0]?.[0] ?? "";
        const running = other.query("SELECT pg_sleep(60)");
        running.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await session.query("SELECT pg_terminate_backend($1::int)", [pid]);
        for (const call of [running, other.query("SELECT 1")]) {
          await assert.rejects(call, (error) => error instanceof CutoverError && error.tag === "target-unreachable");
        }
        await other.close();
      });
    }
  });
}
