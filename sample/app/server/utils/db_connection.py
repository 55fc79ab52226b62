"""The one way to the database: a connection that commits or rolls back by itself."""
import os
import sqlite3
import time
from contextlib import contextmanager
from typing import Generator, Optional

DEFAULT_DB_PATH = "db/database.db"


def database_path() -> str:
    """Path of the database in use; read at call time, so that it can be changed."""
    return os.environ.get("SQLITE_DB_PATH") or DEFAULT_DB_PATH


@contextmanager
def get_connection(
    db_path: Optional[str] = None,
    max_retries: int = 3,
    retry_delay: float = 0.1,
) -> Generator[sqlite3.Connection, None, None]:
    """
    Context manager for database connections.

    Commits when the block ends normally, rolls back when it raises. Opening is
    tried again while another process holds the database (SQLITE_BUSY).

    Args:
        db_path: Path of the database file; by default the configured one
        max_retries: How often to try
        retry_delay: Seconds to wait between two tries
    """
    conn = None
    last_error = None
    path = str(db_path or database_path())

    for attempt in range(max_retries):
        try:
            conn = sqlite3.connect(path)
            conn.row_factory = sqlite3.Row
            conn.execute("PRAGMA foreign_keys = ON")
            break
        except sqlite3.OperationalError as error:
            last_error = error
            if conn is not None:
                conn.close()
                conn = None
            if "locked" in str(error).lower() and attempt < max_retries - 1:
                time.sleep(retry_delay)
                continue
            raise

    if conn is None:
        raise last_error or sqlite3.OperationalError("Failed to connect")

    try:
        yield conn
    except Exception:
        conn.rollback()
        raise
    else:
        conn.commit()
    finally:
        conn.close()
