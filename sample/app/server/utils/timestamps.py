"""Points in time as the database keeps them: UTC, 'YYYY-MM-DD HH:MM:SS'."""
from datetime import datetime, timedelta, timezone

FORMAT = "%Y-%m-%d %H:%M:%S"


def now() -> str:
    return datetime.now(timezone.utc).strftime(FORMAT)


def from_now(**delta: int) -> str:
    """A point in time relative to now: from_now(hours=-2)."""
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime(FORMAT)


def parse(text: str) -> datetime:
    return datetime.fromisoformat(text)
