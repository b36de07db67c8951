"""Using the dashboard by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reading import settled

# Whether the grid's cell in focus is one of the column with this heading: a moment after the key.
_IS_UNDER = """heading => {
    const column = document.activeElement.getAttribute('aria-colindex')
    const head = document.activeElement.closest('table')?.querySelector(`th[aria-colindex="${column}"]`)
    return head?.textContent === heading
}"""


def tab_to(page: Page, target: Locator, most: int = 200, key: str = "Tab") -> None:
    """Presses Tab until the element (or something in it) has the focus; fails where it is never reached."""
    target.wait_for(state="visible", timeout=60_000)
    for _press in range(most):
        if target.evaluate("element => element.contains(document.activeElement)"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{most} times {key} don't reach {target}.")


def press(page: Page, target: Locator, most: int = 200) -> None:
    """Goes to a button or a link by Tab, and presses Enter."""
    tab_to(page, target, most)
    page.keyboard.press("Enter")


def choose_in_column(page: Page, table: Locator, heading: str, text: str) -> None:
    """Writes into the cell of the first row under a heading, and chooses what its list then offers."""
    tab_to(page, table.locator("canvas").first)
    headings = table.locator("th[role=columnheader]")
    expect(headings.first).to_be_attached()
    page.keyboard.press("Control+Home")
    for _press in range(headings.all_text_contents().index(heading)):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(_IS_UNDER, arg=heading)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'INPUT'")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    settled(page)
