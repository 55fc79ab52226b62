"""Uploads, measurements and products: /api/v1/data."""
from typing import Any, Dict, List, Optional, Sequence, Tuple

from core import sql_processor
from utils import json_fields
from utils.db_connection import get_connection

FILE_TABLES = ("file0", "file1", "file2", "file3", "file4")
PRODUCT_ORDER = {"name": "name", "price": "price", "stock": "stock"}


def get_tables(db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    return [
        {"name": name, "rows": sql_processor.count_rows(name, db_path)}
        for name in sql_processor.list_tables(db_path)
    ]


def post_file(slot: int, filename: str, content: bytes, compressed: bool = False, db_path: Optional[str] = None) -> int:
    values = (filename, content, len(content), compressed)
    placeholders = ",".join("?" * len(values))
    with get_connection(db_path) as conn:
        cursor = conn.execute(
            f"INSERT INTO {FILE_TABLES[slot]} (filename, content, byte_size, is_compressed) VALUES ({placeholders})",
            values,
        )
        return cursor.lastrowid


def get_file(slot: int, file_id: int, db_path: Optional[str] = None) -> Optional[Tuple[str, bytes]]:
    with get_connection(db_path) as conn:
        row = conn.execute(
            f"SELECT filename, content FROM {FILE_TABLES[slot]} WHERE id = ?", (file_id,)
        ).fetchone()
    return (row["filename"], bytes(row["content"])) if row else None


def put_measurements(series: str, values: Sequence[Optional[float]], db_path: Optional[str] = None) -> None:
    """Write a series of measurements over an older one of the same name."""
    with get_connection(db_path) as conn:
        conn.executemany(
            "INSERT INTO data (series, position, value) VALUES (?, ?, ?) "
            "ON CONFLICT(series, position) DO UPDATE SET value = excluded.value",
            [(series, position, value) for position, value in enumerate(values)],
        )


def get_measurements(series: str, db_path: Optional[str] = None) -> Dict[str, Any]:
    """A series with the number of values that are missing in it."""
    with get_connection(db_path) as conn:
        values = [
            value
            for (value,) in conn.execute("SELECT value FROM data WHERE series = ? ORDER BY position", (series,))
        ]
    return {"values": values, "missing": values.count(None)}


def get_products(
    text: str = "", order_by: str = "name", listed: bool = True, db_path: Optional[str] = None
) -> List[Dict[str, Any]]:
    column = PRODUCT_ORDER.get(order_by, "name")
    with get_connection(db_path) as conn:
        rows = conn.execute(
            f"""
            SELECT id, sku, name, price, stock, attributes
            FROM products
            WHERE is_listed = ? AND name LIKE ?
            ORDER BY {column}, id
            """,
            (1 if listed else 0, f"%{text}%"),
        ).fetchall()
    return [{**dict(row), "attributes": json_fields.load(row["attributes"], {})} for row in rows]


def products_by_colour(colour: str, db_path: Optional[str] = None) -> List[str]:
    with get_connection(db_path) as conn:
        return [
            row["sku"]
            for row in conn.execute(
                "SELECT sku FROM products WHERE json_extract(attributes, '$.colour') = ? ORDER BY sku", (colour,)
            )
        ]


def people_by_nickname(db_path: Optional[str] = None) -> List[Tuple[str, Optional[str]]]:
    """First names and nicknames: first those that have one, last those of whom none is known."""
    with get_connection(db_path) as conn:
        return [
            tuple(row)
            for row in conn.execute("SELECT first_name, nickname FROM people ORDER BY nickname DESC, first_name")
        ]
