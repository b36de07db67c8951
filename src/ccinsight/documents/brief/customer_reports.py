"""What the reports say of one customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from ccinsight.documents.brief.model import Figure, Row
from ccinsight.documents.brief.sources import Sources

# Report → its columns that are 0, though unknown, where no tickets were imported.
_OF_TICKETS = {
    "agreement_use": ("tickets", "hours_spent", "included_hours", "tickets_without_minutes"),
    "utilization": ("contacting_users", "contact_rate", "tickets", "tickets_before", "tickets_per_user"),
}


class CustomerReports:
    """One customer's rows and figures of the reports, each read once."""

    def __init__(self, sources: Sources, customer_id: str) -> None:
        self.sources = sources
        self.customer_id = customer_id
        self.as_of = sources.as_of
        self._tables: dict[tuple[str, date], pa.Table] = {}
        self._rows: dict[tuple[str, date], list[dict[str, Any]]] = {}

    def table(self, report: str, as_of: date | None = None) -> pa.Table:
        """The customer's rows of a report, exact."""
        asked = (report, as_of or self.as_of)
        if asked not in self._tables:
            table = self.sources.table(report, self.customer_id, asked[1])
            self._tables[asked] = self._without_tickets(report, table)
        return self._tables[asked]

    def _without_tickets(self, report: str, table: pa.Table) -> pa.Table:
        """The table; what it counts of tickets is unknown where none were ever imported."""
        if self.sources.has_export("tickets"):
            return table
        for name in _OF_TICKETS.get(report, ()):
            place = table.schema.get_field_index(name)
            unknown = pa.nulls(table.num_rows, table.schema.field(place).type)
            table = table.set_column(place, table.schema.field(place), unknown)
        return table

    def rows(self, report: str, as_of: date | None = None) -> list[dict[str, Any]]:
        """The same as dictionaries."""
        asked = (report, as_of or self.as_of)
        if asked not in self._rows:
            self._rows[asked] = self.table(*asked).to_pylist()
        return self._rows[asked]

    def first(
        self, report: str, values: Mapping[str, object] | None = None, as_of: date | None = None
    ) -> dict[str, Any] | None:
        """The first row with these values; None where there is none."""
        for row in self.rows(report, as_of):
            if all(row[name] == value for name, value in (values or {}).items()):
                return row
        return None

    def figures(
        self, report: str, row: Row | None, *columns: str, as_of: date | None = None
    ) -> tuple[Figure, ...]:
        """The figures that stand in those columns of the row."""
        if row is None:
            return ()
        return tuple(self.sources.figure(report, row, column, as_of) for column in columns)

    def in_force(self) -> list[dict[str, Any]]:
        """The rows of ``agreements`` that are in force on the as-of date, terminated or not."""
        return [row for row in self.rows("agreements") if row["state"] in ("active", "terminating")]
