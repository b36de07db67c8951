"""What holds on a day, asked for without any reader's rights and sorted to account managers by what the exports say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.simulation.exports import Company

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.notes.duties import with_notes
from ccinsight.registry import REPORTS, label_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """A day: the open duties of all customers, who looks after each customer, the meetings that are planned."""

    day: date
    duties: tuple[Row, ...]  # with the verdicts on renewals that are due
    managers: Mapping[str, str]
    meetings: Mapping[str, tuple[str, date]]

    @classmethod
    def of(cls, database: Path, company: Company, imported: Mapping[str, date], day: date) -> Truth:
        """``imported``: file → the day that the one imported last was of."""
        with Warehouse.open(database) as house:
            rows = [
                row
                for name in ("duties", "verdicts_due")
                for row in house.report(
                    name, Scope(day, SEES_ALL), **with_notes(REPORTS[name], database, {})
                ).to_pylist()
            ]
        agreements = company.good_agreements(imported["avtaler.csv"])
        return cls(
            day,
            tuple(row for row in rows if row["state"] == "open" and row["customer_id"] is not None),
            {row["Firma-ID"]: row["Vår kontakt"] for row in agreements},
            company.planned_meetings(imported["moter.txt"]),
        )

    def of_manager(self, name: str) -> list[Row]:
        """The open duties towards the customers of an account manager."""
        return [row for row in self.duties if self.managers.get(row["customer_id"]) == name]

    def meetings_of(self, name: str) -> dict[str, date]:
        """Meeting → day, of those that lie ahead with customers of an account manager."""
        return {
            meeting: planned
            for meeting, (customer, planned) in self.meetings.items()
            if planned >= self.day and self.managers.get(customer) == name
        }


def pair(row: Mapping[str, Any]) -> tuple[str, str]:
    """Customer and kind of a duty as a message names them."""
    return (
        " ".join((row["customer_name"] or row["customer_id"]).split()),
        label_of("duty_kind", row["kind"]),
    )
