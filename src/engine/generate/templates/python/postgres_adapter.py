"""PostgreSQL: a pool of connections by POSTGRES_* or DATABASE_URL."""
import os
import re
import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Generator, List, Optional

from .connection import DatabaseAdapter
from .postgres_connection import Connection
from .postgres_driver import load_driver
from .postgres_errors import PostgresOperationalError, translated
from .sqlite_sql import StatementCache

COMPAT = Path(__file__).with_name("postgres_compat.sql")

#: SQLite knows no time zone: dates are UTC. "#{searchPathWords}"
SESSION = """
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SET client_min_messages = warning;
SET search_path = #{searchPath};
SELECT obj_description(to_regnamespace('cutover'), 'pg_namespace')
"""

#: Seconds after which a connection that lay idle is asked whether it still lives before it is handed out.
IDLE_BEFORE_CHECK = 2.0


def connection_parameters() -> Dict[str, Any]:
    """What the driver's connect() takes, from DATABASE_URL or POSTGRES_HOST, _PORT, _DB, _USER, _PASSWORD and _TIMEOUT."""
    parameters: Dict[str, Any] = {
        "connect_timeout": max(2, int(_number("POSTGRES_TIMEOUT", 30))),
        "client_encoding": "UTF8",
    }
    url = os.environ.get("DATABASE_URL")
    if url:
        return {"dsn": url, **parameters}
    parameters["host"] = os.environ.get("POSTGRES_HOST") or "localhost"
    parameters["port"] = int(_number("POSTGRES_PORT", 5432))
    parameters["dbname"] = os.environ.get("POSTGRES_DB") or "#{database}"
    parameters["user"] = os.environ.get("POSTGRES_USER") or "#{user}"
    if os.environ.get("POSTGRES_PASSWORD"):
        parameters["password"] = os.environ["POSTGRES_PASSWORD"]
    return parameters


def _number(name: str, default: float) -> float:
    text = os.environ.get(name, "").strip()
    try:
        return float(text) if text else default
    except ValueError:
        raise ValueError(f"{name} is {text!r}; it must be a number") from None


class _Lease:
    """A pooled connection with what is remembered beside it."""

    def __init__(self, pool: "Pool", raw: Any) -> None:
        self._pool = pool
        self.driver = pool.driver
        self.raw = raw
        self.keys = pool.keys
        self.statements = StatementCache()
        self.since = time.monotonic()

    def give_back(self, broken: bool) -> None:
        self._pool.give_back(self, broken)


class Pool:
    """Connections that are opened when needed, up to `maximum`, and kept; a caller waits at most `timeout` seconds for one."""

    def __init__(self, driver: Any, parameters: Dict[str, Any], minimum: int, maximum: int, timeout: float) -> None:
        if maximum < 1 or minimum < 0 or minimum > maximum:
            raise ValueError(f"POSTGRES_POOL_MIN is {minimum} and POSTGRES_POOL_MAX is {maximum}: 0 <= MIN <= MAX, 1 <= MAX")
        self.driver = driver
        self.parameters = parameters
        self.minimum, self.maximum, self.timeout = minimum, maximum, timeout
        #: The integer primary key of each table that was inserted into, by the name as written; None where there is none.
        self.keys: Dict[str, Optional[str]] = {}
        self._start()

    def _start(self) -> None:
        self._process = os.getpid()
        self._free = threading.BoundedSemaphore(self.maximum)
        self._lock = threading.Lock()
        self._idle: List[_Lease] = []
        self._open = 0
        self._closed = False

    def take(self) -> _Lease:
        if os.getpid() != self._process:
            self._start()  # a forked child must not speak on its parent's sockets
        if self._closed:
            raise sqlite3.ProgrammingError("the database adapter is closed")
        if not self._free.acquire(timeout=self.timeout):
            raise PostgresOperationalError(
                f"no PostgreSQL connection became free within {self.timeout:g} s: all {self.maximum} are in use "
                "(POSTGRES_POOL_MAX, POSTGRES_TIMEOUT)"
            )
        try:
            while True:
                with self._lock:
                    lease = self._idle.pop() if self._idle else None
                if lease is None:
                    return self._opened()
                if time.monotonic() - lease.since < IDLE_BEFORE_CHECK or self._lives(lease):
                    return lease
                self._drop(lease)
        except BaseException:
            self._free.release()
            raise

    def _opened(self) -> _Lease:
        raw = self.driver.connect(self.parameters)
        try:
            version = self.driver.run(raw, _local_zone() + SESSION).rows[0][0]
            if version != compat_version():
                install_compat(self.driver, raw)
        except self.driver.error as error:
            raw.close()
            raise translated(error) from error
        with self._lock:
            self._open += 1
        return _Lease(self, raw)

    def _lives(self, lease: _Lease) -> bool:
        try:
            self.driver.run(lease.raw, "SELECT 1")
            return True
        except self.driver.error:
            return False

    def _drop(self, lease: _Lease) -> None:
        with self._lock:
            self._open -= 1
        lease.raw.close()

    def give_back(self, lease: _Lease, broken: bool) -> None:
        if os.getpid() != self._process:
            return
        if broken or self._closed:
            self._drop(lease)
        else:
            lease.since = time.monotonic()
            with self._lock:
                self._idle.append(lease)
        self._free.release()

    def warm(self) -> None:
        """Opens POSTGRES_POOL_MIN connections."""
        leases = [self.take() for _ in range(self.minimum)]
        for lease in leases:
            lease.give_back(False)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for lease in idle:
            self._drop(lease)

    def statistics(self) -> Dict[str, int]:
        with self._lock:
            return {"open": self._open, "idle": len(self._idle), "in_use": self._open - len(self._idle), "max": self.maximum}


def compat_version() -> str:
    """The comment that postgres_compat.sql puts on its schema, by which an older one is known."""
    match = re.search(r"COMMENT ON SCHEMA cutover IS '([^']+)'", COMPAT.read_text(encoding="utf-8"))
    if match is None:
        raise RuntimeError(f"{COMPAT} is not the file that was generated with this adapter")
    return match.group(1)


def install_compat(driver: Any, raw: Any) -> None:
    """Creates or renews schema `cutover`; safe when several processes do it at once."""
    try:
        driver.run(raw, COMPAT.read_text(encoding="utf-8"))
    except driver.error as error:
        problem = translated(error)
        raise PostgresOperationalError(
            f"the functions of schema cutover could not be installed: {problem}. "
            f"Let the owner of the database run {COMPAT.name} once"
        ) from error


def _local_zone() -> str:
    """What SQLite's 'localtime' means: the zone of this process, where TZ names it or it is UTC."""
    zone = os.environ.get("TZ", "").lstrip(":") or ("UTC" if time.timezone == 0 and not time.daylight else "")
    return f"SET cutover.local_timezone = '{zone}';" if re.fullmatch(r"[\w+/-]+", zone) else ""


class PostgresAdapter(DatabaseAdapter):
    """PostgreSQL through a pool; safe to use from several threads, a connection from one at a time."""

    db_type = "postgresql"

    def __init__(self) -> None:
        self._savepoints = os.environ.get("POSTGRES_STATEMENT_SAVEPOINTS", "on").lower() not in ("off", "0", "false", "no")
        self._pool = Pool(
            load_driver(),
            connection_parameters(),
            int(_number("POSTGRES_POOL_MIN", 1)),
            int(_number("POSTGRES_POOL_MAX", 10)),
            _number("POSTGRES_TIMEOUT", 30),
        )
        self._pool.warm()

    def connect(self, *_args: Any, **_kwargs: Any) -> Connection:
        """A connection from the pool; its close() gives it back. The arguments (a SQLite file) mean nothing here."""
        connection = Connection(self._pool.take(), self._savepoints)
        connection.row_factory = "#{rowFactory}"
        connection.isolation_level = "#{isolationLevel}"
        return connection

    @contextmanager
    def get_connection(self, *_args: Any, **_kwargs: Any) -> Generator[Connection, None, None]:
        """As connect(), for a `with` block: commits at its end, rolls back when it raises."""
        connection = self.connect()
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        else:
            connection.commit()
        finally:
            connection.close()

    def health_check(self) -> Dict[str, Any]:
        """Asks the server for its version; `seconds` is how long that took, waiting for a connection included."""
        start = time.monotonic()
        with self.get_connection() as connection:
            version = connection.execute("SHOW server_version").fetchone()[0]
        return {"ok": True, "server_version": version, "seconds": time.monotonic() - start, "pool": self._pool.statistics()}

    def close(self) -> None:
        self._pool.close()
