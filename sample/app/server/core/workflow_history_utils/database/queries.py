"""Reads from the workflow history."""
from typing import Any, Dict, List, Optional, Tuple

from core.workflow_history_utils.database.mutations import JSON_COLUMNS
from utils import json_fields
from utils.db_connection import get_connection

SORTABLE = ("created_at", "adw_id", "actual_cost_total", "total_tokens", "retry_count")


def workflow_from_row(row: Any) -> Dict[str, Any]:
    workflow = dict(row)
    for name in JSON_COLUMNS:
        workflow[name] = json_fields.load(workflow[name])
    return workflow


def find_workflow(adw_id: str, db_path: Optional[str] = None) -> Optional[Dict[str, Any]]:
    with get_connection(db_path) as conn:
        row = conn.execute("SELECT * FROM workflow_history WHERE adw_id = ?", (adw_id,)).fetchone()
    return workflow_from_row(row) if row else None


def list_workflows(
    status: Optional[str] = None,
    model: Optional[str] = None,
    search: Optional[str] = None,
    since: Optional[str] = None,
    include_archived: bool = False,
    sort_by: str = "created_at",
    descending: bool = True,
    limit: int = 20,
    offset: int = 0,
    db_path: Optional[str] = None,
) -> Tuple[List[Dict[str, Any]], int]:
    """A page of workflows, and how many there are altogether."""
    clauses = []
    params: List[Any] = []
    if status:
        clauses.append("status = ?")
        params.append(status)
    if model:
        clauses.append("model_used = ?")
        params.append(model)
    if search:
        clauses.append("(nl_input LIKE ? OR issue_title LIKE ? OR adw_id LIKE ?)")
        params.extend([f"%{search}%"] * 3)
    if since:
        clauses.append("created_at >= ?")
        params.append(since)
    if not include_archived:
        clauses.append("is_archived = 0")
    where = " AND ".join(clauses) if clauses else "1 = 1"
    column = sort_by if sort_by in SORTABLE else "created_at"
    direction = "DESC" if descending else "ASC"
    with get_connection(db_path) as conn:
        total = conn.execute(f"SELECT COUNT(*) FROM workflow_history WHERE {where}", params).fetchone()[0]
        rows = conn.execute(
            f"SELECT * FROM workflow_history WHERE {where} "
            f"ORDER BY {column} {direction}, id {direction} LIMIT ? OFFSET ?",
            params + [limit, offset],
        ).fetchall()
    return [workflow_from_row(row) for row in rows], total


def count_by_status(db_path: Optional[str] = None) -> Dict[str, int]:
    with get_connection(db_path) as conn:
        return {
            row["status"]: row["n"]
            for row in conn.execute("SELECT status, COUNT(*) AS n FROM workflow_history GROUP BY status")
        }



def stuck_workflows(hours: int = 2, db_path: Optional[str] = None) -> List[str]:
    """Ids of workflows that started long ago and have not ended."""
    with get_connection(db_path) as conn:
        return [
            row["adw_id"]
            for row in conn.execute(
                "SELECT adw_id FROM workflow_history "
                "WHERE status = 'running' AND start_time < datetime('now', '-' || ? || ' hours') "
                "ORDER BY start_time, adw_id",
                (str(hours),),
            )
        ]



def errors_of(adw_id: str, only_open: bool = False, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    sql = "SELECT * FROM workflow_errors WHERE adw_id = ?"
    if only_open:
        sql += " AND is_resolved = 0"
    with get_connection(db_path) as conn:
        rows = conn.execute(sql + " ORDER BY id", (adw_id,)).fetchall()
    return [{**dict(row), "context": json_fields.load(row["context"])} for row in rows]


def search_errors(text: str, db_path: Optional[str] = None) -> List[str]:
    """Messages that contain the text, whatever its case; % and _ stand for themselves."""
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    with get_connection(db_path) as conn:
        return [
            row["message"]
            for row in conn.execute(
                "SELECT message FROM workflow_errors WHERE message LIKE '%' || ? || '%' ESCAPE '!' ORDER BY id",
                (escaped,),
            )
        ]
