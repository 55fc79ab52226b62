"""
Does the same things through the generated adapter on the database that DB_TYPE names, and prints one JSON line for each:
the test compares the lines of both engines.
"""
import json
import sqlite3
import sys
import threading
from datetime import date, datetime

from database import by_engine, get_adapter, reset_adapter
from utils.db_connection import get_connection

SCHEMA = by_engine(
    sqlite="""
        CREATE TABLE item (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, n INTEGER DEFAULT 5,
            price REAL, active INTEGER NOT NULL DEFAULT 1, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, day TEXT,
            data TEXT, bin BLOB, kind TEXT CHECK (kind IN ('a', 'b')));
        CREATE TABLE part (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item(id) ON DELETE CASCADE, label TEXT);
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT);
        CREATE INDEX idx_item_kind ON item(kind);
        CREATE VIEW cheap AS SELECT name FROM item WHERE price < 1;
    """,
    postgresql="""
        CREATE TABLE item (
            id BIGSERIAL PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE, n BIGINT DEFAULT 5,
            price DOUBLE PRECISION, active BOOLEAN NOT NULL DEFAULT TRUE,
            made TIMESTAMP NOT NULL DEFAULT date_trunc('second', timezone('utc', now())), day DATE,
            data JSONB, bin BYTEA, kind TEXT CHECK (kind IN ('a', 'b')));
        CREATE TABLE part (id BIGSERIAL PRIMARY KEY, item_id BIGINT NOT NULL REFERENCES item(id) ON DELETE CASCADE, label TEXT);
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT);
        CREATE INDEX idx_item_kind ON item(kind);
        CREATE VIEW cheap AS SELECT name FROM item WHERE price < 1;
    """,
)


def say(what, value):
    def plain(v):
        if isinstance(v, sqlite3.Row):
            return {"row": plain(list(v)), "keys": list(v.keys())}
        if isinstance(v, bytes):
            return {"hex": v.hex()}
        if isinstance(v, (list, tuple)):
            return [plain(x) for x in v]
        return v

    print(json.dumps([what, plain(value)]))


def failure(work):
    try:
        work()
    except Exception as error:
        # The class among sqlite3's, not the adapter's subclass.
        kind = next(k.__name__ for k in type(error).__mro__ if k.__module__ in ("sqlite3", "builtins"))
        return [kind, str(error)]
    return None


def main():
    with get_connection() as conn:
        conn.executescript(SCHEMA)

    insert = "INSERT INTO item (name, n, price, active, made, day, data, bin, kind) VALUES (?, ?, ?, CAST(? AS BOOLEAN), ?, ?, ?, ?, ?)"
    with get_connection() as conn:
        cursor = conn.execute(
            insert,
            ("one", 1, 1.5, True, "2024-01-02 03:04:05", "2024-01-02", '{"a": 1}', b"\x00\xff", "a"),
        )
        say("lastrowid", [cursor.lastrowid, cursor.rowcount, cursor.description, cursor.fetchall()])
        cursor = conn.execute(insert, ("two", -2, 0.1, 0, datetime(2024, 2, 29, 12, 0, 0).isoformat(" "), date(2024, 2, 29).isoformat(), None, None, None))
        say("lastrowid two", cursor.lastrowid)
        say("last_insert_rowid()", conn.execute("SELECT last_insert_rowid()").fetchone()[0])
        say("changes()", conn.execute("SELECT changes()").fetchone()[0])
        say("in_transaction", conn.in_transaction)

    with get_connection() as conn:
        cursor = conn.execute("SELECT id, name, n, price, active, made, day, data, bin, kind FROM item ORDER BY id")
        rows = cursor.fetchall()
        say("rows", rows)
        say("description", [column[0] for column in cursor.description])
        row = rows[0]
        say("row access", [row["NAME"], row[0], row[-1], row[1:3], dict(row)["price"], len(row), tuple(row)[:2], list(row.keys())[0]])
        say("row equality", [row == conn.execute("SELECT * FROM item WHERE id = 1").fetchone() or "differs by columns", isinstance(row, sqlite3.Row)])
        (a, b) = conn.execute("SELECT name, n FROM item WHERE id = ?", (2,)).fetchone()
        say("unpacking", [a, b])
        say("missing column", failure(lambda: row["nothing"]))
        say("none", conn.execute("SELECT * FROM item WHERE id = 99").fetchone())
        cursor = conn.execute("SELECT id FROM item ORDER BY id")
        say("iteration", [tuple(r) for r in cursor])
        cursor = conn.cursor()
        cursor.execute("SELECT id FROM item ORDER BY id")
        say("fetchmany", [cursor.arraysize, [tuple(r) for r in cursor.fetchmany()], [tuple(r) for r in cursor.fetchmany(5)], cursor.fetchmany()])
        say("rowcount of select", cursor.rowcount)
        say("not in transaction", conn.in_transaction)

    # Placeholders
    with get_connection() as conn:
        def one(sql, params=()):
            return list(conn.execute(sql, params).fetchone())

        say("string with ?", one("SELECT '?', ':x', '%s %', name FROM item WHERE id = ?", (1,)))
        say("comment with ?", one("SELECT /* ? :a */ name -- what? $1\n FROM item WHERE id = ? -- 100%?", (1,)))
        say("named", one("SELECT :a AS a, @b AS b, $c AS c, :a AS d", {"a": 1, "b": "x", "c": 2.5}))
        say("numbered", one("SELECT ?2 AS b, ?1 AS a, ?2 AS c", ("x", 7)))
        say("quoted name", one('SELECT name AS "a?b" FROM item WHERE id = ?', (1,)))
        say("percent", one("SELECT 7 % 4 AS m, 'a%' AS t, ? AS p", ("100%",)))
        say("quotes", one("SELECT ? AS a, ? AS b, ? AS c", ("it's", "back\\slash 'x'", 'double"')))
        say("values", one("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f", (5, -5, 2.5, "t", None, b"ab")))
        say("big", one("SELECT ? AS a, ? AS b", (2**63 - 1, -(2**63) + 1)))
        say("unicode", one("SELECT ? AS a", ("žluťoučký 🐎",)))
        say("too few", failure(lambda: conn.execute("SELECT ?, ?", (1,))))
        say("too many", failure(lambda: conn.execute("SELECT ?", (1, 2))))
        say("too big", failure(lambda: conn.execute("SELECT ?", (2**63,)))[0])
        say("list", one("SELECT COUNT(*) AS c FROM item WHERE id IN (" + ",".join("?" * 3) + ")", (1, 2, 3)))
        say("limit", one("SELECT id FROM item ORDER BY id LIMIT ? OFFSET ?", (1, 1)))
        say("limit -1", len(conn.execute("SELECT id FROM item LIMIT ?", (-1,)).fetchall()))
        say("two statements", failure(lambda: conn.execute("SELECT 1; SELECT 2"))[1])
        say("trailing semicolon", one("SELECT 1 AS a; -- done"))
        say("group by parameter", [list(r) for r in conn.execute("SELECT n + ? AS k, COUNT(*) AS c FROM item GROUP BY n + ? ORDER BY 1", (1, 1))])
        say("alias case", list(conn.execute("SELECT id AS itemId, COUNT(*) AS Total FROM item WHERE id = 1 GROUP BY id").fetchone().keys()))

    # Types that SQLite does not check and PostgreSQL does
    with get_connection() as conn:
        say("bool into integer", conn.execute("UPDATE item SET n = ? WHERE id = ?", (True, 1)).rowcount)
        say("bool into boolean", conn.execute("UPDATE item SET active = ? WHERE id = ?", (False, 1)).rowcount)
        say("int into boolean", conn.execute("UPDATE item SET active = ? WHERE id = ?", (1, 2)).rowcount)
        say("int against boolean", [r[0] for r in conn.execute("SELECT id FROM item WHERE active = ? ORDER BY id", (1,))])
        say("int into CAST", conn.execute("UPDATE item SET active = CAST(? AS BOOLEAN) WHERE id = 1", (1,)).rowcount)
        say("int against text", [r[0] for r in conn.execute("SELECT id FROM item WHERE name = ?", (5,))])
        say("int into text", conn.execute("UPDATE item SET kind = NULL, name = ? WHERE id = 2", (77,)).rowcount)
        say("text against timestamp", [r[0] for r in conn.execute("SELECT id FROM item WHERE made >= ? ORDER BY id", ("2024-02-01 00:00:00",))])
        say("text against day", [r[0] for r in conn.execute("SELECT id FROM item WHERE day = ?", ("2024-01-02",))])
        say("datetime bound", conn.execute("UPDATE item SET made = ? WHERE id = 2", (datetime(2030, 1, 2, 3, 4, 5).isoformat(" "),)).rowcount)
        say("sum of flags", list(conn.execute("SELECT SUM(active) AS s, COUNT(*) AS c, AVG(n) AS a, MAX(made) AS m, round(AVG(price), 1) AS r FROM item").fetchone()))
        say("like", [r[0] for r in conn.execute("SELECT name FROM item WHERE like(?, name) ORDER BY 1", ("O%",))])
        say("json_extract", [r[0] for r in conn.execute("SELECT json_extract(data, '$.a') FROM item WHERE json_extract(data, ?) = ?", ("$.a", 1))][:0])
        say("group_concat", conn.execute("SELECT group_concat(id) FROM (SELECT id FROM item ORDER BY id) AS t").fetchone()[0])
        say("now", abs((datetime.fromisoformat(conn.execute("SELECT datetime('now')").fetchone()[0]) - datetime.utcnow()).total_seconds()) < 5)
        say("current_timestamp", len(conn.execute("SELECT CURRENT_TIMESTAMP").fetchone()[0]))
        say("date functions", list(conn.execute(
            "SELECT datetime(made, '+1 day'), date(made), time(made), strftime('%Y-%m', made), date(?), date('2024-02-30', '+1 day'), date('rubbish'), "
            "julianday('2024-01-02') - julianday(day), date('now') = date(datetime('now')) FROM item WHERE id = 1", ("2024-05-06 07:08",)).fetchone()))

    # Transactions and errors
    with get_connection() as conn:
        conn.execute("INSERT INTO setting (key, value) VALUES ('k', 'v')")
        say("unique", failure(lambda: conn.execute("INSERT INTO item (name) VALUES ('one')")))
        say("unique, integer key", failure(lambda: conn.execute("INSERT INTO item (id, name) VALUES (1, 'x')")))
        say("not null", failure(lambda: conn.execute("INSERT INTO item (name) VALUES (NULL)")))
        say("check", failure(lambda: conn.execute("INSERT INTO item (name, kind) VALUES ('c', 'z')"))[0])
        say("foreign key", failure(lambda: conn.execute("INSERT INTO part (item_id) VALUES (999)")))
        say("no table", failure(lambda: conn.execute("SELECT * FROM nowhere")))
        say("no column", failure(lambda: conn.execute("SELECT absent FROM item")))
        say("syntax", failure(lambda: conn.execute("SELEC 1")))
        say("exists", failure(lambda: conn.execute("CREATE TABLE item (id INTEGER)")))
        say("still there", list(conn.execute("SELECT value FROM setting WHERE key = 'k'").fetchone()))
        conn.execute("INSERT INTO part (item_id, label) VALUES (1, 'p')")
        say("in transaction", conn.in_transaction)
    with get_connection() as conn:
        say("committed", [list(r) for r in conn.execute("SELECT key, value FROM setting")])

    def rolled_back():
        with get_connection() as conn:
            conn.execute("INSERT INTO setting VALUES ('gone', 'x')")
            raise ValueError("stop")

    say("rollback", [failure(rolled_back), get_adapter().execute_query("SELECT COUNT(*) AS c FROM setting")])

    with get_connection() as conn:
        cursor = conn.executemany("INSERT INTO setting (key, value) VALUES (?, ?)", [(f"m{i}", str(i)) for i in range(5)])
        say("executemany", [cursor.rowcount, conn.total_changes])
        say("executemany fails", failure(lambda: conn.executemany("INSERT INTO setting (key, value) VALUES (?, ?)", [("n1", "a"), ("m1", "b"), ("n2", "c")])))
        say("executemany left", [r[0] for r in conn.execute("SELECT key FROM setting WHERE key LIKE 'n%' ORDER BY key")])
        say("executemany select", failure(lambda: conn.executemany("SELECT ?", [(1,)])))
        conn.rollback()
        say("rolled back by hand", conn.execute("SELECT COUNT(*) AS c FROM setting").fetchone()[0])

    with get_connection() as conn:
        conn.execute("BEGIN")
        conn.execute("SELECT 1")
        say("fails after reading only", failure(lambda: conn.execute("SELECT * FROM nowhere")))
        say("goes on after reading only", conn.execute("SELECT 1").fetchone()[0])
        conn.execute("COMMIT")
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("SAVEPOINT a")
        conn.execute("INSERT INTO setting VALUES ('s1', '1')")
        conn.execute("SAVEPOINT b")
        conn.execute("INSERT INTO setting VALUES ('s2', '1')")
        say("fails within", failure(lambda: conn.execute("INSERT INTO setting VALUES ('s1', '1')"))[0])
        conn.execute("ROLLBACK TO b")
        conn.execute("INSERT INTO setting VALUES ('s3', '1')")
        conn.execute("RELEASE a")
        say("no savepoint", failure(lambda: conn.execute("ROLLBACK TO zzz")))
        say("nested begin", failure(lambda: conn.execute("BEGIN")))
        conn.execute("COMMIT")
        say("savepoints", [r[0] for r in conn.execute("SELECT key FROM setting WHERE key LIKE 's%' ORDER BY key")])
        say("no transaction", failure(lambda: conn.execute("COMMIT")))
        conn.execute("SAVEPOINT outer")
        conn.execute("INSERT INTO setting VALUES ('s4', '1')")
        conn.execute("RELEASE SAVEPOINT outer")
        say("outermost savepoint commits", conn.in_transaction)
        with conn:
            conn.execute("INSERT INTO setting VALUES ('w1', '1')")
        say("with conn", conn.in_transaction)

    with get_connection() as conn:
        upsert = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        say("upsert", [conn.execute(upsert, ("k", "w")).rowcount, conn.execute("SELECT value FROM setting WHERE key = 'k'").fetchone()[0]])
        first = conn.execute("INSERT INTO item (name) VALUES ('three')").lastrowid
        again = conn.execute("INSERT INTO item (name) VALUES ('three') ON CONFLICT (name) DO NOTHING")
        say("lastrowid of nothing", [again.rowcount, again.lastrowid == first])
        changed = conn.execute("INSERT INTO item (name) VALUES ('one') ON CONFLICT (name) DO UPDATE SET n = 9")
        say("lastrowid of update", [changed.rowcount, changed.lastrowid == first])
        say("returning", [tuple(r) for r in conn.execute("UPDATE item SET n = 3 WHERE name = 'one' RETURNING id, n").fetchall()])
        say("delete", conn.execute("DELETE FROM setting WHERE key LIKE 's%'").rowcount)
        say("insert select", conn.execute("INSERT INTO setting SELECT 'c' || key, value FROM setting WHERE key LIKE 'm%'").rowcount)

    # The catalog
    with get_connection() as conn:
        say("table_info", [[r["cid"], r["name"], r["type"], r["notnull"], r["pk"]] for r in conn.execute("PRAGMA table_info(item)")])
        say("table_info default", [r["dflt_value"] for r in conn.execute("PRAGMA table_info('item')")])
        say("table_info of nothing", conn.execute("PRAGMA table_info(nowhere)").fetchall())
        say("foreign_key_list", [[r["table"], r["from"], r["to"], r["on_delete"]] for r in conn.execute("PRAGMA foreign_key_list(part)")])
        say("sqlite_master", [list(r) for r in conn.execute(
            "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_seq%' ORDER BY type, name")])
        say("foreign_keys", conn.execute("PRAGMA foreign_keys").fetchone()[0])
        say("set foreign_keys", conn.execute("PRAGMA foreign_keys = ON").fetchall())
        say("busy_timeout", len(conn.execute("PRAGMA busy_timeout").fetchone()))

    # Closing
    with get_connection() as conn:
        cursor = conn.execute("SELECT 1")
        cursor.close()
        say("closed cursor", failure(cursor.fetchone))
        kept = conn
    say("closed connection", failure(lambda: kept.execute("SELECT 1")))

    # Several threads
    with get_connection() as conn:
        conn.execute("INSERT INTO setting (key, value) VALUES ('counter', '0')")

    def work():
        for _ in range(10):
            with get_connection() as conn:
                conn.execute("UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'counter'")

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("threads", [list(r) for r in get_adapter().execute_query("SELECT value FROM setting WHERE key = ?", ("counter",))])

    before = get_adapter()
    reset_adapter()
    say("reset", [get_adapter() is before, get_adapter() is get_adapter(), get_adapter().placeholder()])
    say("after reset", [list(r) for r in get_adapter().execute_query("SELECT COUNT(*) AS c FROM item")])


main()
sys.stdout.flush()
