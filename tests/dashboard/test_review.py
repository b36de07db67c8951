"""The page Review: its periods, their figures beside each other, and who is behind them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import review_period
from ccinsight.dashboard.pages.review_period import Period
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import amount, set_language
from tests.dashboard.opening import AS_OF, Open, written

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30), 3)


def test_the_newest_whole_quarter_comes_first() -> None:
    for as_of, first in (
        ("2026-10-01", "2026-07-01"),
        ("2026-09-29", "2026-04-01"),
        ("2026-09-30", "2026-07-01"),
    ):
        day = date.fromisoformat(as_of)
        assert review_period.newest_whole(review_period.quarters(day), day) == first
    assert review_period.quarters(date(2026, 9, 29))["2026-07-01"].last == date(2026, 9, 29)


SET_AGAINST = [
    (QUARTER, "2026-04-01 2026-06-30", "2025-07-01 2025-09-30"),
    # of a quarter that isn't over, the same part of the one before
    (Period(date(2026, 7, 1), date(2026, 8, 15), 3), "2026-04-01 2026-05-15", "2025-07-01 2025-08-15"),
    (
        review_period.months(date(2024, 3, 31))["2024-02-01"],
        "2024-01-01 2024-01-31",
        "2023-02-01 2023-02-28",
    ),
    (review_period.year_to_date(date(2026, 10, 1)), "2025-01-01 2025-10-01", "2025-01-01 2025-10-01"),
    (review_period.twelve_months(date(2026, 10, 1)), "2024-10-02 2025-10-01", "2024-10-02 2025-10-01"),
    (
        review_period.own(date(2026, 2, 1), date(2026, 3, 31)),
        "2025-12-01 2026-01-31",
        "2025-02-01 2025-03-31",
    ),
    (
        review_period.own(date(2026, 3, 5), date(2026, 3, 14)),
        "2026-02-23 2026-03-04",
        "2025-03-05 2025-03-14",
    ),
    # a day that the earlier month doesn't have is its last one
    (review_period.months(date(2026, 5, 30))["2026-05-01"], "2026-04-01 2026-04-30", "2025-05-01 2025-05-30"),
    (review_period.months(date(2026, 3, 28))["2026-03-01"], "2026-02-01 2026-02-28", "2025-03-01 2025-03-28"),
    (
        review_period.quarters(date(2026, 12, 30))["2026-10-01"],
        "2026-07-01 2026-09-30",
        "2025-10-01 2025-12-30",
    ),
    (review_period.year_to_date(date(2028, 2, 28)), "2027-01-01 2027-02-28", "2027-01-01 2027-02-28"),
    (review_period.year_to_date(date(2028, 2, 29)), "2027-01-01 2027-02-28", "2027-01-01 2027-02-28"),
    (review_period.year_to_date(date(2026, 1, 1)), "2025-01-01 2025-01-01", "2025-01-01 2025-01-01"),
    (
        review_period.own(date(2026, 1, 31), date(2026, 2, 27)),
        "2026-01-03 2026-01-30",
        "2025-01-31 2025-02-27",
    ),
]


@pytest.mark.parametrize(("period", "before", "year_ago"), SET_AGAINST)
def test_what_a_period_is_set_against(period: Period, before: str, year_ago: str) -> None:
    for found, wanted in ((period.before(), before), (period.year_ago(), year_ago)):
        assert f"{found.first} {found.last}" == wanted


def test_a_rolling_year_follows_the_year_before_without_gap_or_overlap() -> None:
    for day in pd.date_range("2023-02-25", "2029-03-05"):
        period = review_period.twelve_months(day.date())
        assert period.before() == period.year_ago()
        assert period.before().last + timedelta(days=1) == period.first
        assert period.before().before().last + timedelta(days=1) == period.before().first


def test_the_quarter_against_the_one_before_and_a_year_ago(open_page: Open, database: Path) -> None:
    site = open_page("review", f"as-of={AS_OF}&language=en")
    assert not site.exception
    set_language("en")
    [table] = [rows for rows in written(site) if rows[0][0] == "Figure"]
    assert table[0] == ["Figure", "Q3 2026", "Q2 2026", "Change", "Q3 2025", "Change"]
    shown = {row[0]: row[1:] for row in table[1:]}
    sums = []
    with Warehouse.open(database) as house:
        for end in (date(2026, 9, 30), date(2026, 6, 30), date(2025, 9, 30)):
            sums.append(house.report("revenue_movements", Scope(end, SEES_ALL), months=3).to_pylist())
    for label, name in (("More users", "expansion"), ("Lost customers", "churn")):
        now, before, year_ago = (float(sum(row[name] for row in rows)) for rows in sums)
        texts = shown[label]
        assert [texts[0], texts[1], texts[3]] == [
            amount(each).replace("-", "−") for each in (now, before, year_ago)
        ]
        assert texts[2].lstrip("+−") == amount(abs(now - before))
    for figure, unit in (
        ("Net retention (NRR)", 1),
        ("Gross retention (GRR)", 1),
        ("End", 0),
    ):
        for other, change in ((1, 2), (3, 4)):
            now, before, moved = (_shown_number(shown[figure][place]) for place in (0, other, change))
            assert round(now - before, unit) == moved, figure
    assert shown["End"][0] == amount(float(sums[0][-1]["end"]))
    assert shown["Start"][0] == shown["End"][1]

    # nobody chose the quarter: the newest whole one follows the kind of period and the day, as in a new session
    site.segmented_control(key="span").set_value("month").run()
    assert site.title[0].value.endswith(": Sept 2026")
    site.date_input(key="as-of").set_value(date(2026, 8, 15)).run()
    assert site.title[0].value.endswith(": Jul 2026")
    assert "begins" not in site.query_params and not site.exception


def _shown_number(text: str) -> float:
    return float("".join(sign for sign in text.replace("−", "-") if sign in "-.0123456789"))


def test_a_movement_shows_its_customers_and_stands_in_the_address(open_page: Open, database: Path) -> None:
    site = open_page("review", f"as-of={AS_OF}&language=en&movement=churn&begins=2026-04-01")
    assert not site.exception
    [picked] = [box for box in site.selectbox if box.key == "movement"]
    assert picked.value == "churn"
    with Warehouse.open(database) as house:
        rows = house.report("movement_customers", Scope(date(2026, 6, 30), SEES_ALL), months=3).to_pylist()
    lost = sum(row["amount"] for row in rows if row["movement"] == "churn")
    assert any(f"Change in ARR: {amount(float(lost))}" in note.value for note in site.caption)
    site.selectbox(key="movement").set_value("new").run()
    assert site.query_params["movement"] in ("new", ["new"])
    assert site.query_params["begins"] in ("2026-04-01", ["2026-04-01"])


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("span=month&begins=2026-05-01&detail=unbilled", "May 2026"),
        ("span=twelve&detail=renewals", "2 Oct 2025–1 Oct 2026"),
        ("span=own&from-day=2026-02-10&to-day=2026-03-15&detail=new", "10 Feb 2026–15 Mar 2026"),
    ],
)
def test_a_period_is_named_by_the_address(open_page: Open, query: str, title: str) -> None:
    site = open_page("review", f"as-of={AS_OF}&language=en&{query}")
    assert not site.exception
    assert site.title[0].value.endswith(f": {title}")


def test_a_day_that_is_none_is_named_and_ignored(open_page: Open) -> None:
    site = open_page("review", f"as-of={AS_OF}&language=en&span=own&from-day=yesterday&to-day=2030-01-01")
    assert not site.exception
    assert site.title[0].value.endswith(
        ": 1 Jan 2026–1 Oct 2026"
    )  # none of the days lies after the as-of date
    assert any("yesterday" in warning.value for warning in site.warning)
