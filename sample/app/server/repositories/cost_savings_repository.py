"""The log of what was saved, and by which means."""
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection

CREATE_COST_SAVINGS_LOG = (
    "CREATE TABLE IF NOT EXISTS cost_savings_log ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " optimization_type TEXT NOT NULL"
    " CHECK(optimization_type IN ('tool_call', 'input_split', 'pattern_offload', 'inverted_flow')),"
    " workflow_id TEXT NOT NULL,"
    " pattern_id INTEGER REFERENCES operation_patterns(id) ON DELETE SET NULL,"
    " baseline_tokens INTEGER NOT NULL,"
    " actual_tokens INTEGER NOT NULL,"
    " cost_saved_usd REAL NOT NULL,"
    " is_estimated INTEGER NOT NULL DEFAULT 0,"
    " notes TEXT,"
    " created_at TEXT NOT NULL DEFAULT (datetime('now')))"
)


def ensure_cost_savings_table(db_path: Optional[str] = None) -> None:
    with get_connection(db_path) as conn:
        conn.execute(CREATE_COST_SAVINGS_LOG)


class CostSavingsRepository:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path

    def _connection(self):
        return get_connection(self.db_path)

    def log(
        self,
        optimization_type: str,
        workflow_id: str,
        baseline_tokens: int,
        actual_tokens: int,
        cost_saved_usd: float,
        pattern_id: Optional[int] = None,
        is_estimated: bool = False,
        created_at: Optional[str] = None,
    ) -> int:
        placeholders = ", ".join(["?"] * 7)
        with self._connection() as conn:
            cursor = conn.execute(
                f"""
                INSERT INTO cost_savings_log
                    (optimization_type, workflow_id, baseline_tokens, actual_tokens,
                     cost_saved_usd, pattern_id, is_estimated, created_at)
                VALUES ({placeholders}, ifnull(?, datetime('now')))
                """,
                (
                    optimization_type,
                    workflow_id,
                    baseline_tokens,
                    actual_tokens,
                    cost_saved_usd,
                    pattern_id,
                    is_estimated,
                    created_at,
                ),
            )
            return cursor.lastrowid

    def by_month(self) -> List[Dict[str, Any]]:
        with self._connection() as conn:
            rows = conn.execute(
                """
                SELECT strftime('%Y-%m', created_at) AS month,
                       COUNT(*) AS entries,
                       SUM(baseline_tokens - actual_tokens) AS tokens_saved,
                       round(SUM(cost_saved_usd), 2) AS cost_saved
                FROM cost_savings_log
                GROUP BY strftime('%Y-%m', created_at)
                ORDER BY month
                """
            ).fetchall()
        return [dict(row) for row in rows]

    def recent_total(self, days: int = 7, with_estimates: bool = False) -> float:
        """Dollars saved in the last days; estimates count only when asked for."""
        sql = (
            "SELECT ifnull(SUM(cost_saved_usd), 0.0) FROM cost_savings_log "
            "WHERE created_at >= datetime('now', ?)"
        )
        if not with_estimates:
            sql += " AND is_estimated = 0"
        with self._connection() as conn:
            return conn.execute(sql, (f"-{days} days",)).fetchone()[0]

    def of_pattern(self, pattern_id: int) -> List[Dict[str, Any]]:
        with self._connection() as conn:
            rows = conn.execute(
                "SELECT * FROM cost_savings_log WHERE pattern_id = ? ORDER BY id", (pattern_id,)
            ).fetchall()
        return [dict(row) for row in rows]
