"""What is known about the issues that workflows work on."""
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection


def issue_summary(issue_number: int, db_path: Optional[str] = None) -> Dict[str, Any]:
    """Workflows, phases and cost of an issue."""
    with get_connection(db_path) as conn:
        workflows, cost, last = conn.execute(
            "SELECT COUNT(*), ifnull(SUM(actual_cost_total), 0.0), MAX(created_at) "
            "FROM workflow_history WHERE issue_number = ?",
            (issue_number,),
        ).fetchone()
        phases = conn.execute(
            "SELECT status, COUNT(*) FROM phase_queue WHERE parent_issue = ? GROUP BY status",
            (issue_number,),
        ).fetchall()
    return {
        "issue_number": issue_number,
        "workflows": workflows,
        "cost": cost,
        "last_activity": last,
        "phases": {status: count for status, count in phases},
    }


def link_pull_request(adw_id: str, pr_number: int, branch_name: str, db_path: Optional[str] = None) -> bool:
    with get_connection(db_path) as conn:
        return (
            conn.execute(
                "UPDATE workflow_history SET pr_number = ?, branch_name = ? WHERE adw_id = ?",
                (pr_number, branch_name, adw_id),
            ).rowcount
            == 1
        )


def issues_titled(text: str, db_path: Optional[str] = None) -> List[int]:
    """Numbers of the issues whose title begins with the text."""
    with get_connection(db_path) as conn:
        return [
            row["issue_number"]
            for row in conn.execute(
                "SELECT DISTINCT issue_number FROM workflow_history "
                "WHERE issue_title LIKE ? || '%' AND issue_number IS NOT NULL ORDER BY issue_number",
                (text,),
            )
        ]
