"""The price list that is edited on the page Price change: prices written and read as the language does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.opening import AS_OF, Open

STEPS = '[["standard",1,"2750"],["standard",10,"2615.5"]]'
QUERY = f"as-of={AS_OF}&way=steps&valid-on=2026-10-01&steps={STEPS}"


def _prices(site: AppTest) -> list[str]:
    assert not site.exception
    [editor] = site.data_editor
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in editor.value["price_per_user"]]


def _write(site: AppTest, **prices: str) -> AppTest:
    """Writes prices into rows, ``_0="2750,50"``, as the browser sends them."""
    rows = {int(row[1:]): {"price_per_user": text} for row, text in prices.items()}
    [editor] = site.data_editor
    site.session_state[str(editor.key)] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return site.run()


def _asked(site: AppTest) -> list[list[Any]]:
    asked: list[list[Any]] = json.loads(site.session_state["steps"])
    return asked


@pytest.mark.parametrize(
    ("language", "prices"), [("nb", ["2 750", "2 615,50"]), ("en", ["2,750", "2,615.50"])]
)
def test_a_price_is_shown_with_the_languages_decimals_where_it_has_some(
    open_page: Open, language: str, prices: list[str]
) -> None:
    site = open_page("price_plan", f"{QUERY}&language={language}")

    assert _prices(site) == prices
    assert _asked(site) == json.loads(STEPS)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("text", ["2750,50", "2750.50", "2 750,5 kr"])
def test_a_price_is_read_with_a_comma_and_with_a_point(open_page: Open, language: str, text: str) -> None:
    site = _write(open_page("price_plan", f"{QUERY}&language={language}"), _1=text)

    assert _asked(site) == [["standard", 1, "2750"], ["standard", 10, "2750.5"]]


@pytest.mark.parametrize("text", ["2,7,5", "10 000 000 000 000"])
def test_what_is_no_price_is_named_and_its_row_does_not_count(open_page: Open, text: str) -> None:
    site = _write(open_page("price_plan", f"{QUERY}&language=nb"), _0=text, _1="2600")

    assert _asked(site) == [["standard", 10, "2600"]]
    assert any("Dette er ikke priser" in each.value and text in each.value for each in site.caption)


def test_another_language_writes_the_prices_anew_and_keeps_them(open_page: Open) -> None:
    site = _write(open_page("price_plan", f"{QUERY}&language=nb"), _0="2700,25")

    site.segmented_control(key="language").set_value("en").run()

    assert _prices(site) == ["2,700.25", "2,615.50"]
    assert _asked(site) == [["standard", 1, "2700.25"], ["standard", 10, "2615.5"]]


def test_a_link_with_a_price_without_end_is_not_read(open_page: Open) -> None:
    site = open_page("price_plan", f'as-of={AS_OF}&language=en&way=steps&steps=[["standard",1,"Infinity"]]')

    assert not site.exception
    assert "steps=" in site.warning[0].value
