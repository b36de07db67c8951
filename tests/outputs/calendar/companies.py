"""A company whose agreements change, and a calendar that takes in one file after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import icalendar

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths
from ccinsight.outputs import calendar_file

HEADERS = (
    "agreement_id",
    "customer_id",
    "customer_name",
    "account_manager",
    "subscribed_on",
    "first_renewal_on",
    "terminated_on",
    "price_basis",
    "price_per_user",
    "registered_users",
)
# The first import of a test: a Monday.
FIRST = datetime(2026, 1, 12, 9, 0)
YEAR = 365


def agreement(agreement_id: str, subscribed_on: str = "2025-06-01", **columns: str) -> dict[str, str]:
    """A row of agreements with a price of its own."""
    return {
        "agreement_id": agreement_id,
        "customer_id": f"9{agreement_id[-1]}",
        "customer_name": f"Fjell {agreement_id} AS",
        "account_manager": "Kari",
        "subscribed_on": subscribed_on,
        "price_basis": "contract",
        "price_per_user": "900",
        "registered_users": "12",
        **columns,
    }


@dataclass(frozen=True)
class Company:
    """A database in a folder, and the imports into it."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "company.duckdb"

    def take_in(
        self, *agreements: Mapping[str, str], at: datetime = FIRST, config: str | None = None, **exports: str
    ) -> None:
        """Imports the agreements, as the whole list, and other exports as text."""
        paths = []
        if agreements:
            lines = [";".join(row.get(name, "") for name in HEADERS) for row in agreements]
            exports = {"agreements": "\n".join([";".join(HEADERS), *lines]), **exports}
        for name, text in exports.items():
            path = self.folder / f"{name}.csv"
            path.write_text(text + "\n", encoding="utf-8")
            paths.append(path)
        settings = None
        if config is not None:
            settings = self.folder / "settings.toml"
            settings.write_text(config, encoding="utf-8")
        replace = {"agreements"} if agreements else set()
        import_paths(paths, self.database, settings, replace=replace, imported_at=at)

    def rows(self, day: date, filters: Filters | None = None, days: int = YEAR) -> list[dict[str, Any]]:
        """The report ``deadlines``."""
        with Warehouse.open(self.database) as warehouse:
            scope = warehouse.resolve(day, filters or Filters(), SEES_ALL)
            return warehouse.report("deadlines", scope, days=days).to_pylist()  # type: ignore[no-any-return]

    def file(self, day: date, filters: Filters | None = None, days: int = YEAR) -> bytes:
        """The calendar file of a day."""
        with Warehouse.open(self.database) as warehouse:
            scope = warehouse.resolve(day, filters or Filters(), SEES_ALL, "calendar_events")
            return calendar_file.calendar(warehouse.report("calendar_events", scope, days=days))


def events(file: bytes) -> dict[str, Any]:
    """UID → event. Each UID stands once in a file."""
    found = list(icalendar.Calendar.from_ical(file).walk("VEVENT"))
    by_uid = {str(event["uid"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


@dataclass
class Client:
    """A calendar as RFC 5546 has it: of each UID the event with the highest SEQUENCE, then the newest DTSTAMP."""

    held: dict[str, Any] = field(default_factory=dict)

    def take(self, file: bytes) -> None:
        for uid, event in events(file).items():
            if uid not in self.held or _rank(event) >= _rank(self.held[uid]):
                self.held[uid] = event

    def shown(self, day: date) -> set[tuple[str, date]]:
        """What is seen from a day on: title and day."""
        return {
            (str(event["summary"]), event["dtstart"].dt)
            for event in self.held.values()
            if event["status"] != "CANCELLED" and event["dtstart"].dt >= day
        }


def _rank(event: Any) -> tuple[int, datetime]:
    return int(event["sequence"]), event["dtstamp"].dt
