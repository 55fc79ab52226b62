"""Tools that workflows may call instead of asking a model."""
from typing import Any, Dict, List, Optional, Sequence

from utils import json_fields
from utils.db_connection import get_connection


def tool_from_row(row: Any) -> Dict[str, Any]:
    tool = dict(row)
    tool["input_patterns"] = json_fields.load(tool["input_patterns"], [])
    tool["output_format"] = json_fields.load(tool["output_format"])
    tool["enabled"] = bool(tool["enabled"])
    return tool


class AdwToolRepository:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path

    def _connection(self):
        return get_connection(self.db_path)

    def register(
        self,
        tool_name: str,
        description: str,
        script_path: str,
        input_patterns: Sequence[str],
        output_format: Optional[Dict[str, Any]] = None,
        status: str = "active",
    ) -> None:
        """Add a tool, or bring its description up to date; its counters stay."""
        placeholders = ", ".join(["?"] * 6)
        with self._connection() as conn:
            conn.execute(
                f"""
                INSERT INTO adw_tools (tool_name, description, script_path, input_patterns, output_format, status)
                VALUES ({placeholders})
                ON CONFLICT(tool_name) DO UPDATE SET
                    description = excluded.description,
                    script_path = excluded.script_path,
                    input_patterns = excluded.input_patterns,
                    output_format = excluded.output_format,
                    status = excluded.status,
                    updated_at = CURRENT_TIMESTAMP
                """,
                (
                    tool_name,
                    description,
                    script_path,
                    json_fields.dump(list(input_patterns)),
                    json_fields.dump(output_format),
                    status,
                ),
            )

    def count_invocation(self, tool_name: str, script_path: str) -> int:
        """Count a call, also of a tool that was never registered; returns the new total."""
        with self._connection() as conn:
            conn.execute(
                "INSERT INTO adw_tools (tool_name, description, script_path, input_patterns, status, total_invocations) "
                "VALUES (?, 'seen in a workflow', ?, '[]', 'experimental', 1) "
                "ON CONFLICT(tool_name) DO UPDATE SET total_invocations = total_invocations + 1",
                (tool_name, script_path),
            )
            (total,) = conn.execute(
                "SELECT total_invocations FROM adw_tools WHERE tool_name = ?", (tool_name,)
            ).fetchone()
            return total

    def find(self, tool_name: str) -> Optional[Dict[str, Any]]:
        with self._connection() as conn:
            row = conn.execute("SELECT * FROM adw_tools WHERE tool_name = ?", (tool_name,)).fetchone()
        return tool_from_row(row) if row else None

    def usable(self) -> List[Dict[str, Any]]:
        with self._connection() as conn:
            rows = conn.execute(
                "SELECT * FROM adw_tools WHERE enabled = 1 AND status <> 'deprecated' ORDER BY tool_name"
            ).fetchall()
        return [tool_from_row(row) for row in rows]

    def set_enabled(self, tool_name: str, enabled: bool) -> bool:
        with self._connection() as conn:
            return (
                conn.execute(
                    "UPDATE adw_tools SET enabled = ? WHERE tool_name = ?", (1 if enabled else 0, tool_name)
                ).rowcount
                == 1
            )
