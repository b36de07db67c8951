"""A table used by keyboard alone, and a page in the reader's language down to Streamlit's own texts."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.keyboard import tab_to
from tests.browser.reading import OpenPage, settled

AS_OF = "2026-11-01"


def test_a_table_is_searched_filtered_sorted_downloaded_and_leads_to_a_customer_by_keyboard(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb")
    keys = page.keyboard

    tab_to(page, page.get_by_label("Søk i tabellen"))
    keys.type("gruppen")
    keys.press("Enter")
    settled(page)
    tab_to(page, page.get_by_role("button", name="Filtrer kolonner"))
    keys.press("Enter")
    settled(page)
    tab_to(page, page.get_by_role("combobox", name="Status"))
    keys.type("Åpen")
    keys.press("ArrowDown")
    keys.press("Enter")
    keys.press("Escape")
    settled(page)

    grid = page.get_by_test_id("stDataFrame").first
    tab_to(page, grid.locator("canvas").first)
    keys.press("Control+ArrowRight")
    for direction in ("Stigende", "Synkende"):
        keys.press("Control+Space")
        settled(page)
        expect(page.get_by_role("button", name=direction)).to_be_enabled()
        tab_to(page, grid.locator("canvas").first)

    tab_to(page, page.get_by_role("button", name="CSV,"))
    with page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename == f"fornyelser_{AS_OF}_gruppen_Åpen.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert len(rows) > 1 and all("gruppen" in row["Kunde"].lower() for row in rows)
    assert {row["Status"] for row in rows} == {"Åpen"}
    values = [float(text.replace(",", ".")) for row in rows if (text := row["Verdi ved fornyelse (kr)"])]
    assert values == sorted(values, reverse=True)
    assert all(row["Fornyelse"][2] == row["Fornyelse"][5] == "." for row in rows)

    tab_to(page, grid.locator("canvas").first, key="Shift+Tab")
    keys.press("Control+Home")
    keys.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text="Enter åpner kunden")).to_be_visible()
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/customer"))
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(rows[1]["Kunde"])


def _sorted(page: Page, column: str, direction: str) -> list[dict[str, str]]:
    """The rows of the CSV, read as Norwegian Excel reads it, once the table is sorted in this direction."""
    button = page.locator("[class*=st-key-falls-]").first.get_by_role("button")
    if button.is_disabled():
        page.get_by_role("combobox", name="Sorter etter").fill(column)
        page.keyboard.press("Enter")
        settled(page)
    if not re.search(direction, button.inner_text()):
        button.click()
        settled(page)
    expect(button).to_have_text(re.compile(direction))
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV,").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 by its mark"
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))


def test_unknown_is_last_in_both_directions_also_in_what_norwegian_excel_reads(open_page: OpenPage) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb")
    page.get_by_label("Søk i tabellen").fill("AS")
    page.keyboard.press("Enter")
    settled(page)
    column = "Verdi ved fornyelse (kr)"

    up, down = (_sorted(page, column, direction) for direction in ("Stigende", "Synkende"))

    values = [[row[column] for row in rows] for rows in (up, down)]
    unknown = values[0].count("")
    assert 0 < unknown == values[1].count("")
    assert all(each[-unknown:] == [""] * unknown for each in values), "unknown is last"
    known = [[float(text.replace(",", ".")) for text in each[:-unknown]] for each in values]
    assert known[0] == sorted(known[0]) and known[1] == sorted(known[1], reverse=True)

    with page.expect_download() as download:
        page.get_by_role("button", name="Excel,").click()
    assert download.value.suggested_filename == f"fornyelser_{AS_OF}_AS.xlsx"
    heads, *rows = (
        openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0].iter_rows()
    )
    places = {str(cell.value): place for place, cell in enumerate(heads)}
    days, amounts = ([row[places[name]] for row in rows] for name in ("Fornyelse", column))
    assert all(isinstance(cell.value, datetime) and cell.number_format == "dd.mm.yyyy" for cell in days)
    assert [f"{cell.value:%d.%m.%Y}" for cell in days] == [row["Fornyelse"] for row in down]
    assert [cell.value for cell in amounts[:-unknown]] == known[1], "numbers are numbers"


def test_a_page_is_in_the_readers_language_with_streamlits_own_texts(open_page: OpenPage) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb")

    expect(page.locator("html")).to_have_attribute("lang", "nb")
    expect(page).to_have_title("Fornyelser · ccinsight")
    expect(page.get_by_label("Hjelp til Per dato")).to_have_count(1)
    expect(page.locator("[aria-label^='Help for']")).to_have_count(0)

    page.get_by_text("English", exact=True).click()
    settled(page)

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Renewals · ccinsight")
    expect(page.locator("[aria-label^='Hjelp til']")).to_have_count(0)
