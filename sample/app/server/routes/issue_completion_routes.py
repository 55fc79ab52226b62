"""Closing an issue: /api/v1/issues/<number>/complete."""
from typing import Any, Dict, Optional

from services import github_issue_service
from utils.db_connection import get_connection


def complete_issue(issue_number: int, db_path: Optional[str] = None) -> Dict[str, Any]:
    """Close an issue with its phases, workflows and lock; all of that or nothing."""
    with get_connection(db_path) as conn:
        running = conn.execute(
            "SELECT COUNT(*) FROM phase_queue WHERE parent_issue = ? AND status = 'running'", (issue_number,)
        ).fetchone()[0]
        phases = conn.execute(
            "UPDATE phase_queue SET status = 'completed', updated_at = CURRENT_TIMESTAMP WHERE parent_issue = ?",
            (issue_number,),
        ).rowcount
        conn.execute(
            "UPDATE workflow_history SET gh_issue_state = 'closed' WHERE issue_number = ?", (issue_number,)
        )
        conn.execute("DELETE FROM adw_locks WHERE issue_number = ?", (issue_number,))
        if running:
            raise RuntimeError(f"Issue {issue_number} has running phases")
    return {"completed_phases": phases, **github_issue_service.issue_summary(issue_number, db_path)}
