"""One meeting from the overview to its files: three clicks, text saved while it is typed, notes in the annex alone."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ccinsight.notes import Notes
from tests.browser.reading import PATIENCE_MS, PHONE, OpenPage, settled
from tests.documents.deck.reading import whole_text
from tests.documents.pdf.reading import whole_text as pdf_text
from tests.serving import served

DAY = "2026-10-01"
NOTE, POINT = "Merkelapp7 om prisen", "Et eget punkt på agendaen"


@pytest.fixture(scope="module")
def database(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that notes may be written beside."""
    return Path(shutil.copy(sample_database, tmp_path_factory.mktemp("meeting") / "ccinsight.duckdb"))


@pytest.fixture(scope="module")
def own_site(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(database, tmp_path_factory.mktemp("server")) as address:
        yield address


def _customer(page: Page) -> str:
    found = re.search(r"[?&]id=(\w+)", page.url)
    assert found, page.url
    return found[1]


def _to_a_meeting(page: Page) -> Page:
    """Two clicks: the list of meetings, and the first that is to be held."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Statusmøter", exact=True).click()
    settled(page)
    page.get_by_role("link", name="holdt før").first.click()
    page.wait_for_url("**/meeting?*")
    return settled(page)


def _downloaded(page: Page, name: str) -> tuple[str, str]:
    """A file's name and all its text."""
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name=name, exact=True).click()
    content = Path(download.value.path()).read_bytes()
    file_name = download.value.suggested_filename
    match file_name.rpartition(".")[2]:
        case "html":
            return file_name, content.decode()
        case "pdf":
            return file_name, pdf_text(content)
    return file_name, whole_text(content)


def test_a_meeting_in_three_clicks_with_a_note_for_internal_eyes(open_page: OpenPage, own_site: str) -> None:
    page = _to_a_meeting(open_page(f"{own_site}/?as-of={DAY}"))

    name, deck = _downloaded(page, "Presentasjon")  # the third click
    assert name.endswith(".pptx")
    assert NOTE not in deck

    page.get_by_role("textbox", name=re.compile("^Notater – ")).fill(NOTE)
    page.get_by_role("textbox", name=re.compile("^Agenda – ")).fill(POINT)
    # at once, without leaving the field by hand: what leaves holds what is on the screen
    for file in ("Presentasjon", "Arbeidsbok", "Nettside", "PDF"):
        name, text = _downloaded(page, file)
        assert NOTE not in text, name
        assert file == "Arbeidsbok" or POINT in text, name
    for file in ("Internt vedlegg", "Intern arbeidsbok"):
        name, text = _downloaded(page, file)
        assert NOTE in text, name


_IS_RUNNING = "document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'notRunning'"


def _wait_until_saved(page: Page, database: Path, customer: str, text: str) -> None:
    """Waits until the notes on a customer's meeting are these."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        entry = Notes.beside(database).agenda(customer, date.fromisoformat(DAY))
        if entry is not None and entry.notes == text:
            return
        assert time.monotonic() < deadline, entry
        page.wait_for_timeout(100)


def test_text_is_saved_while_it_is_typed(open_page: OpenPage, own_site: str, database: Path) -> None:
    page = _to_a_meeting(open_page(f"{own_site}/?as-of={DAY}"))
    area = page.get_by_role("textbox", name=re.compile("^Notater – "))
    area.click()
    area.fill("")
    page.keyboard.type("Ett ord ", delay=20)

    expect(page.get_by_text(re.compile("^Lagret "))).to_be_visible()
    page.keyboard.type("til", delay=20)
    customer = _customer(page)
    _wait_until_saved(page, database, customer, "Ett ord til")
    settled(page)

    expect(area).to_be_focused()
    assert area.input_value() == "Ett ord til"

    page.keyboard.type(" og", delay=5)
    page.wait_for_function(_IS_RUNNING, polling=10)
    # what is sent while a run is under way may be dropped when another page is asked for
    page.keyboard.insert_text(" enda ett")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Oversikt", exact=True).click()
    _wait_until_saved(page, database, customer, "Ett ord til og enda ett")
    expect(page.get_by_test_id("stSidebarNav").locator("[aria-current=page]")).to_contain_text("Oversikt")


def test_the_slides_can_be_read_on_a_phone(open_page: OpenPage, own_site: str) -> None:
    page = open_page(f"{own_site}/meeting?id=1060&as-of={DAY}", size=PHONE)

    page.get_by_text("Lysbildene slik kunden ser dem").click()

    slides = page.locator(".slides > li")
    expect(slides.first).to_contain_text("Statusmøte:")
    expect(slides.nth(5)).to_be_visible()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_keyboard_alone_prepares_a_meeting(open_page: OpenPage, own_site: str) -> None:
    page = open_page(f"{own_site}/status_meetings?as-of={DAY}")
    page.get_by_role("link", name="holdt før").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/meeting?*")
    settled(page)

    page.get_by_role("textbox", name=re.compile("^Avtalt – ")).focus()
    page.keyboard.type("Kurs i mai", delay=10)
    page.get_by_role("button", name="Presentasjon", exact=True).focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")

    assert "Kurs i mai" in whole_text(Path(download.value.path()).read_bytes())
    page.get_by_role("button", name="Noter som avholdt").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("(notert her)").first).to_be_visible()
