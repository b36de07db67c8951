"""The dashboard as a person meets it: a server over the sample company's data, and a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

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


class Contexts:
    """The browser's contexts, used again: what a server gave to one is neither fetched nor compiled again.

    A test has each for itself, without cookies, without what pages have stored, and with no page open.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[bool, list[BrowserContext]] = {True: [], False: []}

    def take(self, *, dark: bool) -> BrowserContext:
        """A context that no other test has now, for a reader of the dark theme or of the light one."""
        if self._free[dark]:
            return self._free[dark].pop()
        context = self._browser.new_context(
            viewport={"width": LAPTOP[0], "height": LAPTOP[1]},
            color_scheme="dark" if dark else "light",
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            accept_downloads=True,
        )
        context.on("page", script_runs.watch)
        return context

    def give_back(self, context: BrowserContext, origin: str, *, dark: bool) -> None:
        """Empties a context whose pages were of this origin; closes it where that fails."""
        try:
            for page in context.pages:
                page.close()
            context.clear_cookies()
            page = context.new_page()
            context.new_cdp_session(page).send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}
            )
            page.close()
        except Error:
            context.close()
        else:
            self._free[dark].append(context)


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def open_page(contexts: Contexts, site: str) -> Iterator[OpenPage]:
    """Opens an address in a context of its own, without cookies or history, and waits until it is drawn."""
    taken: list[tuple[BrowserContext, str, bool]] = []

    def open_page(path: str = "/", size: tuple[int, int] = LAPTOP, dark: bool = False) -> Page:
        address = path if path.startswith("http") else site + path
        context = contexts.take(dark=dark)
        taken.append((context, "{0.scheme}://{0.netloc}".format(urlsplit(address)), dark))
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        settled(page)
        return page

    yield open_page
    for context, origin, is_dark in taken:
        contexts.give_back(context, origin, dark=is_dark)
