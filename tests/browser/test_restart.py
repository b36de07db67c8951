"""The server is started again while a page is open: the page goes on as it was, at the first click."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ports import free_port
from playwright.sync_api import expect

from tests.browser.reading import OpenPage, filters_in_force, settled
from tests.serving import served

AS_OF, MANAGER = "2026-11-01", "Ingrid Lægreid"


def test_a_click_in_the_menu_after_a_restart_keeps_day_and_filters(
    sample_database: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    port = free_port()
    with served(sample_database, tmp_path, port=port) as address:
        page = open_page(f"{address}/deadlines?as-of={AS_OF}&account-manager={MANAGER}&language=en")
        expect(filters_in_force(page)).to_contain_text([MANAGER])
    lost = page.get_by_role("dialog", name="Connection error")
    expect(lost).to_be_visible()
    with served(sample_database, tmp_path, port=port):
        expect(lost).to_have_count(0)
        settled(page)
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="Renewals", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("renew")
        settled(page)
        expect(filters_in_force(page)).to_contain_text([MANAGER])
        assert f"as-of={AS_OF}" in page.url
        assert "account-manager=Ingrid" in page.url
