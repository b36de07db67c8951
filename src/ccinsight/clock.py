"""The clock, read here alone and only by the entry points; everything else takes its days as parameters."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")


def now() -> datetime:
    """Norwegian local time, without an offset, to the second."""
    return datetime.now(NORWAY).replace(tzinfo=None, microsecond=0)


def today() -> date:
    """The date in Norway, whatever time zone the machine is in."""
    return now().date()
