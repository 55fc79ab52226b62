"""
DEPRECATED: use #{package}.get_adapter() instead.

Calls go on working: they are handed to the adapter that DB_TYPE selects (sqlite or postgresql).
"""
"#{imports}"

_warned = False


def _warn() -> None:
    global _warned
    if not _warned:
        _warned = True
        warnings.warn(
            "#{name}() is deprecated: use #{package}.get_adapter()", DeprecationWarning, stacklevel="#{stacklevel}"
        )


"#{decorator}"
"#{signature}"
    """
    Deprecated way to a connection of the adapter that DB_TYPE selects.

    The arguments are those of the SQLite helper that this was; on PostgreSQL they mean nothing and are ignored.
    """
    _warn()
    "#{body}"
