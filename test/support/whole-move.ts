import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "#core/schema/plan.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import { validate } from "#engine/validate/validate.ts";
import { ask } from "./move.ts";

/**
 * Fails unless a target has all of a crash source exactly once: cell by cell as `validate` sees it, every object of the plan, and, without any of the
 * product's code, as many rows as the source has, none twice, the quarantine counted in.
 */
export async function assertWhole(from: string, target: PostgresTarget, plan: Plan, told: string): Promise<void> {
  const { differences } = await validate({ from, target, plan, level: "cells", mostDifferences: 5 });
  assert.deepEqual(differences, [], told);
  const source = new Database(from, { readonly: true });
  try {
    const keys: Readonly<Record<string, string>> = { author: "id", book: "id", tag: "word", book_tag: "book_id || ' ' || word", history: "id", reading: "id", picture: "id" };
    const session = await target.connect();
    try {
      for (const { name } of source.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all()) {
        const own = source.prepare(`SELECT count(*) FROM "${name}"`).pluck().get();
        const aside = Number((await session.query("SELECT count(*) FROM cutover.quarantine WHERE table_name = $1", [name])).rows[0]?.[0]);
        const [there, different] = (await session.query(`SELECT count(*), ${keys[name] === undefined ? "NULL" : `count(DISTINCT ${keys[name]})`} FROM "${name}"`)).rows[0] ?? [];
        assert.equal(Number(there) + aside, own, `${told}: rows of ${name}`);
        if (different !== null) assert.equal(different, there, `${told}: rows of ${name} twice`);
      }
      const visits = source.prepare("SELECT page, seconds, count(*) FROM visit GROUP BY 1, 2 ORDER BY 1, 2").raw().all().map((row) => (row as unknown[]).map(String));
      assert.deepEqual((await session.query(`SELECT page, seconds, count(*) FROM visit GROUP BY 1, 2 ORDER BY page COLLATE "C", seconds`)).rows, visits, `${told}: visits`);
      // A kept-aside row is kept aside once.
      assert.deepEqual((await session.query("SELECT table_name, source_key FROM cutover.quarantine GROUP BY 1, 2 HAVING count(*) > 1")).rows, [], told);
      assert.deepEqual((await session.query("SELECT count(*) FROM cutover.run WHERE finished IS NULL")).rows, [["0"]], told);
    } finally {
      await session.close();
    }
    // AUTOINCREMENT goes on behind the row that was deleted, and the trigger works now, and has not fired before.
    assert.deepEqual(await ask(target, "INSERT INTO author (name) VALUES ('the next') RETURNING id"), [["402"]], told);
    assert.deepEqual(await ask(target, "WITH u AS (UPDATE book SET title = 'another' WHERE id = 3 RETURNING id) SELECT count(*) FROM u"), [["1"]], told);
    assert.deepEqual(await ask(target, "SELECT was FROM history WHERE id > 2000"), [["title 1919"]], told);
  } finally {
    source.close();
  }
}

/** Fails unless every file that is called a backup is one, and nothing half-written lies about. */
export function assertBackups(workspace: string, told: string): void {
  const folder = join(workspace, ".cutover", "backups");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".json")) continue;
    assert.match(name, /\.db$/, told);
    const backup = new Database(join(folder, name), { readonly: true });
    try {
      assert.equal(backup.pragma("integrity_check", { simple: true }), "ok", `${told}: ${name}`);
      assert.equal(backup.prepare("SELECT count(*) FROM author").pluck().get(), 400, `${told}: ${name}`);
    } finally {
      backup.close();
    }
  }
}
