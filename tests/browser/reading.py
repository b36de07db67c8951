"""What the browser tests do with a page of the dashboard."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser import script_runs

# Without a GPU a compositor in software is quicker than one that draws for a GPU in software.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-gpu-compositing", "--disable-background-networking"]
LAPTOP, PHONE = (1366, 768), (390, 844)
# A server's first page takes a minute on a machine that does much else.
PATIENCE_MS = 90_000
_ROW_PIXELS = 35

OpenPage = Callable[..., Page]


def open_filters(page: Page) -> None:
    """Opens the lists of filters in the page's bar."""
    lists = page.locator(".st-key-filter-lists").get_by_test_id("stMultiSelect")
    if not lists.count():
        page.get_by_test_id("stMain").get_by_role("button", name="Filter", exact=True).click()
        expect(lists).to_have_count(3)


def filters_in_force(page: Page, name: str = "") -> Locator:
    """The buttons in the bar that take a filter off."""
    return page.locator(f"[class*=st-key-drop-{name}]").get_by_role("button")


def settled(page: Page) -> Page:
    """Waits until the runs that were asked for have ended and the page has stopped changing."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    page.wait_for_timeout(50)  # the message of a click just made is seen
    while script_runs.is_asked(page):
        assert time.monotonic() < deadline, "The server does not end the run that the page asked for."
        page.wait_for_timeout(50)
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", re.compile("notRunning"), timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE_MS)
    before = ""
    for _attempt in range(100):
        now = app.inner_text()
        if now == before and not script_runs.is_asked(page):
            return page
        before = now
        page.wait_for_timeout(150)
    raise AssertionError("The page does not come to rest.")


def table_under(page: Page, heading: str) -> Locator:
    """The first table below a text."""
    below = page.get_by_text(heading, exact=True).first.locator(
        "xpath=following::*[@data-testid='stDataFrame'][1]"
    )
    below.scroll_into_view_if_needed()
    return below


def choose_in_table(page: Page, table: Locator, share: float, text: str) -> None:
    """Writes into the first row's cell that lies at this share of the table's width, as a person would."""
    box = table.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] * share, box["y"] + _ROW_PIXELS * 1.5)
    page.wait_for_timeout(500)  # the cell's list opens on the canvas, which says nothing of it
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    settled(page)
