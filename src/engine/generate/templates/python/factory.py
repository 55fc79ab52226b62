"""Chooses the adapter by DB_TYPE; there is one for the whole process."""
import os
import threading
from typing import Optional, TypeVar

from .connection import DatabaseAdapter
from .sqlite_sql import DIALECT

_Value = TypeVar("_Value")
_adapter: Optional[DatabaseAdapter] = None
_lock = threading.Lock()


def db_type() -> str:
    """`sqlite` or `postgresql`, as the environment variable DB_TYPE says now; `#{dialectWord}` where it says nothing."""
    value = os.environ.get("DB_TYPE", "").strip().lower() or "#{dialect}"
    if value == "postgres":
        value = "postgresql"
    if value not in ("sqlite", "postgresql"):
        raise ValueError(f"DB_TYPE is {value!r}; it must be 'sqlite' or 'postgresql'")
    if value == "sqlite" and DIALECT == "postgresql":
        raise ValueError("DB_TYPE is 'sqlite', and this code is written for PostgreSQL")
    return value


def by_engine(*, sqlite: _Value, postgresql: _Value) -> _Value:
    """The one of two values that is meant for the engine in use: for SQL that no single text can say on both."""
    return postgresql if db_type() == "postgresql" else sqlite


def get_adapter() -> DatabaseAdapter:
    """
    The adapter for DB_TYPE, made at the first call and kept.

    A later change of DB_TYPE takes effect after reset_adapter().
    """
    global _adapter
    adapter = _adapter
    if adapter is not None:
        return adapter
    with _lock:
        if _adapter is None:
            if db_type() == "postgresql":
                from .postgres_adapter import PostgresAdapter

                _adapter = PostgresAdapter()
            else:
                from .sqlite_adapter import SQLiteAdapter

                _adapter = SQLiteAdapter()
        return _adapter


def reset_adapter() -> None:
    """Closes the adapter and forgets it, so that the next get_adapter() reads the environment anew. For tests."""
    global _adapter
    with _lock:
        adapter, _adapter = _adapter, None
    if adapter is not None:
        adapter.close()
