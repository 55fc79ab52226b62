"""State of the system: /api/v1/system."""
from typing import Any, Dict, Optional

from core import sql_processor
from services import health_service
from utils.db_connection import get_connection


def get_status(db_path: Optional[str] = None) -> Dict[str, Any]:
    return {
        "database": health_service.check_database(db_path),
        "queue": health_service.check_queue(db_path),
        "tables": len(sql_processor.list_tables(db_path)),
    }


def prepare_database(db_path: Optional[str] = None) -> str:
    """Readers need not wait for a writer; returns the journal mode in use."""
    with get_connection(db_path) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        row = conn.execute("PRAGMA journal_mode").fetchone()
    return str(row[0]) if row else "unknown"


def get_recent_activity(db_path: Optional[str] = None) -> Dict[str, Any]:
    """When things last happened."""
    with get_connection(db_path) as conn:
        row = conn.execute(
            """
            SELECT (SELECT MAX(created_at) FROM workflow_history) AS workflow,
                   (SELECT MAX(called_at) FROM tool_calls) AS tool_call,
                   (SELECT MAX(created_at) FROM hook_events) AS hook_event
            """
        ).fetchone()
    return {name: row[name] for name in row.keys()}
