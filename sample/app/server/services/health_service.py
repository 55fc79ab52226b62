"""Tells whether the application can do its work."""
import sqlite3
from typing import Any, Dict, Optional

from utils.db_connection import get_connection


def check_database(db_path: Optional[str] = None) -> Dict[str, Any]:
    try:
        with get_connection(db_path, max_retries=1) as conn:
            (workflows,) = conn.execute("SELECT COUNT(*) FROM workflow_history").fetchone()
            running = conn.execute(
                "SELECT COUNT(*) FROM workflow_history WHERE status = 'running'"
            ).fetchone()[0]
    except sqlite3.OperationalError as error:
        return {"status": "error", "detail": str(error)}
    return {"status": "ok", "workflows": workflows, "running": running}


def check_queue(db_path: Optional[str] = None) -> Dict[str, Any]:
    """Waiting and paused phases, and the mean minutes a ready one has been waiting."""
    with get_connection(db_path) as conn:
        row = conn.execute(
            """
            SELECT COUNT(*) AS waiting,
                   ifnull(SUM(is_paused), 0) AS paused,
                   round(avg((julianday('now') - julianday(ready_timestamp)) * 1440), 1) AS mean_wait_minutes
            FROM phase_queue
            WHERE status IN ('pending', 'ready')
            """
        ).fetchone()
    return dict(row)
