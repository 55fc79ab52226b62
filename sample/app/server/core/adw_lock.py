"""Locks on issues: one workflow at a time may work on an issue."""
import os
import socket
import sqlite3
import time
from typing import Any, Dict, List, Optional

from utils.db_connection import get_connection

MAX_ATTEMPTS = 3
ATTEMPT_DELAY = 0.05


def acquire(
    issue_number: int,
    adw_id: str,
    status: str = "planning",
    github_url: Optional[str] = None,
    expires_at: Optional[str] = None,
    db_path: Optional[str] = None,
) -> bool:
    """Lock an issue for a workflow; False when another one holds it."""
    for attempt in range(MAX_ATTEMPTS):
        try:
            with get_connection(db_path) as conn:
                conn.execute(
                    "DELETE FROM adw_locks WHERE issue_number = ? AND expires_at < datetime('now')",
                    (issue_number,),
                )
                try:
                    placeholders = ", ".join(["?"] * 7)
                    conn.execute(
                        f"""
                        INSERT INTO adw_locks
                            (issue_number, adw_id, status, github_url, hostname, process_id, expires_at)
                        VALUES ({placeholders})
                        """,
                        (
                            issue_number,
                            adw_id,
                            status,
                            github_url,
                            socket.gethostname(),
                            os.getpid(),
                            expires_at,
                        ),
                    )
                    return True
                except sqlite3.IntegrityError:
                    # Taken: still ours when the same workflow asks again
                    holder = conn.execute(
                        "SELECT adw_id FROM adw_locks WHERE issue_number = ?", (issue_number,)
                    ).fetchone()
                    return holder is not None and holder["adw_id"] == adw_id
        except sqlite3.OperationalError as error:
            if "locked" not in str(error).lower() or attempt == MAX_ATTEMPTS - 1:
                raise
            time.sleep(ATTEMPT_DELAY)
    return False


def renew(issue_number: int, adw_id: str, status: str, minutes: int = 30, db_path: Optional[str] = None) -> bool:
    """Prolong a lock and note what its holder is doing now."""
    with get_connection(db_path) as conn:
        cursor = conn.execute(
            """
            UPDATE adw_locks
            SET status = ?, updated_at = datetime('now'), expires_at = datetime('now', ?)
            WHERE issue_number = ? AND adw_id = ?
            """,
            (status, f"+{minutes} minutes", issue_number, adw_id),
        )
        return cursor.rowcount == 1


def take_over(lock: Dict[str, Any], db_path: Optional[str] = None) -> None:
    """Write a lock as it is given, whoever holds the issue."""
    placeholders = ", ".join(["?"] * 8)
    with get_connection(db_path) as conn:
        conn.execute(
            "INSERT OR REPLACE INTO adw_locks "
            "(issue_number, adw_id, status, github_url, hostname, process_id, acquired_at, expires_at, updated_at) "
            f"VALUES ({placeholders}, datetime('now'))",
            (
                lock["issue_number"],
                lock["adw_id"],
                lock["status"],
                lock.get("github_url"),
                lock.get("hostname"),
                lock.get("process_id"),
                lock["acquired_at"],
                lock.get("expires_at"),
            ),
        )


def release(issue_number: int, adw_id: str, db_path: Optional[str] = None) -> bool:
    with get_connection(db_path) as conn:
        return (
            conn.execute(
                "DELETE FROM adw_locks WHERE issue_number = ? AND adw_id = ?", (issue_number, adw_id)
            ).rowcount
            > 0
        )


def is_locked(issue_number: int, db_path: Optional[str] = None) -> bool:
    with get_connection(db_path) as conn:
        (held,) = conn.execute(
            "SELECT EXISTS (SELECT 1 FROM adw_locks WHERE issue_number = ?)", (issue_number,)
        ).fetchone()
    return bool(held)



def by_expiry(db_path: Optional[str] = None) -> List[int]:
    """Issues by the time their locks run out; the locks that never do come first."""
    with get_connection(db_path) as conn:
        return [
            row[0]
            for row in conn.execute("SELECT issue_number FROM adw_locks ORDER BY expires_at ASC, issue_number ASC")
        ]
