"""A click on a mark of a chart, which shows the rows behind it in the table below."""

from __future__ import annotations

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.keyboard import tab_to
from tests.browser.reading import OpenPage, settled

AS_OF = "2026-11-01"
MONTHS = ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"]


def _rows(page: Page) -> list[dict[str, str]]:
    """The rows of the table's CSV."""
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def _click_tallest(page: Page) -> None:
    """Clicks in the middle of the chart's tallest bar."""
    bars = page.locator("[class*=st-key-chart-pipeline] .barlayer .point path")
    expect(bars.first).to_be_attached()
    bars.first.scroll_into_view_if_needed()
    boxes = [box for each in bars.all() if (box := each.bounding_box())]
    tallest = max(boxes, key=lambda box: box["height"])
    page.mouse.click(tallest["x"] + tallest["width"] / 2, tallest["y"] + tallest["height"] / 2)


def test_a_click_on_a_mark_filters_the_table_below_and_the_button_shows_all_again(
    open_page: OpenPage,
) -> None:
    page = open_page(f"/renewals?as-of={AS_OF}&language=nb")
    whole = _rows(page)
    chip = page.locator(".st-key-mark-opened_renewals").get_by_role("button")

    _click_tallest(page)
    expect(chip).to_be_visible()
    settled(page)

    status, month, year = chip.inner_text().removeprefix("close").split("Bare ")[1].replace(",", "").split()
    ending = f".{MONTHS.index(month) + 1:02}.{year}"
    behind = [row for row in whole if row["Fornyelse"].endswith(ending) and row["Status"] == status]
    assert behind and _rows(page) == behind
    expect(page.get_by_text(f"{len(behind)} av {len(whole)} rader")).to_be_visible()

    tab_to(page, chip)
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    settled(page)
    assert _rows(page) == whole

    _click_tallest(page)
    expect(chip).to_be_visible()
