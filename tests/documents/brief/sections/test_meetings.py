"""What a brief says of meetings, worked out by hand."""

from __future__ import annotations

from datetime import date

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of
from tests.reports.companies import agreement, company, meeting


def test_since_the_last_meeting(plain: Warehouse) -> None:
    brief = brief_of(plain)

    assert (brief.since, brief.last_meeting_on) == (date(2025, 5, 6), date(2025, 5, 6))
    assert texts_of(brief, "meetings") == [
        "The last status meeting was held on 6 May 2025",
        "Course, held since 6 May 2025: 20 Aug 2025",
        "Status meeting, planned: 2 Apr 2026",
    ]


def test_without_a_meeting_the_span_is_a_year() -> None:
    brief = brief_of(
        company(agreements=[agreement()], meetings=[meeting("M-1", "2", held_on=date(2025, 5, 6))])
    )

    assert (brief.since, brief.last_meeting_on) == (date(2025, 3, 15), None)
    assert brief.sections["meetings"].title.text == "No status meeting is known before 15 Mar 2026"


def test_a_meeting_held_later_is_not_known_yet(plain: Warehouse) -> None:
    brief = brief_of(plain, date(2025, 5, 5))

    assert brief.last_meeting_on is None
