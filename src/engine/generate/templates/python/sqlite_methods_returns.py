    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """A connection that the caller closes; the arguments are those of the project's helper."""
        return self._call(args, kwargs)

    @contextmanager
    def get_connection(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        """As connect(), for a `with` block: commits at its end, rolls back when it raises, closes."""
        conn = self._call(args, kwargs)
        try:
            yield conn
        except BaseException:
            conn.rollback()
            raise
        else:
            conn.commit()
        finally:
            conn.close()
