"""Tickets that are older than the settings keep (``[import] keep_months``) go at the next import."""

from __future__ import annotations

from datetime import datetime

import duckdb

from ccinsight.building import deletes_many

_TOO_OLD = """
    from stored.tickets
    where opened_at < cast($imported_at as timestamp) - to_months(cast($months as integer))
"""


def has_too_old(connection: duckdb.DuckDBPyConnection, months: int | None, imported_at: datetime) -> bool:
    """Whether a ticket was opened more than so many months before the import; None: all are kept."""
    if months is None:
        return False
    statement = f"select 1 {_TOO_OLD} limit 1"
    return bool(connection.execute(statement, _bound(months, imported_at)).fetchall())


def retire(connection: duckdb.DuckDBPyConnection, months: int | None, imported_at: datetime) -> int:
    """Drops these tickets and gives how many they were."""
    if months is None:
        return 0
    rows = int(connection.execute(f"delete {_TOO_OLD}", _bound(months, imported_at)).fetchall()[0][0])
    if rows:
        deletes_many(connection)
    return rows


def _bound(months: int, imported_at: datetime) -> dict[str, object]:
    return {"months": months, "imported_at": imported_at}
