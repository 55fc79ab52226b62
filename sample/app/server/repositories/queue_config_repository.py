"""Settings of the queue, by name."""
from typing import Any, Dict, Optional

from utils import timestamps
from utils.db_connection import get_connection

DEFAULTS = (
    ("max_parallel", "3", "integer"),
    ("auto_start", "true", "boolean"),
    ("default_model", "sonnet", "string"),
)


def typed(value: str, value_type: str) -> Any:
    if value_type == "integer":
        return int(value)
    if value_type == "boolean":
        return value == "true"
    return value


class QueueConfigRepository:
    def __init__(self, db_path: Optional[str] = None):
        self.db_path = db_path

    def _connection(self):
        return get_connection(self.db_path)

    def install_defaults(self) -> int:
        """Add the settings that are missing and leave the others alone; returns how many."""
        added = 0
        with self._connection() as conn:
            for key, value, value_type in DEFAULTS:
                cursor = conn.execute(
                    "INSERT OR IGNORE INTO queue_config (config_key, config_value, value_type) VALUES (?, ?, ?)",
                    (key, value, value_type),
                )
                added += cursor.rowcount
        return added

    def put(self, key: str, value: str, value_type: str = "string", is_active: bool = True) -> None:
        """Write a whole setting, over an older one of the same name."""
        with self._connection() as conn:
            conn.execute(
                """
                INSERT OR REPLACE INTO queue_config (config_key, config_value, value_type, is_active, updated_at)
                VALUES (?, ?, ?, ?, ?)
                """,
                (key, value, value_type, int(is_active), timestamps.now()),
            )

    def set_value(self, key: str, value: str) -> None:
        """Change a setting's value only; add it as a string where it is new."""
        with self._connection() as conn:
            conn.execute(
                "INSERT INTO queue_config (config_key, config_value) VALUES (?, ?) "
                "ON CONFLICT(config_key) DO UPDATE SET "
                "config_value = excluded.config_value, updated_at = CURRENT_TIMESTAMP",
                (key, value),
            )

    def get(self, key: str, default: Any = None) -> Any:
        with self._connection() as conn:
            row = conn.execute(
                "SELECT config_value, value_type FROM queue_config WHERE config_key = ? AND is_active = 1",
                (key,),
            ).fetchone()
        if row is None:
            return default
        value, value_type = row
        return typed(value, value_type)

    def all_active(self) -> Dict[str, Any]:
        with self._connection() as conn:
            return {
                row["config_key"]: typed(row["config_value"], row["value_type"])
                for row in conn.execute("SELECT * FROM queue_config WHERE is_active = 1")
            }
