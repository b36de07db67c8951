"""First replies over a change of clock (R10): elapsed time, and which ticket came first, as instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, ticket
from tests.robustness.oracle import OSLO, instant

DOWN = '[categories]\n"Nede" = { access_down = true }\n'
DAY = timedelta(days=1)
SPRING, AUTUMN = datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC)


def stored(at: datetime) -> tuple[datetime, bool]:
    """An instant as it is stored: Norwegian local time, and whether it is the second pass of the repeated hour."""
    local = at.astimezone(OSLO).replace(tzinfo=None)
    return local, instant(local) != at


def answered(number: int, opened: datetime, replied: datetime | None, **columns: Any) -> dict[str, Any]:
    """A ticket with the given instants."""
    local, is_second = stored(opened)
    passes = 1 if is_second else 0
    if replied is not None:
        columns["first_reply_at"], is_second = stored(replied)
        passes += 2 if is_second else 0
    return ticket(str(number), local, second_passes=passes or None, **columns)


def rows(house: Warehouse, report: str, as_of: date) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.report(report, Scope(as_of, SEES_ALL)).to_pylist()
    return found


_instants = st.one_of(
    st.datetimes(datetime(1970, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from([SPRING, AUTUMN, SPRING.replace(year=2031), datetime(1995, 9, 24, 1, tzinfo=UTC)]),
        st.integers(-150, 150),
    ),
)
_waits = st.one_of(st.integers(0, 240), st.integers(0, 400_000)).map(
    lambda minutes: timedelta(minutes=minutes)
)


@given(st.lists(st.tuples(_instants, _waits), min_size=1, max_size=150))
@settings(deadline=None, max_examples=6, phases=[Phase.generate])
def test_elapsed_time_is_the_difference_of_instants(waits: list[tuple[datetime, timedelta]]) -> None:
    tickets = [answered(at, opened, opened + wait) for at, (opened, wait) in enumerate(waits)]
    with company(agreements=[agreement()], tickets=tickets) as house:
        found = (
            house.cursor()
            .execute(
                """
            select
                t.line - 2,
                model.elapsed_microseconds(t.opened_at, t.first_reply_at, t.reply_clock_change)
            from model.ticket_facts as t
            order by 1
            """
            )
            .fetchall()
        )
    assert found == [(at, wait // timedelta(microseconds=1)) for at, (_opened, wait) in enumerate(waits)]


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_reports_give_elapsed_hours(change: datetime) -> None:
    waits = [timedelta(minutes=20), timedelta(minutes=70), timedelta(days=200)]
    opened = [change - timedelta(minutes=10), change - timedelta(minutes=40), change - timedelta(days=100)]
    tickets = [
        answered(at, start, start + wait, category="Nede")
        for at, (start, wait) in enumerate(zip(opened, waits, strict=True))
    ]
    with company(DOWN, agreements=[agreement()], tickets=tickets) as house:
        listed = rows(house, "access_down_tickets", change.date() + 150 * DAY)
        (down, _other) = rows(house, "response", change.date() + 150 * DAY)
    hours = {row["ticket_id"]: row["reply_hours"] for row in listed}
    assert hours == pytest.approx({"0": 1 / 3, "1": 7 / 6, "2": 4800})
    assert down["median_hours"] == pytest.approx(7 / 6)


_moves = st.integers(-90, 90).map(lambda minutes: timedelta(minutes=minutes))


@given(
    st.sampled_from([SPRING, AUTUMN]),
    st.lists(st.tuples(_moves, st.none() | st.integers(0, 150), st.booleans()), max_size=60),
)
@settings(deadline=None, max_examples=8, phases=[Phase.generate])
def test_overtaken_compares_instants(
    change: datetime, drawn: list[tuple[timedelta, int | None, bool]]
) -> None:
    """Against each pair of tickets, as R10 words it."""
    times = [
        (change + moved, None if wait is None else change + moved + timedelta(minutes=wait), is_down)
        for moved, wait, is_down in drawn
    ]
    tickets = [
        answered(at, opened, replied, category="Nede" if is_down else "Annet")
        for at, (opened, replied, is_down) in enumerate(times)
    ]
    with company(DOWN, agreements=[agreement()], tickets=tickets) as house:
        listed = rows(house, "access_down_tickets", change.date() + DAY)
        (down, _other) = rows(house, "response", change.date() + DAY)
    expected = {
        str(at): any(
            not other_is_down
            and other >= opened
            and answer is not None
            and (replied is None or answer < replied)
            for other, answer, other_is_down in times
        )
        for at, (opened, replied, is_down) in enumerate(times)
        if is_down
    }
    assert {row["ticket_id"]: row["is_overtaken"] for row in listed} == expected
    assert down["overtaken"] == sum(expected.values())
