"""The page shared with a customer, opened from its file: accessible in both themes, whole on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from ccinsight.access import SEES_ALL
from ccinsight.documents.brief import Sources, make_brief
from ccinsight.documents.webpage import write_page
from ccinsight.settings.model import Deck
from tests.browser import accessibility
from tests.documents.deck import companies

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 6"><path d="M1 5 4 1 7 5z"/></svg>'


def test_a_page_is_accessible_fits_a_phone_and_loads_nothing(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(LOGO)
    brief = make_brief(Sources(companies.plain(), companies.AS_OF, SEES_ALL, ("1",)), "1", "nb")
    file = tmp_path / "page.html"
    file.write_bytes(write_page(brief, Deck(partner="Fjell CRM AS", colour="#ffe600"), tmp_path / "logo.svg"))

    light, _width = _opened(browser, file, 1280)
    assert light == "rgb(255, 255, 255)"
    dark, _width = _opened(browser, file, 1280, is_dark=True)
    assert dark == "rgb(20, 25, 31)"
    _background, width = _opened(browser, file, 390)
    assert width <= 390


def _opened(browser: Browser, file: Path, width: int, is_dark: bool = False) -> tuple[str, int]:
    """The page's background and width, after it was looked over."""
    theme: Literal["dark", "light"] = "dark" if is_dark else "light"
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())

    # the style was let in by its hash, and the logo is drawn
    background: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    assert page.evaluate("document.querySelector('img').naturalWidth") > 0
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    if width > 1000:
        assert accessibility.findings(page) == []
    context.close()
    return background, wide
