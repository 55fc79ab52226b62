import { existsSync, rmSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { seededRandom } from "../../test/support/seeded-random.ts";

const words = "account order item session request response handler service client config record entry result query state event message user group role token cache index café größe naïve 東京 ok".split(" ");

/** The tables of an application: a log of events with JSON, notes of free text, measurements, files, and pairs WITHOUT ROWID. */
const ddl = `
  CREATE TABLE events (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT, amount REAL, is_done INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, uid TEXT NOT NULL, title TEXT, body TEXT, updated_at TEXT, on_day TEXT);
  CREATE TABLE readings (id INTEGER PRIMARY KEY, sensor INTEGER, value REAL, price DECIMAL(10,2), taken_at INTEGER, valid BOOLEAN);
  CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT, digest TEXT, size INTEGER, content BLOB);
  CREATE TABLE pairs (a INTEGER, b TEXT, weight REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;
`;

/** Makes a database of about so many bytes, with rows of every kind; the same for the same size. One that is there already is kept. */
export function makeProfileDatabase(path: string, bytes: number): void {
  if (existsSync(path) && statSync(path).size >= bytes * 0.9) return;
  rmSync(path, { force: true });
  const db = new Database(path);
  db.pragma("journal_mode = off");
  db.pragma("synchronous = off");
  db.exec(ddl);
  const next = seededRandom(42);
  const below = (limit: number): number => Math.floor(next() * limit);
  const word = (): string => words[below(words.length)] ?? "";
  const hex = (digits: number): string => Array.from({ length: digits }, () => below(16).toString(16)).join("");
  const text = (count: number): string => Array.from({ length: count }, word).join(" ");
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = (): string => `${2018 + below(8)}-${two(1 + below(12))}-${two(1 + below(28))}`;
  const time = (): string => `${day()} ${two(below(24))}:${two(below(60))}:${two(below(60))}`;
  const events = db.prepare("INSERT INTO events (user_id, kind, payload, amount, is_done, created_at) VALUES (?, ?, ?, ?, ?, ?)");
  const notes = db.prepare("INSERT INTO notes (uid, title, body, updated_at, on_day) VALUES (?, ?, ?, ?, ?)");
  const readings = db.prepare("INSERT INTO readings (sensor, value, price, taken_at, valid) VALUES (?, ?, ?, ?, ?)");
  const files = db.prepare("INSERT INTO files (name, digest, size, content) VALUES (?, ?, ?, ?)");
  const pairs = db.prepare("INSERT OR IGNORE INTO pairs VALUES (?, ?, ?)");
  // Long texts are taken from a few, so that making them does not take all the time.
  const bodies = Array.from({ length: 500 }, () => text(20 + below(80)));
  const content = Buffer.from(Array.from({ length: 16_384 }, () => below(256)));
  const pages = db.prepare<[], number>("PRAGMA page_count").pluck();
  do {
    db.transaction(() => {
      for (let i = 0; i < 5000; i++) {
        const payload = next() < 0.1 ? null : `{"kind":"${word()}","user":${below(100_000)},"tags":["${word()}","${word()}"],"ok":${next() < 0.5},"ratio":${next().toFixed(4)}}`;
        events.run(below(100_000), word(), payload, next() < 0.2 ? null : next() * 1000, below(2), time());
        readings.run(below(500), next() * 40 - 10, below(1_000_000) / 100, 1_500_000_000 + below(200_000_000), below(2));
        readings.run(below(500), next() * 40 - 10, below(1_000_000) / 100, 1_500_000_000 + below(200_000_000), below(2));
        if (i % 2 === 0) notes.run(`${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`, text(4), bodies[below(bodies.length)], next() < 0.3 ? null : time(), day());
        if (i % 2 === 0) pairs.run(below(1_000_000), word() + below(1000).toString(), next());
        if (i % 25 === 0) {
          const start = below(8000);
          const size = 200 + below(8000);
          files.run(`${word()}/${word()}.bin`, hex(40), size, content.subarray(start, start + size));
        }
      }
    })();
  } while ((pages.get() ?? 0) * 4096 < bytes);
  db.close();
}
