"""Prints figures about patterns: python3 -m tests.manual.query_pattern_stats [DATABASE]."""
import sys
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection


def pattern_stats(db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """Patterns by type: how many, how certain, and when the latest was seen."""
    with get_connection(db_path) as conn:
        return [
            dict(row)
            for row in conn.execute(
                """
                SELECT pattern_type,
                       COUNT(*) AS patterns,
                       round(avg(confidence_score), 2) AS mean_confidence,
                       MAX(last_seen_at) AS last_seen_at,
                       SUM(CASE WHEN last_seen_at >= datetime('now', '-7 days') THEN 1 ELSE 0 END) AS seen_this_week
                FROM operation_patterns
                GROUP BY pattern_type
                ORDER BY patterns DESC, pattern_type
                """
            )
        ]


if __name__ == "__main__":
    for line in pattern_stats(sys.argv[1] if len(sys.argv) > 1 else None):
        print(line)
