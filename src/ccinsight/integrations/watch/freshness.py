"""Which exports are late: expected every so many days, and longer ago when they last came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, day, ngettext, number
from ccinsight.integrations.watch import receipts
from ccinsight.registry import label_of
from ccinsight.settings.storing import stored_settings

# What a watched folder has brought before is expected again within so many days, unless the settings say otherwise.
_EXPECTED_DAYS = {"agreements": 8, "tickets": 8}


@dataclass(frozen=True)
class Late:
    """An export that should have come again: the day on which it last came, and how many days ago that is."""

    export: str
    last_on: date
    days_old: int
    expected_days: int

    def text(self) -> str:
        """A sentence in the language in use; it names no customer and no file."""
        days = ngettext("{count} day ago", "{count} days ago", self.days_old)
        return _("{export}: last imported {days}, on {day}.").format(
            export=label_of("export", self.export),
            days=days.format(count=number(self.days_old)),
            day=day(self.last_on),
        )


def late_exports(house: Warehouse, today: date) -> list[Late]:
    """The exports that are late on the real day, by name. Raises CcinsightError where the notes can't be used.

    An export comes with an import, and with a watched folder's file that changes nothing. Expected are those of the
    settings (``expected_days``), and agreements and tickets once a watched folder has brought them.
    """
    received = receipts.last_received(house.path)
    with house.reading() as cursor:
        expected = stored_settings(cursor).expected_days
    expected = {name: days for name, days in _EXPECTED_DAYS.items() if name in received} | dict(expected)
    if not expected:
        return []
    ages = house.report("data_age", Scope(today, SEES_ALL)).to_pylist()
    imported = {row["export"]: row["imported_on"] for row in ages if row["imported_on"]}
    late = []
    for export in sorted(expected.keys() & {*imported, *received}):
        last_on = max(days[export] for days in (imported, received) if export in days)
        days_old = (today - last_on).days
        if days_old > expected[export]:
            late.append(Late(export, last_on, days_old, expected[export]))
    return late


def late_text(late: Sequence[Late]) -> str:
    """The late exports in a sentence or two, in the language in use; empty for none."""
    return " ".join(each.text() for each in late)
