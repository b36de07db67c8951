"""The page Review: its periods, their figures beside each other, and who is behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages.review_figures import Reviewed
from ccinsight.dashboard.session.view import View
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.quarter import periods
from ccinsight.documents.quarter.figures import MOVES, renewals_left_out
from ccinsight.documents.quarter.periods import Period
from ccinsight.documents.quarter.words import headline
from ccinsight.i18n import amount, set_language
from ccinsight.outputs.frames import to_frame
from tests.dashboard.opening import AS_OF, Open, written
from tests.reports.companies import agreement, company, count, price

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30), 3)


def test_the_newest_whole_quarter_comes_first() -> None:
    for as_of, first in (
        ("2026-10-01", "2026-07-01"),
        ("2026-09-29", "2026-04-01"),
        ("2026-09-30", "2026-07-01"),
    ):
        day = date.fromisoformat(as_of)
        assert periods.newest_whole(periods.quarters(day), day) == first
    assert periods.quarters(date(2026, 9, 29))["2026-07-01"].last == date(2026, 9, 29)


SET_AGAINST = [
    (QUARTER, "2026-04-01 2026-06-30", "2025-07-01 2025-09-30"),
    # of a quarter that isn't over, the same part of the one before
    (Period(date(2026, 7, 1), date(2026, 8, 15), 3), "2026-04-01 2026-05-15", "2025-07-01 2025-08-15"),
    (
        periods.months(date(2024, 3, 31))["2024-02-01"],
        "2024-01-01 2024-01-31",
        "2023-02-01 2023-02-28",
    ),
    (periods.year_to_date(date(2026, 10, 1)), "2025-01-01 2025-10-01", "2025-01-01 2025-10-01"),
    (periods.twelve_months(date(2026, 10, 1)), "2024-10-02 2025-10-01", "2024-10-02 2025-10-01"),
    (
        periods.own(date(2026, 2, 1), date(2026, 3, 31)),
        "2025-12-01 2026-01-31",
        "2025-02-01 2025-03-31",
    ),
    (
        periods.own(date(2026, 3, 5), date(2026, 3, 14)),
        "2026-02-23 2026-03-04",
        "2025-03-05 2025-03-14",
    ),
    # a day that the earlier month doesn't have is its last one
    (periods.months(date(2026, 5, 30))["2026-05-01"], "2026-04-01 2026-04-30", "2025-05-01 2025-05-30"),
    (periods.months(date(2026, 3, 28))["2026-03-01"], "2026-02-01 2026-02-28", "2025-03-01 2025-03-28"),
    (
        periods.quarters(date(2026, 12, 30))["2026-10-01"],
        "2026-07-01 2026-09-30",
        "2025-10-01 2025-12-30",
    ),
    (periods.year_to_date(date(2028, 2, 28)), "2027-01-01 2027-02-28", "2027-01-01 2027-02-28"),
    (periods.year_to_date(date(2028, 2, 29)), "2027-01-01 2027-02-28", "2027-01-01 2027-02-28"),
    (periods.year_to_date(date(2026, 1, 1)), "2025-01-01 2025-01-01", "2025-01-01 2025-01-01"),
    (
        periods.own(date(2026, 1, 31), date(2026, 2, 27)),
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
        period = periods.twelve_months(day.date())
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
    total = f"Change in ARR: {amount(float(lost))}".replace("-", "−")
    assert lost < 0 and any(total in note.value for note in site.caption)
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


@dataclass(frozen=True, kw_only=True)
class _Asking(View):
    """A view whose reports a company in memory answers."""

    house: Warehouse

    def report(self, name: str, **options: Any) -> pd.DataFrame:
        return to_frame(self.house.report(name, Scope(self.as_of, SEES_ALL), **options))


def _second_quarter(house: Warehouse) -> Reviewed:
    day = date(2026, 7, 1)
    return Reviewed(_Asking(day, day, SEES_ALL, house=house), Period(date(2026, 4, 1), date(2026, 6, 30), 3))


def _three(*prices: dict[str, Any]) -> Warehouse:
    """1 and 2 on the price list, 2 left with the end of May 2026; 3 came in May with a product without a price."""
    left = {"terminated_on": date(2026, 2, 1), "terminated_by": "customer"}
    return company(
        agreements=[
            agreement("A-1", "1", subscribed_on=date(2024, 5, 1)),
            agreement("A-2", "2", subscribed_on=date(2024, 6, 1), **left),
            agreement("A-3", "3", subscribed_on=date(2026, 5, 5), product="Basic"),
        ],
        user_counts=[count(date(2024, 1, 1), 10, customer) for customer in "123"],
        prices=prices,
    )


def test_the_headline_says_what_is_unknown() -> None:
    set_language("en")
    known = _second_quarter(_three(price(date(2020, 1, 1), "1200")))
    assert headline(known) == (
        "ARR fell by 12,000\N{NO-BREAK SPACE}kr to 12,000\N{NO-BREAK SPACE}kr (unknown for 1 agreement): Q2 2026"
    )
    assert (known.start, known.end) == (24000.0, 12000.0)
    unknown = _second_quarter(_three())
    assert (unknown.start, unknown.end) == (None, None)
    assert headline(unknown) == (
        "ARR is unknown on 30 Jun 2026: no agreement in force has a known rate and users"
    )
    # the list gives agreements a price from their renewals in May and June 2026 on
    later = _second_quarter(_three(price(date(2026, 1, 1), "1300", announced_on=date(2025, 11, 1))))
    assert (later.start, later.end) == (None, 13000.0)
    assert "13,000\N{NO-BREAK SPACE}kr (unknown for 1 agreement) and was unknown at the start" in headline(
        later
    )
    assert later.waterfall[["start", "end"]].isna().to_numpy().tolist() == [[True, False]]
    for reviewed in (known, unknown, later):
        assert reviewed.moved == {name: float(reviewed.movements[name].sum()) for name in MOVES}
        assert (reviewed.lost_customers, set(reviewed.new["customer_id"])) == (1, {"3"})


def test_forecast_and_result_are_of_the_same_renewals() -> None:
    """The users of 2 are counted after the forecast was made, so its result has nothing to be set against."""
    set_language("en")
    house = company(
        agreements=[agreement("A-1", "1"), agreement("A-2", "2")],
        user_counts=[count(date(2025, 3, 1), 10, "1"), count(date(2026, 3, 31), 7, "2")],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    day = date(2026, 4, 1)
    days = Period(date(2026, 3, 31), date(2026, 4, 10))
    reviewed = Reviewed(_Asking(day, day, SEES_ALL, house=house), days)
    by_agreement = reviewed.renewals.set_index("agreement_id")
    assert by_agreement["renewed_value"].to_dict() == {"A-1": 12000.0, "A-2": 8400.0}
    assert by_agreement["forecast_value"].notna().to_dict() == {"A-1": True, "A-2": False}
    assert reviewed.compared("renewed_value").sum() == 12000.0
    assert reviewed.compared("forecast_value").sum() == by_agreement["forecast_value"]["A-1"]
    before = Reviewed(reviewed.view, days.before())
    assert renewals_left_out([before]) == ""
    assert renewals_left_out([reviewed, before]) == (
        "Renewals left out of forecast and result, since one of the two is unknown: 31 Mar 2026–10 Apr 2026: 1."
    )
