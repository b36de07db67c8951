"""A group's partners in one database: whose each row is, by the partner's name before its ids.

What a partner names itself is written ``partner/NAME``: ids, products, account managers, files and contacts. So rows of
two partners never meet in a join, and what each knows of itself stays as it is. Numbers of files and imports are moved
apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

_NAMED = frozenset(
    {
        "account_manager",
        "agreement_id",
        "contact",
        "customer_id",
        "file_name",
        "given_line_id",
        "invoice_line_id",
        "invoice_number",
        "key",
        "meeting_id",
        "name",
        "named_agreement_id",
        "owner",
        "price_owner",
        "product",
        "row_key",
        "successor_id",
        "ticket_id",
    }
)
_NUMBERED = frozenset({"file_id", "import_id"})
_APART = 1_000_000
# Rows without a customer id find their customer by this number and the name: within the partner.
_REFERRING = frozenset({"tickets", "user_counts", "invoices", "meetings", "gone_rows", "customer_references"})
# Settings that every partner of a group has alike, or of which any partner's rows do.
SHARED = frozenset({"user_bands", "settings", "calendar", "clock_months"})
MERGED = frozenset({"categories", "severities", "full_lists", "forgotten"})


def column_of(partner: str, place: int, table: str, column: str) -> str:
    """SQL: a column of a partner's table as it is in the group's; ``place``: of the partner among the partners."""
    mark = partner.replace("'", "''") + "/"
    if column in _NUMBERED:
        return f"{column} + {place * _APART}"
    if column == "org_number" and table in _REFERRING:
        return f"'{mark}' || coalesce(org_number, '')"
    if column == "contact_key":
        return f"case when contact_key is not null then hash(contact_key, '{mark}') end"
    if column == "partner":
        return f"'{partner}'"
    return f"'{mark}' || {column}" if column in _NAMED else f'"{column}"'


def refuse_differences(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Mapping[str, Sequence[Path]]],
    facts: Mapping[str, Sequence[Path]],
) -> None:
    """Raises CcinsightError where partners' settings differ that the group's reports read: user bands and categories.

    ``tables``: the files of each partner's stored tables; ``facts``: those of its ticket_facts.
    """
    bands = {
        partner: _rows(connection, "select user_band from {} order by from_users", of["user_bands"])
        for partner, of in tables.items()
    }
    first = next(iter(bands))
    for partner, found in bands.items():
        if found != bands[first]:
            raise CcinsightError(
                _(
                    "The partners {one} and {other} have different user bands: give both the same user_bands in their "
                    "settings, import and write them again."
                ).format(one=first, other=partner)
            )
    said: dict[str, tuple[str, object]] = {}
    for partner, of in tables.items():
        for category, meaning in _meanings(connection, of["categories"], facts[partner]).items():
            other, before = said.setdefault(category, (partner, meaning))
            if before != meaning:
                raise CcinsightError(
                    _(
                        "The partners {one} and {other} say different things of the category “{category}”: make "
                        "[categories] in their settings agree, import and write them again."
                    ).format(one=other, other=partner, category=category)
                )


def share_settings(connection: duckdb.DuckDBPyConnection) -> None:
    """Leaves of the settings' own text what all partners share, the user bands: names, templates and addresses are
    each partner's.
    """
    rows = connection.execute("select from_users from stored.user_bands order by 1").fetchall()
    text = f"[user_bands]\nfrom = {[start for (start,) in rows]}\n"
    connection.execute("update stored.settings set toml = ?, file_name = null", [text]).fetchall()


def _meanings(
    connection: duckdb.DuckDBPyConnection, categories: Sequence[Path], facts: Sequence[Path]
) -> dict[str, object]:
    """What a partner's settings say of each category; None of one that its tickets have and the settings haven't."""
    used = _rows(connection, "select distinct category from {} where category is not null", facts)
    named = _rows(connection, "select category, scope, is_access_down from {}", categories)
    return {**{str(category): None for (category,) in used}, **{str(row[0]): row[1:] for row in named}}


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, files: Sequence[Path]
) -> list[tuple[object, ...]]:
    return connection.execute(
        query.format("read_parquet($files)"), {"files": [str(f) for f in files]}
    ).fetchall()
