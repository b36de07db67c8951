"""The days that the imported data cover, and the sentence a page's head says where the as-of date lies outside."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta

from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.cache import Remembered, by_build, once
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day
from ccinsight.integrations.watch.freshness import Late, late_exports, late_text
from ccinsight.registry import label_of

# R14: an export whose newest row is older than so many days is stale.
STALE_DAYS = {"tickets": 30, "user_counts": 45, "invoices": 45}
_DAYS = """
    select 'tickets', cast(min(t.opened_at) as date), cast(max(t.opened_at) as date) from main.tickets as t
    union all
    select 'user_counts', min(u.counted_on), max(u.counted_on) from main.user_counts as u
    union all
    select 'invoices', min(i.issued_on), max(i.issued_on) from main.invoices as i
"""
# A list of agreements holds on the day it was imported; it counts where no other export has days.
_LISTED = """
    select 'agreements', cast(null as date), cast(max(i.imported_at) as date)
    from stored.imports as i
    inner join stored.files as f on i.import_id = f.import_id
    where f.export = 'agreements'
"""
_LISTED_DAYS = 45
_LATE_SECONDS = 60


@dataclass(frozen=True)
class Span:
    """An export, the first day it has rows of (None: any), its last, and how many days it stays fresh."""

    export: str
    first: date | None
    last: date
    fresh_days: int


_known_spans: Remembered[list[Span]] = by_build(2, once)
_known_late: Remembered[list[Late]] = by_build(2, once)


def outside(as_of: date) -> list[str]:
    """A sentence for what ends before the as-of date, and one for what begins after it; none within the data."""
    spans = _spans(reads.warehouse())
    late = [each for each in spans if as_of > each.last + timedelta(days=each.fresh_days)]
    early = [each for each in spans if each.first and as_of < each.first]
    sentences = []
    if late:
        named = ", ".join(
            _("{export} up to {day}").format(
                export=label_of("export", each.export).lower(), day=day(each.last)
            )
            for each in late
        )
        sentences.append(
            _(
                "The date is after the latest that is imported: {exports}. What happened since is not in the "
                "figures."
            ).format(exports=named)
        )
    if early:
        named = ", ".join(
            _("{export} from {day}").format(
                export=label_of("export", each.export).lower(), day=day(each.first)
            )
            for each in early
        )
        sentences.append(
            _(
                "The date is before the first that is imported: {exports}. What happened earlier is not in the "
                "figures."
            ).format(exports=named)
        )
    return sentences


def late(today: date) -> str:
    """What was to be imported again by now, in a sentence; empty where nothing is late, or nobody knows."""
    house = reads.warehouse()
    try:
        return late_text(_late(today, house))
    except CcinsightError:  # the notes can't be used, which pages that need them say
        return ""


def newest() -> date | None:
    """The last day that any export has a row of; None where none says."""
    return max((each.last for each in _spans(reads.warehouse())), default=None)


def _late(today: date, house: Warehouse) -> list[Late]:
    """Read again each minute: a watched folder's file that changes nothing makes no new build."""
    minute = int(time.monotonic() // _LATE_SECONDS)
    return _known_late.get((house.build_id, today, minute), lambda: late_exports(house, today))


def _spans(house: Warehouse) -> list[Span]:
    return _known_spans.get((house.build_id,), lambda: _read_spans(house))


def _read_spans(house: Warehouse) -> list[Span]:
    with house.cursor() as cursor:
        rows = [row for row in cursor.execute(_DAYS).fetchall() if row[2]]
        if rows:
            return [Span(export, first, last, STALE_DAYS[export]) for export, first, last in rows]
        listed = [row for row in cursor.execute(_LISTED).fetchall() if row[2]]
    return [Span(export, first, last, _LISTED_DAYS) for export, first, last in listed]
