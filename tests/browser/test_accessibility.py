"""Pages for everyone: axe-core finds nothing, and the focus is seen. Each page by itself: test_dashboard.py."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.routing import Route

from ccinsight.dashboard.server import unsubscribe
from ccinsight.integrations.delivery.key import token
from tests.access.signing_in import write_private
from tests.browser import accessibility
from tests.browser.keyboard import tab_to
from tests.browser.reading import OpenPage, open_filters, settled

AS_OF, CUSTOMER = "2026-11-01", "1009"
_READER = "ola@partner.example"


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


def test_axe_finds_nothing_on_the_page_of_a_messages_link(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "a.duckdb"
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    write_private(tmp_path / "delivery.toml", f'[management]\naddresses = ["{_READER}"]\n')
    app = Starlette(routes=[Route("/unsubscribe/{token:path}", unsubscribe.answer)])

    async def ask() -> str:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get(f"/unsubscribe/{token(database, _READER)}")).text

    page = browser.new_page()
    with ThreadPoolExecutor() as threads:  # Playwright has this thread's event loop
        page.set_content(threads.submit(asyncio.run, ask()).result())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for theme in accessibility.THEMES:
        page.emulate_media(color_scheme=theme)
        assert accessibility.findings(page) == []
    page.close()
