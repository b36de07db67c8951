"""The dashboard as a person meets it: a server over the sample company's data, and a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium, script_runs
from tests.browser.reading import ARGUMENTS, LAPTOP, PATIENCE_MS, OpenPage, settled
from tests.serving import served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder open a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium_path(missing: Callable[[str], None]) -> str:
    path = chromium.find()
    if path is None:
        missing("no Chromium: neither the system's nor Playwright's own")
    return str(path)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard over the sample database."""
    with served(sample_database, tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Opens an address in a context of its own, without cookies or history, and waits until it is drawn."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", size: tuple[int, int] = LAPTOP, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            accept_downloads=True,
        )
        contexts.append(context)
        context.on("page", script_runs.watch)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(path if path.startswith("http") else site + path)
        settled(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
