"""The queue of phases: a parent issue is worked on in several steps."""
import sqlite3
from typing import Any, Dict, List, Optional, Sequence

from utils import json_fields
from utils.db_connection import get_connection

NEW_PHASE = (
    "parent_issue",
    "phase_number",
    "phase_data",
    "depends_on_phase",
    "priority",
    "status",
    "queue_position",
)

SELECT_PHASE = (
    "SELECT queue_id, parent_issue, phase_number, issue_number, status, depends_on_phase, "
    "phase_data, error_message, is_paused, created_at, updated_at, priority, queue_position, "
    "ready_timestamp, started_at FROM phase_queue "
)


def ensure_phase_queue_table(db_path: Optional[str] = None) -> None:
    """Create the table of phases where it does not exist yet."""
    with get_connection(db_path) as conn:
        conn.executescript(
            """
            CREATE TABLE IF NOT EXISTS phase_queue (
                queue_id INTEGER PRIMARY KEY AUTOINCREMENT,
                parent_issue INTEGER,
                phase_number INTEGER,
                issue_number INTEGER,
                status TEXT NOT NULL DEFAULT 'pending'
                    CHECK(status IN ('pending', 'ready', 'running', 'completed', 'failed')),
                depends_on_phase INTEGER,
                phase_data TEXT,
                error_message TEXT,
                is_paused INTEGER NOT NULL DEFAULT 0,
                created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
                updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
                priority INTEGER NOT NULL DEFAULT 50,
                queue_position INTEGER NOT NULL,
                ready_timestamp TEXT,
                started_at TEXT,
                UNIQUE(queue_id)
            );
            CREATE INDEX IF NOT EXISTS idx_phase_queue_status ON phase_queue(status);
            CREATE INDEX IF NOT EXISTS idx_phase_queue_priority
                ON phase_queue(status, priority DESC, queue_position ASC);
            """
        )


def phase_from_row(row: sqlite3.Row) -> Dict[str, Any]:
    phase = dict(row)
    phase["phase_data"] = json_fields.load(phase["phase_data"], {})
    phase["is_paused"] = bool(phase["is_paused"])
    return phase


class PhaseQueueRepository:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path

    def _connection(self):
        return get_connection(self.db_path)

    def add(
        self,
        parent_issue: Optional[int],
        phase_number: int,
        phase_data: Optional[Dict[str, Any]] = None,
        depends_on_phase: Optional[int] = None,
        priority: int = 50,
        status: str = "pending",
    ) -> int:
        """Append a phase to the queue and return its id."""
        with self._connection() as conn:
            position = conn.execute(
                "SELECT ifnull(MAX(queue_position), 0) + 1 FROM phase_queue"
            ).fetchone()[0]
            cursor = conn.execute(
                f"INSERT INTO phase_queue ({', '.join(NEW_PHASE)}) VALUES ({', '.join(['?'] * len(NEW_PHASE))})",
                (
                    parent_issue,
                    phase_number,
                    json_fields.dump(phase_data),
                    depends_on_phase,
                    priority,
                    status,
                    position,
                ),
            )
            return cursor.lastrowid

    def find_by_id(self, queue_id: int) -> Optional[Dict[str, Any]]:
        with self._connection() as conn:
            row = conn.execute(SELECT_PHASE + "WHERE queue_id = ?", (queue_id,)).fetchone()
        return phase_from_row(row) if row else None

    def find_by_parent(self, parent_issue: int) -> List[Dict[str, Any]]:
        with self._connection() as conn:
            cursor = conn.execute(
                SELECT_PHASE + "WHERE parent_issue = ? ORDER BY phase_number, queue_id",
                (parent_issue,),
            )
            return [phase_from_row(row) for row in cursor.fetchall()]

    def find_by_ids(self, queue_ids: Sequence[int]) -> List[Dict[str, Any]]:
        if not queue_ids:
            return []
        placeholders = ",".join("?" * len(queue_ids))
        with self._connection() as conn:
            rows = conn.execute(
                f"SELECT * FROM phase_queue WHERE queue_id IN ({placeholders}) ORDER BY queue_id",
                list(queue_ids),
            ).fetchall()
        return [phase_from_row(row) for row in rows]

    def search(
        self,
        status: Optional[str] = None,
        parent_issue: Optional[int] = None,
        paused: Optional[bool] = None,
    ) -> List[Dict[str, Any]]:
        """Phases that meet every condition given, the most urgent first."""
        clauses: List[str] = []
        params: List[Any] = []
        if status is not None:
            clauses.append("status = ?")
            params.append(status)
        if parent_issue is not None:
            clauses.append("parent_issue = ?")
            params.append(parent_issue)
        if paused is not None:
            clauses.append("is_paused = ?")
            params.append(paused)
        where = "WHERE " + " AND ".join(clauses) if clauses else ""
        with self._connection() as conn:
            rows = conn.execute(
                f"SELECT * FROM phase_queue {where} ORDER BY priority DESC, queue_position ASC",
                params,
            ).fetchall()
        return [phase_from_row(row) for row in rows]

    def update_status(self, queue_id: int, status: str, error_message: Optional[str] = None) -> bool:
        """Set a phase's status; False when there is no such phase."""
        with self._connection() as conn:
            cursor = conn.execute(
                "UPDATE phase_queue "
                "SET status = ?, error_message = ?, updated_at = datetime('now') "
                "WHERE queue_id = ?",
                (status, error_message, queue_id),
            )
            return cursor.rowcount > 0

    def mark_ready(self, queue_id: int, ready_timestamp: Optional[str] = None) -> bool:
        with self._connection() as conn:
            cursor = conn.execute(
                """
                UPDATE phase_queue
                SET status = 'ready',
                    ready_timestamp = ifnull(?, datetime('now')),
                    updated_at = datetime('now')
                WHERE queue_id = ? AND status = 'pending'
                """,
                (ready_timestamp, queue_id),
            )
            return cursor.rowcount == 1

    def set_paused(self, parent_issue: int, paused: bool) -> int:
        """Pause or resume every unfinished phase of an issue; returns how many."""
        with self._connection() as conn:
            cursor = conn.execute(
                "UPDATE phase_queue SET is_paused = ?, updated_at = datetime('now') "
                "WHERE parent_issue = ? AND status NOT IN ('completed', 'failed')",
                (paused, parent_issue),
            )
            return cursor.rowcount

    def claim_next(self) -> Optional[Dict[str, Any]]:
        """Take the most urgent ready phase and mark it as running."""
        with self._connection() as conn:
            row = conn.execute(
                """
                SELECT queue_id FROM phase_queue
                WHERE status = 'ready' AND is_paused = 0
                ORDER BY priority DESC, queue_position ASC
                LIMIT 1
                """
            ).fetchone()
            if row is None:
                return None
            conn.execute(
                "UPDATE phase_queue SET status = 'running', started_at = datetime('now') WHERE queue_id = ?",
                (row["queue_id"],),
            )
            claimed = conn.execute(SELECT_PHASE + "WHERE queue_id = ?", (row["queue_id"],)).fetchone()
            return phase_from_row(claimed)

    def by_readiness(self, newest_first: bool = False) -> List[Dict[str, Any]]:
        """Every phase by the time it became ready; those not ready yet have none."""
        if newest_first:
            sql = "SELECT * FROM phase_queue ORDER BY ready_timestamp DESC, queue_id DESC"
        else:
            sql = "SELECT * FROM phase_queue ORDER BY ready_timestamp, queue_id"
        with self._connection() as conn:
            return [phase_from_row(row) for row in conn.execute(sql)]

    def stalled(self, age: str = "-30 minutes") -> List[int]:
        """Ids of phases that have been running since before the given age."""
        with self._connection() as conn:
            return [
                row[0]
                for row in conn.execute(
                    "SELECT queue_id FROM phase_queue "
                    "WHERE status = 'running' AND started_at < datetime('now', ?) "
                    "ORDER BY queue_id",
                    (age,),
                )
            ]
