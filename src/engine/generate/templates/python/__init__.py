"""The application's way to its database: SQLite or PostgreSQL, as DB_TYPE says."""
from .connection import DatabaseAdapter
from .factory import by_engine, db_type, get_adapter, reset_adapter

__all__ = ["DatabaseAdapter", "by_engine", "db_type", "get_adapter", "reset_adapter"]
