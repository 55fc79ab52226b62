"""JSON kept in text columns."""
import json
from typing import Any


def dump(value: Any) -> Any:
    """The text to store for a value; None stays NULL."""
    return None if value is None else json.dumps(value)


def load(text: Any, default: Any = None) -> Any:
    """The value of a stored text; NULL gives the default."""
    return default if text is None else json.loads(text)
