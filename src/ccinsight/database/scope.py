"""What a reader sees: the as-of date, the filters, and the customers that the reader may see.

The one place where rows are limited: every report takes a Scope, which can't be made without a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ccinsight.access import Reader, visible_customers
from ccinsight.errors import UsageError
from ccinsight.i18n import _

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


@dataclass(frozen=True)
class Filters:
    """What a person asked for. Within a filter any value fits, between filters all must. Empty: no limit."""

    customers: tuple[str, ...] = ()
    account_managers: tuple[str, ...] = ()
    user_bands: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()  # of a group: in another database there are none


# customer_id, account manager, user band
Traits = list[tuple[str, str | None, str]]


@dataclass(frozen=True)
class Scope:
    """A day, who reads, and the customers that were chosen. ``customer_ids`` None: all that the reader may see;
    empty: none. Customers that the reader may not see don't count, even where they were chosen.
    """

    as_of: date
    reader: Reader
    customer_ids: tuple[str, ...] | None = None


# A condition on customer_id; the parameter ``visible`` is a list of ids, or null for all.
_VISIBLE = "($visible is null or customer_id in (select unnest(cast($visible as varchar[]))))"
_FORMER = """
    with former as (
        select e.customer_id, arg_max(e.account_manager, e.sequence_number) as account_manager
        from stored.calendar_events as e
        where e.customer_id not in (select a.customer_id from main.agreements as a)
        group by 1
    )
"""
# Reports with rows of agreements that are gone: their customers go by the manager they had.
_WITH_FORMER = frozenset({"calendar_events"})


def visible_in(
    cursor: duckdb.DuckDBPyConnection, reader: Reader, report: str | None
) -> frozenset[str] | None:
    """The ids of the customers that the reader may see in a report; None: all.

    A report with rows of agreements that are gone shows those of the reader's managers too.
    """
    visible = visible_customers(cursor, reader)
    if visible is None or report not in _WITH_FORMER or not reader.managers:
        return visible
    former = cursor.execute(
        f"{_FORMER} select f.customer_id from former as f"  # noqa: S608
        " where f.account_manager in (select unnest(cast(? as varchar[])))",
        [sorted(reader.managers)],
    ).fetchall()
    return visible | {customer_id for (customer_id,) in former}


def limited(scope: Scope, visible: frozenset[str] | None) -> list[str] | None:
    """The ids of the customers whose rows a report may give: those chosen that are visible. None: all."""
    if visible is None:
        return None if scope.customer_ids is None else list(scope.customer_ids)
    if scope.customer_ids is None:
        return sorted(visible)
    return [customer_id for customer_id in scope.customer_ids if customer_id in visible]


def chosen_rows(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows of the customers that were chosen, of a report that the same reader asked for without a choice."""
    if scope.customer_ids is None:
        return rows.copy(deep=False)
    return rows[rows["customer_id"].isin(scope.customer_ids)].reset_index(drop=True)


def nameless(rows: pd.DataFrame, visible: frozenset[str] | None, measure: str, fewest: int) -> pd.DataFrame:
    """A report's user bands and one measure, with the customers that aren't visible as values without id or name.

    Of a band in which fewer than ``fewest`` customers have the measure only those that are visible are left.
    """
    kept = rows[["customer_id", "customer_name", "user_band", measure]]
    if visible is None:
        return kept
    is_visible = kept["customer_id"].isin(visible)
    known = kept.groupby("user_band")[measure].transform("count")
    names = kept[["customer_id", "customer_name"]].where(is_visible)
    values = kept.assign(customer_id=names["customer_id"], customer_name=names["customer_name"])
    # in the order of the values, for the order of the rows would name them
    return values[is_visible | (known >= fewest)].sort_values(measure, ignore_index=True)


def chosen_customers(
    cursor: duckdb.DuckDBPyConnection,
    as_of: date,
    filters: Filters,
    reader: Reader,
    report: str | None = None,
) -> Scope:
    """The scope that a reader's filters give on a day, for a report.

    Managers are those of the agreement that speaks for the customer, bands those of its registered users on
    the day. Raises UsageError naming a customer, manager or band that doesn't exist or that the reader doesn't see.
    """
    check_filters(cursor, filters, reader)
    read = traits if report not in _WITH_FORMER else _former_traits
    return chosen_among(lambda: read(cursor, as_of), as_of, filters, reader)


def traits(cursor: duckdb.DuckDBPyConnection, as_of: date) -> Traits:
    """What the filters ask of every customer on a day: customer_id, account manager or None, user band; by id."""
    return cursor.execute(
        """
        select k.customer_id, c.account_manager, coalesce(c.user_band, 'unknown') as user_band
        from model.customer_ids as k
        left join model.customers_on($as_of, null) as c on k.customer_id = c.customer_id
        order by k.customer_id
        """,
        {"as_of": as_of},
    ).fetchall()


def _former_traits(cursor: duckdb.DuckDBPyConnection, as_of: date) -> Traits:
    """The same, with customers whose agreements are gone, by what calendar files last said of them."""
    return cursor.execute(
        f"""
        {_FORMER},

        customers as (
            select k.customer_id from model.customer_ids as k
            union
            select f.customer_id from former as f
        )

        select k.customer_id, coalesce(c.account_manager, f.account_manager), coalesce(c.user_band, 'unknown')
        from customers as k
        left join model.customers_on($as_of, null) as c on k.customer_id = c.customer_id
        left join former as f on k.customer_id = f.customer_id
        order by k.customer_id
        """,  # noqa: S608
        {"as_of": as_of},
    ).fetchall()


def chosen_among(known: Callable[[], Traits], as_of: date, filters: Filters, reader: Reader) -> Scope:
    """The scope of filters that were checked, among the customers as they are on the day, asked for where needed."""
    if filters == Filters():
        return Scope(as_of, reader)
    if not filters.account_managers and not filters.user_bands and not filters.partners:
        return Scope(as_of, reader, tuple(sorted(set(filters.customers))))
    customers, managers, partners = (
        set(filters.customers),
        set(filters.account_managers),
        set(filters.partners),
    )
    bands = {_band(band) for band in filters.user_bands}
    return Scope(
        as_of,
        reader,
        tuple(
            customer
            for customer, manager, band in known()
            if (not customers or customer in customers)
            and (not managers or manager in managers)
            and (not bands or band in bands)
            and (not partners or partner_of(customer) in partners)
        ),
    )


def check_filters(cursor: duckdb.DuckDBPyConnection, filters: Filters, reader: Reader) -> None:
    """Raises UsageError naming a customer, manager or band that doesn't exist, or that the reader doesn't see."""
    is_limited = filters.customers or filters.account_managers or filters.partners
    visible = visible_customers(cursor, reader) if is_limited else None
    known = partners_in(cursor, visible) if filters.partners else ()
    for partner in filters.partners:
        if partner not in known:
            raise UsageError(_("There is no partner {value}.").format(value=partner))
    ids = None if visible is None else sorted(visible)
    _refuse_unknown(cursor, filters, ids, tuple(_band(band) for band in filters.user_bands))


def partner_of(customer_id: str) -> str:
    """The partner of a group's customer: what its id begins with."""
    return customer_id.partition("/")[0]


def partners_in(cursor: duckdb.DuckDBPyConnection, visible: frozenset[str] | None) -> tuple[str, ...]:
    """The partners of a group's database with customers that a reader may see (None: all), by name; else none."""
    rows = cursor.execute(
        "select e.partner from model.export_facts as e where e.partner is not null order by 1"
    ).fetchall()
    seen = None if visible is None else {partner_of(customer) for customer in visible}
    return tuple(partner for (partner,) in rows if seen is None or partner in seen)


def _band(text: str) -> str:
    return text.strip().replace("-", "–")


def _refuse_unknown(
    cursor: duckdb.DuckDBPyConnection, filters: Filters, visible: list[str] | None, bands: tuple[str, ...]
) -> None:
    checks = (
        (
            filters.customers,
            f"select customer_id from model.customer_ids where {_VISIBLE}",  # noqa: S608
            _("There is no customer {value}."),
        ),
        (
            filters.account_managers,
            f"select distinct account_manager from main.agreements where {_VISIBLE}",  # noqa: S608
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
            given = {"visible": visible} if _VISIBLE in statement else {}
            known = {row[0] for row in cursor.execute(statement, given).fetchall()}
            for value in values:
                if value not in known:
                    raise UsageError(sentence.format(value=value))
