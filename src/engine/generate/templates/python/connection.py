"""What the application asks of a database, whichever engine it is."""
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import Any, Generator, List, Sequence


class DatabaseAdapter(ABC):
    """
    One database behind the connection manners of Python's sqlite3.

    The arguments of get_connection() are those of the project's own helper;
    a server has no use for them and ignores them.
    """

    #: What DB_TYPE says for this adapter.
    db_type: str

    @abstractmethod
    @contextmanager
    def get_connection(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        """A connection for a `with` block: commits at its end, rolls back when it raises, gives it back."""
        yield None

    def execute_query(self, query: str, params: Sequence[Any] = ()) -> List[Any]:
        """Runs one statement in a transaction of its own and returns its rows (none for a statement that gives none)."""
        with self.get_connection() as conn:
            return conn.execute(query, params).fetchall()

    def placeholder(self) -> str:
        """The mark of a parameter in the code's SQL, whichever engine it is."""
        return "#{placeholder}"

    @abstractmethod
    def close(self) -> None:
        """Gives back what the adapter holds (pooled connections)."""
