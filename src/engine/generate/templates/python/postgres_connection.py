"""
A PostgreSQL connection with the manners of sqlite3's.

Transactions are sqlite3's: one opens by itself before INSERT, UPDATE, DELETE and REPLACE, not before SELECT or DDL; a
statement that fails undoes itself and leaves the transaction usable, which takes a savepoint here. Rows are sqlite3's own
Row objects, values are what SQLite would give.
"""
import logging
import re
import sqlite3
import threading
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from .postgres_driver import Result
from .postgres_errors import PostgresNotSupportedError, PostgresOperationalError, translated
from .sqlite_sql import IMPLICIT_BEGIN, ManyParameters, Parameters, Statement, StatementCache, identifier, quoted, readable, split_script

log = logging.getLogger(__name__)

SAVEPOINT = "cutover_statement"
#: What BEGIN IMMEDIATE and BEGIN EXCLUSIVE wait for: one such transaction at a time, as SQLite has it. Any fixed number.
WRITE_LOCK = 7358201
#: sqlite3's default time-out for a locked database.
WRITE_LOCK_WAIT = "5s"

#: The server did not find an operator, a function or an assignment for the types: nothing has run yet.
TYPE_MISMATCH = frozenset({"42804", "42883", "42846", "42P18"})

#: Settings of SQLite that mean nothing to a server: what reading them gives, and whether setting them gives a row too.
SETTINGS: Dict[str, Tuple[Any, bool]] = {
    "foreign_keys": (1, False),
    "journal_mode": ("wal", True),
    "synchronous": (2, False),
    "busy_timeout": (5000, True),
    "cache_size": (-2000, False),
    "temp_store": (0, False),
    "mmap_size": (0, True),
    "locking_mode": ("normal", True),
    "wal_autocheckpoint": (1000, True),
    "journal_size_limit": (-1, True),
    "auto_vacuum": (0, False),
    "page_size": (4096, False),
    "recursive_triggers": (0, False),
    "case_sensitive_like": (0, False),
    "encoding": ("UTF-8", False),
    "analysis_limit": (0, True),
    "optimize": (None, False),
    "wal_checkpoint": (None, False),
}

#: Pragmas that the catalog answers, each by a function of schema cutover with one argument.
CATALOG_PRAGMAS = frozenset({"table_info", "table_xinfo", "index_list", "index_info", "foreign_key_list"})

PRAGMA = re.compile(
    r"""\s*PRAGMA\s+(?:(?:main|temp)\s*\.\s*)?(?P<name>\w+)\s*
        (?:=\s*(?P<set>.+?)|\(\s*(?P<argument>.+?)\s*\))?\s*;?\s*\Z""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


class _Rows:
    """Makes sqlite3.Row objects: each needs a cursor of sqlite3's that has run a statement with the same column names."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memory = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._cursors: Dict[Tuple[str, ...], sqlite3.Cursor] = {}

    def cursor(self, columns: Tuple[str, ...]) -> sqlite3.Cursor:
        cursor = self._cursors.get(columns)
        if cursor is None:
            with self._lock:
                names = ", ".join(f"NULL AS {identifier(name)}" for name in columns)
                cursor = self._memory.execute(f"SELECT {names} LIMIT 0")
                if len(self._cursors) >= 500:
                    self._cursors.clear()
                self._cursors[columns] = cursor
        return cursor


_rows = _Rows()


class Cursor:
    """sqlite3.Cursor's face. All rows of a SELECT are fetched when it runs."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.row_factory = connection.row_factory
        self.arraysize = 1
        self.description: Optional[Tuple[Tuple[Any, ...], ...]] = None
        self.rowcount = -1
        self.lastrowid: Optional[int] = None
        self._rows: Iterator[Any] = iter(())
        self._closed = False

    def execute(self, sql: str, parameters: Optional[Parameters] = None, /) -> "Cursor":
        self._check()
        self._take(self.connection._execute(readable(sql, parameters is not None), () if parameters is None else parameters))
        self.lastrowid = self.connection._last_rowid
        return self

    def executemany(self, sql: str, parameters: ManyParameters, /) -> "Cursor":
        self._check()
        count = self.connection._execute_many(readable(sql, True), parameters)
        self._take(Result(None, [], count))
        return self

    def executescript(self, script: str, /) -> "Cursor":
        self._check()
        self.connection._execute_script(script)
        self._take(Result(None, [], -1))
        return self

    def _take(self, result: Result) -> None:
        self.rowcount = result.rowcount
        if result.columns is None:
            self.description, self._rows = None, iter(())
            return
        self.description = tuple((name, None, None, None, None, None, None) for name in result.columns)
        self._rows = self._made(result.columns, result.rows)

    def _made(self, columns: Tuple[str, ...], rows: List[Tuple[Any, ...]]) -> Iterator[Any]:
        factory = self.row_factory
        text_factory = self.connection.text_factory
        if text_factory is not str:
            rows = [tuple(text_factory(v.encode()) if isinstance(v, str) else v for v in row) for row in rows]
        if factory is None:
            return iter(rows)
        if isinstance(factory, type) and issubclass(factory, sqlite3.Row):
            source = _rows.cursor(columns)
            return (factory(source, row) for row in rows)
        return (factory(self, row) for row in rows)

    def fetchone(self) -> Any:
        self._check()
        return next(self._rows, None)

    def fetchmany(self, size: Optional[int] = None) -> List[Any]:
        self._check()
        wanted = self.arraysize if size is None else size
        return [row for _, row in zip(range(wanted), self._rows)]

    def fetchall(self) -> List[Any]:
        self._check()
        return list(self._rows)

    def __iter__(self) -> "Cursor":
        return self

    def __next__(self) -> Any:
        self._check()
        return next(self._rows)

    def close(self) -> None:
        self._closed = True
        self._rows = iter(())

    def setinputsizes(self, sizes: Any, /) -> None:
        """Does nothing, as in sqlite3."""

    def setoutputsize(self, size: Any, column: Any = None, /) -> None:
        """Does nothing, as in sqlite3."""

    def _check(self) -> None:
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed cursor.")
        self.connection._check()


class Connection:
    """sqlite3.Connection's face over one pooled server connection."""

    def __init__(self, lease: Any, savepoints: bool = True) -> None:
        """`lease` is the pool's: driver, raw, statements, keys, give_back(broken)."""
        self._lease = lease
        self._driver = lease.driver
        self._raw = lease.raw
        self._statements: StatementCache = lease.statements
        self._savepoints = savepoints
        self._closed = False
        self.row_factory: Any = None
        self.text_factory: Any = str
        self.isolation_level: Optional[str] = ""
        self.total_changes = 0
        self._changes = 0
        self._last_rowid = 0
        self._fresh = True  # nothing has been changed since the transaction began
        self._guarded = False  # our savepoint exists
        self._dirty = False  # something may have been changed since it was set
        self._user_savepoints: List[str] = []
        self._outermost_savepoint = False
        self._temporary = False

    # What the application calls

    def cursor(self, factory: Any = None) -> Cursor:
        self._check()
        return (factory or Cursor)(self)

    def execute(self, sql: str, parameters: Optional[Parameters] = None, /) -> Cursor:
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, parameters: ManyParameters, /) -> Cursor:
        return self.cursor().executemany(sql, parameters)

    def executescript(self, script: str, /) -> Cursor:
        return self.cursor().executescript(script)

    def commit(self) -> None:
        self._check()
        if self.in_transaction:
            self._end("COMMIT")

    def rollback(self) -> None:
        self._check()
        if self.in_transaction:
            self._end("ROLLBACK")

    def close(self) -> None:
        """Gives the connection back; what was not committed is undone."""
        if self._closed:
            return
        self._closed = True
        broken = False
        try:
            if self.in_transaction:
                self._end("ROLLBACK")
            if self._temporary:
                self._send("DISCARD TEMP")
        except sqlite3.Error:
            broken = True
        finally:
            self._lease.give_back(broken or self._driver.status(self._raw) != "idle")

    def interrupt(self) -> None:
        """Stops the statement that runs."""
        self._driver.cancel(self._raw)

    @property
    def in_transaction(self) -> bool:
        return self._driver.status(self._raw) in ("transaction", "failed", "active")

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, kind: Any, _value: Any, _traceback: Any) -> bool:
        if kind is None:
            try:
                self.commit()
            except sqlite3.Error:
                self.rollback()
                raise
        else:
            self.rollback()
        return False

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            self.close()

    def create_function(self, name: str, *_args: Any, **_kwargs: Any) -> None:
        self._unsupported(f"create_function({name!r})", "write the function in PL/pgSQL and create it in the database")

    def create_aggregate(self, name: str, *_args: Any, **_kwargs: Any) -> None:
        self._unsupported(f"create_aggregate({name!r})", "write it with CREATE AGGREGATE in the database")

    def create_collation(self, name: str, *_args: Any, **_kwargs: Any) -> None:
        self._unsupported(f"create_collation({name!r})", "use one of PostgreSQL's collations")

    def backup(self, *_args: Any, **_kwargs: Any) -> None:
        self._unsupported("backup()", "use pg_dump")

    def iterdump(self) -> None:
        self._unsupported("iterdump()", "use pg_dump")

    def _unsupported(self, what: str, instead: str) -> None:
        raise PostgresNotSupportedError(f"{what} is SQLite's; on PostgreSQL {instead}")

    # How it is done

    def _check(self) -> None:
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")

    def _send(self, sql: str) -> Result:
        """Sends a text; the driver's error comes out as sqlite3's."""
        try:
            return self._driver.run(self._raw, sql)
        except self._driver.error as error:
            raise translated(error) from error

    def _end(self, word: str) -> None:
        try:
            self._send(word)
        finally:
            self._begun()

    def _begun(self) -> None:
        """A transaction has just begun or ended."""
        self._fresh, self._guarded, self._dirty = True, False, False
        self._user_savepoints, self._outermost_savepoint = [], False

    def _guard(self) -> None:
        """Makes sure that a failure of the next statement can be undone alone."""
        if self._savepoints and self._dirty:
            release = f"RELEASE SAVEPOINT {SAVEPOINT}; " if self._guarded else ""
            self._send(f"{release}SAVEPOINT {SAVEPOINT}")
            self._guarded, self._dirty = True, False

    def _recover(self, implicit: bool) -> None:
        """After a failed statement: back to where the transaction was before it."""
        if self._driver.status(self._raw) != "failed":
            return
        if implicit:
            self._end("ROLLBACK")  # the transaction had begun for this statement
        elif self._guarded:
            self._send(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        elif self._fresh:
            self._send("ROLLBACK; BEGIN")

    def _execute(self, sql: str, parameters: Parameters) -> Result:
        statement = self._statements.get(sql)
        if not statement.first:
            return Result(None, [], -1)
        values = statement.bind(parameters)
        control = _CONTROL.get(statement.first)
        if control is not None:
            return control(self, statement)
        result = self._run(statement, values)
        if statement.temporary:
            self._temporary = True
        if statement.first in ("CREATE", "ALTER", "DROP"):
            self._lease.keys.clear()
        return result

    def _run(self, statement: Statement, values: Sequence[Any]) -> Result:
        """Runs one statement; when the server finds integers where it wants another type, once more with untyped ones."""
        implicit = statement.first in IMPLICIT_BEGIN and self.isolation_level is not None and not self.in_transaction
        transactional = implicit or self.in_transaction
        if transactional and not implicit:
            self._guard()
        tail, key = self._returning(statement)
        calls = {"last_insert_rowid": self._last_rowid, "changes": self._changes, "total_changes": self.total_changes}
        loose_helps = not statement.loose and any(isinstance(v, int) and not isinstance(v, bool) for v in values)
        try:
            result = self._attempt(statement.render(values, calls, statement.loose) + tail, implicit)
        except sqlite3.Error as error:
            if not loose_helps or getattr(error, "sqlstate", None) not in TYPE_MISMATCH or self._stuck():
                raise
            try:
                result = self._attempt(statement.render(values, calls, True) + tail, implicit)
            except sqlite3.Error:
                raise error from error.__cause__
            statement.loose = True
        if transactional:
            self._fresh = self._fresh and not statement.writes
            self._dirty = self._dirty or statement.writes
        return self._counted(statement, result, key)

    def _stuck(self) -> bool:
        return self._driver.status(self._raw) not in ("idle", "transaction")

    def _attempt(self, text: str, implicit: bool) -> Result:
        try:
            if implicit and not self.in_transaction:
                self._begun()
                return self._send("BEGIN; " + text)
            return self._send(text)
        except sqlite3.Error:
            self._recover(implicit)
            raise

    def _returning(self, statement: Statement) -> Tuple[str, Optional[str]]:
        """What to add to an INSERT so that it tells the row's id: SQLite's lastrowid."""
        if statement.verb != "INSERT" or statement.returning or statement.target is None:
            return "", None
        keys = self._lease.keys
        if statement.target not in keys:
            found = self._send(f"SELECT cutover.rowid_column({quoted(statement.target)})").rows[0][0]
            keys[statement.target] = found
        key = keys[statement.target]
        if key is None:
            return "", None
        # xmax is 0 in a row that was inserted, not in one that ON CONFLICT DO UPDATE changed.
        inserted = "xmax = 0" if statement.on_conflict else "true"
        return f"\nRETURNING {identifier(key)}, {inserted}", key

    def _counted(self, statement: Statement, result: Result, key: Optional[str]) -> Result:
        if statement.verb not in ("INSERT", "UPDATE", "DELETE"):
            if result.columns is None:
                return Result(None, [], -1)
            names = tuple(statement.spellings.get(name, name) for name in result.columns)
            return Result(names, result.rows, -1)
        self._changes = result.rowcount
        self.total_changes += max(result.rowcount, 0)
        if key is not None:
            inserted = [row[0] for row in result.rows if row[1]]
            if inserted:
                self._last_rowid = inserted[-1]
            return Result(None, [], result.rowcount)
        if result.columns is None:
            return result
        return Result(tuple(statement.spellings.get(n, n) for n in result.columns), result.rows, result.rowcount)

    def _execute_many(self, sql: str, parameters: ManyParameters) -> int:
        statement = self._statements.get(sql)
        if statement.first not in IMPLICIT_BEGIN:
            raise sqlite3.ProgrammingError("executemany() can only execute DML statements.")
        before = self._last_rowid
        count = 0
        for each in parameters:
            count += max(self._run(statement, statement.bind(each)).rowcount, 0)
        self._last_rowid = before if statement.verb != "INSERT" else self._last_rowid
        return count

    def _execute_script(self, script: str) -> None:
        """Commits, then runs the statements one by one, each for itself unless the script begins a transaction."""
        self.commit()
        level, self.isolation_level = self.isolation_level, None
        try:
            for sql in split_script(script):
                self._execute(sql, ())
        finally:
            self.isolation_level = level

    # Statements that the connection itself answers

    def _begin(self, statement: Statement) -> Result:
        if self.in_transaction:
            raise PostgresOperationalError("cannot start a transaction within a transaction")
        words = statement.sql.upper().split()
        self._begun()
        if "IMMEDIATE" in words or "EXCLUSIVE" in words:
            try:
                self._send(
                    f"BEGIN; SET LOCAL lock_timeout = '{WRITE_LOCK_WAIT}'; "
                    f"SELECT pg_advisory_xact_lock({WRITE_LOCK}); SET LOCAL lock_timeout TO DEFAULT"
                )
            except sqlite3.Error:
                self._end("ROLLBACK")
                raise
            self._fresh, self._dirty = False, True  # the lock must outlive a failed statement
        else:
            self._send("BEGIN")
        return Result(None, [], -1)

    def _commit(self, statement: Statement) -> Result:
        if not self.in_transaction:
            raise PostgresOperationalError("cannot commit - no transaction is active")
        self._end("COMMIT")
        return Result(None, [], -1)

    def _rollback(self, statement: Statement) -> Result:
        name = _savepoint_name(statement.sql)
        if name is not None:
            return self._user_savepoint("ROLLBACK TO SAVEPOINT", name)
        if not self.in_transaction:
            raise PostgresOperationalError("cannot rollback - no transaction is active")
        self._end("ROLLBACK")
        return Result(None, [], -1)

    def _savepoint(self, statement: Statement) -> Result:
        name = _savepoint_name(statement.sql) or ""
        outermost = not self.in_transaction
        if outermost:
            self._begun()
        self._drop_guard()
        self._send(("BEGIN; " if outermost else "") + f"SAVEPOINT {identifier(name)}")
        self._outermost_savepoint = self._outermost_savepoint or outermost
        self._user_savepoints.append(name)
        self._fresh, self._dirty = False, True
        return Result(None, [], -1)

    def _release(self, statement: Statement) -> Result:
        return self._user_savepoint("RELEASE SAVEPOINT", _savepoint_name(statement.sql) or "")

    def _user_savepoint(self, command: str, name: str) -> Result:
        if name not in self._user_savepoints:
            raise PostgresOperationalError(f"no such savepoint: {name}")
        at = len(self._user_savepoints) - 1 - self._user_savepoints[::-1].index(name)
        if command.startswith("RELEASE") and at == 0 and self._outermost_savepoint:
            self._end("COMMIT")  # SQLite: the outermost savepoint is the transaction
            return Result(None, [], -1)
        self._drop_guard()
        self._send(f"{command} {identifier(name)}")
        del self._user_savepoints[at + (0 if command.startswith("RELEASE") else 1) :]
        self._dirty = True
        return Result(None, [], -1)

    def _drop_guard(self) -> None:
        if self._guarded:
            self._send(f"RELEASE SAVEPOINT {SAVEPOINT}")
            self._guarded = False

    def _pragma(self, statement: Statement) -> Result:
        match = PRAGMA.match(statement.sql)
        name = match.group("name").lower() if match else statement.sql.strip()
        argument = (match.group("set") or match.group("argument")) if match else None
        if name in CATALOG_PRAGMAS and argument is not None:
            self._guard()
            result = self._send(f"SELECT * FROM cutover.pragma_{name}({quoted(_unquoted(argument))})")
            return Result(result.columns, result.rows, -1)
        if name not in SETTINGS:
            raise PostgresNotSupportedError(f"PRAGMA {name} has no counterpart on PostgreSQL")
        value, answers = SETTINGS[name]
        if argument is None:
            return Result(None, [], -1) if value is None else Result((name,), [(value,)], -1)
        if name == "foreign_keys" and _unquoted(argument).lower() in ("0", "off", "false", "no"):
            log.warning("PRAGMA foreign_keys = OFF has no effect: PostgreSQL always enforces foreign keys")
        return Result((name,), [(value,)], -1) if answers else Result(None, [], -1)

    def _attach(self, statement: Statement) -> Result:
        raise PostgresNotSupportedError(f"{statement.first} DATABASE has no counterpart on PostgreSQL: use a schema")

    def _vacuum(self, statement: Statement) -> Result:
        if self.in_transaction:
            raise PostgresOperationalError("cannot VACUUM from within a transaction")
        self._send("VACUUM")
        return Result(None, [], -1)


_CONTROL = {
    "BEGIN": Connection._begin,
    "COMMIT": Connection._commit,
    "END": Connection._commit,
    "ROLLBACK": Connection._rollback,
    "SAVEPOINT": Connection._savepoint,
    "RELEASE": Connection._release,
    "PRAGMA": Connection._pragma,
    "ATTACH": Connection._attach,
    "DETACH": Connection._attach,
    "VACUUM": Connection._vacuum,
}


def _savepoint_name(sql: str) -> Optional[str]:
    match = re.match(
        r"""\s*(?:SAVEPOINT|RELEASE(?:\s+SAVEPOINT)?|ROLLBACK(?:\s+TRANSACTION)?\s+TO(?:\s+SAVEPOINT)?)\s+(\S+?)\s*;?\s*\Z""",
        sql,
        re.IGNORECASE,
    )
    return _unquoted(match.group(1)).lower() if match else None


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] in "'\"`[" and text[-1] in "'\"`]":
        return text[1:-1].replace(text[0] * 2, text[0])
    return text
