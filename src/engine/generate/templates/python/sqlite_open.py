@contextmanager
def open_connection(
    db_path: str = "#{dbPathDefault}",
    max_retries: int = 3,
    retry_delay: float = 0.1,
) -> Generator[sqlite3.Connection, None, None]:
    """Opens the database, again while another process holds it; commits at the end or rolls back."""
    conn = None
    for attempt in range(max_retries):
        try:
            conn = sqlite3.connect(str(db_path))
            conn.row_factory = sqlite3.Row
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error).lower() or attempt >= max_retries - 1:
                raise
            time.sleep(retry_delay)
    if conn is None:
        raise sqlite3.OperationalError("Failed to connect")
    try:
        yield conn
    except Exception:
        conn.rollback()
        raise
    else:
        conn.commit()
    finally:
        conn.close()
