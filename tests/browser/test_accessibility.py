"""Pages for everyone: axe-core finds nothing, and the focus is seen. Each page by itself: test_dashboard.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility
from tests.browser.keyboard import tab_to
from tests.browser.reading import OpenPage, open_filters, settled

AS_OF, CUSTOMER = "2026-11-01", "1009"


def test_axe_finds_nothing_in_a_customers_tabs(open_page: OpenPage) -> None:
    page = open_page(f"/customer?id={CUSTOMER}&as-of={AS_OF}&language=nb")
    tabs = page.get_by_role("radiogroup", name="Hva som vises").get_by_role("radio")
    expect(tabs).to_have_count(9)
    for number in range(9):
        if number == 5:
            accessibility.turn_dark(page)
        tabs.nth(number).click()
        settled(page)
        assert accessibility.findings(page) == []


def test_axe_finds_nothing_in_filters_an_excel_address_and_a_calendar_on_the_dark_theme(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb&user-band=5-9", dark=True)
    open_filters(page)
    settled(page)
    page.get_by_role("button", name="Koble til Excel").last.click()
    page.get_by_text("Tekst for Power Query").click()
    expect(page.get_by_text("Csv.Document")).to_be_visible(timeout=60_000)
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("button", name="Velg dato").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Neste måned")).to_be_visible()
    assert accessibility.findings(page) == []


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_one_meetings_page(dark: bool, open_page: OpenPage) -> None:
    page = open_page(f"/meeting?id={CUSTOMER}&as-of={AS_OF}&language=nb", dark=dark)
    assert accessibility.findings(page) == []


def test_the_focus_is_seen_wherever_tab_leads_in_either_theme(open_page: OpenPage) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb")
    _assert_focus_is_seen(page)
    accessibility.turn_dark(page)
    settled(page)
    _assert_focus_is_seen(page)

    past_navigation = page.get_by_role("link", name="Hopp til innholdet")
    tab_to(page, past_navigation)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.get_by_test_id("stMain").evaluate("main => main.contains(document.activeElement)")


def _assert_focus_is_seen(page: Page) -> None:
    """Tab leads from the page's beginning to its end, and each stop has an outline of two pixels and 3:1."""
    stops: list[tuple[str, float, float]] = []
    page.keyboard.press("Tab")
    while len(stops) < 120 and page.evaluate("document.activeElement !== document.body"):
        stops.append(accessibility.focus(page))
        page.keyboard.press("Tab")
    names = {name for name, _width, _contrast in stops}
    assert {"Hopp til innholdet", "Per dato", "Søk i tabellen", "Sorter etter", "Avtale"} <= {
        name.removeprefix("dag, ") for name in names
    }
    assert [stop for stop in stops if stop[1] < 2 or stop[2] < 3] == []
