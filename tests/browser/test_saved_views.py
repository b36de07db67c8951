"""A saved view as a person makes it, and opens it again when the server was started again."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from benchmarks.ports import free_port
from playwright.sync_api import Page, expect

from tests.browser import accessibility
from tests.browser.reading import OpenPage, settled
from tests.serving import served

QUERY = "as-of=2026-11-01&account-manager=Ingrid+L%C3%A6greid&language=en&months=24"


def _shown(page: Page) -> tuple[str, str, str]:
    """The address without the server, the title, and how many rows the table has."""
    settled(page)
    rows = page.get_by_text(re.compile(r"^\d+ agreements?\b|^\d+ rows?\b")).last.inner_text()
    return page.url.partition("?")[2], page.get_by_role("heading", level=1).inner_text(), rows


def test_a_view_opens_after_a_restart_with_one_entry_in_the_history(
    sample_database: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    database, port = Path(shutil.copy(sample_database, tmp_path / "own.duckdb")), free_port()
    with served(database, tmp_path, port=port) as address:
        page = open_page(f"{address}/renewals?{QUERY}")
        page.get_by_role("button", name="Views").click()
        name = page.get_by_role("textbox", name="Name of the view")
        name.fill("Ingrid's renewals")
        page.get_by_text(re.compile("^stays ")).click()
        settled(page)
        page.get_by_role("button", name="Save view").click()
        expect(page.get_by_text("Saved the view Ingrid's renewals.")).to_be_visible()
        settled(page)
        assert accessibility.findings(page) == []
        before = _shown(page)
        page.close()
    with served(database, tmp_path, port=port) as address:
        page = open_page(f"{address}/deadlines?language=en")
        entries = page.evaluate("history.length")
        page.get_by_text("1 saved view").click()
        page.get_by_test_id("stSidebar").get_by_role("button", name="Ingrid's renewals").click()
        expect(page).to_have_url(re.compile("/renewals"))
        assert _shown(page) == before
        assert page.evaluate("history.length") == entries + 1
        page.go_back()
        expect(page).to_have_url(re.compile("/deadlines"))
        linked = page.context.new_page()
        linked.goto(f"{address}/renewals?view=1&language=en")
        expect(linked).to_have_url(re.compile("account-manager=Ingrid"))
        assert _shown(linked) == before
