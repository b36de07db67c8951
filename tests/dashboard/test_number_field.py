"""Numbers that people write into a page: the comma of a Norwegian keyboard counts in any browser."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ccinsight.dashboard.widgets.number_field import read, written
from ccinsight.i18n import set_language
from tests.dashboard.opening import AS_OF, Open


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("nb", "4,5", "4.5"),
        ("nb", "4.5", "4.5"),
        ("nb", "−3,25 %", "-3.25"),
        ("nb", "1 234,50", "1234.50"),
        ("nb", "1\N{NO-BREAK SPACE}234 kr", "1234"),
        ("nb", "10.000", "10000"),
        ("nb", "1.234.567", "1234567"),
        ("nb", "1.234,5", "1234.5"),
        ("nb", "0,125", "0.125"),
        ("nb", "1,234.5", "1234.5"),
        ("nb", "1,234,567", "1234567"),
        ("en", "4.5", "4.5"),
        ("en", "4,5", "4.5"),
        ("en", "10,000", "10000"),
        ("en", "10.125", "10.125"),
    ],
)
def test_a_number_is_read_as_it_is_written(language: str, text: str, number: str) -> None:
    set_language(language)

    assert read(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["fem", "4,5,", "1" * 31, "1,23.456", "12.34.567", "--4", "1e9", "NaN", "Infinity", "%", "4;5"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    set_language("nb")

    with pytest.raises(ValueError, match=r"."):
        read(text)


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (5.0, "5"), (Decimal("4.50"), "4,5"), (1_000_000.0, "1 000 000")]
)
def test_a_number_is_shown_with_all_its_decimals_and_no_more(
    value: Decimal | float | None, text: str
) -> None:
    set_language("nb")

    assert written(value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_percentage_with_a_comma_is_no_ten_times_as_much(open_page: Open) -> None:
    site = open_page("price_plan", f"as-of={AS_OF}&language=nb")
    assert site.text_input(key="_percent").value == "5"

    site.text_input(key="_percent").set_value("4,5").run()
    assert site.query_params["percent"] in ("4.5", ["4.5"])
    assert site.text_input(key="_percent").value == "4,5"

    for wrong in ("450", "fem"):
        site.text_input(key="_percent").set_value(wrong).run()
        assert site.query_params["percent"] in ("4.5", ["4.5"]), "the plan stays what it was"
        assert site.text_input(key="_percent").value == wrong
        assert any("fra −50 til 100" in each.value for each in site.caption)

    site.text_input(key="_percent").set_value("6").run()
    assert site.query_params["percent"] in ("6", ["6"])
    assert not any("fra −50 til 100" in each.value for each in site.caption)
