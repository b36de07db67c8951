"""A walk through what a browser asks a server for: pages, links, a download and an upload."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Position, expect

from tests.browser.reading import settled

# In a grid, which is one picture to the browser: the first column of the row below the headings.
_FIRST_CUSTOMER: Position = {"x": 60, "y": 55}
_AGREEMENT = """Avtalenr;Kundenr;Kunde;Kundeansvarlig;Tegningsdato;Antall brukere;Pris per bruker;Prisgrunnlag
G-1;G-1;Gjest AS;Kari Nordmann;01.02.2020;250;2 000,00;Kontrakt
"""


def walk(page: Page, address: str) -> None:
    """From the overview to the deadlines, a customer of its list, a file of figures, and an import of a file."""
    _follow(page, "Deadlines", f"{address}/deadlines")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text=re.compile("calendar", re.IGNORECASE)).click()
    assert Path(download.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR")

    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position=_FIRST_CUSTOMER)
    expect(page).to_have_url(re.compile(rf"^{re.escape(address)}/customer\?"))
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile(rf"^{re.escape(address)}/deadlines"))
    settled(page)

    page.goto(f"{address}/data?language=en")
    settled(page)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "avtaler.csv", "mimeType": "text/csv", "buffer": _AGREEMENT.encode()}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_test_id("stMain")).to_contain_text(
        re.compile("Imported. Every page|Nothing was changed")
    )
    settled(page)


def _follow(page: Page, name: str, address: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(address)}\b"))
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
