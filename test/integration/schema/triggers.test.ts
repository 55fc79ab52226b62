import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { renderDdl } from "#core/schema/render-ddl.ts";
import type { PostgresSession, PostgresTarget } from "#engine/postgres/session.ts";
import { PostgresFailure } from "#engine/postgres/session.ts";
import { allTargets } from "../../support/targets.ts";
import { planOf } from "../../unit/schema/plan-of.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { triggerExamples } from "./trigger-examples.ts";

/** How many statements each example runs, the written ones included. */
const writesOfEach = 130;

/** A pattern's statement: `{id}` is 1 to 9, `{n}` -3 to 12, `{word}` one of a few, `{flag}` a truth value. */
function filled(pattern: string, random: () => number): string {
  const one = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    assert.ok(value !== undefined);
    return value;
  };
  return pattern.replace(/\{(id|n|word|flag)\}/g, (_, what: string) => {
    switch (what) {
      case "id": return String(1 + Math.floor(random() * 9));
      case "n": return String(Math.floor(random() * 16) - 3);
      case "word": return `'${one(["a", "b", "Cc", "d e", "", "é", "it''s"])}'`;
      default: return one(["TRUE", "FALSE"]);
    }
  });
}

/** Numbers print in their own ways (1.0 and 1), truth values too: they are compared as numbers. */
function comparable(rows: readonly (readonly unknown[])[]): (string | number | null)[][] {
  return rows.map((row) =>
    row.map((cell) => {
      if (cell === null || cell === undefined) return null;
      const text = typeof cell === "string" ? cell : typeof cell === "number" || typeof cell === "bigint" ? String(cell) : JSON.stringify(cell);
      if (text === "t" || text === "f") return text === "t" ? 1 : 0;
      return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    }),
  );
}

for (const { label, empty } of allTargets) {
  describe(`triggers leave the same rows, ${label}`, () => {
    let target: PostgresTarget;
    let session: PostgresSession;
    before(async () => {
      target = await empty();
      session = await target.connect();
    });
    after(async () => {
      await session.close();
      await target.close();
    });

    for (const [place, { about, ddl, patterns, writes = [], tables, remarks = [] }] of triggerExamples.entries()) {
      it(about, async () => {
        const plan = await planOf(ddl);
        const reported = plan.reported.filter((each) => each.kind === "trigger");
        assert.deepEqual(reported.filter((each) => each.outcome === "left-out").map((each) => `${each.name}: ${each.reason}`), []);
        assert.equal(reported.length, remarks.length, reported.map((each) => each.reason).join("\n"));
        for (const [i, remark] of remarks.entries()) assert.match(reported[i]?.reason ?? "", remark);
        const sqlite = new Database(":memory:");
        sqlite.pragma("foreign_keys = on");
        sqlite.exec(ddl);
        await session.script(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${renderDdl(plan)}`);
        const random = seededRandom(1000 + place);
        const all = [...writes];
        while (all.length < writesOfEach) {
          const pattern = patterns[Math.floor(random() * patterns.length)];
          assert.ok(pattern !== undefined);
          all.push(filled(pattern, random));
        }
        let refused = 0;
        for (const [i, write] of all.entries()) {
          let problem: string | undefined;
          try {
            sqlite.exec(write);
          } catch (cause) {
            assert.ok(cause instanceof Error && "code" in cause, String(cause));
            problem = cause.message;
            refused++;
          }
          try {
            await session.query(write);
            assert.equal(problem, undefined, `only PostgreSQL takes: ${write}`);
          } catch (cause) {
            if (!(cause instanceof PostgresFailure)) throw cause;
            assert.notEqual(problem, undefined, `only SQLite takes: ${write} (${cause.message})`);
            // What RAISE() says is what the application shows.
            if (cause.problem.code === "23000") assert.equal(cause.message, problem);
          }
          if (i % 10 !== 0 && i !== all.length - 1) continue;
          for (const query of tables) {
            assert.deepEqual(comparable((await session.query(query)).rows), comparable(sqlite.prepare<unknown[], unknown[]>(query).raw(true).all()), `after ${write}: ${query}`);
          }
        }
        assert.ok(refused < all.length / 2, `${refused} of ${all.length} statements are refused`);
        for (const query of tables) assert.ok(sqlite.prepare(query).raw(true).all().length > 0, `no rows: ${query}`);
        sqlite.close();
      });
    }
  });
}
