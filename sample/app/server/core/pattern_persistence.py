"""Stores patterns of operations and the workflows in which they were seen."""
import sqlite3
from typing import Any, Dict, List, Optional, Sequence

from utils import json_fields
from utils.db_connection import get_connection

PATTERN_TABLES = """
CREATE TABLE IF NOT EXISTS operation_patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_signature TEXT NOT NULL UNIQUE,
    pattern_type TEXT NOT NULL CHECK(pattern_type IN ('test', 'build', 'format', 'git', 'deps', 'docs')),
    automation_status TEXT NOT NULL DEFAULT 'detected'
        CHECK(automation_status IN ('detected', 'candidate', 'approved', 'implemented', 'deprecated')),
    typical_operations TEXT,
    occurrence_count INTEGER NOT NULL DEFAULT 1,
    avg_tokens REAL,
    avg_cost_usd REAL,
    confidence_score REAL NOT NULL DEFAULT 10.0,
    is_automatable INTEGER NOT NULL DEFAULT 0,
    reviewed_by TEXT,
    first_seen_at TEXT NOT NULL DEFAULT (datetime('now')),
    last_seen_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE TABLE IF NOT EXISTS pattern_occurrences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_id INTEGER NOT NULL,
    workflow_id TEXT NOT NULL,
    similarity_score REAL NOT NULL DEFAULT 100.0,
    matched_characteristics TEXT,
    detected_at TEXT NOT NULL DEFAULT (datetime('now')),
    FOREIGN KEY (pattern_id) REFERENCES operation_patterns(id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_pattern_occurrences_once
    ON pattern_occurrences(pattern_id, workflow_id);
"""

# A pattern that is seen again counts one more and becomes more certain, up to 100
UPSERT_PATTERN = """
    INSERT INTO operation_patterns (pattern_signature, pattern_type, typical_operations, avg_tokens, avg_cost_usd)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT(pattern_signature) DO UPDATE SET
        typical_operations = excluded.typical_operations,
        avg_tokens = excluded.avg_tokens,
        avg_cost_usd = excluded.avg_cost_usd,
        occurrence_count = operation_patterns.occurrence_count + 1,
        confidence_score = min(100.0, operation_patterns.confidence_score + 5.0),
        last_seen_at = datetime('now')
"""


def ensure_pattern_tables(db_path: Optional[str] = None) -> None:
    with get_connection(db_path) as conn:
        conn.executescript(PATTERN_TABLES)


def record_pattern(
    signature: str,
    pattern_type: str,
    operations: Sequence[str],
    workflow_id: str,
    tokens: Optional[float] = None,
    cost_usd: Optional[float] = None,
    characteristics: Optional[Dict[str, Any]] = None,
    db_path: Optional[str] = None,
) -> int:
    """Note that a workflow showed a pattern; returns the pattern's id."""
    with get_connection(db_path) as conn:
        conn.execute(UPSERT_PATTERN, (signature, pattern_type, json_fields.dump(list(operations)), tokens, cost_usd))
        pattern_id = conn.execute(
            "SELECT id FROM operation_patterns WHERE pattern_signature = ?", (signature,)
        ).fetchone()["id"]
        conn.execute(
            "INSERT OR IGNORE INTO pattern_occurrences (pattern_id, workflow_id, matched_characteristics) "
            "VALUES (?, ?, ?)",
            (pattern_id, workflow_id, json_fields.dump(characteristics)),
        )
    return pattern_id


def add_pattern(signature: str, pattern_type: str, db_path: Optional[str] = None) -> int:
    """Add a pattern by hand; one that exists gives its id."""
    with get_connection(db_path) as conn:
        try:
            cursor = conn.execute(
                "INSERT INTO operation_patterns (pattern_signature, pattern_type, occurrence_count) VALUES (?, ?, 0)",
                (signature, pattern_type),
            )
            return cursor.lastrowid
        except sqlite3.IntegrityError:
            row = conn.execute(
                "SELECT id FROM operation_patterns WHERE pattern_signature = ?", (signature,)
            ).fetchone()
            if row is None:
                raise
            return row[0]


def find_pattern(pattern_id: int, db_path: Optional[str] = None) -> Optional[Dict[str, Any]]:
    with get_connection(db_path) as conn:
        row = conn.execute("SELECT * FROM operation_patterns WHERE id = ?", (pattern_id,)).fetchone()
    if row is None:
        return None
    pattern = dict(row)
    pattern["typical_operations"] = json_fields.load(pattern["typical_operations"], [])
    pattern["is_automatable"] = bool(pattern["is_automatable"])
    return pattern


def approve(pattern_ids: Sequence[int], reviewer: str, db_path: Optional[str] = None) -> int:
    """Approve patterns for automation; returns how many were waiting for it."""
    if not pattern_ids:
        return 0
    placeholders = ", ".join(["?"] * len(pattern_ids))
    with get_connection(db_path) as conn:
        cursor = conn.execute(
            "UPDATE operation_patterns "
            "SET automation_status = 'approved', is_automatable = 1, reviewed_by = ? "
            f"WHERE automation_status IN ('detected', 'candidate') AND id IN ({placeholders})",
            (reviewer, *pattern_ids),
        )
        return cursor.rowcount


def occurrences(pattern_id: int, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    with get_connection(db_path) as conn:
        return [
            {**dict(row), "matched_characteristics": json_fields.load(row["matched_characteristics"], {})}
            for row in conn.execute(
                "SELECT * FROM pattern_occurrences WHERE pattern_id = ? ORDER BY id", (pattern_id,)
            )
        ]


def delete_pattern(pattern_id: int, db_path: Optional[str] = None) -> bool:
    """Delete a pattern and, with it, its occurrences."""
    with get_connection(db_path) as conn:
        return conn.execute("DELETE FROM operation_patterns WHERE id = ?", (pattern_id,)).rowcount == 1


def merge_patterns(source_id: int, target_id: int, db_path: Optional[str] = None) -> None:
    """Move a pattern's occurrences to another one and delete it; all of that or nothing."""
    with get_connection(db_path) as conn:
        conn.execute(
            """
            UPDATE pattern_occurrences SET pattern_id = ?
            WHERE pattern_id = ?
              AND workflow_id NOT IN (SELECT workflow_id FROM pattern_occurrences WHERE pattern_id = ?)
            """,
            (target_id, source_id, target_id),
        )
        conn.execute("DELETE FROM operation_patterns WHERE id = ?", (source_id,))
        counted = conn.execute(
            """
            UPDATE operation_patterns
            SET occurrence_count = (SELECT COUNT(*) FROM pattern_occurrences WHERE pattern_id = operation_patterns.id)
            WHERE id = ?
            """,
            (target_id,),
        ).rowcount
        if counted == 0:
            raise LookupError(f"There is no pattern {target_id}")
