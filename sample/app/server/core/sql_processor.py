"""Looks at the tables of the database: names, columns, samples."""
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection


class UnknownTable(LookupError):
    pass


def list_tables(db_path: Optional[str] = None) -> List[str]:
    with get_connection(db_path) as conn:
        return [
            row["name"]
            for row in conn.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]


def table_info(table: str, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """Name, position in the primary key and presence of a default of every column."""
    require_table(table, db_path)
    with get_connection(db_path) as conn:
        return [
            {"name": row["name"], "key": row["pk"], "required": bool(row["notnull"])}
            for row in conn.execute(f"PRAGMA table_info({table})")
        ]


def column_names(table: str, db_path: Optional[str] = None) -> List[str]:
    return [column["name"] for column in table_info(table, db_path)]


def require_table(table: str, db_path: Optional[str] = None) -> None:
    """Names of tables become part of a statement, so they must be known ones."""
    if table not in list_tables(db_path):
        raise UnknownTable(table)


def count_rows(table: str, db_path: Optional[str] = None) -> int:
    require_table(table, db_path)
    with get_connection(db_path) as conn:
        return conn.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]


def sample(table: str, limit: int = 10, offset: int = 0, db_path: Optional[str] = None) -> Dict[str, Any]:
    """Some rows of a table by its first column."""
    columns = column_names(table, db_path)
    with get_connection(db_path) as conn:
        rows = conn.execute(
            f'SELECT * FROM "{table}" ORDER BY {columns[0]} LIMIT ? OFFSET ?', (limit, offset)
        ).fetchall()
    return {"columns": columns, "rows": [tuple(row) for row in rows]}


def insert_rows(table: str, rows: List[Dict[str, Any]], db_path: Optional[str] = None) -> int:
    """Insert rows given by column; all of them or none."""
    if not rows:
        return 0
    known = column_names(table, db_path)
    columns = [name for name in rows[0] if name in known]
    names = ", ".join(columns)
    placeholders = ", ".join("?" for name in columns)
    with get_connection(db_path) as conn:
        conn.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({placeholders})",
            [tuple(row[name] for name in columns) for row in rows],
        )
    return len(rows)
