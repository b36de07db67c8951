"""Explore in a browser: its lists show what the page shows, also where the browser keeps a list as it was."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.reading import OpenPage, filters_in_force, open_filters, settled


def _list(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}")


def _pick(page: Page, key: str, name: str) -> None:
    _list(page, key).get_by_role("combobox").click()
    page.get_by_role("option", name=name, exact=True).click()
    if key.startswith("pick-"):  # a list of several stays open
        page.keyboard.press("Escape")
    settled(page)


def _shows(page: Page, key: str, text: str) -> None:
    expect(_list(page, key).get_by_role("combobox")).to_have_value(text)


def test_lists_show_what_was_chosen_taken_off_gone_back_to_and_translated(open_page: OpenPage) -> None:
    page = open_page("/explore?as-of=2026-11-01&language=en")
    open_filters(page)
    settled(page)
    _pick(page, "explore-rows", "Channel")
    _shows(page, "explore-rows", "Channel")
    _pick(page, "pick-user-band", "5–9")
    _pick(page, "pick-user-band", "10–24")  # the lists of the page are now as in the two runs before
    expect(_list(page, "pick-user-band")).to_contain_text("10–24")

    filters_in_force(page, "user-band").first.click()
    expect(filters_in_force(page, "user-band")).to_have_count(1)
    settled(page)
    expect(_list(page, "pick-user-band")).not_to_contain_text("5–9")
    expect(_list(page, "pick-user-band")).to_contain_text("10–24")
    _shows(page, "explore-rows", "Channel")

    page.go_back()
    settled(page)
    expect(_list(page, "pick-user-band")).to_contain_text("5–9")
    page.go_back()
    settled(page)
    page.go_back()
    settled(page)
    expect(page).not_to_have_url(re.compile("user-band"))
    expect(_list(page, "pick-user-band")).not_to_contain_text("–")
    _shows(page, "explore-rows", "Channel")
    page.go_back()
    settled(page)
    _shows(page, "explore-rows", "Month")

    _pick(page, "explore-rows", "Account manager")
    page.get_by_test_id("stSidebar").get_by_text("Norsk", exact=True).click()
    settled(page)
    _shows(page, "explore-rows", "Kundeansvarlig")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Bruk", exact=True).click()
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Utforsk").click()
    settled(page)
    chosen = _list(page, "explore-rows").get_by_role("combobox").input_value()
    expect(page.get_by_role("heading", level=1)).to_contain_text(chosen.lower())
    assert chosen


def test_on_a_phone_the_first_figure_is_in_sight_and_a_switch_shows_the_choices(open_page: OpenPage) -> None:
    page = open_page("/explore?as-of=2026-11-01&language=en")
    switch, choices = (_list(page, key) for key in ("explore-open", "explore-choices"))
    expect(choices).to_be_visible()
    expect(switch).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(choices).to_be_hidden()
    expect(page.get_by_test_id("stMetricValue").first).to_be_in_viewport()
    switch.get_by_text("Change what is shown").click()
    _pick(page, "explore-rows", "Channel")
    expect(page.get_by_role("heading", level=1)).to_contain_text("by channel")
    switch.get_by_text("Change what is shown").click()
    expect(choices).to_be_hidden()


def test_a_click_on_a_pivots_cell_shows_the_rows_behind_it(open_page: OpenPage) -> None:
    page = open_page("/explore?as-of=2026-11-01&language=en&measure=tickets&by=month,channel&display=pivot")
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": 350, "y": 35 * 1.5})
    expect(page).to_have_url(re.compile(r"cell=tickets~\.2025-11-01~\.[a-z]"))
    _shows(page, "explore-figure", "Tickets")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
