"""
The two drivers behind one small face: psycopg2 and psycopg (3). Statements go out as text, in autocommit; values come
back as SQLite would give them.
"""
import importlib
import os
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

from .postgres_errors import translated

#: Type OIDs of pg_type, which never change.
BOOL, BYTEA, NUMERIC = 16, 17, 1700
TEXTUAL = (114, 3802, 1082, 1083, 1266, 1114, 1186, 2950)  # json, jsonb, date, time, timetz, timestamp, interval, uuid
TIMESTAMPTZ = 1184


class Result(NamedTuple):
    """What the last statement of a text gave: column names and rows, or neither."""

    columns: Optional[Tuple[str, ...]]
    rows: List[Tuple[Any, ...]]
    rowcount: int


def from_bool(text: str) -> int:
    return 1 if text == "t" else 0


def from_numeric(text: str) -> Any:
    """sum() of integers is an integer, avg() a float: SQLite's types, by whether there is a fraction."""
    return float(text) if "." in text or text in ("NaN", "Infinity", "-Infinity") else int(text)


def from_timestamptz(text: str) -> str:
    """The session's zone is UTC: SQLite's text has no zone."""
    return text[:-3] if text.endswith("+00") else text


def from_bytea(text: str) -> bytes:
    """The session's bytea_output is hex."""
    return bytes.fromhex(text[2:])


class Psycopg2:
    """psycopg2: https://www.psycopg.org/docs/"""

    name = "psycopg2"

    def __init__(self) -> None:
        self._module = importlib.import_module("psycopg2")
        self._extensions = importlib.import_module("psycopg2.extensions")
        self.error: Any = self._module.Error
        new_type = self._extensions.new_type

        def type_of(oids: Sequence[int], name: str, convert: Any) -> Any:
            return new_type(tuple(oids), name, lambda text, _cursor: None if text is None else convert(text))

        self._types = [
            type_of((BOOL,), "SQLITE_BOOL", from_bool),
            type_of((NUMERIC,), "SQLITE_NUMERIC", from_numeric),
            type_of((TIMESTAMPTZ,), "SQLITE_TIMESTAMPTZ", from_timestamptz),
            type_of(TEXTUAL, "SQLITE_TEXT", str),
            type_of((BYTEA,), "SQLITE_BLOB", from_bytea),
        ]

    def connect(self, parameters: Any) -> Any:
        try:
            raw = self._module.connect(**parameters)
        except self.error as error:
            raise translated(error) from error
        raw.autocommit = True
        for each in self._types:
            self._extensions.register_type(each, raw)
        return raw

    def run(self, raw: Any, sql: str) -> Result:
        """Runs a text of one or more statements. Raises the driver's own errors."""
        with raw.cursor() as cursor:
            cursor.execute(sql)
            if cursor.description is None:
                return Result(None, [], cursor.rowcount)
            columns = tuple(column.name for column in cursor.description)
            return Result(columns, cursor.fetchall(), cursor.rowcount)

    def status(self, raw: Any) -> str:
        return ("idle", "active", "transaction", "failed", "unknown")[min(raw.info.transaction_status, 4)]

    def cancel(self, raw: Any) -> None:
        raw.cancel()


class Psycopg3:
    """psycopg: https://www.psycopg.org/psycopg3/docs/"""

    name = "psycopg"

    def __init__(self) -> None:
        self._module = importlib.import_module("psycopg")
        loader = importlib.import_module("psycopg.adapt").Loader
        self.error: Any = self._module.Error

        def loader_of(convert: Any) -> Any:
            return type("SqliteLoader", (loader,), {"load": lambda _self, data: convert(bytes(data).decode())})

        self._loaders = [
            ((BOOL,), loader_of(from_bool)),
            ((NUMERIC,), loader_of(from_numeric)),
            ((TIMESTAMPTZ,), loader_of(from_timestamptz)),
            (TEXTUAL, loader_of(str)),
        ]

    def connect(self, parameters: Any) -> Any:
        try:
            named = {("conninfo" if name == "dsn" else name): value for name, value in parameters.items()}
            raw = self._module.connect(**named, autocommit=True, prepare_threshold=None)
        except self.error as error:
            raise translated(error) from error
        for oids, each in self._loaders:
            for oid in oids:
                raw.adapters.register_loader(oid, each)
        return raw

    def run(self, raw: Any, sql: str) -> Result:
        """Runs a text of one or more statements. Raises the driver's own errors."""
        with raw.cursor() as cursor:
            cursor.execute(sql)
            while cursor.nextset():
                pass
            if cursor.description is None:
                return Result(None, [], cursor.rowcount)
            columns = tuple(column.name for column in cursor.description)
            return Result(columns, cursor.fetchall(), cursor.rowcount)

    def status(self, raw: Any) -> str:
        return ("idle", "active", "transaction", "failed", "unknown")[min(int(raw.info.transaction_status), 4)]

    def cancel(self, raw: Any) -> None:
        raw.cancel()


_DRIVERS = {"psycopg2": Psycopg2, "psycopg": Psycopg3}


def load_driver(wanted: Optional[str] = None) -> Any:
    """The driver that is asked for (here or by POSTGRES_DRIVER), or the first of the two that is installed."""
    wanted = wanted or os.environ.get("POSTGRES_DRIVER") or None
    if wanted is not None and wanted not in _DRIVERS:
        raise ValueError(f"POSTGRES_DRIVER is {wanted!r}; it must be 'psycopg2' or 'psycopg'")
    missing: Optional[ImportError] = None
    for name in [wanted] if wanted else ["#{driver}", *(each for each in _DRIVERS if each != "#{driver}")]:
        try:
            return _DRIVERS[name]()
        except ImportError as error:
            missing = error
    raise RuntimeError(
        "DB_TYPE is postgresql, but no PostgreSQL driver can be imported: install one, `pip install psycopg2-binary` "
        "or `pip install 'psycopg[binary]'`"
    ) from missing
