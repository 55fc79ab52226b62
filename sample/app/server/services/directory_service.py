"""The directory: users of the dashboard, employees, staff."""
import sqlite3
from typing import Any, Dict, List, Optional, Tuple

from utils.db_connection import get_connection

CREATE_USERS = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    bio TEXT,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK(is_active IN (0, 1)),
    is_admin INTEGER NOT NULL DEFAULT 0 CHECK(is_admin IN (0, 1)),
    login_count INTEGER NOT NULL DEFAULT 0,
    last_login_at TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX IF NOT EXISTS idx_users_email ON users(lower(email));
"""


class EmailTaken(ValueError):
    pass


def ensure_users_table(db_path: Optional[str] = None) -> None:
    with get_connection(db_path) as conn:
        conn.executescript(CREATE_USERS)


def add_user(name: str, email: str, is_admin: bool = False, db_path: Optional[str] = None) -> int:
    with get_connection(db_path) as conn:
        try:
            return conn.execute(
                "INSERT INTO users (name, email, is_admin) VALUES (?, ?, ?)", (name, email, is_admin)
            ).lastrowid
        except sqlite3.IntegrityError as error:
            (holder,) = conn.execute("SELECT name FROM users WHERE lower(email) = lower(?)", (email,)).fetchone()
            raise EmailTaken(f"{email} belongs to {holder}") from error


def deactivate(user_id: int, db_path: Optional[str] = None) -> bool:
    with get_connection(db_path) as conn:
        return conn.execute("UPDATE users SET is_active = 0 WHERE id = ?", (user_id,)).rowcount == 1


def log_in(email: str, db_path: Optional[str] = None) -> Optional[Dict[str, Any]]:
    """Note a login of an active user; None for anyone else."""
    with get_connection(db_path) as conn:
        conn.execute(
            "UPDATE users SET login_count = login_count + 1, last_login_at = CURRENT_TIMESTAMP "
            "WHERE lower(email) = lower(?) AND is_active = 1",
            (email,),
        )
        row = conn.execute(
            "SELECT id, name, is_admin, login_count FROM users WHERE lower(email) = lower(?) AND is_active = 1",
            (email,),
        ).fetchone()
    return {**dict(row), "is_admin": bool(row["is_admin"])} if row else None


def find_users(text: str = "", active: bool = True, db_path: Optional[str] = None) -> List[Dict[str, Any]]:
    """Users by name, those who never logged in first among the rest."""
    with get_connection(db_path) as conn:
        rows = conn.execute(
            "SELECT id, name, email, last_login_at FROM users "
            "WHERE is_active = ? AND (name LIKE ? OR email LIKE ?) ORDER BY last_login_at, name",
            (active, f"%{text}%", f"%{text}%"),
        ).fetchall()
    return [dict(row) for row in rows]


def payroll(db_path: Optional[str] = None) -> List[Tuple[str, int, int, float]]:
    """Department, heads, remote heads and mean salary."""
    with get_connection(db_path) as conn:
        return [
            tuple(row)
            for row in conn.execute(
                """
                SELECT department, COUNT(*), SUM(is_remote), round(avg(salary), 2)
                FROM employees
                GROUP BY department
                ORDER BY department
                """
            )
        ]


def reports_of(manager_id: int, db_path: Optional[str] = None) -> List[str]:
    """Everybody below a manager, whatever the distance."""
    with get_connection(db_path) as conn:
        return [
            row["name"]
            for row in conn.execute(
                """
                WITH RECURSIVE below(id, name) AS (
                    SELECT id, name FROM employees WHERE manager_id = ?
                    UNION ALL
                    SELECT e.id, e.name FROM employees e JOIN below b ON e.manager_id = b.id
                )
                SELECT name FROM below ORDER BY name
                """,
                (manager_id,),
            )
        ]


def duty_roster(db_path: Optional[str] = None) -> Dict[str, List[str]]:
    """Names on duty by department."""
    with get_connection(db_path) as conn:
        return {
            department: sorted(names.split("; "))
            for department, names in conn.execute(
                """
                SELECT e.department, group_concat(e.name, '; ')
                FROM staff s JOIN employees e ON e.id = s.employee_id
                WHERE s.on_duty = 1
                GROUP BY e.department
                """
            )
        }
