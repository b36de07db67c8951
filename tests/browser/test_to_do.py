"""What is to be done, in a browser: a duty closed and undone by the keyboard alone, and one that an import closes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths
from ccinsight.notes.duties import DutyMarks
from ccinsight.registry import CODES
from tests.browser.reading import PHONE, OpenPage, settled
from tests.serving import served

AS_OF = date(2026, 11, 1)
ADDRESS = f"/to_do?as-of={AS_OF}&show=all"
# How often Tab is pressed before it is given up.
_MOST_TABS = 150
_FOCUSED = """() => {
    const at = document.activeElement;
    return [at.tagName, at.getAttribute("aria-label") || "", (at.innerText || "").trim()].join("|");
}"""


@pytest.fixture
def own_site(sample_database: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard over a database of this test's own, and the database."""
    database = tmp_path / "ccinsight.duckdb"
    for name in ("ccinsight.duckdb", "ccinsight.duckdb.key"):
        shutil.copy(sample_database.with_name(name), tmp_path / name)
    with served(database, tmp_path) as address:
        yield address, database


def _line(page: Page, name: str) -> int:
    """How many duties a line says there are; 0 where it isn't there."""
    found = page.locator("summary").filter(has_text=name)
    if not found.count():
        return 0
    count = re.search(r"(\d+) oppgave", found.first.inner_text())
    assert count
    return int(count[1])


def _tab_to(page: Page, pattern: str, key: str = "Tab") -> None:
    for _attempt in range(_MOST_TABS):
        if re.search(pattern, page.evaluate(_FOCUSED), re.DOTALL):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never comes to {pattern}.")


def _is_in_focus(page: Page, selector: str) -> None:
    page.wait_for_function("selector => !!document.activeElement.closest(selector)", arg=selector)


def _marks(database: Path) -> list[tuple[str, str, date, str]]:
    return [
        (row["kind"], row["state"], row["closed_on"], row["note"])
        for row in DutyMarks.beside(database).rows()
    ]


def test_a_duty_is_closed_and_undone_by_the_keyboard_alone(
    open_page: OpenPage, own_site: tuple[str, Path]
) -> None:
    address, database = own_site
    page = open_page(address + ADDRESS)
    before = _line(page, "Fakturer årsbeløpet")
    assert before > 1

    _tab_to(page, r"^SUMMARY\|.*Fakturer årsbeløpet")
    page.keyboard.press("Enter")
    settled(page)
    # before a row is chosen the button can't be used, and is read all the same: not white on white
    done = page.get_by_role("button", name="Marker som utført")
    expect(done).to_be_disabled()
    expect(done).not_to_have_css("color", "rgb(255, 255, 255)")
    _tab_to(page, r"^CANVAS")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("1 rad er valgt.")).to_be_visible()
    _tab_to(page, r"^INPUT\|Merknad")
    page.keyboard.type("Sendt til regnskap")
    page.keyboard.press("Tab")
    settled(page)
    _tab_to(page, r"^BUTTON\|.*Marker som utført$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 oppgave er lukket.")).to_be_visible()
    settled(page)
    assert _line(page, "Fakturer årsbeløpet") == before - 1
    expect(done).to_be_visible()  # the line stays open for the next one, though its label changed
    assert _marks(database) == [("yearly_unbilled", "done", AS_OF, "Sendt til regnskap")]
    # the keyboard is at the duties that are left, and chooses the next one at once
    _is_in_focus(page, "[class*='st-key-table-duties-yearly_unbilled-']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("1 rad er valgt.")).to_be_visible()
    settled(page)

    _tab_to(page, r"^BUTTON\|.*Angre$", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 oppgave er åpen igjen.")).to_be_visible()
    settled(page)
    assert _line(page, "Fakturer årsbeløpet") == before
    assert _marks(database) == []
    _is_in_focus(page, "[class*='st-key-table-duties-yearly_unbilled-']")


def test_the_keyboard_goes_on_at_the_next_line_where_the_last_duty_of_one_is_closed(
    open_page: OpenPage, own_site: tuple[str, Path]
) -> None:
    address, database = own_site
    with Warehouse.open(database) as house:
        rows = house.report("duties", Scope(AS_OF, SEES_ALL)).to_pylist()
    counts = Counter(row["kind"] for row in rows)
    order = [kind for kind in CODES["duty_kind"] if kind in counts]
    kind, after = next(pair for pair in pairwise(order) if counts[pair[0]] == 1)
    page = open_page(f"{address}{ADDRESS}&duty={kind}")

    page.locator(f"[class*='st-key-table-duties-{kind}-'] canvas").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    _tab_to(page, r"^BUTTON\|.*Marker som utført$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 oppgave er lukket.")).to_be_visible()

    _is_in_focus(page, f".st-key-duties-{after} summary")


def test_an_import_closes_a_duty_by_itself(
    open_page: OpenPage, own_site: tuple[str, Path], tmp_path: Path
) -> None:
    address, database = own_site
    page = open_page(address + ADDRESS)
    before = _line(page, "Hold statusmøte")
    with Warehouse.open(database) as house:
        rows = house.report("duties", Scope(AS_OF, SEES_ALL)).to_pylist()
    customer = next(row["customer_id"] for row in rows if row["kind"] == "status_meeting")
    closed = sum(row["kind"] == "status_meeting" and row["customer_id"] == customer for row in rows)
    meetings = tmp_path / "meetings.csv"
    meetings.write_text(
        f"meeting_id,customer_id,kind,held_on\nNY-1,{customer},status_meeting,{AS_OF}\n", encoding="utf-8"
    )

    import_paths([meetings], database, imported_at=datetime(2026, 11, 1, 9, 0))
    page.reload()
    settled(page)

    assert _line(page, "Hold statusmøte") == before - closed


def test_the_overview_leads_to_the_duties_also_on_the_phone(open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={AS_OF}", size=PHONE)
    link = page.get_by_role("link").filter(has_text="Hold statusmøte")
    chart = page.get_by_test_id("stPlotlyChart").first
    duties, charts = link.bounding_box(), chart.bounding_box()
    assert duties and charts
    assert duties["y"] < charts["y"]
    # its last amount is in sight: the text breaks and isn't cut off at the edge
    widths = "e => [...e.querySelectorAll('span, p')].map(each => each.scrollWidth - each.clientWidth)"
    lines = page.locator(".st-key-duty-links").get_by_role("link")
    assert max(over for line in lines.all() for over in line.evaluate(widths)) <= 1

    link.click()
    settled(page)

    assert "/to_do" in page.url
    expect(page.locator("details[open] summary").filter(has_text="Hold statusmøte")).to_be_visible()
