"""Moves the phases of an issue forward: what is finished makes the next one ready."""
from typing import Any, Dict, List, Optional

from repositories.phase_queue_repository import PhaseQueueRepository
from utils.db_connection import get_connection


class PhaseCoordinator:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path
        self.queue = PhaseQueueRepository(db_path)

    def _connection(self):
        return get_connection(self.db_path)

    def enqueue(self, parent_issue: int, phases: List[Dict[str, Any]]) -> List[int]:
        """Queue an issue's phases; each depends on the one before it."""
        ids = []
        for number, phase in enumerate(phases, start=1):
            ids.append(
                self.queue.add(
                    parent_issue,
                    number,
                    phase,
                    depends_on_phase=number - 1 if number > 1 else None,
                    priority=phase.get("priority", 50),
                )
            )
        if ids:
            self.queue.mark_ready(ids[0])
        return ids

    def complete(self, queue_id: int) -> Optional[int]:
        """Complete a phase; returns the id of the phase that this made ready."""
        phase = self.queue.find_by_id(queue_id)
        if phase is None:
            raise LookupError(f"There is no phase {queue_id}")
        self.queue.update_status(queue_id, "completed")
        with self._connection() as conn:
            row = conn.execute(
                "SELECT queue_id FROM phase_queue "
                "WHERE parent_issue = ? AND depends_on_phase = ? AND status = 'pending'",
                (phase["parent_issue"], phase["phase_number"]),
            ).fetchone()
        if row is None:
            return None
        self.queue.mark_ready(row["queue_id"])
        return row["queue_id"]

    def fail(self, queue_id: int, message: str) -> int:
        """Fail a phase and every later one of its issue; returns how many there were."""
        phase = self.queue.find_by_id(queue_id)
        if phase is None:
            raise LookupError(f"There is no phase {queue_id}")
        with self._connection() as conn:
            return conn.execute(
                """
                UPDATE phase_queue
                SET status = 'failed', error_message = ?, updated_at = CURRENT_TIMESTAMP
                WHERE parent_issue = ? AND phase_number >= ? AND status <> 'completed'
                """,
                (message, phase["parent_issue"], phase["phase_number"]),
            ).rowcount

    def progress(self) -> List[Dict[str, Any]]:
        """How far each issue is, by its number."""
        with self._connection() as conn:
            cursor = conn.execute(
                """
                SELECT parent_issue,
                       COUNT(*) AS phases,
                       SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS completed,
                       MAX(priority) AS priority
                FROM phase_queue
                WHERE parent_issue IS NOT NULL
                GROUP BY parent_issue
                ORDER BY parent_issue
                """
            )
            return [dict(row) for row in cursor.fetchall()]
