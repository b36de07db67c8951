"""A table searched, sorted and downloaded, and a page in the reader's language down to Streamlit's own texts."""

from __future__ import annotations

import csv
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.reading import OpenPage, settled

AS_OF = "2026-11-01"


def test_a_table_is_sorted_by_its_heading_searched_and_downloaded_for_excel(open_page: OpenPage) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb")
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box

    for direction in ("Stigende", "Synkende"):
        grid.click(position={"x": box["width"] - 60, "y": 17})  # the last heading
        settled(page)
        expect(page.get_by_role("button", name=direction)).to_be_enabled()

    search = page.get_by_label("Søk i tabellen")
    search.fill("gruppen")
    search.press("Enter")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV,").click()

    assert download.value.suggested_filename == f"fornyelser_{AS_OF}_gruppen.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert rows and all("gruppen" in row["Kunde"].lower() for row in rows)
    values = [float(text.replace(",", ".")) for row in rows if (text := row["Verdi ved fornyelse (kr)"])]
    assert values == sorted(values, reverse=True)
    assert all(row["Fornyelse"][2] == row["Fornyelse"][5] == "." for row in rows)


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
