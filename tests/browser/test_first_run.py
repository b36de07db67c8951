"""An empty server is filled in the browser by keyboard: files, what is in them, names that aren't known, the overview.

axe-core finds nothing on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FileChooser, FilePayload, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.accessibility import findings
from tests.browser.keyboard import choose_in_column, press, tab_to
from tests.browser.reading import OpenPage, settled, table_under
from tests.serving import served

WRONG = "Mine saker (2026).csv"


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard without a database, and where the database comes to be."""
    database = tmp_path / "ccinsight.duckdb"
    with served(database, tmp_path) as address:
        yield address, database


def _six(folder: Path) -> list[FilePayload]:
    """The sample's six exports; the tickets' file has a heading of its own."""
    files = [
        FilePayload(name=path.name, mimeType="text/plain", buffer=path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.suffix in {".csv", ".txt", ".xlsx"} and path.name != "saker.csv"
    ]
    tickets = (folder / "saker.csv").read_bytes()
    assert b";Opprettet;" in tickets
    own = tickets.replace(b";Opprettet;", b";Kom inn;")
    return [*files, FilePayload(name=WRONG, mimeType="text/plain", buffer=own)]


def _chooser(page: Page) -> FileChooser:
    """The system's dialog, by keyboard. A key pressed while the page redraws the button is lost: press again."""
    for seconds in (20, 20, 90):
        tab_to(page, page.get_by_test_id("stFileUploaderDropzone").locator("button"))
        try:
            with page.expect_file_chooser(timeout=seconds * 1000) as chooser:
                page.keyboard.press("Enter")
            return chooser.value
        except PlaywrightTimeout:
            settled(page)
    raise AssertionError("the button opens no dialog")


def _bring(page: Page, files: list[FilePayload]) -> None:
    expect(page.get_by_role("heading", name="Dette trenger du")).to_be_visible()
    settled(page)
    _chooser(page).set_files(files)
    expect(page.get_by_role("heading", name="Hva er i filene?")).to_be_visible()
    settled(page)


def test_an_empty_server_is_filled_by_keyboard_without_a_terminal(
    open_page: OpenPage, empty_site: tuple[str, Path], sample_exports: Path
) -> None:
    address, database = empty_site
    page = open_page(f"{address}/?as-of=2026-10-01")
    main = page.get_by_test_id("stMain")
    expect(page.get_by_test_id("stExpander").filter(has_text="trengs først")).to_have_count(2)
    assert findings(page) == []
    _bring(page, _six(sample_exports))

    refused = page.get_by_test_id("stAlertContentError")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text(f"{WRONG} kan ikke importeres. Den ligner mest på Saker.")
    expect(refused).to_contain_text("«Opprettet»")
    expect(page.get_by_role("button", name="Importer de 5 andre filene")).to_be_visible()
    expect(main).to_contain_text("avtaler.csv · Avtaler · 172 rader")
    expect(main).to_contain_text("linje 171: Tegningsdato “31.02.2024”: ikke en dato")
    expect(page.get_by_test_id("stExpander").filter(has_text="valgt")).to_have_count(5)
    assert not database.exists()
    assert findings(page) == []

    press(page, page.get_by_role("button", name="Si hva overskriftene"))
    expect(page.get_by_role("heading", name="Hva betyr navnene i filen?")).to_be_visible()
    settled(page)
    choose_in_column(page, table_under(page, "Saker"), "Hører til kolonnen", "Opprettet")
    expect(page.get_by_test_id("stCode")).to_contain_text('"Kom inn" = "opened_at"')
    assert findings(page) == []
    press(page, page.get_by_role("button", name="Bruk disse navnene"))
    expect(page.get_by_role("heading", name="Hva er i filene?")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stExpander").filter(has_text="valgt")).to_have_count(6)
    assert not database.exists()

    press(page, page.get_by_role("button", name="Importer", exact=True))
    expect(page.get_by_test_id("stAlertContentSuccess")).to_be_visible()
    settled(page)
    assert "/?" in page.url
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text("–")
    expect(main).to_contain_text(f"{WRONG}: Saker")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert database.exists()
