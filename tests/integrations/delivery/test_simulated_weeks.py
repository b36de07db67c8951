"""Some days of benchmarks/simulated_year.py: what reaches whom, day by day, with runs that end at each step."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from benchmarks.simulation import messages, year
from benchmarks.simulation.year import Year

from tests.integrations.delivery.mail_server import Post, serving

END = date(2026, 11, 1)
DAYS = 8


def test_some_days_of_exports_messages_and_calendars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(year, "MANAGERS", 2)
    monkeypatch.setattr(year, "UNDO_EVERY", 6)
    monkeypatch.setattr(messages, "CRASH_EVERY", 2)
    with serving(Post()) as post:
        lived = Year.prepare(
            tmp_path, post, END - timedelta(days=DAYS), END, customers=15, tickets=120, seed=3
        )
        for day in lived.days():
            lived.live(day)
        lived.check_rows()
    assert lived.found_wrong() == []
    letters, calendars = lived.letters, lived.calendars
    assert lived.counts["undone imports"] == 1
    assert letters.crashes.total() >= 3
    assert letters.counts["left uncertain and shown"] >= 1
    assert any(fate.is_in_time for fate in letters.fates.values())
    assert lived.arrivals.receipts["done"] > 10
    assert calendars.counts["events equal to the byte"] > 30
    assert calendars.counts["events that began"] and calendars.counts["events that ended"]
