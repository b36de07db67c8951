"""Using the dashboard by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page


def tab_to(page: Page, target: Locator, most: int = 200, key: str = "Tab") -> None:
    """Presses Tab until the element (or something in it) has the focus; fails where it is never reached."""
    target.wait_for(state="visible", timeout=60_000)
    for _press in range(most):
        if target.evaluate("element => element.contains(document.activeElement)"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{most} times {key} don't reach {target}.")
