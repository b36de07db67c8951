"""What a reader sees: the as-of date, the filters, and (later) what the reader may see.

The one place where rows are limited: every report takes a Scope and nothing else limits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from ccinsight.errors import UsageError
from ccinsight.i18n import _


@dataclass(frozen=True)
class Filters:
    """What a person asked for. Within a filter any value fits, between filters all must. Empty: no limit."""

    customers: tuple[str, ...] = ()
    account_managers: tuple[str, ...] = ()
    user_bands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """A day and the customers that count on it. ``customer_ids`` None: all; empty: none."""

    as_of: date
    customer_ids: tuple[str, ...] | None = None


def chosen_customers(cursor: duckdb.DuckDBPyConnection, as_of: date, filters: Filters) -> Scope:
    """The scope that filters give on a day.

    Managers are those of the agreement that speaks for the customer, bands those of its registered users on
    the day. Raises UsageError naming a customer, manager or band that doesn't exist.
    """
    bands = tuple(_band(band) for band in filters.user_bands)
    _refuse_unknown(cursor, filters, bands)
    if filters == Filters():
        return Scope(as_of)
    rows = cursor.execute(
        """
        select k.customer_id
        from model.customer_ids as k
        left join model.customers_on($as_of, null) as c on k.customer_id = c.customer_id
        where (len($customers) = 0 or list_contains($customers, k.customer_id))
            and (len($managers) = 0 or list_contains($managers, c.account_manager))
            and (len($bands) = 0 or list_contains($bands, coalesce(c.user_band, 'unknown')))
        order by k.customer_id
        """,
        {
            "as_of": as_of,
            "customers": list(filters.customers),
            "managers": list(filters.account_managers),
            "bands": list(bands),
        },
    ).fetchall()
    return Scope(as_of, tuple(str(row[0]) for row in rows))


def _band(text: str) -> str:
    return text.strip().replace("-", "–")


def _refuse_unknown(cursor: duckdb.DuckDBPyConnection, filters: Filters, bands: tuple[str, ...]) -> None:
    checks = (
        (filters.customers, "select customer_id from model.customer_ids", _("There is no customer {value}.")),
        (
            filters.account_managers,
            "select distinct account_manager from main.agreements",
            _("There is no account manager {value}."),
        ),
        (
            bands,
            "select user_band from stored.user_bands union all select 'unknown'",
            _("There is no user band {value}."),
        ),
    )
    for values, statement, sentence in checks:
        if values:
            known = {row[0] for row in cursor.execute(statement).fetchall()}
            for value in values:
                if value not in known:
                    raise UsageError(sentence.format(value=value))
