"""Events that the hooks of running workflows send."""
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

from utils import json_fields
from utils.db_connection import get_connection

EVENT_COLUMNS = ("event_type", "session_id", "workflow_id", "tool_name", "payload")

INSERT_EVENT = f"""
    INSERT INTO hook_events ({", ".join(EVENT_COLUMNS)})
    VALUES ({", ".join("?" for column in EVENT_COLUMNS)})
"""


def ensure_hook_events_table(db_path: Optional[str] = None) -> None:
    with get_connection(db_path) as conn:
        conn.executescript("""
            CREATE TABLE IF NOT EXISTS hook_events (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                event_type TEXT NOT NULL
                    CHECK(event_type IN ('PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'SessionStart', 'Stop')),
                session_id TEXT NOT NULL,
                workflow_id TEXT,
                tool_name TEXT,
                payload TEXT NOT NULL,
                processed INTEGER NOT NULL DEFAULT 0,
                processed_at TEXT,
                created_at TEXT NOT NULL DEFAULT (datetime('now'))
            );
            CREATE INDEX IF NOT EXISTS idx_hook_events_unprocessed
                ON hook_events(created_at) WHERE processed = 0;
        """)


class HookEventRepository:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path

    def _connection(self):
        return get_connection(self.db_path)

    def record(
        self,
        event_type: str,
        session_id: str,
        payload: Dict[str, Any],
        workflow_id: Optional[str] = None,
        tool_name: Optional[str] = None,
    ) -> int:
        with self._connection() as conn:
            cursor = conn.execute(
                INSERT_EVENT,
                (event_type, session_id, workflow_id, tool_name, json_fields.dump(payload)),
            )
            return cursor.lastrowid

    def record_many(self, events: Iterable[Tuple[str, str, Optional[str], Optional[str], Dict[str, Any]]]) -> None:
        rows = [(*event[:4], json_fields.dump(event[4])) for event in events]
        with self._connection() as conn:
            conn.executemany(INSERT_EVENT, rows)

    def unprocessed(self, limit: int = 100) -> List[Dict[str, Any]]:
        """Events that wait to be processed, the oldest first."""
        with self._connection() as conn:
            rows = conn.execute(
                """
                SELECT id, event_type, session_id, workflow_id, tool_name, payload, created_at
                FROM hook_events
                WHERE processed = 0
                ORDER BY id
                LIMIT ?
                """,
                (limit,),
            ).fetchall()
        return [{**dict(row), "payload": json_fields.load(row["payload"])} for row in rows]

    def mark_processed(self, event_ids: Sequence[int]) -> int:
        if not event_ids:
            return 0
        marks = ", ".join(["?"] * len(event_ids))
        with self._connection() as conn:
            cursor = conn.execute(
                f"""
                UPDATE hook_events
                SET processed = 1, processed_at = datetime('now')
                WHERE processed = 0 AND id IN ({marks})
                """,
                tuple(event_ids),
            )
            return cursor.rowcount

    def by_command(self, command: str) -> List[int]:
        """Ids of the events whose payload names the command."""
        with self._connection() as conn:
            return [
                event_id
                for (event_id,) in conn.execute(
                    "SELECT id FROM hook_events WHERE json_extract(payload, '$.command') = ? ORDER BY id",
                    (command,),
                )
            ]

    def purge(self, days: int = 30) -> int:
        """Delete processed events older than so many days."""
        with self._connection() as conn:
            return conn.execute(
                "DELETE FROM hook_events WHERE processed = 1 AND created_at < datetime('now', ?)",
                (f"-{days} days",),
            ).rowcount
