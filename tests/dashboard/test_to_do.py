"""The page To do: its headline, its lines, and duties closed and opened again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import to_do
from ccinsight.database.build import build_beside
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import in_language
from ccinsight.notes.duties import Duty, DutyMarks, with_notes
from ccinsight.outputs import calendar_file
from ccinsight.registry import REPORTS
from tests.dashboard.opening import AS_OF, Open, tick

DAY = date.fromisoformat(AS_OF)


def _rows(database: Path, *states: str) -> list[dict[str, object]]:
    with Warehouse.open(database) as house:
        rows = [
            row
            for name in ("duties", "verdicts_due")
            for row in house.report(
                name, Scope(DAY, SEES_ALL), **with_notes(REPORTS[name], database, {})
            ).to_pylist()
        ]
    return [row for row in rows if row["state"] in states]


def _labels(site: AppTest) -> list[str]:
    return [expander.label for expander in site.expander]


def _opened(site: AppTest, kind: str) -> AppTest:
    site.session_state[f"duties-{kind}"] = True
    return site.run()


def test_the_headline_counts_what_is_overdue_and_due_within_sixty_days(
    open_page: Open, database: Path
) -> None:
    days = [row["days_left"] for row in _rows(database, "open") if row["days_left"] is not None]
    overdue, coming = sum(left < 0 for left in days), sum(0 <= left <= 60 for left in days)  # type: ignore[operator]

    site = open_page("to_do", f"as-of={AS_OF}&language=en")

    assert overdue and coming
    assert site.title[0].value == f"{overdue} duties are overdue, {coming} are due within 60 days"


@pytest.mark.parametrize("page", ["overview", "to_do"])
def test_overdue_duties_to_meet_are_told_apart_from_overdue_meetings(
    open_page: Open, database: Path, page: str
) -> None:
    on = date(2026, 9, 20)
    with Warehouse.open(database) as house:
        duties = house.report("duties", Scope(on, SEES_ALL)).to_pylist()
    late = [row["detail"] for row in duties if row["kind"] == "status_meeting" and row["days_left"] < 0]
    past = late.count("overdue")
    assert len(late) > past > 0

    site = open_page(page, f"as-of={on}&language=en")
    lines = _labels(site) if page == "to_do" else [link.proto.label for link in site.get("page_link")]
    meetings = open_page("status_meetings", f"as-of={on}&language=en")

    [line] = [each for each in lines if "Hold the status meeting" in each]
    assert f"· {len(late)} overdue ({past} after the termination deadline) ·" in line
    overdue, due = meetings.metric[:2]
    assert (overdue.value, overdue.delta) == (str(past), "agreements after the termination deadline")
    assert due.delta == f"agreements; {len(late) - past} after the price-notice deadline"


def test_a_duty_to_meet_says_what_has_passed_and_not_overdue() -> None:
    rows = pd.DataFrame(
        [{"kind": "status_meeting", "detail": detail, "relates_on": None} for detail in ("overdue", "due")]
    )
    with in_language("nb"):
        shown = to_do.in_words(rows)

    assert shown["detail"].tolist() == ["Fristen for oppsigelse er ute", "Ikke avtalt"]


def test_each_kind_is_a_line_and_the_rest_a_click_away(open_page: Open, database: Path) -> None:
    rows = _rows(database, "open")
    soon = {row["kind"] for row in rows if row["days_left"] is not None and row["days_left"] <= 60}  # type: ignore[operator]

    assert len(_labels(open_page("to_do"))) == len(soon)
    everything = open_page("to_do", f"as-of={AS_OF}&show=all")
    assert len(_labels(everything)) == len({row["kind"] for row in rows}) > len(soon)
    # a line that is closed has no table
    assert not everything.get("arrow_data_frame")


def test_a_duty_is_closed_and_undone(open_page: Open, own_database: Path) -> None:
    kind = "yearly_unbilled"
    site = _opened(open_page("to_do", f"as-of={AS_OF}&language=en", own_database), kind)
    before = len([row for row in _rows(own_database, "open") if row["kind"] == kind])
    assert before > 1
    site.text_input(f"duty-note-{kind}").set_value("Sent to accounting")
    site = tick(site, f"duties-{kind}", 0)
    site.button(f"duty-done-{kind}").click().run()

    (mark,) = _rows(own_database, "done")
    assert (mark["kind"], mark["note"], mark["closed_on"]) == (kind, "Sent to accounting", DAY)
    assert [message.value for message in site.success] == ["1 duty is closed."]
    site.button("duties-undo").click().run()
    assert _rows(own_database, "done") == []
    assert len([row for row in _rows(own_database, "open") if row["kind"] == kind]) == before


def test_what_is_not_needed_must_say_why(open_page: Open, own_database: Path) -> None:
    kind = "partner_confirmation"
    site = _opened(open_page("to_do", f"as-of={AS_OF}&language=en", own_database), kind)
    tick(site, f"duties-{kind}", 0, 1)
    site.button(f"duty-not_needed-{kind}").click().run()
    assert [message.value for message in site.error] == ["Write why it isn't needed."]
    assert _rows(own_database, "not_needed") == []


def test_nothing_closed_says_so(open_page: Open) -> None:
    site = open_page("to_do", f"as-of={AS_OF}&show=closed&language=en")

    assert "Nobody closed a duty in the last 90 days." in [message.value for message in site.info]


@pytest.mark.parametrize("customers", [(), ("1001",)])
def test_the_lines_count_the_rows_of_the_filter(
    open_page: Open, database: Path, customers: tuple[str, ...]
) -> None:
    query = "".join(f"&customer={each}" for each in customers)
    site = open_page("to_do", f"as-of={AS_OF}&show=all&language=en{query}")
    rows = [row for row in _rows(database, "open") if not customers or row["customer_id"] in customers]

    shown = sum(int(label.split("· ")[1].split()[0]) for label in _labels(site))
    assert shown == len(rows)
    assert to_do.SOON_DAYS == 60


def test_a_price_notice_closed_by_a_person_counts_nowhere(open_page: Open, own_database: Path) -> None:
    with duckdb.connect(str(own_database)) as connection:
        valid_from, announced_on = DAY + timedelta(days=2), DAY + timedelta(days=1)
        connection.execute(
            "insert into stored.prices (product, agreement_id, valid_from, announced_on, complexity, min_users,"
            " price_per_user, file_id, line) select product, agreement_id, ?, ?, complexity, 1, 9999, file_id, line"
            " from stored.agreements",
            [valid_from, announced_on],
        )
    with build_beside(own_database):
        pass
    site = open_page("overview", f"as-of={AS_OF}&language=en", own_database)
    before = int(site.title[0].value.split()[0])
    assert "must be notified" in site.title[0].value and before > 1
    due = [row for row in _rows(own_database, "open") if row["kind"] == "price_notice"]
    near = min(due, key=lambda row: row["days_left"])  # type: ignore[arg-type, return-value]
    DutyMarks.beside(own_database).close(
        [Duty.of(near)], "done", closed_on=DAY, saved_at=datetime(2026, 10, 1, 12)
    )

    title = open_page("overview", f"as-of={AS_OF}&language=en", own_database).title[0].value

    assert title.startswith(f"{before - 1} agreement")
    assert "1 closed by us" in title
    with Warehouse.open(own_database) as house:
        events = house.report("calendar_events", Scope(DAY, SEES_ALL), days=90)
    marked = calendar_file.without_closed(
        events, DutyMarks.beside(own_database).closed_notices(DAY)
    ).to_pylist()
    changed = [(old, new) for old, new in zip(events.to_pylist(), marked, strict=True) if old != new]
    assert [new["agreement_id"] for _old, new in changed] == [near["agreement_id"]]
    [(old, new)] = changed
    assert new["sequence"] > old["sequence"]
    assert b"for information" in calendar_file.calendar(
        calendar_file.without_closed(events, {(near["agreement_id"], near["last_day"]): DAY})  # type: ignore[dict-item]
    )


@pytest.mark.parametrize("page", ["overview", "deadlines"])
def test_a_day_without_any_deadline_has_its_page(open_page: Open, page: str) -> None:
    site = open_page(page, "as-of=2009-01-01&language=en")

    assert not site.exception
