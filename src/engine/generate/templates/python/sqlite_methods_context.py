    @contextmanager
    def get_connection(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        """A connection for a `with` block, as the project's helper gives it; the arguments are the helper's."""
        with self._call(args, kwargs) as conn:
            yield conn
