"""Figures about past workflows for the dashboard."""
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection


def totals(db_path: Optional[str] = None) -> Dict[str, Any]:
    """Counts and costs over all workflows that are not archived."""
    with get_connection(db_path) as conn:
        row = conn.execute(
            """
            SELECT COUNT(*) AS workflows,
                   ifnull(SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END), 0) AS completed,
                   ifnull(SUM(actual_cost_total), 0.0) AS cost,
                   round(avg(duration_seconds), 2) AS mean_seconds
            FROM workflow_history
            WHERE is_archived = 0
            """
        ).fetchone()
    return dict(row)


def per_day(days: int = 30, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """Workflows and costs of each of the last days on which there were any."""
    with get_connection(db_path) as conn:
        rows = conn.execute(
            """
            SELECT date(created_at) AS day, COUNT(*) AS workflows, SUM(total_tokens) AS tokens
            FROM workflow_history
            WHERE created_at >= datetime('now', ?)
            GROUP BY date(created_at)
            ORDER BY day
            """,
            (f"-{days} days",),
        ).fetchall()
    return [dict(row) for row in rows]



def per_month(year: str, db_path: Optional[str] = None) -> Dict[str, int]:
    with get_connection(db_path) as conn:
        return {
            month: count
            for month, count in conn.execute(
                "SELECT strftime('%m', created_at) AS month, COUNT(*) FROM workflow_history "
                "WHERE strftime('%Y', created_at) = ? GROUP BY month ORDER BY month",
                (year,),
            )
        }


def slowest(limit: int = 10, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """Finished workflows by the minutes between their start and their end."""
    with get_connection(db_path) as conn:
        rows = conn.execute(
            """
            SELECT adw_id, round((julianday(end_time) - julianday(start_time)) * 24 * 60, 1) AS minutes
            FROM workflow_history
            WHERE start_time IS NOT NULL AND end_time IS NOT NULL
            ORDER BY minutes DESC, adw_id
            LIMIT ?
            """,
            (limit,),
        ).fetchall()
    return [dict(row) for row in rows]


def models(db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """What each model did and cost."""
    with get_connection(db_path) as conn:
        return [
            dict(row)
            for row in conn.execute(
                "SELECT ifnull(model_used, 'unknown') AS model, COUNT(*) AS workflows, "
                "round(avg(actual_cost_total), 4) AS mean_cost, MAX(total_tokens) AS most_tokens "
                "FROM workflow_history GROUP BY ifnull(model_used, 'unknown') ORDER BY workflows DESC, model"
            )
        ]


def idle_issues(db_path: Optional[str] = None) -> List[int]:
    """Issues on which no workflow was started for two weeks."""
    with get_connection(db_path) as conn:
        return [
            issue
            for (issue,) in conn.execute(
                """
                SELECT issue_number
                FROM workflow_history
                WHERE issue_number IS NOT NULL
                GROUP BY issue_number
                HAVING MAX(created_at) < datetime('now', '-14 days')
                ORDER BY issue_number
                """
            )
        ]
