"""What tools were called, how long they took and what they saved."""
import sqlite3
from typing import Any, Dict, Iterable, List, Optional, Tuple

from utils import json_fields
from utils.db_connection import get_connection

CREATE_TOOL_CALLS = """
CREATE TABLE IF NOT EXISTS tool_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tool_call_id TEXT NOT NULL UNIQUE,
    workflow_id TEXT NOT NULL REFERENCES workflow_history(adw_id) ON DELETE CASCADE,
    tool_name TEXT NOT NULL,
    tool_params TEXT,
    result_data TEXT,
    called_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    completed_at TEXT,
    duration_ms INTEGER,
    success INTEGER NOT NULL DEFAULT 0,
    error_message TEXT,
    tokens_saved INTEGER NOT NULL DEFAULT 0,
    cost_saved_usd REAL NOT NULL DEFAULT 0.0
)
"""

INSERT_TOOL_CALL = (
    "INSERT INTO tool_calls "
    "(tool_call_id, workflow_id, tool_name, tool_params, called_at, duration_ms, success, tokens_saved, cost_saved_usd) "
    "VALUES (" + ", ".join(["?"] * 9) + ")"
)


def ensure_tool_calls_table(db_path: Optional[str] = None) -> None:
    with get_connection(db_path) as conn:
        conn.execute(CREATE_TOOL_CALLS)


class ToolCallRepository:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path

    def _connection(self):
        return get_connection(self.db_path)

    def start(self, tool_call_id: str, workflow_id: str, tool_name: str, params: Dict[str, Any]) -> int:
        with self._connection() as conn:
            cursor = conn.cursor()
            cursor.execute(
                "INSERT INTO tool_calls (tool_call_id, workflow_id, tool_name, tool_params) VALUES (?, ?, ?, ?)",
                (tool_call_id, workflow_id, tool_name, json_fields.dump(params)),
            )
            return cursor.lastrowid

    def finish(
        self,
        tool_call_id: str,
        success: bool,
        duration_ms: int,
        result: Optional[Dict[str, Any]] = None,
        error_message: Optional[str] = None,
    ) -> bool:
        with self._connection() as conn:
            cursor = conn.execute(
                """
                UPDATE tool_calls
                SET success = ?, duration_ms = ?, result_data = ?, error_message = ?,
                    completed_at = CURRENT_TIMESTAMP
                WHERE tool_call_id = ?
                """,
                (success, duration_ms, json_fields.dump(result), error_message, tool_call_id),
            )
            return cursor.rowcount == 1

    def add_many(self, calls: Iterable[Tuple[Any, ...]]) -> None:
        """Store finished calls, in the order of INSERT_TOOL_CALL's columns; all of them or none."""
        with self._connection() as conn:
            conn.executemany(INSERT_TOOL_CALL, list(calls))

    def add_new(self, calls: Iterable[Tuple[Any, ...]]) -> Tuple[int, int]:
        """Store calls one by one and skip those known already: (stored, skipped)."""
        stored, skipped = 0, 0
        with self._connection() as conn:
            for call in calls:
                try:
                    conn.execute(INSERT_TOOL_CALL, call)
                    stored += 1
                except sqlite3.IntegrityError:
                    skipped += 1
        return stored, skipped

    def for_workflow(self, workflow_id: str) -> List[Dict[str, Any]]:
        with self._connection() as conn:
            rows = conn.execute(
                "SELECT * FROM tool_calls WHERE workflow_id = ? ORDER BY id", (workflow_id,)
            ).fetchall()
        calls = []
        for row in rows:
            call = dict(row)
            call["tool_params"] = json_fields.load(row["tool_params"], {})
            call["result_data"] = json_fields.load(row["result_data"])
            calls.append(call)
        return calls

    def summary_by_tool(self) -> List[Dict[str, Any]]:
        """Calls, successes and mean duration of every tool, the most used first."""
        with self._connection() as conn:
            cursor = conn.execute(
                """
                SELECT tool_name,
                       COUNT(*) AS calls,
                       SUM(success) AS successes,
                       round(avg(duration_ms), 2) AS mean_ms,
                       ifnull(SUM(tokens_saved), 0) AS tokens_saved
                FROM tool_calls
                GROUP BY tool_name
                ORDER BY calls DESC, tool_name
                """
            )
            return [dict(row) for row in cursor]

    def tools_of(self, workflow_id: str) -> List[str]:
        """Names of the tools that a workflow used."""
        with self._connection() as conn:
            names = conn.execute(
                "SELECT group_concat(DISTINCT tool_name) FROM tool_calls WHERE workflow_id = ?",
                (workflow_id,),
            ).fetchone()[0]
        return sorted(names.split(",")) if names else []

    def failures_like(self, text: str) -> List[str]:
        """Ids of failed calls whose message contains the text, whatever its case."""
        with self._connection() as conn:
            return [
                row["tool_call_id"]
                for row in conn.execute(
                    "SELECT tool_call_id FROM tool_calls WHERE success = 0 AND error_message LIKE ? ORDER BY id",
                    (f"%{text}%",),
                )
            ]
