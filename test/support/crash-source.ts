import type Database from "better-sqlite3";
import { sqliteFile } from "./sqlite-file.ts";

/** What a database for interrupted runs holds besides its ordinary rows. */
export interface CrashSourceOptions {
  /** A table that is cut into parts, and one whose rows need several transactions. */
  readonly large: boolean;
  /** Rows that are kept aside: of a wrong class, and without their parents. */
  readonly badRows: boolean;
}

/** Tables with and without rowid and keys, indexes, checks, foreign keys in a cycle of three, a trigger, AUTOINCREMENT whose last row is gone. */
export function crashSource({ large, badRows }: CrashSourceOptions): string {
  return sqliteFile(
    `
    CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, born INTEGER CHECK (born > 1000));
    CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id), title TEXT NOT NULL, pages INTEGER, price REAL, cover BLOB);
    CREATE TABLE tag (word TEXT PRIMARY KEY, weight INTEGER) WITHOUT ROWID;
    CREATE TABLE book_tag (book_id INTEGER NOT NULL REFERENCES book (id), word TEXT NOT NULL REFERENCES tag (word), PRIMARY KEY (book_id, word)) WITHOUT ROWID;
    CREATE TABLE visit (page TEXT, seconds INTEGER);
    CREATE TABLE history (id INTEGER PRIMARY KEY AUTOINCREMENT, book_id INTEGER, was TEXT);
    CREATE INDEX book_author ON book (author_id);
    CREATE INDEX book_title ON book (title, pages);
    CREATE INDEX book_price ON book (price) WHERE price > 10;
    CREATE INDEX visit_page ON visit (page);
    CREATE INDEX history_book ON history (book_id);
    CREATE VIEW long_book AS SELECT b.title, a.name FROM book b JOIN author a ON a.id = b.author_id WHERE b.pages > 300;
    CREATE TRIGGER book_renamed AFTER UPDATE OF title ON book BEGIN INSERT INTO history (book_id, was) VALUES (old.id, old.title); END;
    ${large ? "CREATE TABLE reading (id INTEGER PRIMARY KEY, value INTEGER); CREATE TABLE picture (id INTEGER PRIMARY KEY, bytes BLOB);" : ""}`,
    (db) => { fill(db, large, badRows); },
  );
}

function fill(db: Database.Database, large: boolean, badRows: boolean): void {
  const series = (count: number): string => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  db.exec(`
    INSERT INTO author ${series(400)} SELECT i, 'author ' || i, 1900 + i % 100 FROM n;
    INSERT INTO author (name) VALUES ('gone'); DELETE FROM author WHERE name = 'gone';
    INSERT INTO book ${series(6000)} SELECT i * 3, 1 + i % 400, 'title ' || (i * 7919 % 6000), i % 900, i / 7.0, CASE WHEN i % 5 = 0 THEN CAST('cover' || i AS BLOB) END FROM n;
    INSERT INTO tag ${series(300)} SELECT 'word ' || i, i FROM n;
    INSERT INTO book_tag ${series(6000)} SELECT i * 3, 'word ' || (1 + i % 300) FROM n;
    INSERT INTO visit ${series(3000)} SELECT '/page/' || (i % 100), i % 10 FROM n;
    INSERT INTO history ${series(2000)} SELECT i, i * 3, 'before ' || i FROM n`);
  if (large) {
    db.exec(`
      INSERT INTO reading ${series(200_000)} SELECT i, i * 31 % 1000003 FROM n;
      INSERT INTO picture ${series(85)} SELECT i, CAST(zeroblob(200000) || i AS BLOB) FROM n`);
  }
  if (badRows) {
    db.exec(`
      UPDATE book SET pages = CAST('many ' || id AS TEXT) WHERE id % 1500 = 0;
      INSERT INTO book_tag VALUES (777777, 'word 1'), (30, 'no such word');
      INSERT INTO book (id, author_id, title) VALUES (900001, 99999, 'of nobody'), (900002, 88888, 'of nobody else');
      INSERT INTO book_tag VALUES (900001, 'word 2')`);
  }
}
