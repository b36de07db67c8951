"""Pages on paper: every page of the site as a PDF, whole, with all rows of its tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.navigation import PAGES
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, set_language
from tests.browser import accessibility, script_runs
from tests.browser.reading import LAPTOP, PATIENCE_MS, OpenPage, settled

_DAY = "2026-11-01"
# Pages with long tables are printed for one account manager, to be quick; To do has them over several sheets.
_MANAGER = "Silje Ødegaard"
_OF_ONE_MANAGER = set(PAGES) - {"to_do", "customer", "meeting", "data", "mapping", "delivery"}
# What a page is asked beside its name, for one that is about something.
_ASKED = {"customer": "&id=1009&tab=tickets", "meeting": "&id=1009", "review": "&language=en"}
_WIDER = """main => [...main.querySelectorAll('.written table, .stPlotlyChart, .stMetric, p, h1, h2')].filter(
    part => part.getBoundingClientRect().right > main.getBoundingClientRect().right + 1).length"""
_TABLES = """tables => tables.map(table => [...table.rows].map(row => [...row.cells].map(cell => cell.innerText)))"""


@dataclass(frozen=True)
class Printed:
    """What a page shows, and the text of its sheets without spaces."""

    sheets: list[str]
    tables: list[list[list[str]]]
    captions: list[str]
    charts: int
    chart_texts: list[str]
    background: str
    too_wide: int
    controls: int

    @property
    def text(self) -> str:
        return "".join(self.sheets)


def _closed_up(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))  # a PDF has ligatures


def _printed(page: Page) -> Printed:
    main = page.locator(".stMainBlockContainer")
    sheets = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert all(sheet.mediabox.width < sheet.mediabox.height for sheet in sheets), "upright A4"
    return Printed(
        [_closed_up(sheet.extract_text()) for sheet in sheets],
        page.locator(".written table").evaluate_all(_TABLES),
        page.get_by_test_id("stCaptionContainer").all_inner_texts(),
        page.locator(".js-plotly-plot").count(),
        page.locator(".js-plotly-plot svg text").all_text_contents(),
        page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor"),
        main.evaluate(_WIDER),
        page.locator("[data-testid=stSidebar], [data-testid=stDataFrame]").count(),
    )


@pytest.fixture(scope="module")
def printed(browser: Browser, site: str) -> Iterator[dict[str, Printed]]:
    """Every page of the site on paper, for a reader of the dark theme."""
    width, height = LAPTOP
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark")
    context.on("page", script_runs.watch)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    found = {}
    for name in PAGES:
        asked = _ASKED.get(name, "") + f"&account-manager={_MANAGER}" * (name in _OF_ONE_MANAGER)
        page.goto(f"{site}/{'' if name == 'overview' else name}?print=1&as-of={_DAY}{asked}")
        found[name] = _printed(settled(page))
    yield found
    context.close()


def test_every_row_is_on_a_sheet_whole_below_its_headings(
    printed: dict[str, Printed], sample_database: Path
) -> None:
    for name, paper in printed.items():
        for head, *rows in paper.tables:
            for row in rows:
                sheet = next((each for each in paper.sheets if _closed_up("".join(row)) in each), None)
                assert sheet is not None, (name, row)
                assert _closed_up("".join(head)) in sheet, (name, head)
    with Warehouse.open(sample_database) as warehouse:
        asked = warehouse.resolve(date.fromisoformat(_DAY), Filters(account_managers=(_MANAGER,)), SEES_ALL)
        known = warehouse.report("status_meetings", asked).to_pylist()
    names = [row[0] for row in printed["status_meetings"].tables[0][1:]]
    assert sorted(names) == sorted(row["customer_name"] for row in known), "no row of the report is missing"
    to_do = printed["to_do"]
    assert len(to_do.sheets) > 4
    said = [int(text.split()[0]) for text in to_do.captions if re.fullmatch(r"\d+ rad(er)?", text)]
    assert [len(table) - 1 for table in to_do.tables] == said[: len(to_do.tables)], (
        "as many as the page counts"
    )


def test_nothing_is_cut_and_charts_are_whole(printed: dict[str, Printed]) -> None:
    for name, paper in printed.items():
        assert paper.too_wide == paper.controls == 0, name
        for text in paper.chart_texts:
            assert _closed_up(text) in paper.text, (name, text)
    charts = {name for name, paper in printed.items() if paper.charts}
    assert {"overview", "customer", "utilization", "revenue", "leakage", "risk"} <= charts


def test_each_sheet_says_what_it_is_of_and_no_control_is_on_it(printed: dict[str, Printed]) -> None:
    for name, paper in printed.items():
        set_language("en" if name == "review" else "nb")
        for number, sheet in enumerate(paper.sheets, 1):
            page = _("Page {page} of {pages}").format(page=number, pages=len(paper.sheets))
            day = _("As of {day}").format(day="1 Nov 2026" if name == "review" else "01.11.2026")
            for text in (page, day, _(PAGES[name].title)):
                assert _closed_up(text) in sheet, (name, text)
        for control in ("Find customer", "Filter columns", "Search in the table", "Back to the page"):
            assert _closed_up(_(control)) not in paper.text, (name, control)
        assert ("Excel" in paper.text) == (name == "delivery"), name
        if name in _OF_ONE_MANAGER:  # the margins come first in a sheet's text
            assert all(_closed_up(_MANAGER) in sheet[:120] for sheet in paper.sheets), name
        assert "/?" in paper.text or f"/{name}?" in paper.text
        assert paper.background == "rgb(255, 255, 255)", name


def test_a_page_is_printed_as_it_stands_or_from_its_page_for_paper(open_page: OpenPage) -> None:
    page = open_page(f"/?as-of={_DAY}")
    asked = _printed(page)
    assert "Finnkunde" not in asked.text and "«Skrivut»" in asked.text
    assert asked.charts == 2 and all(_closed_up(text) in asked.text for text in asked.chart_texts)
    accessibility.turn_dark(page)
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_have_css("color", "rgb(28, 39, 51)")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(media="screen")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Skriv ut").click()
    paper = opened.value
    expect(paper.locator(".written")).to_be_visible(timeout=PATIENCE_MS)
    expect(paper.get_by_role("link", name="Tilbake til siden")).to_have_attribute(
        "href", re.compile("/\\?as-of=")
    )
    paper.evaluate("window.print = () => { document.title = 'printed' }")
    paper.get_by_role("button", name="Skriv ut").click()
    expect(paper).to_have_title("printed")
