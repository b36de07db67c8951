"""Shares as a person reads them: a little is not nothing, and nearly all is not all."""

from datetime import datetime
from decimal import Decimal

import pytest

from ccinsight import i18n
from ccinsight.dashboard.widgets.cells import plain
from ccinsight.i18n import number, set_language
from ccinsight.registry import REPORTS


@pytest.mark.parametrize(
    ("part", "whole", "english", "norwegian"),
    [
        (2, 1_400, "0.1%", "0,1 %"),
        (1_399, 1_400, "99.9%", "99,9 %"),
        (0, 1_400, "0%", "0 %"),
        (1_400, 1_400, "100%", "100 %"),
        (7, 10, "70%", "70 %"),
        (1, 200, "0.5%", "0,5 %"),
        (2, 3, "67%", "67 %"),
        (1, 3_000, "0.03%", "0,03 %"),
        (2_999, 3_000, "99.97%", "99,97 %"),
        (1, 141_712, "under 0.01%", "under 0,01 %"),
        (141_711, 141_712, "over 99.99%", "over 99,99 %"),
        (1_003, 1_000, "100.3%", "100,3 %"),
        (-4, 1_000, "-0.4%", "-0,4 %"),
    ],
)
def test_a_share_is_neither_nothing_nor_all_unless_it_is(
    part: int, whole: int, english: str, norwegian: str
) -> None:
    for value in (part / whole, Decimal(part) / Decimal(whole)):
        i18n.set_language("en")
        assert i18n.percent(value) == english
        assert REPORTS["utilization"].column("contact_rate").shown(value) == english
        i18n.set_language("nb")
        assert (
            i18n.percent(value).replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-") == norwegian
        )


def test_thirds_that_add_up_to_all_are_all() -> None:
    assert i18n.percent(sum([1 / 3] * 3)) == "100%"
    assert i18n.percent(0.1 + 0.2 + 0.7 - 1e-17) == "100%"


def test_decimals_that_are_asked_for_are_kept() -> None:
    assert i18n.percent(0.87, 1) == "87.0%"
    assert i18n.percent(0.0004, 1) == "0.04%"
    assert i18n.percent(0.9999, 1) == "99.99%"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (22_812.5, 0, "22,813"),
        (Decimal("57242.50"), 0, "57,243"),
        (18.25, 1, "18.3"),
        (57.665, 2, "57.67"),
        (-0.5, 0, "-1"),
        (-0.4, 0, "0"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: float | Decimal, decimals: int, written: str) -> None:
    set_language("en")
    assert number(value, decimals) == written
    assert plain(float(value), decimals).replace("\N{MINUS SIGN}", "-") == written


def test_the_minutes_of_a_day_share_one_written_date() -> None:
    i18n._formatted_date.cache_clear()
    written = {i18n.moment(datetime(2026, 12, 31, 14, minute)) for minute in range(60)}
    assert {"31 Dec 2026 14:00", "31 Dec 2026 14:59"} < written
    assert i18n._formatted_date.cache_info().currsize == 1
