import assert from "node:assert/strict";
import { basename } from "node:path";
import { describe, it } from "node:test";
import { checkDdl } from "#engine/proof/check-ddl.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { startServer } from "../../support/shared-server.ts";
import { databases } from "./helpers.ts";

describe("real databases, on a PostgreSQL 14 server", () => {
  const found = databases();
  it("every statement of every one of them is taken, and the server is left as it was", { skip: found.length === 0 ? "the folder of databases is not there" : false }, async () => {
    const { target } = await (await startServer(14)).newDatabase();
    const session = await target.connect();
    try {
      assert.equal(session.version, 14);
      for (const path of found) {
        const read = await readPlan({ source: path, profile: true, targetVersion: 14 });
        read.close();
        const { checked, failures } = await checkDdl(read.plan, session);
        assert.equal(checked, read.plan.objects.length);
        assert.deepEqual(failures.map(({ object, message }) => `${basename(path)} ${object.name}: ${message}`), []);
      }
      const left = await session.query("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema'");
      assert.equal(left.rows[0]?.[0], "0");
    } finally {
      await session.close();
      await target.close();
    }
  });

  it("a refused statement is named with the server's words", async () => {
    const { target } = await (await startServer(14)).newDatabase();
    const session = await target.connect();
    try {
      const path = databases()[0];
      if (path === undefined) return;
      const read = await readPlan({ source: path, profile: false });
      read.close();
      const broken = { ...read.plan, objects: read.plan.objects.map((object, i) => (i === 0 ? { ...object, sql: "CREATE TABLE FROM" } : object)) };
      const { failures } = await checkDdl(broken, session);
      assert.equal(failures[0]?.gate, "parser");
      assert.match(failures[0].message, /syntax error at or near "FROM"/);
      assert.ok(failures.some(({ gate, message }) => gate === "server" && /does not exist/.test(message)));
    } finally {
      await session.close();
      await target.close();
    }
  });
});
