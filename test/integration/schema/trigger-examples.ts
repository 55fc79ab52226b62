/** A schema with triggers, and statements that are the same SQL on both engines. */
export interface TriggerExample {
  readonly about: string;
  readonly ddl: string;
  /** Statements with holes for random values. */
  readonly patterns: readonly string[];
  /** Run first, as they stand. */
  readonly writes?: readonly string[];
  /** Queries that must give the same rows on both. */
  readonly tables: readonly string[];
  /** What the plan says of the triggers, in this order. */
  readonly remarks?: readonly RegExp[];
}

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL, n INTEGER NOT NULL DEFAULT 0, done BOOLEAN NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0);";
const log = "CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT, note INTEGER, n INTEGER);";
const ofNotes = "SELECT id, title, n, done, changed FROM notes ORDER BY id";
const ofLog = "SELECT what, note, n FROM log ORDER BY id";
/** Where one statement changes several rows: which of them comes first is each engine's choice. */
const anyLog = "SELECT what, note, n FROM log ORDER BY what, coalesce(note, -9), coalesce(n, -99)";
const writeNotes = [
  "INSERT INTO notes (id, title, n, done) VALUES ({id}, {word}, {n}, {flag})",
  "INSERT INTO notes (id, title, n) VALUES ({id}, {word}, {n})",
  "UPDATE notes SET title = {word} WHERE id = {id}",
  "UPDATE notes SET n = {n}, done = {flag} WHERE id = {id}",
  "UPDATE notes SET n = n + 1 WHERE n > {n}",
  "DELETE FROM notes WHERE id = {id}",
];
const oneRow = writeNotes.filter((pattern) => !pattern.includes("n > "));

export const triggerExamples: readonly TriggerExample[] = [
  {
    about: "a stamp on the row that was changed, which does not run within itself",
    ddl: `${notes} CREATE TRIGGER stamp AFTER UPDATE ON notes BEGIN UPDATE notes SET changed = changed + 1 WHERE id = NEW.id; END`,
    patterns: writeNotes,
    tables: [ofNotes],
  },
  {
    about: "a stamp by UPDATE OF, rowid and WHEN",
    ddl: `${notes} CREATE TRIGGER stamp AFTER UPDATE OF title, n ON notes FOR EACH ROW WHEN OLD.title IS NOT NEW.title OR NEW.done = 1 BEGIN UPDATE notes SET changed = changed + 1 WHERE rowid = NEW.rowid; END`,
    patterns: [...writeNotes, "UPDATE notes SET done = {flag} WHERE id = {id}"],
    tables: [ofNotes],
  },
  {
    about: "a log of everything, of several statements each",
    ddl: `${notes} ${log}
      CREATE TRIGGER added AFTER INSERT ON notes BEGIN INSERT INTO log (what, note, n) VALUES ('+' || NEW.title, NEW.id, NEW.n); INSERT INTO log (what) SELECT 'high' WHERE NEW.n > 5; INSERT INTO log (what, note) VALUES (NEW.n, -1), (NEW.n * 1000, -2); END;
      CREATE TRIGGER changed AFTER UPDATE ON notes BEGIN INSERT INTO log (what, note, n) VALUES (OLD.title || '>' || NEW.title, NEW.id, NEW.n - OLD.n); DELETE FROM log WHERE what = 'high' AND NEW.n < 0; END;
      CREATE TRIGGER gone BEFORE DELETE ON notes WHEN NOT OLD.done BEGIN INSERT INTO log VALUES (NULL, '-' || OLD.title, OLD.id, OLD.n); END`,
    patterns: writeNotes,
    tables: [ofNotes, anyLog],
  },
  {
    about: "sums that are kept in another table",
    ddl: `CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, price INTEGER NOT NULL);
      CREATE TRIGGER items_ai AFTER INSERT ON items BEGIN UPDATE orders SET total = total + NEW.price, items = items + 1 WHERE id = NEW.order_id; END;
      CREATE TRIGGER items_ad AFTER DELETE ON items BEGIN UPDATE orders SET total = total - OLD.price, items = items - 1 WHERE id = OLD.order_id; END;
      CREATE TRIGGER items_au AFTER UPDATE OF price, order_id ON items BEGIN
        UPDATE orders SET total = total - OLD.price, items = items - 1 WHERE id = OLD.order_id;
        UPDATE orders SET total = total + NEW.price, items = items + 1 WHERE id = NEW.order_id;
      END`,
    writes: ["INSERT INTO orders (id) VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)"],
    patterns: ["INSERT INTO items VALUES ({id}, {id}, {n})", "UPDATE items SET price = {n} WHERE order_id = {id}", "UPDATE items SET order_id = {id} WHERE id = {id}", "DELETE FROM items WHERE price > {n} AND id = {id}", "DELETE FROM items WHERE order_id = {id}"],
    tables: ["SELECT id, total, items FROM orders ORDER BY id", "SELECT id, order_id, price FROM items ORDER BY id"],
  },
  {
    about: "RAISE(ABORT) under every form of condition",
    ddl: `${notes} ${log}
      CREATE TRIGGER b2 BEFORE INSERT ON notes WHEN NEW.n < 0 BEGIN SELECT RAISE(ABORT, 'it''s below'); END;
      CREATE TRIGGER b1 BEFORE INSERT ON notes BEGIN SELECT CASE WHEN NEW.title = '' THEN RAISE(ABORT, 'no title') WHEN NEW.n > 11 THEN RAISE(ABORT, 'too much') END; INSERT INTO log (what) VALUES ('b'); END;
      CREATE TRIGGER c2 BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'less') WHERE NEW.n < OLD.n - 4; SELECT CASE NEW.title WHEN 'Cc' THEN RAISE(ABORT, 'Cc') WHEN 'a' THEN 1 ELSE NULL END; END;
      CREATE TRIGGER d AFTER INSERT ON notes BEGIN SELECT RAISE(ABORT, 'logged') FROM log WHERE note = NEW.id AND what = 'gone' LIMIT 1; END;
      CREATE TRIGGER e AFTER DELETE ON notes BEGIN INSERT INTO log (what, note) VALUES ('gone', OLD.id); SELECT CASE WHEN count(*) > 3 THEN RAISE(ABORT, 'full') END FROM log WHERE note = OLD.id; DELETE FROM log WHERE n = OLD.id; END;
      CREATE TRIGGER c1 BEFORE UPDATE OF done ON notes BEGIN SELECT iif(NEW.done AND NEW.n = 3, RAISE(ABORT, 'three'), NULL); SELECT coalesce((SELECT id FROM notes WHERE id = NEW.id), RAISE(ABORT, 'none')); END;
      CREATE TRIGGER g BEFORE DELETE ON notes BEGIN SELECT CASE WHEN (SELECT count(*) FROM log WHERE what = 'gone') > 20 AND OLD.n > 0 THEN RAISE(ABORT, 'twenty') END WHERE OLD.done; END`,
    patterns: [...oneRow, "DELETE FROM log WHERE what = 'gone' AND note = {id}"],
    tables: [ofNotes, ofLog],
    remarks: [/^for a statement that changes several rows of notes, what it and the trigger d do/, /^for a statement .* what it and the trigger e do/],
  },
  {
    about: "RAISE(IGNORE) skips the row, before it is changed and after",
    ddl: `${notes} ${log}
      CREATE TRIGGER a BEFORE INSERT ON notes BEGIN INSERT INTO log (what, note) VALUES ('asked', NEW.id); SELECT RAISE(IGNORE) WHERE NEW.n > 6; INSERT INTO log (what, note) VALUES ('taken', NEW.id); END;
      CREATE TRIGGER b BEFORE UPDATE ON notes WHEN NEW.title = '' BEGIN SELECT RAISE(IGNORE); END;
      CREATE TRIGGER c AFTER DELETE ON notes BEGIN SELECT CASE WHEN OLD.n < 2 THEN RAISE(IGNORE) END; INSERT INTO log (what, note) VALUES ('gone', OLD.id); END;
      CREATE TRIGGER d BEFORE INSERT ON log WHEN NEW.note = 3 BEGIN SELECT RAISE(IGNORE); END`,
    patterns: [...writeNotes, "INSERT INTO notes (id, title, n) VALUES ({id} + 10, {word}, {n}), ({id} + 20, {word}, {n})"],
    tables: [ofNotes, ofLog],
    remarks: [/^NEW.id is -1 in SQLite/],
  },
  {
    about: "INSTEAD OF on a view",
    ddl: `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL); CREATE TABLE emails (person INTEGER NOT NULL, email TEXT NOT NULL, PRIMARY KEY (person, email));
      CREATE VIEW contacts AS SELECT p.id AS id, p.name AS name, e.email AS email FROM people AS p JOIN emails AS e ON e.person = p.id;
      CREATE TRIGGER contacts_insert INSTEAD OF INSERT ON contacts WHEN NEW.name <> '' BEGIN INSERT INTO people (id, name) VALUES (NEW.id, NEW.name) ON CONFLICT (id) DO NOTHING; INSERT INTO emails (person, email) VALUES (NEW.id, NEW.email); END;
      CREATE TRIGGER contacts_update INSTEAD OF UPDATE ON contacts BEGIN UPDATE people SET name = NEW.name WHERE id = OLD.id; UPDATE emails SET email = NEW.email WHERE person = OLD.id AND email = OLD.email; END;
      CREATE TRIGGER contacts_delete INSTEAD OF DELETE ON contacts BEGIN SELECT RAISE(IGNORE) WHERE OLD.name = 'Cc'; DELETE FROM emails WHERE person = OLD.id AND email = OLD.email; END`,
    patterns: ["INSERT INTO contacts (id, name, email) VALUES ({id}, {word}, {word})", "UPDATE contacts SET name = {word} WHERE id = {id}", "UPDATE contacts SET email = {word}, name = name || 'x' WHERE id = {id} AND email = {word} AND length(name) < 5", "DELETE FROM contacts WHERE name = {word}", "DELETE FROM contacts WHERE id > {id} AND email = {word}"],
    tables: ["SELECT id, name FROM people ORDER BY id", "SELECT person, email FROM emails ORDER BY person, email"],
    remarks: [/^This gives "people.id" itself/],
  },
  {
    about: "the newest trigger runs first",
    ddl: `${notes} ${log}
      CREATE TRIGGER b AFTER UPDATE OF n ON notes BEGIN INSERT INTO log (what, note) VALUES ('b', NEW.id); END;
      CREATE TRIGGER a AFTER UPDATE ON notes BEGIN INSERT INTO log (what, note) VALUES ('a', NEW.id); END;
      CREATE TRIGGER c AFTER UPDATE OF title ON notes BEGIN INSERT INTO log (what, note) VALUES ('c', NEW.id); END;
      CREATE TRIGGER z BEFORE INSERT ON notes BEGIN INSERT INTO log (what, note) VALUES ('z', NEW.n); END;
      CREATE TRIGGER y BEFORE INSERT ON notes BEGIN INSERT INTO log (what, note) VALUES ('y', NEW.n); END`,
    patterns: [...oneRow, "UPDATE notes SET n = {n}, title = {word} WHERE id = {id}"],
    tables: [ofNotes, ofLog],
    remarks: [/^is called t3_b in PostgreSQL, which runs triggers by their names/, /^is called t2_a/, /^is called t1_c/],
  },
  {
    about: "two triggers that fire each other",
    ddl: `CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER NOT NULL); CREATE TABLE b (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
      CREATE TRIGGER a_au AFTER UPDATE ON a BEGIN UPDATE b SET n = n + 1 WHERE id = NEW.id; END;
      CREATE TRIGGER b_au AFTER UPDATE ON b BEGIN UPDATE a SET n = n + 10 WHERE id = NEW.id; END`,
    writes: ["INSERT INTO a VALUES (1, 0), (2, 0), (3, 0)", "INSERT INTO b VALUES (1, 0), (2, 0), (3, 0), (4, 0)"],
    patterns: ["UPDATE a SET n = {n} WHERE id = {id}", "UPDATE b SET n = {n} WHERE id = {id}", "UPDATE a SET n = n + 1 WHERE id = {id}"],
    tables: ["SELECT id, n FROM a ORDER BY id", "SELECT id, n FROM b ORDER BY id"],
    remarks: [/^for a statement that changes several rows of a/, /^for a statement that changes several rows of b/],
  },
  {
    about: "a tree that takes its branches along, again and again",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t ON DELETE CASCADE, n INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0);
      CREATE TRIGGER t_au AFTER UPDATE OF n ON t BEGIN UPDATE t SET hits = hits + 1 WHERE id = NEW.id; END; ${log}
      CREATE TRIGGER t_ad AFTER DELETE ON t BEGIN INSERT INTO log (what, note) VALUES ('gone', OLD.id); END`,
    patterns: ["INSERT INTO t (id) VALUES ({id})", "INSERT INTO t (id, up) VALUES ({id}, {id})", "UPDATE t SET n = {n} WHERE id = {id}", "UPDATE t SET up = {id} WHERE id = {id} AND up IS NULL", "DELETE FROM t WHERE id = {id}"],
    tables: ["SELECT id, up, n, hits FROM t ORDER BY id", "SELECT note, count(*) FROM log GROUP BY note ORDER BY note"],
  },
  {
    about: "foreign keys: children that a trigger deletes, parents that it makes, actions before triggers",
    ddl: `CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER NOT NULL REFERENCES p); CREATE TABLE d (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE SET NULL); ${log}
      CREATE TRIGGER made AFTER INSERT ON c BEGIN INSERT INTO p (id, name) VALUES (NEW.p, 'made') ON CONFLICT (id) DO NOTHING; END;
      CREATE TRIGGER d_log AFTER UPDATE OF p ON d BEGIN INSERT INTO log (what, note, n) VALUES ('freed', NEW.id, NEW.p); END;
      CREATE TRIGGER sweep AFTER DELETE ON p BEGIN DELETE FROM c WHERE p = OLD.id; END`,
    patterns: ["INSERT INTO c VALUES ({id}, {id})", "INSERT INTO p VALUES ({id}, {word})", "INSERT INTO d VALUES ({id}, {id})", "DELETE FROM p WHERE id = {id}", "DELETE FROM c WHERE id = {id}"],
    tables: ["SELECT id, name FROM p ORDER BY id", "SELECT id, p FROM c ORDER BY id", "SELECT id, p FROM d ORDER BY id", anyLog],
    remarks: [/^This gives "p.id" itself/, /^is called A1_made in PostgreSQL/, /^is called A1_sweep/],
  },
  {
    about: "actions of foreign keys come before AFTER triggers that look at the children",
    ddl: `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE, hits INTEGER NOT NULL DEFAULT 0); ${log}
      CREATE TRIGGER "Gone" AFTER DELETE ON p BEGIN INSERT INTO log (what, note, n) SELECT 'gone', OLD.id, count(*) FROM c WHERE p = OLD.id; END;
      CREATE TRIGGER child_gone AFTER DELETE ON c BEGIN INSERT INTO log (what, note) VALUES ('child', OLD.id); END;
      CREATE TRIGGER child_moved AFTER UPDATE OF p ON c BEGIN UPDATE c SET hits = hits + 1 WHERE id = NEW.id; END`,
    patterns: ["INSERT INTO p VALUES ({id})", "INSERT INTO c (id, p) VALUES ({id}, {id})", "INSERT INTO c (id, p) VALUES ({id} + 10, {id})", "DELETE FROM p WHERE id = {id}", "UPDATE p SET id = {id} WHERE id = {id}", "DELETE FROM c WHERE id = {id}"],
    tables: ["SELECT id FROM p ORDER BY id", "SELECT id, p, hits FROM c ORDER BY id", "SELECT what, note, n FROM log ORDER BY what, note, n"],
    remarks: [/^is called t1_Gone in PostgreSQL/],
  },
  {
    about: "INSERT OR …, ON CONFLICT and WITH in the body",
    ddl: `${notes} CREATE TABLE tags (name TEXT NOT NULL PRIMARY KEY, uses INTEGER NOT NULL DEFAULT 0); CREATE TABLE kv (k TEXT NOT NULL PRIMARY KEY, v INTEGER); CREATE TABLE seen (title TEXT PRIMARY KEY NOT NULL);
      CREATE TRIGGER a AFTER INSERT ON notes BEGIN
        INSERT INTO tags (name, uses) VALUES (NEW.title, 1) ON CONFLICT (name) DO UPDATE SET uses = uses + excluded.uses;
        INSERT OR REPLACE INTO kv VALUES ('notes', coalesce((SELECT v FROM kv WHERE k = 'notes'), 0) + 1);
        INSERT OR IGNORE INTO seen (title) VALUES (NEW.title);
      END;
      CREATE TRIGGER b AFTER DELETE ON notes BEGIN
        UPDATE tags SET uses = uses - 1 WHERE name = OLD.title;
        DELETE FROM tags WHERE uses <= 0;
        INSERT INTO kv (k, v) VALUES ('gone', 1) ON CONFLICT (k) DO UPDATE SET v = kv.v + 1 WHERE kv.v < 10;
      END;
      CREATE TRIGGER c AFTER UPDATE OF title ON notes BEGIN
        INSERT INTO seen (title) SELECT NEW.title WHERE NOT EXISTS (SELECT 1 FROM seen WHERE title = NEW.title);
      END`,
    patterns: writeNotes,
    tables: [ofNotes, "SELECT name, uses FROM tags ORDER BY name", "SELECT k, v FROM kv ORDER BY k", "SELECT title FROM seen ORDER BY title"],
  },
  {
    about: "names in capitals, with spaces, reserved, too long, and PL/pgSQL's own",
    ddl: `CREATE TABLE "Order Items" (ID INTEGER PRIMARY KEY, "Full Name" TEXT, "user" TEXT, found INTEGER NOT NULL DEFAULT 0, tg_op INTEGER, "select" INTEGER);
      CREATE TABLE "Log" ("What" TEXT, [of] INTEGER, \`group\` INTEGER);
      CREATE TRIGGER "Order Items: after insert" AFTER INSERT ON "Order Items" WHEN NEW."Full Name" <> NEW."user" BEGIN INSERT INTO "Log" ("What", [of], \`group\`) VALUES (NEW."Full Name", NEW.id, new."select"); UPDATE "Order Items" SET found = found + 1 WHERE ID = NEW.ID; END;
      CREATE TRIGGER a_trigger_whose_name_is_longer_than_the_sixty_three_bytes_that_a_name_may_have_1 AFTER UPDATE OF "Full Name" ON "Order Items" BEGIN UPDATE "Order Items" SET found = found + 1, tg_op = found WHERE id = NEW.id; END;
      CREATE TRIGGER a_trigger_whose_name_is_longer_than_the_sixty_three_bytes_that_a_name_may_have_2 AFTER DELETE ON "Order Items" BEGIN DELETE FROM "Log" WHERE [of] = OLD.id; END`,
    patterns: [
      'INSERT INTO "Order Items" ("ID", "Full Name", "user", "select") VALUES ({id}, {word}, {word}, {n})',
      'UPDATE "Order Items" SET "Full Name" = {word} WHERE "ID" > {id}',
      'DELETE FROM "Order Items" WHERE "ID" = {id}',
    ],
    tables: ['SELECT "ID", "Full Name", "user", found, tg_op, "select" FROM "Order Items" ORDER BY "ID"', 'SELECT "What", "of", "group" FROM "Log" ORDER BY "What", "of", "group"'],
    remarks: [/is called a_trigger_.*which does not take the name/, /is called a_trigger_/],
  },
  {
    about: "one row is the default: BEFORE triggers that change other rows",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, is_default BOOLEAN NOT NULL DEFAULT 0, n INTEGER);
      CREATE TRIGGER t_bi BEFORE INSERT ON t WHEN NEW.is_default BEGIN UPDATE t SET is_default = 0 WHERE is_default = 1; END;
      CREATE TRIGGER t_bu BEFORE UPDATE OF is_default ON t WHEN NEW.is_default = 1 BEGIN UPDATE t SET is_default = 0 WHERE id <> NEW.id AND is_default; END`,
    patterns: ["INSERT INTO t VALUES ({id}, {flag}, {n})", "UPDATE t SET is_default = {flag} WHERE id = {id}", "UPDATE t SET n = {n} WHERE id = {id}", "DELETE FROM t WHERE id = {id}"],
    tables: ["SELECT id, is_default, n FROM t ORDER BY id"],
    remarks: [/^PostgreSQL refuses a statement that changes several rows of t/],
  },
  {
    about: "generated columns, defaults, WITHOUT ROWID and keys of two columns",
    ddl: `CREATE TABLE t (a TEXT NOT NULL, b INTEGER NOT NULL, n INTEGER DEFAULT 4, twice INTEGER AS (n * 2), PRIMARY KEY (a, b)) WITHOUT ROWID; CREATE TABLE h (a TEXT, b INTEGER, was INTEGER, now INTEGER);
      CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO h VALUES (NEW.a, NEW.b, NULL, NEW.twice); END;
      CREATE TRIGGER t_bi BEFORE INSERT ON t WHEN NEW.n = 4 BEGIN INSERT INTO h (a, was) VALUES ('default', NEW.n); END;
      CREATE TRIGGER t_au AFTER UPDATE ON t WHEN OLD.twice <> NEW.twice BEGIN INSERT INTO h VALUES (NEW.a, NEW.b, OLD.twice, NEW.twice); END;
      CREATE TRIGGER t_bd BEFORE DELETE ON t BEGIN DELETE FROM h WHERE a = OLD.a AND b = OLD.b AND now = OLD.twice; END`,
    patterns: ["INSERT INTO t (a, b) VALUES ({word}, {id})", "INSERT INTO t (a, b, n) VALUES ({word}, {id}, {n})", "UPDATE t SET n = {n} WHERE b = {id}", "DELETE FROM t WHERE a = {word} AND b < {id}"],
    tables: ["SELECT a, b, n, twice FROM t ORDER BY a, b", "SELECT a, b, was, now FROM h ORDER BY a, coalesce(b, 0), coalesce(was, -99), coalesce(now, -99)"],
  },
  {
    about: "RAISE(FAIL) and RAISE(ROLLBACK) in statements that stand alone",
    ddl: `${notes} CREATE TRIGGER a BEFORE INSERT ON notes BEGIN SELECT RAISE(FAIL, 'failed') WHERE NEW.n > 8; END; CREATE TRIGGER b AFTER UPDATE ON notes WHEN NEW.title = '' BEGIN SELECT RAISE(ROLLBACK, 'rolled back'); END`,
    patterns: oneRow,
    tables: [ofNotes],
    remarks: [/^RAISE\(FAIL, …\) keeps what the statement has changed so far/, /^RAISE\(ROLLBACK, …\) ends the transaction/],
  },
  {
    about: "a trigger that inserts into its own table",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, kind TEXT NOT NULL DEFAULT 'own');
      CREATE TRIGGER twin AFTER INSERT ON t WHEN NEW.kind = 'own' BEGIN INSERT INTO t (id, n, kind) VALUES (NEW.id + 100, NEW.n, 'twin'); END;
      CREATE TRIGGER together AFTER DELETE ON t BEGIN DELETE FROM t WHERE id = OLD.id + 100; END`,
    patterns: ["INSERT INTO t (id, n) VALUES ({id}, {n})", "DELETE FROM t WHERE id = {id}", "UPDATE t SET n = {n} WHERE id = {id}"],
    tables: ["SELECT id, n, kind FROM t ORDER BY id"],
    remarks: [/^This gives "t.id" itself/, /^for a statement that changes several rows of t/, /^for a statement that changes several rows of t/],
  },
  {
    about: "a SELECT that nobody reads, comments, and texts of several lines",
    ddl: `${notes} ${log} CREATE TRIGGER a AFTER INSERT ON notes -- here
      WHEN NEW.n /* not 0 */ <> 0 -- there
      BEGIN SELECT count(*) FROM log; -- nobody
      INSERT INTO log (what, note) VALUES ('two
   lines -- no comment', /* the id */ NEW.id -- last
      ); SELECT CASE WHEN NEW.n = 7 THEN RAISE(ABORT, 'of
   two lines') END; END`,
    patterns: writeNotes,
    tables: [ofNotes, ofLog],
  },
  {
    about: "BEFORE triggers see the rows of the same statement; statements with ON CONFLICT fire what they do",
    ddl: `${notes} ${log}
      CREATE TRIGGER few BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'four are enough') WHERE (SELECT count(*) FROM notes) >= 4; END;
      CREATE TRIGGER au AFTER UPDATE ON notes BEGIN INSERT INTO log (what, note) VALUES ('u', NEW.id); END;
      CREATE TRIGGER bu BEFORE UPDATE ON notes BEGIN INSERT INTO log (what, note) VALUES ('bu', OLD.id); END`,
    patterns: [
      "INSERT INTO notes (id, title, n) VALUES ({id}, {word}, {n}), ({id} + 10, {word}, {n})",
      "INSERT INTO notes (id, title, n) VALUES ({id}, {word}, {n}) ON CONFLICT (id) DO UPDATE SET n = excluded.n",
      "INSERT INTO notes (id, title, n) VALUES ({id}, {word}, {n}) ON CONFLICT DO NOTHING",
      "UPDATE notes SET n = {n} WHERE id = {id}",
      "DELETE FROM notes WHERE id >= {id}",
    ],
    tables: [ofNotes, ofLog],
  },
  {
    about: "times, decimals and texts of the row",
    ddl: `CREATE TABLE t (id INTEGER PRIMARY KEY, price REAL NOT NULL, name TEXT, at TEXT, day DATE, changed DATETIME DEFAULT CURRENT_TIMESTAMP); CREATE TABLE h (id INTEGER, price REAL, name TEXT, at TEXT, changed DATETIME, day DATE);
      CREATE TRIGGER stamp AFTER UPDATE ON t BEGIN UPDATE t SET at = datetime('now'), changed = CURRENT_TIMESTAMP, day = date('now') WHERE id = NEW.id; END;
      CREATE TRIGGER keep BEFORE UPDATE OF price ON t WHEN abs(NEW.price - OLD.price) > 1.5 OR NEW.price IS NULL BEGIN INSERT INTO h (id, price, name, at, changed, day) VALUES (OLD.id, OLD.price * 2, upper(substr(OLD.name, 1, 1)) || trim(NEW.name), strftime('%Y-%m-%d', 'now'), OLD.changed, OLD.day); END`,
    patterns: ["INSERT INTO t (id, price, name) VALUES ({id}, {n} + 0.25, {word})", "UPDATE t SET price = {n} + 0.5 WHERE id = {id}", "UPDATE t SET price = price + 1.75, name = {word} WHERE id = {id}", "DELETE FROM t WHERE id = {id}"],
    tables: ["SELECT id, price, name, length(at), at IS NULL, day IS NULL, changed IS NULL FROM t ORDER BY id", "SELECT id, price, name, length(at), changed IS NULL, day IS NULL FROM h ORDER BY id, price, name, changed IS NULL, day IS NULL"],
  },
];
