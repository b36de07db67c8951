"""What the tokens of a deck take their values from: a brief, as the customer may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ccinsight.documents.brief.customer_tables import in_force
from ccinsight.documents.brief.model import Brief, Row, Section

# A section by the name that its tokens have.
SECTIONS = {
    "meetings": "meetings",
    "users": "users",
    "tickets": "months",
    "categories": "groups",
    "peers": "peers",
    "access_down": "response",
    "contacts": "contacts",
    "requests": "requests",
    "value": "value",
    "renewal": "renewal",
}
_NOTHING: Row = {}


@dataclass(frozen=True)
class Facts:
    """A brief whose texts are printable, and the supplier's name; nothing internal is read from it."""

    brief: Brief
    partner: str

    @cached_property
    def figures(self) -> Mapping[str, Any]:
        """``report.column`` → its value on the as-of date, of the sections that the customer sees."""
        return {
            f"{figure.report}.{figure.column}": figure.value
            for section, statement in self.brief.statements()
            if not section.is_internal
            for figure in statement.figures
            if figure.as_of == self.brief.as_of
        }

    @cached_property
    def in_force(self) -> list[dict[str, Any]]:
        """The agreements in force, that which renews first at the head."""
        return sorted(in_force(self.brief), key=lambda row: row["renewal_on"])

    @cached_property
    def total(self) -> Row:
        """The row of all tickets, these twelve months against those before."""
        return self.first("tickets_compared", dimension="total")

    @cached_property
    def renewal(self) -> Row:
        """The coming renewal of the agreement that renews first; empty where it ends or where there is none."""
        for row in self.in_force[:1]:
            found = self.first("renewals", agreement_id=row["agreement_id"])
            return found if found.get("renewal_status") != "ending" else _NOTHING
        return _NOTHING

    def section(self, name: str) -> Section:
        """A section by the name that its tokens have."""
        return self.brief.sections[SECTIONS[name]]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table; none where the brief hasn't got it."""
        return self.brief.rows(table) if table in self.brief.tables else []

    def first(self, table: str, **values: object) -> Row:
        """The first row with these values; empty, so that all in it is unknown, where there is none."""
        for row in self.rows(table):
            if all(row[name] == value for name, value in values.items()):
                return row
        return _NOTHING
