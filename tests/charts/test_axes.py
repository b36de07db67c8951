"""Round ticks, named in the language in use."""

from datetime import date

import pytest

from ccinsight import i18n
from ccinsight.charts import axes
from ccinsight.charts.values import months_between


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (0, 51, [0, 20, 40, 60]),
        (0, 60, [0, 20, 40, 60]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1.0]),
        (-6400, 11300, [-10000, -5000, 0, 5000, 10000, 15000]),
        (0, 0.75, [0, 0.2, 0.4, 0.6, 0.8]),
    ],
)
def test_nice_ticks_hold_zero_and_all_values(least: float, most: float, ticks: list[float]) -> None:
    assert axes.nice_ticks(least, most) == ticks


def test_amounts_from_a_million_on_are_short() -> None:
    axis = axes.amount_axis([1_433_510.0])
    assert axis["ticktext"] == ["0\N{NO-BREAK SPACE}kr", "0.5 m kr", "1.0 m kr", "1.5 m kr"]
    assert axes.amount_axis([400.0])["ticktext"][1] == "100\N{NO-BREAK SPACE}kr"


def test_each_tick_says_where_it_is() -> None:
    """A quarter isn't rounded to a fifth."""
    quarters = axes.amount_axis([900_000.0, 1_000_000.0])
    assert quarters["tickvals"][1] == 250_000
    assert quarters["ticktext"] == [
        "0\N{NO-BREAK SPACE}kr",
        "0.25 m kr",
        "0.50 m kr",
        "0.75 m kr",
        "1.00 m kr",
    ]
    assert axes.ratio_axis([1.0])["ticktext"] == ["0", "0.25", "0.50", "0.75", "1.00"]
    assert axes.percent_axis([0.1])["ticktext"] == ["0%", "2.5%", "5.0%", "7.5%", "10.0%"]


def test_counts_are_whole_and_name_their_unit_once() -> None:
    def unit(count: int) -> str:
        return "{count} ticket" if count == 1 else "{count} tickets"

    assert axes.count_axis([1, 3], unit)["ticktext"] == ["0", "1", "2", "3 tickets"]
    assert axes.count_axis([1], unit)["ticktext"] == ["0", "1 ticket"]
    assert axes.count_axis([51, None], unit)["ticktext"] == ["0", "20", "40", "60 tickets"]


def test_months_have_few_ticks_and_each_year_once() -> None:
    months = months_between(date(2024, 4, 1), date(2026, 3, 1))
    axis = axes.month_axis(months)
    assert axis["tickvals"] == [
        "2024-06",
        "2024-09",
        "2024-12",
        "2025-03",
        "2025-06",
        "2025-09",
        "2025-12",
        "2026-03",
    ]
    assert axis["ticktext"] == [
        "Jun<br>2024",
        "Sept",
        "Dec",
        "Mar<br>2025",
        "Jun",
        "Sept",
        "Dec",
        "Mar<br>2026",
    ]


def test_months_are_named_in_norwegian() -> None:
    i18n.set_language("nb")
    assert axes.month_axis([date(2026, 5, 1)])["ticktext"] == ["mai<br>2026"]


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (date(2026, 3, 11), date(2026, 6, 16), ["Apr<br>2026", "May", "Jun"]),
        (date(2024, 12, 15), date(2027, 6, 15), ["Jan<br>2025", "Jul", "Jan<br>2026", "Jul", "Jan<br>2027"]),
        (date(2020, 6, 1), date(2026, 3, 1), ["2021", "2022", "2023", "2024", "2025", "2026"]),
    ],
)
def test_time_axes_have_few_ticks_on_first_days(first: date, last: date, texts: list[str]) -> None:
    assert axes.day_axis(first, last)["ticktext"] == texts


def test_a_line_of_percents_needs_no_zero_but_holds_100() -> None:
    axis = axes.percent_line_axis([0.96, 0.92])
    assert axis["ticktext"] == ["90%", "92%", "94%", "96%", "98%", "100%", "102%"]
