"""The browser's history: an entry for each action, and Back shows the page as it was, with its filters."""

from __future__ import annotations

import os
import re
from urllib.parse import quote_plus

from playwright.sync_api import Locator, Page, Position, expect

from tests.browser.reading import OpenPage, filters_in_force, open_filters, settled

AS_OF, MANAGER = "2026-11-01", "Ingrid Lægreid"
BANDS = 4
ROUNDS = 10 if os.environ.get("CCINSIGHT_SOAK") == "1" else BANDS
# In a grid, which is one picture to the browser: the first column of the row below the headings.
FIRST_CUSTOMER: Position = {"x": 60, "y": 55}


def _bands(page: Page) -> Locator:
    open_filters(page)
    return page.get_by_test_id("stMultiSelect").filter(has_text="User band")


def _choose_band(page: Page, at: int) -> None:
    _bands(page).get_by_role("combobox").click()
    page.get_by_role("option").nth(at).click()
    page.keyboard.press("Escape")


def _go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()


def _entries(page: Page) -> int:
    return int(page.evaluate("history.length"))


def _chosen(page: Page) -> Locator:
    return filters_in_force(page, "user-band")


def _heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_a_page_is_one_entry_though_filters_are_set(open_page: OpenPage) -> None:
    page = open_page("/utilization?language=en")
    start = _entries(page)
    _choose_band(page, 2)
    settled(page)
    assert _entries(page) == start + 1

    for at, name in enumerate(["Renewals", "Price change", "Deadlines", "Revenue", "Data", "Overview"]):
        _go(page, name)
        settled(page)
        assert _entries(page) == start + 2 + at, page.url
        assert "user-band=" in page.url


def test_back_shows_the_page_with_the_filter_however_soon_the_click_came(open_page: OpenPage) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=en")
    start, without = _entries(page), page.url
    for at in range(ROUNDS):
        _choose_band(page, at % BANDS)
        _go(page, "Deadlines")  # the page hasn't answered to the filter yet
        expect(page).to_have_url(re.compile("/deadlines"))
        settled(page)
        assert _entries(page) == start + 2
        expect(_chosen(page)).to_have_count(1)
        shown = _chosen(page).text_content() or ""
        band = re.search("user-band=([^&]*)", page.url)
        assert band is not None

        page.go_back()
        # in any order
        said = "".join(
            f"(?=.*{re.escape(each)})" for each in (f"as-of={AS_OF}", f"user-band={band[1]}", "language=en")
        )
        expect(page).to_have_url(re.compile(rf"/renewals\?{said}"))
        settled(page)
        expect(_chosen(page)).to_have_text([shown])
        if at == 0:
            assert _heading(page) == _heading(open_page(page.url))

        page.go_back()
        expect(page).to_have_url(without)
        settled(page)
        expect(_chosen(page)).to_have_count(0)
        assert _entries(page) == start + 2


def test_a_filter_that_was_chosen_a_moment_ago_goes_along_with_a_link(open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={AS_OF}&language=en")
    _choose_band(page, 3)
    page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").first.click()
    expect(page).to_have_url(re.compile("/to_do.*user-band="))
    settled(page)
    expect(_chosen(page)).to_have_count(1)

    # the page that was left, whether or not it had answered to the filter
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?as-of|/\?user-band"))


def test_back_takes_a_control_of_the_page_back_too(open_page: OpenPage) -> None:
    page = open_page(f"/deadlines?as-of={AS_OF}&language=en")
    start = _entries(page)
    page.get_by_test_id("stMain").get_by_text("180 days", exact=False).first.click()
    expect(page).to_have_url(re.compile("days=180"))
    settled(page)
    assert _entries(page) == start + 1

    page.go_back()
    settled(page)
    assert "days=180" not in page.url
    expect(
        page.get_by_test_id("stMain").locator("[kind$=Active], [aria-checked=true]").first
    ).to_contain_text("90")


def test_a_row_that_leads_to_its_customer_is_one_entry(open_page: OpenPage) -> None:
    page = open_page(f"/deadlines?as-of={AS_OF}&language=en")
    start, before = _entries(page), page.url
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position=FIRST_CUSTOMER)
    expect(page).to_have_url(re.compile(r"/customer\?.*id=\d+"))
    settled(page)
    customer = page.url
    assert _entries(page) == start + 1

    page.go_back()
    expect(page).to_have_url(before)
    settled(page)
    expect(filters_in_force(page)).to_have_count(0)

    page.go_forward()
    expect(page).to_have_url(customer)
    settled(page)
    assert _entries(page) == start + 1


def test_the_deadlines_of_a_manager_are_the_same_after_a_customer(open_page: OpenPage) -> None:
    page = open_page(f"/deadlines?as-of={AS_OF}&account-manager={quote_plus(MANAGER)}&language=en")
    before, title, rows = page.url, _heading(page), _rows(page)
    assert rows != _rows(open_page(f"/deadlines?as-of={AS_OF}&language=en"))

    _follow_first_customer(page)
    assert "account-manager=" in page.url

    page.go_back()
    expect(page).to_have_url(before)
    settled(page)
    assert (_heading(page), _rows(page)) == (title, rows)

    _follow_first_customer(page)
    _go(page, "Overview")
    expect(page).to_have_url(re.compile(r"/\?(?!.*\bid=).*account-manager="))
    settled(page)
    _go(page, "Customer")
    settled(page)
    assert _heading(page) == "Which customer?"


def _rows(page: Page) -> str:
    return page.get_by_test_id("stMain").get_by_text(re.compile(r"^\d+ rows")).first.inner_text()


def _follow_first_customer(page: Page) -> None:
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position=FIRST_CUSTOMER)
    expect(page).to_have_url(re.compile(r"/customer\?.*id=\d+"))
    settled(page)
