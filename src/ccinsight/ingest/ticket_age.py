"""Removes tickets older than the retention period (``[import] keep_months``) at the next import.

Stored ones aren't copied to the new database, so it never contains them; imported ones are deleted.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from ccinsight.database.build import deletes_many

_TOO_OLD = "opened_at < cast($imported_at as timestamp) - to_months(cast($months as integer))"


def count_too_old(connection: duckdb.DuckDBPyConnection, months: int | None, imported_at: datetime) -> int:
    """How many tickets were opened more than so many months before the import; None: all are kept."""
    if months is None:
        return 0
    statement = f"select count(*) from stored.tickets where {_TOO_OLD}"  # noqa: S608
    return int(connection.execute(statement, _bound(months, imported_at)).fetchall()[0][0])


def kept_tickets(connection: duckdb.DuckDBPyConnection, months: int, imported_at: datetime) -> str:
    """The query of the tickets of ``previous`` that are kept, for the connection of a build."""
    moment = "select cast($imported_at as timestamp) - to_months(cast($months as integer)) as opened_at"
    connection.execute(
        f"create or replace temp table oldest_kept as {moment}", _bound(months, imported_at)
    ).fetchall()
    return "from previous.stored.tickets as t where t.opened_at >= (select o.opened_at from oldest_kept as o)"


def retire(connection: duckdb.DuckDBPyConnection, months: int | None, imported_at: datetime) -> int:
    """Drops these tickets and gives how many they were."""
    if months is None:
        return 0
    statement = f"delete from stored.tickets where {_TOO_OLD}"  # noqa: S608
    rows = int(connection.execute(statement, _bound(months, imported_at)).fetchall()[0][0])
    if rows:
        deletes_many(connection)
    return rows


def _bound(months: int, imported_at: datetime) -> dict[str, object]:
    return {"months": months, "imported_at": imported_at}
