"""The reports behind briefs, read once for all customers that are prepared together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from ccinsight.access import Reader
from ccinsight.database.scope import Filters, Scope, check_filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.brief.model import Figure, Row
from ccinsight.notes import Notes
from ccinsight.registry import REPORTS, Report

# Reports whose rows are limited in number, or of no single customer: asked for one customer at a time.
_ONE_BY_ONE = frozenset({"contacts", "ticket_list", "data_problems"})
# A table of one customer has few rows: its own columns say nothing of whom it is about.
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "tickets_by_month": {"months": 24},
    "users_by_month": {"months": 25},
    "deadlines": {"days": 400},
    "renewals": {"months": 12},
}


def year_before(day: date) -> date:
    """The day minus one year, or the last of February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


class Sources:
    """Answers what a report says of one customer; a report that names customers is run once for all of them.

    Raises UsageError for a customer that doesn't exist or that the reader doesn't see.
    """

    def __init__(
        self,
        house: Warehouse,
        as_of: date,
        reader: Reader,
        customer_ids: tuple[str, ...],
        notes: Notes | None = None,
    ) -> None:
        self.house = house
        self.reader = reader
        self.as_of = as_of
        self.customer_ids = customer_ids
        self.notes = notes
        with house.cursor() as cursor:
            check_filters(cursor, Filters(customers=customer_ids), reader)
        self._single: dict[tuple[str, date, str], pa.Table] = {}
        self._whole: dict[tuple[str, date], pa.Table] = {}
        self._parts: dict[tuple[str, date], dict[str, list[int]]] = {}
        self._exports: frozenset[str] | None = None

    def table(self, name: str, customer_id: str, as_of: date | None = None) -> pa.Table:
        """The customer's rows of a report on a day, exact."""
        day = as_of or self.as_of
        report = REPORTS[name]
        if name in _ONE_BY_ONE or not report.has_column("customer_id"):
            if (name, day, customer_id) not in self._single:
                self._single[name, day, customer_id] = self._ask(report, day, (customer_id,))
            return self._single[name, day, customer_id]
        if (name, day) not in self._whole:
            whole = self._ask(report, day, self.customer_ids).combine_chunks()
            self._whole[name, day] = whole
            self._parts[name, day] = _places(whole)
        places = self._parts[name, day].get(customer_id, [])
        return self._whole[name, day].take(pa.array(places, pa.int64()))

    def has_export(self, export: str) -> bool:
        """True where a file of that export was ever imported."""
        if self._exports is None:
            rows = self.house.cursor().execute("select distinct export from stored.files").fetchall()
            self._exports = frozenset(row[0] for row in rows)
        return export in self._exports

    def figure(self, report: str, row: Row, column: str, as_of: date | None = None) -> Figure:
        """The figure that stands in a column of a row of a report."""
        return Figure(
            report=report,
            column=column,
            key=tuple((name, row[name]) for name in REPORTS[report].key),
            value=row[column],
            as_of=as_of or self.as_of,
            options=tuple(OPTIONS.get(report, {}).items()),
        )

    def _ask(self, report: Report, day: date, customer_ids: tuple[str, ...]) -> pa.Table:
        return self.house.report(
            report.name, Scope(day, self.reader, customer_ids), **OPTIONS.get(report.name, {})
        )


def _places(table: pa.Table) -> dict[str, list[int]]:
    """Where each customer's rows are."""
    places: dict[str, list[int]] = {}
    for place, customer_id in enumerate(table.column("customer_id").to_pylist()):
        if customer_id is not None:
            places.setdefault(customer_id, []).append(place)
    return places
