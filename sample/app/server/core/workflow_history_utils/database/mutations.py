"""Writes to the workflow history."""
import sqlite3
from typing import Any, Dict, List, Optional, Sequence

from utils import json_fields
from utils.db_connection import get_connection

JSON_COLUMNS = frozenset(
    (
        "phase_durations",
        "cost_breakdown",
        "token_breakdown",
        "structured_input",
        "structured_output",
        "anomaly_flags",
        "tags",
    )
)

INSERT_ERROR = "INSERT INTO workflow_errors (adw_id, phase, severity, message, context) VALUES (" + (
    ", ".join("?" * 5) + ")"
)

UPDATABLE = JSON_COLUMNS | frozenset(
    (
        "status",
        "start_time",
        "end_time",
        "duration_seconds",
        "error_message",
        "error_category",
        "current_phase",
        "phase_count",
        "retry_count",
        "total_tokens",
        "actual_cost_total",
        "is_dry_run",
        "execution_log",
    )
)


def create_workflow(
    adw_id: str,
    issue_number: Optional[int] = None,
    nl_input: Optional[str] = None,
    workflow_template: str = "adw_sdlc",
    model_used: Optional[str] = None,
    structured_input: Optional[Dict[str, Any]] = None,
    tags: Sequence[str] = (),
    created_at: Optional[str] = None,
    db_path: Optional[str] = None,
) -> int:
    """Add a workflow to the history and return its id."""
    columns = ["adw_id", "issue_number", "nl_input", "workflow_template", "model_used", "structured_input", "tags"]
    values: List[Any] = [
        adw_id,
        issue_number,
        nl_input,
        workflow_template,
        model_used,
        json_fields.dump(structured_input),
        json_fields.dump(list(tags)),
    ]
    if created_at is not None:
        columns.append("created_at")
        values.append(created_at)
    placeholders = ",".join("?" * len(values))
    with get_connection(db_path) as conn:
        cursor = conn.execute(
            f"INSERT INTO workflow_history ({', '.join(columns)}) VALUES ({placeholders})", values
        )
        return cursor.lastrowid


def create_once(adw_id: str, nl_input: str, db_path: Optional[str] = None) -> bool:
    """Add a workflow unless it is known; a second request is counted as a retry."""
    with get_connection(db_path) as conn:
        try:
            conn.execute("INSERT INTO workflow_history (adw_id, nl_input) VALUES (?, ?)", (adw_id, nl_input))
            return True
        except sqlite3.IntegrityError:
            conn.execute(
                "UPDATE workflow_history SET retry_count = retry_count + 1 WHERE adw_id = ?", (adw_id,)
            )
            return False


def update_workflow(adw_id: str, changes: Dict[str, Any], db_path: Optional[str] = None) -> bool:
    """Change some columns of a workflow."""
    unknown = set(changes) - UPDATABLE
    if unknown:
        raise ValueError("Not to be updated: " + ", ".join(sorted(unknown)))
    assignments = [f"{name} = ?" for name in changes]
    assignments.append("updated_at = CURRENT_TIMESTAMP")
    values = [json_fields.dump(value) if name in JSON_COLUMNS else value for name, value in changes.items()]
    with get_connection(db_path) as conn:
        cursor = conn.execute(
            f"UPDATE workflow_history SET {', '.join(assignments)} WHERE adw_id = ?", (*values, adw_id)
        )
        return cursor.rowcount == 1


def finish_workflow(
    adw_id: str, status: str, end_time: str, errors: Sequence[Dict[str, Any]] = (), db_path: Optional[str] = None
) -> None:
    """Close a workflow and store the errors it met; all of that or nothing."""
    with get_connection(db_path) as conn:
        conn.execute(
            """
            UPDATE workflow_history
            SET status = ?, end_time = ?, updated_at = CURRENT_TIMESTAMP
            WHERE adw_id = ?
            """,
            (status, end_time, adw_id),
        )
        conn.executemany(
            INSERT_ERROR,
            [
                (
                    adw_id,
                    error["phase"],
                    error.get("severity", "error"),
                    error["message"],
                    json_fields.dump(error.get("context")),
                )
                for error in errors
            ],
        )


def archive(adw_ids: Sequence[str], db_path: Optional[str] = None) -> int:
    if not adw_ids:
        return 0
    placeholders = ", ".join(["?"] * len(adw_ids))
    with get_connection(db_path) as conn:
        return conn.execute(
            f"""
            UPDATE workflow_history
            SET is_archived = 1, archived_at = CURRENT_TIMESTAMP
            WHERE is_archived = 0 AND adw_id IN ({placeholders})
            """,
            tuple(adw_ids),
        ).rowcount


def resolve_errors(adw_id: str, db_path: Optional[str] = None) -> int:
    with get_connection(db_path) as conn:
        return conn.execute(
            "UPDATE workflow_errors SET is_resolved = 1, resolved_at = CURRENT_TIMESTAMP "
            "WHERE adw_id = ? AND is_resolved = 0",
            (adw_id,),
        ).rowcount


def delete_workflow(adw_id: str, db_path: Optional[str] = None) -> bool:
    """Delete a workflow with its tool calls and errors."""
    with get_connection(db_path) as conn:
        return conn.execute("DELETE FROM workflow_history WHERE adw_id = ?", (adw_id,)).rowcount == 1
