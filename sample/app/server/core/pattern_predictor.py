"""Guesses from past workflows which patterns a new one will show."""
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection

RECENT_PATTERNS = """
    SELECT p.id, p.pattern_signature, p.confidence_score, COUNT(o.id) AS seen
    FROM operation_patterns p
    JOIN pattern_occurrences o ON o.pattern_id = p.id
    WHERE o.detected_at >= datetime('now', ?)
    GROUP BY p.id
    HAVING COUNT(o.id) >= ?
    ORDER BY seen DESC, p.confidence_score DESC, p.id
"""


def predict(text: str, limit: int = 5, db_path: Optional[str] = None) -> List[str]:
    """Signatures that contain one of the text's words, the most certain first."""
    words = [word for word in text.split() if len(word) > 2]
    if not words:
        return []
    condition = " OR ".join(["pattern_signature LIKE ?"] * len(words))
    sql = (
        "SELECT pattern_signature FROM operation_patterns "
        f"WHERE automation_status <> 'deprecated' AND ({condition}) "
        "ORDER BY confidence_score DESC, pattern_signature LIMIT ?"
    )
    with get_connection(db_path) as conn:
        return [row[0] for row in conn.execute(sql, [f"%{word}%" for word in words] + [limit])]


def recent(days: int = 7, at_least: int = 1, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """Patterns seen in the last days."""
    with get_connection(db_path) as conn:
        return [dict(row) for row in conn.execute(RECENT_PATTERNS, (f"-{days} days", at_least))]


def fade_unused(db_path: Optional[str] = None) -> int:
    """Patterns that were not seen for three months become less certain."""
    with get_connection(db_path) as conn:
        return conn.execute(
            "UPDATE operation_patterns SET confidence_score = confidence_score / 2.0 "
            "WHERE last_seen_at < datetime('now', '-3 months') AND automation_status = 'detected'"
        ).rowcount


def coverage(db_path: Optional[str] = None) -> Dict[str, int]:
    """How many patterns there are, and how many of them could be automated."""
    with get_connection(db_path) as conn:
        total, automatable = conn.execute(
            "SELECT COUNT(*), ifnull(SUM(is_automatable), 0) FROM operation_patterns"
        ).fetchone()
    return {"total": total, "automatable": automatable}
