"""The review's deck and workbook: each figure is the page's, every slide and sheet says that it is internal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.cli import run
from ccinsight.dashboard.pages import accounting, price_letters, review
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import connection
from ccinsight.dashboard.widgets.table_files import file_head
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.deck.own_template import own_template
from ccinsight.documents.quarter.periods import Period
from ccinsight.documents.quarter.slides import write_deck
from ccinsight.documents.quarter.source import Quarter, Source
from ccinsight.documents.quarter.workbook import write_workbook
from ccinsight.i18n import amount, set_language
from ccinsight.settings.model import Deck
from tests.dashboard.opening import AS_OF, Open, written
from tests.documents.deck.reading import cells, charts, faults, opened, series, text_of_slide, titles
from tests.documents.deck.validating import faults as schema_faults
from tests.reports.companies import agreement, company, count, price

DAY = date.fromisoformat(AS_OF)
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30), 3)
SECOND = Period(date(2026, 4, 1), date(2026, 6, 30), 3)


@pytest.fixture(scope="module")
def page_and_quarter(database: Path) -> Iterator[tuple[Path, Quarter]]:
    with Warehouse.open(database) as house:
        yield database, Quarter.of(Source(house, DAY, SEES_ALL, Filters()), QUARTER)


def _compared_on_page(site: AppTest) -> list[list[str]]:
    [table] = [rows for rows in written(site) if rows[0][0] == "Figure"]
    return table


def test_each_figure_of_deck_and_workbook_is_the_pages(
    open_page: Open, page_and_quarter: tuple[Path, Quarter], tmp_path: Path
) -> None:
    site = open_page("review", f"as-of={AS_OF}&language=en")
    shown = _compared_on_page(site)
    set_language("en")
    _database, quarter = page_and_quarter
    deck = write_deck(quarter, Deck(partner="Fjell CRM AS"), None)
    slides = dict(zip(titles(deck), opened(deck).slides, strict=True))
    revenue = cells(slides["How did the revenue move, compared?"])
    others = cells(slides["How do the other figures compare?"])

    assert revenue[0] == others[0] == shown[0]
    assert [*revenue[1:], *others[1:]] == shown[1:]
    # the message of the page is that of the first slide with figures
    assert list(slides)[1] == site.title[0].value.replace("\\", "")
    # the movements drawn are those of the table
    [chart] = charts(slides[list(slides)[2]])
    drawn = [value for values in series(chart).values() for value in values if value is not None]
    assert {amount(abs(value)) for value in drawn} == {
        row[1].lstrip("−") for row in shown[2:-1] if row[0] in dict.fromkeys(_names(chart))
    }
    assert faults(deck) == []

    book = load_workbook(io.BytesIO(write_workbook(quarter)))
    figures = {row[0]: row for row in book["Review"].iter_rows(min_row=7, values_only=True) if row[0]}
    values = quarter.values[0]
    for label, name, scale in (
        ("End", "end", 1),
        ("Net retention (NRR)", "nrr", 100),
        ("Not billed", "unbilled", 1),
    ):
        assert figures[label][2] == pytest.approx(float(str(values[name])) * scale)
    shown_as = {
        row[0].value: row[2].number_format for row in book["Review"].iter_rows(min_row=7) if row[2].value
    }
    assert (shown_as["End"], shown_as["Customers lost"]) == ("#,##0.00", "#,##0")
    assert not [row for row in figures.values() if "Project-Id" in str(row[1])]
    path = tmp_path / "review.pptx"
    path.write_bytes(deck)
    assert schema_faults(path) == []


def _names(chart: Any) -> list[str]:
    return [str(each).partition("\n")[0] for each in chart.plots[0].categories]


def test_risks_are_those_of_the_page_renewal_risk_on_that_day(
    open_page: Open, page_and_quarter: tuple[Path, Quarter]
) -> None:
    site = open_page("risk", "as-of=2026-09-30&language=en")
    set_language("en")
    _database, quarter = page_and_quarter
    slides = list(opened(write_deck(quarter, Deck(), None)).slides)
    found = [slide for slide in slides if slide.shapes.title.text_frame.text == site.title[0].value]
    assert len(found) == 1
    assert len(cells(found[0])) == 1 + len(quarter.at_risk)


def test_every_slide_and_sheet_is_marked_and_dated(
    page_and_quarter: tuple[Path, Quarter], tmp_path: Path
) -> None:
    set_language("nb")
    database, _quarter = page_and_quarter
    view = View(DAY, DAY, SEES_ALL, Filters(user_bands=("5–9",)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCINSIGHT_DATABASE", str(database))
        head = file_head(view)
        made = {form: review._made(view, QUARTER, head, form, "nb") for form in ("pptx", "xlsx")}
    marks = ("Internt: ikke for kunder", "30.09.2026", "5–9")

    slides = list(opened(made["pptx"]).slides)
    assert len(slides) >= 10
    for slide in slides:
        assert [mark for mark in marks if mark not in text_of_slide(slide)] == []
    book = load_workbook(io.BytesIO(made["xlsx"]))
    assert len(book.sheetnames) >= 9
    for sheet in book:
        said = " ".join(str(row[0].value) for row in sheet.iter_rows(min_row=1, max_row=6))
        assert [mark for mark in marks if mark not in said] == []
        assert "Internt: ikke for kunder" in str(sheet.oddHeader.left.text)

    # a supplier's template without a footer has the marks on the slide itself
    template = Presentation(io.BytesIO(own_template()))
    for layout in template.slide_layouts:
        for each in list(layout.placeholders):
            if each.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
                each._element.getparent().remove(each._element)
    template.save(str(tmp_path / "bare.pptx"))
    with Warehouse.open(database) as house:
        quarter = Quarter.of(Source(house, DAY, SEES_ALL, view.filters), QUARTER, head.filters)
        for slide in opened(write_deck(quarter, Deck(), tmp_path / "bare.pptx")).slides:
            assert [mark for mark in marks if mark not in text_of_slide(slide)] == []


def test_what_is_unknown_is_said_and_texts_stay_texts() -> None:
    set_language("en")
    name = '=HYPERLINK("x")\x0b& <b>'
    house = company(
        agreements=[
            agreement("A-1", "1", customer_name=name, subscribed_on=date(2024, 5, 1)),
            agreement("A-2", "2", subscribed_on=date(2024, 6, 1), terminated_on=date(2026, 2, 1)),
            agreement("A-3", "3", customer_name=name, subscribed_on=date(2026, 5, 5), product="Basic"),
        ],
        user_counts=[count(date(2024, 1, 1), 10, customer) for customer in "123"],
        prices=[price(date(2030, 1, 1), "1200")],
    )
    quarter = Quarter.of(Source(house, date(2026, 7, 1), SEES_ALL, Filters()), SECOND)
    deck, book = write_deck(quarter, Deck(), None), load_workbook(io.BytesIO(write_workbook(quarter)))

    said = "\n".join(text_of_slide(slide) for slide in opened(deck).slides)
    assert "ARR is unknown on 30 Jun 2026" in said
    assert "What is not billed is unknown: no invoices were imported" in said
    assert "unknown" in said and "nan" not in said.lower().split() and "None" not in said.split()
    assert faults(deck) == []
    [unbilled] = [row for row in book["Review"].iter_rows(values_only=True) if row[0] == "Not billed"]
    assert unbilled[2] == "unknown"
    texts = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert texts == []


def test_the_command_writes_both_named_in_the_language(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["review", "--database", str(database), "--as-of", AS_OF]
    assert run([*options, "--output", str(tmp_path / "out"), "--language", "nb", "--user-band", "5-9"]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "gjennomgang_3-kvartal-2026_2026-09-30_5-9_internt.pptx",
        "gjennomgang_3-kvartal-2026_2026-09-30_5-9_internt.xlsx",
    ]
    only = ["--customer", "1002", "--format", "xlsx", "--language", "nb"]
    assert run([*options, "--output", str(tmp_path / "one"), *only]) == 0
    [named] = (tmp_path / "one").iterdir()
    assert "Rognsund-Renhold-AS" in named.name
    capsys.readouterr()
    for wrong, said in (
        (["--begins", "2020-01-01"], "2020-01-01"),
        (["--to", "2026-09-30"], "--from"),
        (["--from", "2026-09-30", "--to", "2026-09-01"], "2026-09-01"),
        (["--account-manager", "Nobody"], "Nobody"),
        (["--partner", "Nobody"], "Nobody"),
        (["--as-of", "0001-01-01"], "from 1990-01-01 to 2100-12-31"),
        (["--as-of", "9999-12-31"], "from 1990-01-01 to 2100-12-31"),
    ):
        assert run([*options, *wrong, "--output", str(tmp_path / "none")]) == 2
        assert said in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_files_are_named_after_what_they_are_of(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    set_language("nb")
    view = View(DAY, DAY, SEES_ALL, Filters(customers=("1002",)))
    one: Any
    two: Any
    one, two = (SimpleNamespace(customer_name=name) for name in ("Fjord & Fjell AS", "Ås Bygg AS"))

    assert price_letters._name([one], view, "docx") == "prisbrev_2026-10-01_Fjord-Fjell-AS.docx"
    assert price_letters._name([one, two], view, "docx") == "prisbrev_2026-10-01.zip"
    assert price_letters._name([one, two], view, "csv").endswith("_2026-10-01.csv")
    assert (
        connection._name(view, "Avtaler", is_fixed_day=True) == "avtaler_2026-10-01_Rognsund-Renhold-AS.odc"
    )
    assert connection._name(view, "Avtaler", is_fixed_day=False) == "avtaler_Rognsund-Renhold-AS.odc"

    head = file_head(view)
    book = load_workbook(io.BytesIO(accounting._workbook(view, date(2025, 10, 1), head, "nb")))
    said = {row[0]: row[1] for row in book["Om"].iter_rows(values_only=True) if row[0]}
    assert (said["Kunde"], said["Perioder som begynte fra"]) == ("Rognsund Renhold AS", "01.10.2025")
    rest = replace(view, filters=Filters())
    book = load_workbook(io.BytesIO(accounting._workbook(rest, date(2025, 10, 1), file_head(rest), "nb")))
    assert not [row for row in book["Om"].iter_rows(values_only=True) if row[0] == "Kunde"]
