"""The dashboard in a real browser: pages, filters, links, downloads."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from playwright.sync_api import Page, expect

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import amount, set_language
from tests.browser import accessibility
from tests.browser.reading import LAPTOP, PHONE, OpenPage, open_filters, settled

AS_OF = date(2026, 11, 1)
PAGES = sorted(file.stem for file in Path(__file__).parents[2].joinpath("pages").glob("*.py"))
CUSTOMER = "1009"
# axe-core looks at these on a phone too: the navigation is closed there, and the rest is the same.
_ON_A_PHONE = {"overview", "customer", "to_do"}


def _query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def _overflow(page: Page) -> int:
    """How many pixels the page is wider than what shows it; what scrolls inside itself doesn't count."""
    return int(
        page.evaluate(
            """Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
                .map(part => part.scrollWidth - part.clientWidth))"""
        )
    )


def _figures(page: Page) -> dict[str, str]:
    """The headline figures: label → value."""
    metrics = page.get_by_test_id("stMetric").all()
    return {
        metric.get_by_test_id("stMetricLabel").inner_text().strip(): metric.get_by_test_id(
            "stMetricValue"
        ).inner_text()
        for metric in metrics
    }


def _arr(database: Path, *customers: str) -> str:
    """The recurring revenue of the customers as the overview shows it."""
    with Warehouse.open(database) as warehouse:
        table = warehouse.report("agreements", warehouse.resolve(AS_OF, Filters(customers), SEES_ALL))
    set_language("en")
    in_force = [row for row in table.to_pylist() if row["state"] in {"active", "terminating"}]
    return amount(sum(row["annual_value"] or 0 for row in in_force))


@pytest.mark.parametrize(("language", "dark"), [("nb", False), ("en", True)])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_fits_the_screen_and_is_for_everyone(
    name: str, language: str, dark: bool, open_page: OpenPage
) -> None:
    page = open_page(f"/{'' if name == 'overview' else name}?as-of={AS_OF}&language={language}", dark=dark)
    for width, height in (LAPTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert _overflow(page) == 0, f"{name} at {width} px"
        if width == LAPTOP[0] or name in _ON_A_PHONE:
            assert accessibility.findings(page) == [], f"{name} at {width} px"


def test_figures_and_pages_follow_the_customer_and_the_link_shows_the_same(
    open_page: OpenPage, sample_database: Path
) -> None:
    page = open_page(f"/?as-of={AS_OF}&language=en")
    everyone = _figures(page)
    assert _arr(sample_database) in everyone.values()

    name = _name_of(sample_database, CUSTOMER)
    open_filters(page)
    page.get_by_role("combobox", name="Customer").press_sequentially(name)
    page.get_by_role("option", name=name).click()
    page.keyboard.press(
        "Escape"
    )  # the list stays open for more, and hides the rest from the keyboard meanwhile
    expect(page).to_have_url(re.compile(f"customer={CUSTOMER}"))
    settled(page)
    chosen = _figures(page)
    assert _arr(sample_database, CUSTOMER) in chosen.values()
    assert chosen != everyone

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Renewals").click()
    expect(page).to_have_url(re.compile("/renewals"))
    settled(page)
    assert _query(page)["customer"] == [CUSTOMER]
    assert _query(page)["as-of"] == [AS_OF.isoformat()]

    again = open_page(page.url)
    assert _figures(again) == _figures(page)
    assert (
        again.get_by_role("heading", level=1).inner_text()
        == page.get_by_role("heading", level=1).inner_text()
    )
    assert _query(again) == _query(page)


def _name_of(database: Path, customer: str) -> str:
    with Warehouse.open(database) as warehouse:
        table = warehouse.report("customers", warehouse.resolve(AS_OF, Filters((customer,)), SEES_ALL))
    return str(table["customer_name"][0])


def test_the_link_to_share_always_has_the_day(open_page: OpenPage) -> None:
    page = open_page("/deadlines?language=en")
    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert re.search(r"/deadlines\?.*as-of=\d{4}-\d{2}-\d{2}", link)


@pytest.mark.parametrize(
    "wrong", ["customer=no-such", "user-band=7-9", "account-manager=Nobody", "as-of=2026-02-30"]
)
def test_a_link_that_names_what_does_not_exist_says_so(wrong: str, open_page: OpenPage) -> None:
    page = open_page(f"/renewals?{wrong}")
    expect(page.get_by_test_id("stAlert").filter(has_text=wrong.partition("=")[2])).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_language_can_be_changed_and_follows_to_the_next_page(open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={AS_OF}")
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name="Fornyelser")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Renewals").click()
    expect(page).to_have_url(re.compile("language=en"))
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link", name="Deadlines")).to_be_visible()


def test_deadlines_can_be_taken_into_a_calendar(open_page: OpenPage) -> None:
    page = open_page(f"/deadlines?as-of={AS_OF}&days=90&language=en")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text=re.compile("calendar", re.IGNORECASE)).click()
    assert download.value.suggested_filename.endswith(".ics")
    calendar = icalendar.Calendar.from_ical(Path(download.value.path()).read_bytes())
    days = [event.start for event in calendar.events]
    assert days
    assert all(isinstance(day, date) and AS_OF <= day <= AS_OF + timedelta(days=90) for day in days)


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_follows_the_readers_theme(dark: bool, open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={AS_OF}", dark=dark)
    background = page.get_by_test_id("stApp").evaluate("part => getComputedStyle(part).backgroundColor")
    brightness = sum(int(part) for part in re.findall(r"\d+", background)[:3]) / 3
    assert (brightness < 128) is dark
