"""What happens at the limits of the PostgreSQL adapter; prints one JSON line for each, which the test knows."""
import json
import os
import sqlite3
import threading
import time

from database import by_engine, get_adapter, reset_adapter
from utils.db_connection import get_connection


def say(what, value):
    print(json.dumps([what, value]))


def failure(work):
    try:
        work()
    except Exception as error:
        return [next(k.__name__ for k in type(error).__mro__ if k.__module__ in ("sqlite3", "builtins")), str(error)]
    return None


with get_connection("some/other.db") as conn:
    conn.execute("CREATE TABLE t (id BIGSERIAL PRIMARY KEY, a TEXT UNIQUE)")

# A cause, and SQLite's names.
with get_connection() as conn:
    conn.execute("INSERT INTO t (a) VALUES ('x')")
    try:
        conn.execute("INSERT INTO t (a) VALUES ('x')")
    except sqlite3.IntegrityError as error:
        say("cause", [type(error.__cause__).__name__, error.sqlite_errorname, error.sqlstate])

# All connections in use: waits POSTGRES_TIMEOUT, then says so.
start = time.monotonic()
held = [get_adapter().connect() for _ in range(2)]
say("exhausted", failure(lambda: get_adapter().connect()))
say("waited", 0.4 < time.monotonic() - start < 5)
# A connection given back is taken by who waits.
threading.Timer(0.1, held[0].close).start()
taken = get_adapter().connect()
say("waits for one", taken.execute("SELECT 1").fetchone()[0])
taken.close()
held[1].close()
say("pool", get_adapter().health_check()["pool"])

# A connection that the server closed while it lay idle is replaced.
with get_connection() as conn:
    pid = conn.execute("SELECT pg_backend_pid()").fetchone()[0]
other = get_adapter().connect()
second = get_adapter().connect()
for each in (other, second):
    if each.execute("SELECT pg_backend_pid()").fetchone()[0] != pid:
        each.execute("SELECT pg_terminate_backend(?)", (pid,))
other.close()
second.close()
time.sleep(2.2)
with get_connection() as conn:
    with get_connection() as again:
        say("replaced", again.execute("SELECT COUNT(*) AS c FROM t").fetchone()[0])

# What was not committed is undone when a connection goes back; temporary tables go with it.
conn = get_adapter().connect()
conn.execute("INSERT INTO t (a) VALUES ('lost')")
conn.execute("CREATE TEMP TABLE scratch (n INTEGER)")
conn.close()
with get_connection() as conn:
    say("undone", conn.execute("SELECT COUNT(*) AS c FROM t WHERE a = 'lost'").fetchone()[0])
    say("temporary", failure(lambda: conn.execute("SELECT * FROM scratch"))[1])

# What has no counterpart says so.
with get_connection() as conn:
    say("create_function", failure(lambda: conn.create_function("f", 1, str)))
    say("pragma", failure(lambda: conn.execute("PRAGMA user_version")))
    say("attach", failure(lambda: conn.execute("ATTACH DATABASE 'x' AS y")))
    say("nul", failure(lambda: conn.execute("SELECT ?", ("a\0b",))))
    say("injection", conn.execute("SELECT ? AS a", ("'; DROP TABLE t; --",)).fetchone()[0])
    say("backslash", conn.execute("SELECT ? AS a", ("\\'; DROP TABLE t; --",)).fetchone()[0])
    conn.execute("SET standard_conforming_strings = off")
    say("old strings", [conn.execute("SELECT ? AS a", (text,)).fetchone()[0] for text in ("\\'", "a\\", "it''s")])
    conn.execute("SET standard_conforming_strings = on")

# BEGIN IMMEDIATE keeps others of its kind out.
order = []


def immediate(name, seconds):
    with get_connection() as conn:
        conn.execute("BEGIN IMMEDIATE")
        order.append(f"{name} in")
        time.sleep(seconds)
        order.append(f"{name} out")
        conn.execute("COMMIT")


first = threading.Thread(target=immediate, args=("a", 0.4))
first.start()
time.sleep(0.15)
immediate("b", 0)
first.join()
say("immediate", order)

# Two that lock each other: one is told what SQLite would tell.
with get_connection() as conn:
    conn.execute("DELETE FROM t")
    conn.executemany("INSERT INTO t (id, a) VALUES (?, ?)", [(1, "one"), (2, "two")])
told = []
barrier = threading.Barrier(2)


def crossing(first_id, second_id):
    try:
        with get_connection() as conn:
            conn.execute("UPDATE t SET a = a || '!' WHERE id = ?", (first_id,))
            barrier.wait()
            conn.execute("UPDATE t SET a = a || '!' WHERE id = ?", (second_id,))
    except sqlite3.OperationalError as error:
        told.append(str(error))


threads = [threading.Thread(target=crossing, args=pair) for pair in ((1, 2), (2, 1))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
say("deadlock", told)

# Without statement savepoints a failed statement spoils its transaction, as PostgreSQL has it.
reset_adapter()
os.environ["POSTGRES_STATEMENT_SAVEPOINTS"] = "off"
conn = get_adapter().connect()
conn.execute("UPDATE t SET a = 'changed' WHERE id = 1")
failure(lambda: conn.execute("INSERT INTO t (id) VALUES (1)"))
say("without savepoints", failure(lambda: conn.execute("SELECT 1"))[0])
conn.close()
del os.environ["POSTGRES_STATEMENT_SAVEPOINTS"]

# A forked child opens connections of its own.
reset_adapter()
with get_connection() as conn:
    mine = conn.execute("SELECT pg_backend_pid()").fetchone()[0]
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    with get_connection() as conn:
        os.write(writer, str(conn.execute("SELECT pg_backend_pid()").fetchone()[0]).encode())
    os._exit(0)
os.waitpid(child, 0)
say("fork", [int(os.read(reader, 20)) != mine, failure(lambda: get_adapter().execute_query("SELECT 1"))])

# Wrong settings.
reset_adapter()
password = os.environ.pop("POSTGRES_PASSWORD")
os.environ["POSTGRES_PASSWORD"] = "not the password"
problem = failure(get_adapter)
say("password", [problem[0], "authentication failed" in problem[1], "not the password" in problem[1]])
os.environ["POSTGRES_PASSWORD"] = password
port, os.environ["POSTGRES_PORT"] = os.environ["POSTGRES_PORT"], "1"
say("no server", failure(get_adapter)[0])
os.environ["POSTGRES_PORT"] = "many"
say("port", failure(get_adapter))
os.environ["POSTGRES_PORT"] = port
os.environ["DB_TYPE"] = "oracle"
say("db_type", failure(get_adapter))
say("by_engine", failure(lambda: by_engine(sqlite=1, postgresql=2))[0])
os.environ["DB_TYPE"] = "postgres"
say("postgres", by_engine(sqlite=1, postgresql=2))
os.environ["DATABASE_URL"] = os.environ["TEST_URL"]
for name in ("HOST", "PORT", "USER", "PASSWORD", "DB"):
    os.environ.pop(f"POSTGRES_{name}")
say("DATABASE_URL", [tuple(r) for r in get_adapter().execute_query("SELECT COUNT(*) AS c FROM t")])
reset_adapter()
