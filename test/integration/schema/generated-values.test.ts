import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, move } from "../../support/move.ts";
import { embeddedTarget } from "../../support/embedded-target.ts";
import { sqliteFile } from "../../support/sqlite-file.ts";

describe("a generated column that has no translation", () => {
  it("keeps the values that it has", async () => {
    const from = sqliteFile("CREATE TABLE t (a INTEGER, p TEXT AS (printf('%03d', a)), q TEXT AS (quote(a)) STORED, r INTEGER AS (a + 1))", (db) => {
      db.exec("INSERT INTO t (a) VALUES (7), (NULL)");
    });
    const target = embeddedTarget();
    await move(from, target);
    assert.deepEqual(await ask(target, "SELECT a, p, q, r FROM t ORDER BY a NULLS FIRST"), [[null, "000", "NULL", null], ["7", "007", "7", "8"]]);
  });

  it("is left empty where only the application can compute it, and takes rows all the same", async () => {
    const from = sqliteFile("SELECT 1", (db) => {
      db.function("mine", { deterministic: true }, (value: unknown) => `${String(value)}!`);
      db.exec("CREATE TABLE t (a INTEGER, v TEXT NOT NULL AS (mine(a)), s TEXT NOT NULL AS (mine(a)) STORED); INSERT INTO t (a) VALUES (7)");
    });
    const target = embeddedTarget();
    await move(from, target);
    assert.deepEqual(await ask(target, "SELECT a, v, s FROM t"), [["7", null, "7!"]]);
  });
});
