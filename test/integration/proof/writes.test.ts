import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import { migrate } from "#engine/migrate/migrate.ts";
import { PostgresFailure } from "#engine/postgres/session.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { canonicalNumber } from "#engine/validate/canonical-value.ts";
import { embeddedTarget } from "../../support/embedded-target.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { makePair } from "./pair.ts";
import { seededRandom } from "../../support/seeded-random.ts";

/** A random statement that changes rows of the tables of `pair.ts`. */
function randomWrite(random: () => number): string {
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? "";
  const value = (): string =>
    pick(["0", "1", "7", "-7", "2.7", "0.1", "'10'", "'anna'", "''", "'2020-01-01'", "'2020-01-01 00:00:00'", "NULL", "TRUE", "x'41'", "9223372036854775807", "age", "score", "name", "id", "nick", "active", "created", "age + 1", "name || 'x'", "lower(name)", "ifnull(nick, 'q')", "ifnull(age, '5')", "score * 2", "age / 2", "-age", "coalesce(age, 0)", "age > 1"]);
  const column = (): string => pick(["id", "name", "nick", "label", "age", "score", "active", "created", "raw"]);
  const condition = (): string =>
    pick(["id = 3", "age > 0", "active = 1", "active", "name = 'anna'", "name < 'c'", "nick IS NULL", "label = 'red'", "id IN (1, 2)", "score >= 0.1", "1", "created > '2020-01-01'", "name LIKE 'a%'", "id NOT IN (SELECT person FROM orders)", "age = '7'"]);
  switch (Math.floor(random() * 5)) {
    case 0:
      return `UPDATE people SET ${column()} = ${value()}, ${column()} = ${value()} WHERE ${condition()}`;
    case 1:
      return `DELETE FROM orders WHERE ${pick(["amount > 9", "note = 'a'", "note IS NULL", "person = 1", "note < 'b'", "amount % 2", `person IN (SELECT id FROM people WHERE ${condition()})`])}`;
    case 2:
      return `INSERT ${pick(["", "OR IGNORE ", "OR REPLACE "])}INTO orders (person, amount, note) ${pick(["VALUES (1, 10, 'n')", "VALUES (2, 7, NULL), (1, 10, 'z')", `SELECT id, age, name FROM people WHERE ${condition()}`, "VALUES (NULL, '5', 7)", "VALUES (NULL, 1.5, 'x')", "SELECT id, id, nick FROM people"])}${pick(["", " ON CONFLICT DO NOTHING", " ON CONFLICT (person, amount) DO UPDATE SET note = excluded.note"])}`;
    case 3:
      return `INSERT INTO people (name, ${pick(["age", "score", "nick", "created", "active", "label"])}) VALUES ('new', ${value()})`;
    default:
      return `UPDATE orders SET ${pick(["note", "amount", "person"])} = ${pick(["amount + 1", "note || '!'", "NULL", "'7'", "1.5", "3", "upper(note)", "'x'"])} WHERE ${pick(["amount = 10", "note IS NOT NULL", "person = 1", "id > 2"])}`;
  }
}

/** Everything but ids that the database gives: both sides number on after what was rolled back, each in its way. */
const queries = ["SELECT name, nick, label, age, score, active, created, raw FROM people", "SELECT person, amount, note FROM orders"];

/** Number-like texts as numbers, flags as numbers, bytes as hex: enough to see a wrong value. */
function shape(rows: readonly (readonly unknown[])[]): string[] {
  const canonical = (value: unknown): unknown => {
    if (value === "t" || value === "f") return canonicalNumber(value === "t" ? "1" : "0");
    if (typeof value === "bigint" || typeof value === "number") return canonicalNumber(String(value));
    if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
    return typeof value === "string" && /^-?\d/.test(value) && !value.includes(":") ? canonicalNumber(value) : value;
  };
  return rows.map((row) => JSON.stringify(row.map(canonical))).sort();
}

describe("changes of rows: whatever is verified leaves the same rows on both engines", () => {
  it("random INSERT, UPDATE and DELETE, each rolled back", async () => {
    const pair = await makePair("postgres");
    const read = await readPlan({ source: pair.file, profile: false });
    read.close();
    const target = embeddedTarget();
    await migrate({ from: pair.file, target, plan: read.plan, workspace: temporaryFolder() });
    const session = await target.connect();
    const db = new Database(pair.file);
    db.defaultSafeIntegers(true);
    const random = seededRandom(5);
    let verified = 0;
    for (let i = 0; i < 800; i++) {
      const sql = randomWrite(random);
      const { outcome, sql: translated } = await pair.translate(sql);
      if (outcome !== "verified" && outcome !== "translated") continue;
      verified++;
      let left: unknown;
      db.exec("BEGIN");
      try {
        db.exec(sql);
        left = queries.map((query) => shape(db.prepare<[], unknown[]>(query).raw().all()));
      } catch (problem) {
        assert.ok(problem instanceof Database.SqliteError);
        left = "refused";
      }
      db.exec("ROLLBACK");
      let right: unknown;
      await session.query("BEGIN");
      try {
        await session.query(translated);
        right = await Promise.all(queries.map(async (query) => shape((await session.query(query)).rows)));
      } catch (problem) {
        assert.ok(problem instanceof PostgresFailure);
        right = "refused";
      }
      await session.query("ROLLBACK");
      assert.deepEqual(right, left, `${sql}\n→ ${translated}`);
    }
    db.close();
    assert.ok(verified > 100, `only ${verified} were verified`);
  });
});
