"""SQLite, opened the way the project always opened it."""
"#{imports}"

from .connection import DatabaseAdapter

"#{helper}"


class SQLiteAdapter(DatabaseAdapter):
    """SQLite through the project's own connection code above."""

    db_type = "sqlite"
    #: The helper's parameter that names the database file, if it has one.
    path_parameter: Any = "#{pathParameter}"

    def __init__(self, db_path: Any = None):
        """`db_path` is used where a call names no database; then SQLITE_DB_PATH, then the project's own default."""
        self.db_path = db_path

    def _call(self, args: Any, kwargs: Any) -> Any:
        path = self.db_path or os.environ.get("SQLITE_DB_PATH")
        if path and self.path_parameter and not args and not kwargs:
            kwargs = {self.path_parameter: path}
        return open_connection(*args, **kwargs)

    "#{methods}"

    def close(self) -> None:
        """Nothing is kept open between two connections."""
