"""The customers that a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccinsight.access.reader import Reader

if TYPE_CHECKING:
    import duckdb


def visible_customers(cursor: duckdb.DuckDBPyConnection, reader: Reader) -> frozenset[str] | None:
    """The ids of the customers that a reader may see; None where they see all.

    Those whose account manager on the reader's ``today`` is one of the reader's, by the agreement that speaks for
    the customer that day, and those of the reader's own list, whether the database has them or not. A customer
    without an account manager is seen by those who see all, or who have it on their list.
    """
    if reader.sees_all:
        return None
    if not reader.managers:
        return reader.customer_ids
    managed = cursor.execute(
        """
        select c.customer_id
        from model.customers_on($today, null) as c
        where c.account_manager in (select unnest(cast($managers as varchar[])))
        """,
        {"today": reader.today, "managers": sorted(reader.managers)},
    ).fetchall()
    return reader.customer_ids | {customer_id for (customer_id,) in managed}
