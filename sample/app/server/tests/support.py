"""
A fresh database for every test.

DB_TYPE unset or sqlite: a file of its own, made from db/schema.sql, named to
the application by SQLITE_DB_PATH. DB_TYPE=postgresql: schema public of the
server that POSTGRES_* names is dropped and made again, once per process, from
the file that POSTGRES_SCHEMA names, and emptied before each test.
"""
import os
import shutil
import sqlite3
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List, Optional

from core import sql_processor
from utils.db_connection import get_connection

SERVER = Path(__file__).resolve().parents[1]
SCHEMA = SERVER / "db" / "schema.sql"

_template: Optional[tempfile.TemporaryDirectory] = None
_server: Any = None


def is_postgresql() -> bool:
    return os.environ.get("DB_TYPE", "sqlite").lower() in ("postgresql", "postgres")


def _sqlite_template() -> Path:
    """An empty database with the whole schema, to be copied; made once per process."""
    global _template
    if _template is None:
        _template = tempfile.TemporaryDirectory()
        conn = sqlite3.connect(str(Path(_template.name) / "template.db"))
        conn.executescript(SCHEMA.read_text(encoding="utf-8"))
        conn.close()
    return Path(_template.name) / "template.db"


def _connect_server() -> Any:
    settings: Dict[str, Any] = {
        "host": os.environ.get("POSTGRES_HOST", "localhost"),
        "port": int(os.environ.get("POSTGRES_PORT", "5432")),
        "dbname": os.environ.get("POSTGRES_DB", "postgres"),
        "user": os.environ.get("POSTGRES_USER", "postgres"),
        "password": os.environ.get("POSTGRES_PASSWORD", ""),
    }
    try:
        import psycopg as driver
    except ImportError:
        import psycopg2 as driver
    conn = driver.connect(**settings)
    conn.autocommit = True
    return conn


def _reset_server() -> None:
    """Make schema public anew, once; afterwards only empty its tables."""
    global _server
    if _server is None:
        _server = _connect_server()
        schema = Path(os.environ.get("POSTGRES_SCHEMA", "migration/postgres_schema.sql"))
        if not schema.is_absolute():
            schema = SERVER / schema
        cursor = _server.cursor()
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute(schema.read_text(encoding="utf-8"))
        cursor.execute("SET search_path TO DEFAULT")
    cursor = _server.cursor()
    cursor.execute("SELECT quote_ident(tablename) FROM pg_catalog.pg_tables WHERE schemaname = 'public'")
    tables = ", ".join("public." + row[0] for row in cursor.fetchall())
    cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


class DatabaseTestCase(unittest.TestCase):
    """Gives each test an empty database with the whole schema."""

    db_path: Optional[str] = None

    def setUp(self) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        if is_postgresql():
            _reset_server()
            return
        self.db_path = str(Path(self._directory.name) / "test.db")
        shutil.copyfile(str(_sqlite_template()), self.db_path)
        self._set_environment("SQLITE_DB_PATH", self.db_path)

    def _set_environment(self, name: str, value: str) -> None:
        before = os.environ.get(name)
        os.environ[name] = value
        if before is None:
            self.addCleanup(os.environ.pop, name, None)
        else:
            self.addCleanup(os.environ.__setitem__, name, before)

    def bare_database(self) -> Optional[str]:
        """A database without tables where the engine keeps it in a file, else the one in use."""
        return None if is_postgresql() else str(Path(self._directory.name) / "bare.db")

    def fetch(self, sql: str) -> List[Any]:
        """Rows as the application sees them."""
        with get_connection(self.db_path) as conn:
            return conn.execute(sql).fetchall()

    def insert(self, table: str, *rows: Dict[str, Any]) -> None:
        sql_processor.insert_rows(table, list(rows), self.db_path)
