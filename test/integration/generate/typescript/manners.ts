/**
 * Does the same things through the generated adapter on the database that DB_TYPE names, and prints one JSON line for each:
 * the test compares the lines of both engines. Copied beside the adapter before it runs, hence the imports.
 */
// @ts-nocheck: it is compiled with the project that it is copied into
import { byEngine, getAdapter, resetAdapter } from "./database/index.ts";
import { withConnection } from "./db.ts";

const schema = byEngine({
  sqlite: [
    `CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, n INTEGER DEFAULT 5, price REAL,
      active INTEGER NOT NULL DEFAULT 1, made TEXT, day TEXT, data TEXT, bin BLOB, kind TEXT CHECK (kind IN ('a', 'b')))`,
    "CREATE TABLE part (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item(id))",
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT)",
  ],
  postgresql: [
    `CREATE TABLE item (id BIGSERIAL PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE, n BIGINT DEFAULT 5, price DOUBLE PRECISION,
      active BOOLEAN NOT NULL DEFAULT TRUE, made TIMESTAMP, day DATE, data JSONB, bin BYTEA, kind TEXT CHECK (kind IN ('a', 'b')))`,
    "CREATE TABLE part (id BIGSERIAL PRIMARY KEY, item_id BIGINT NOT NULL REFERENCES item(id))",
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT)",
  ],
});

function say(what: string, value: unknown): void {
  const plain = (v: unknown): unknown => {
    if (typeof v === "bigint") return { bigint: String(v) };
    if (v instanceof Uint8Array) return { hex: Buffer.from(v).toString("hex") };
    if (Array.isArray(v)) return v.map(plain);
    if (typeof v === "object" && v !== null) return { prototype: Object.getPrototypeOf(v) === null ? "null" : "object", ...Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)])) };
    return v === undefined ? "undefined" : v;
  };
  console.log(JSON.stringify([what, plain(value)]));
}

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return [error.code, error.errcode, error.errstr, error.message];
  }
}

for (const sql of schema) await withConnection((db) => db.run(sql));

await withConnection(async (db) => {
  const insert = "INSERT INTO item (name, n, price, active, made, day, data, bin, kind) VALUES (?, ?, ?, CAST(? AS BOOLEAN), ?, ?, ?, ?, ?)";
  say("run", await db.run(insert, "one", 1, 1.5, 1, "2024-01-02 03:04:05", "2024-01-02", '{"a": 1}', new Uint8Array([0, 255]), "a"));
  say("run two", await db.run(insert, "two", -2, 0.1, 0, "2024-02-29 12:00:00", null, null, null, null));
  say("last_insert_rowid()", await db.get("SELECT last_insert_rowid() AS id, changes() AS c"));
  say("rows", await db.all("SELECT * FROM item ORDER BY id"));
  say("get", await db.get("SELECT id, active FROM item WHERE name = ?", "two"));
  say("get nothing", await db.get("SELECT id FROM item WHERE id = ?", 99));
  say("all nothing", await db.all("SELECT id FROM item WHERE id = ?", 99));
  say("update", (await db.run("UPDATE item SET n = n + 1 WHERE id = ?", 1)).changes);
  say("upsert", (await db.run("INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", "k", "v")).changes);
});

await withConnection(async (db) => {
  say("strings and comments", await db.get("SELECT '?' AS a, ':x' AS b, name AS \"c?\" /* ? */ FROM item WHERE id = ? -- ?", 1));
  say("named", await db.get("SELECT :a AS a, @b AS b, $c AS c, :a AS d", { a: 1, b: "x", c: 2.5 }));
  say("numbered", await db.get("SELECT ?2 AS b, ?1 AS a", "x", 7));
  say("values", await db.get("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f", 5, -5, 2.5, "it's \\ \"x\"", null, new Uint8Array([1, 2])));
  say("percent", await db.get("SELECT 7 % 4 AS m, 'a%' AS t, ? AS p", "100%"));
  say("alias case", await db.get("SELECT id AS itemId FROM item WHERE id = 1"));
  say("limit", await db.all("SELECT id FROM item ORDER BY id LIMIT ? OFFSET ?", 1, 1));
  say("limit -1", await db.all("SELECT id FROM item ORDER BY id LIMIT ?", -1));
  say("group by parameter", await db.all("SELECT n + ? AS k, COUNT(*) AS c FROM item GROUP BY n + ? ORDER BY 1", 1, 1));
  say("int against boolean", await db.all("SELECT id FROM item WHERE active = ?", 1));
  say("int into boolean", (await db.run("UPDATE item SET active = ? WHERE id = 1", 0)).changes);
  say("int against text", await db.all("SELECT id FROM item WHERE name = ?", 5));
  say("text against timestamp", await db.all("SELECT id FROM item WHERE made >= ?", "2024-02-01 00:00:00"));
  say("aggregates", await db.get("SELECT SUM(active) AS s, COUNT(*) AS c, AVG(n) AS a, MAX(made) AS m, SUM(n) AS t, total(n) AS u, (SELECT group_concat(id) FROM (SELECT id FROM item ORDER BY id) AS o) AS g FROM item"));
  say("like", await db.all("SELECT name FROM item WHERE like(?, name)", "O%"));
  say("dates", await db.get("SELECT datetime(made, '+1 day') AS a, date(made) AS b, strftime('%Y', made) AS c, time(made) AS d, date('rubbish') AS e FROM item WHERE id = 1"));
  say("clock", String((await db.get("SELECT CURRENT_TIMESTAMP AS t"))?.t).length);
  say("big", await db.get("SELECT 9007199254740991 AS a"));
});

await withConnection(async (db) => {
  await db.run("INSERT INTO setting VALUES ('x', '1')");
  say("unique", await failure(() => db.run("INSERT INTO item (name) VALUES ('one')")));
  say("not null", await failure(() => db.run("INSERT INTO item (name) VALUES (NULL)")));
  say("check", ((await failure(() => db.run("INSERT INTO item (name, kind) VALUES ('c', 'z')"))) as unknown[]).slice(0, 3));
  say("foreign key", await failure(() => db.run("INSERT INTO part (item_id) VALUES (999)")));
  say("no table", await failure(() => db.all("SELECT * FROM nowhere")));
  say("no column", await failure(() => db.all("SELECT absent FROM item")));
  say("syntax", await failure(() => db.all("SELEC 1")));
  say("still there", await db.get("SELECT value FROM setting WHERE key = 'x'"));
});
say("committed", await withConnection((db) => db.all("SELECT key FROM setting ORDER BY key")));
say("rolled back", [
  await failure(() =>
    withConnection(async (db) => {
      await db.run("INSERT INTO setting VALUES ('gone', '1')");
      throw new Error("stop");
    }),
  ),
  await getAdapter().executeQuery("SELECT COUNT(*) AS c FROM setting WHERE key = ?", "gone"),
]);

await withConnection(async (db) => {
  await db.run("SAVEPOINT a");
  await db.run("INSERT INTO setting VALUES ('s1', '1')");
  await db.run("ROLLBACK TO a");
  await db.run("INSERT INTO setting VALUES ('s2', '1')");
  say("fails within", ((await failure(() => db.run("INSERT INTO setting VALUES ('s2', '1')"))) as unknown[])[0]);
  await db.run("RELEASE a");
});
say("savepoints", await withConnection((db) => db.all("SELECT key FROM setting WHERE key IN ('s1', 's2')")));

await withConnection(async (db) => {
  say("table_info", (await db.all("PRAGMA table_info(item)")).map((c) => [c.cid, c.name, c.type, c.notnull, c.pk]));
  say("sqlite_master", await db.all("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_seq%' ORDER BY type, name"));
  say("foreign_keys", await db.get("PRAGMA foreign_keys"));
});

// On one connection, without waiting in between.
await withConnection(async (db) => {
  const all = await Promise.allSettled([
    db.run("INSERT INTO setting VALUES ('p1', '1')"),
    db.run("INSERT INTO setting VALUES ('p1', '2')"),
    db.run("INSERT INTO setting VALUES ('p2', '1')"),
  ]);
  say("at once", all.map((each) => each.status));
});
say("at once, kept", await withConnection((db) => db.all("SELECT key, value FROM setting WHERE key IN ('p1', 'p2') ORDER BY key")));

const before = getAdapter();
await resetAdapter();
say("reset", [getAdapter() === before, getAdapter() === getAdapter(), getAdapter().placeholder()]);
say("after reset", await getAdapter().executeQuery("SELECT COUNT(*) AS c FROM item"));
await resetAdapter();
