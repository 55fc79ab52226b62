"""
PostgreSQL's errors as sqlite3's, so that the application's except clauses go on working.

Each carries SQLite's own words where SQLite has words for it, `sqlstate`, sqlite3's `sqlite_errorname`, and PostgreSQL's
error as `__cause__`.
"""
import re
import sqlite3
from typing import Any, Callable, Dict, Optional, Tuple, Type


class PostgresError:
    """What all of these have in common."""

    sqlstate: Optional[str] = None
    sqlite_errorname: str = "SQLITE_ERROR"
    sqlite_errorcode: int = 1


class PostgresIntegrityError(PostgresError, sqlite3.IntegrityError):
    """A constraint was violated (class 23)."""


class PostgresOperationalError(PostgresError, sqlite3.OperationalError):
    """Connection trouble, locks, and statements that the server does not accept."""


class PostgresDataError(PostgresError, sqlite3.DataError):
    """A value that its column's type cannot hold (class 22)."""


class PostgresNotSupportedError(PostgresError, sqlite3.NotSupportedError):
    """Something that this connection cannot do."""


class PostgresInternalError(PostgresError, sqlite3.InternalError):
    """The server is damaged, or has a bug (class XX)."""


class PostgresDatabaseError(PostgresError, sqlite3.DatabaseError):
    """Everything else."""


def _columns_of_key(error: Any) -> str:
    """`t.a, t.b` from the detail `Key (a, b)=(1, 2) already exists.`"""
    table = error.diag.table_name or ""
    match = re.match(r"Key \((.*)\)=\(", error.diag.message_detail or "", re.DOTALL)
    columns = match.group(1).split(", ") if match else [error.diag.constraint_name or ""]
    return ", ".join(f"{table}.{column.strip(chr(34))}" for column in columns)


def _quoted_name(error: Any) -> str:
    match = re.search(r'"((?:[^"]|"")*)"', error.diag.message_primary or "")
    return match.group(1) if match else ""


def _column_name(error: Any) -> str:
    match = re.search(r'column "?(.*?)"? (?:of relation|does not exist)', error.diag.message_primary or "")
    return match.group(1) if match else ""


def _syntax(error: Any) -> str:
    message = error.diag.message_primary or ""
    match = re.search(r'at or near "(.*)"', message, re.DOTALL)
    return f'near "{match.group(1)}": syntax error' if match else "incomplete input" if "end of input" in message else message


_Words = Callable[[Any], str]

#: By SQLSTATE: the class, sqlite3's error name and code, and SQLite's words.
_KNOWN: Dict[str, Tuple[Type[Exception], str, int, _Words]] = {
    "23505": (PostgresIntegrityError, "SQLITE_CONSTRAINT_UNIQUE", 2067, lambda e: f"UNIQUE constraint failed: {_columns_of_key(e)}"),
    "23502": (
        PostgresIntegrityError,
        "SQLITE_CONSTRAINT_NOTNULL",
        1299,
        lambda e: f"NOT NULL constraint failed: {e.diag.table_name}.{e.diag.column_name}",
    ),
    "23503": (PostgresIntegrityError, "SQLITE_CONSTRAINT_FOREIGNKEY", 787, lambda _: "FOREIGN KEY constraint failed"),
    "23514": (PostgresIntegrityError, "SQLITE_CONSTRAINT_CHECK", 275, lambda e: f"CHECK constraint failed: {e.diag.constraint_name}"),
    "42P01": (PostgresOperationalError, "SQLITE_ERROR", 1, lambda e: f"no such table: {_quoted_name(e)}"),
    "42P07": (PostgresOperationalError, "SQLITE_ERROR", 1, lambda e: f"table {_quoted_name(e)} already exists"),
    "42703": (PostgresOperationalError, "SQLITE_ERROR", 1, lambda e: f"no such column: {_column_name(e)}"),
    "42701": (PostgresOperationalError, "SQLITE_ERROR", 1, lambda e: f"duplicate column name: {_column_name(e) or _quoted_name(e)}"),
    "42601": (PostgresOperationalError, "SQLITE_ERROR", 1, _syntax),
    "55P03": (PostgresOperationalError, "SQLITE_BUSY", 5, lambda _: "database is locked"),
    "40P01": (PostgresOperationalError, "SQLITE_BUSY", 5, lambda _: "database is locked"),
    "40001": (PostgresOperationalError, "SQLITE_BUSY", 5, lambda _: "database is locked"),
}

#: By SQLSTATE's class, where the code itself is not listed.
_CLASSES: Dict[str, Type[Exception]] = {
    "08": PostgresOperationalError,
    "0A": PostgresNotSupportedError,
    "22": PostgresDataError,
    "23": PostgresIntegrityError,
    "25": PostgresOperationalError,
    "28": PostgresOperationalError,
    "3D": PostgresOperationalError,
    "40": PostgresOperationalError,
    "42": PostgresOperationalError,
    "53": PostgresOperationalError,
    "55": PostgresOperationalError,
    "57": PostgresOperationalError,
    "58": PostgresOperationalError,
    "XX": PostgresInternalError,
}


def translated(error: Any) -> Exception:
    """The sqlite3 error for a driver's; raise it `from` the driver's."""
    state = getattr(error, "pgcode", None) or getattr(error, "sqlstate", None)
    if state in _KNOWN:
        kind, name, code, words = _KNOWN[state]
        problem = kind(words(error))
        problem.sqlite_errorname = name  # type: ignore[attr-defined]
        problem.sqlite_errorcode = code  # type: ignore[attr-defined]
    else:
        kind = PostgresOperationalError if state is None else _CLASSES.get(state[:2], PostgresDatabaseError)
        diag = getattr(error, "diag", None)
        message = getattr(diag, "message_primary", None) or str(error).strip()
        hint = getattr(diag, "message_hint", None)
        problem = kind(f"{message} ({hint})" if hint else message)
    problem.sqlstate = state  # type: ignore[attr-defined]
    return problem
