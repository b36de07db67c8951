"""The files of every table of every page, as a person reads them: headings, cells and names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from babel.messages.pofile import read_po

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import contacts
from ccinsight.dashboard.session import reads
from ccinsight.database.scope import Filters
from ccinsight.i18n import LANGUAGES, set_language
from ccinsight.registry import CODES
from tests.access.test_crawl import CUSTOMER_TABS, VISITS
from tests.conftest import ROOT
from tests.dashboard.opening import AS_OF, Open

# Pages, what their address says, and the tab that is open.
PLACES: tuple[tuple[str, str, str], ...] = (
    *((page, query, "") for page, query, _tabs in VISITS if page != "to_do"),
    *(("to_do", f"show=all&duty={kind}", "") for kind in CODES["duty_kind"]),
    *(
        ("utilization", "", tab)
        for tab in ("silent", "contacts", "channels", "categories", "response", "months")
    ),
    *(("customer", f"id=1002&tab={tab}", "") for tab in CUSTOMER_TABS),
    *(("data", f"check={check}", "") for check in ("value_unknown", "automatic_replies")),
    ("data", "customer=1002", ""),
    ("explore", "measure=tickets,arr&by=customer,product&display=pivot", ""),
)
_CODE_NAME = re.compile(r"[a-z]\w*")
_TWICE = re.compile(r"(?<!\w)(\w{3,})(?!\w).* \(\1(?!\w)", re.IGNORECASE)
# A day for machines, two amounts of a detail, a contact's hash, a name from the code.
_MACHINE = re.compile(r'(="?)?\d{4}-\d\d-\d\d"?|\d+\.\d\d / .*|[0-9a-f]{32}|[a-z]+(_[a-z]+)+')


@dataclass(frozen=True)
class Offered:
    """A button that gives a table's CSV file: the table's key, the file's name, and what makes it."""

    key: str
    name: str
    make: partial[bytes]

    def rows(self, language: str = "nb") -> list[list[str]]:
        """The cells of the file in a language, the headings first."""
        text = self._bytes("csv", language).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))

    def column(self, heading: str) -> list[str]:
        """The cells of one column of the file."""
        headings, *rows = self.rows()
        return [row[headings.index(heading)] for row in rows]

    def book_headings(self) -> list[object]:
        """The headings of the same table's Excel file."""
        book = openpyxl.load_workbook(io.BytesIO(self._bytes("xlsx", "nb")), read_only=True)
        return [cell.value for cell in next(book.worksheets[0].iter_rows())]

    def _bytes(self, form: str, language: str) -> bytes:
        report, _form, head, _language, source = self.make.args
        return self.make.func(report, form, head, language, source)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[Offered]:
    """The tables' files that the page in sight offers."""
    found: list[Offered] = []
    draw = st.download_button

    def drawn(label: str, data: Any, **options: Any) -> Any:
        key = str(options.get("key"))
        if key.startswith("csv-"):
            found.append(Offered(key.removeprefix("csv-"), options["file_name"], data))
        return draw(label, data, **options)

    monkeypatch.setattr(st, "download_button", drawn)
    return found


def _show(open_page: Open, offered: list[Offered], page: str, query: str, tab: str = "") -> None:
    offered.clear()
    site = open_page(page, f"as-of={AS_OF}&{query}")
    if tab:
        offered.clear()
        site.session_state[f"_next-{page}"] = tab
        site.run()
    assert not site.exception


@pytest.mark.parametrize(("page", "query", "tab"), PLACES)
def test_the_files_of_a_page_are_for_people(
    open_page: Open, offered: list[Offered], page: str, query: str, tab: str
) -> None:
    _show(open_page, offered, page, query, tab)

    assert [f"{each.key}: {fault}" for each in offered for fault in _faults(each)] == []
    names = Counter(each.name for each in offered)
    assert [name for name, count in names.items() if count > 1] == []


def _faults(file: Offered) -> Iterator[str]:
    for language in LANGUAGES:
        headings, *rows = file.rows(language)
        yield from (f"{each} is a name of the code" for each in headings if _CODE_NAME.fullmatch(each))
        yield from (f"{each} says its unit twice" for each in headings if _TWICE.search(each))
        yield from (f"{each} comes twice" for each, count in Counter(headings).items() if count > 1)
        if language == "nb":  # in English the columns of exports are called by their names
            cells = [cell for row in rows for cell in row]
            yield from (f"{cell} is for machines" for cell in cells if _MACHINE.fullmatch(cell))
            yield from (f"{each} is English" for each in headings if _is_english(each))
            if len(rows) <= 50 and file.book_headings() != headings:
                yield "Excel has other headings"


def _is_english(heading: str) -> bool:
    label = heading.partition(" (")[0]
    return _norwegian().get(label, label) != label


@cache
def _norwegian() -> dict[str, str]:
    """English text → Norwegian, without the English texts that are Norwegian too."""
    with (ROOT / "src/ccinsight/locale/nb/LC_MESSAGES/ccinsight.po").open("rb") as file:
        texts = {str(each.id): str(each.string) for each in read_po(file, locale="nb") if each.id}
    return {english: text for english, text in texts.items() if english not in texts.values()}


def test_the_file_of_risk_scores_has_the_columns_of_the_page(open_page: Open, offered: list[Offered]) -> None:
    _show(open_page, offered, "risk", "risk=scores")

    (scores,) = (each for each in offered if each.key == "risk_scores")
    assert scores.rows()[0] == [
        "Kundenr.",
        "Kunde",
        "Kundeansvarlig",
        "Størrelse (brukere)",
        "Årlig verdi (kr)",
        "Fornyelse",
        "Dager til fristen for oppsigelse",
        "Fornyelsesrisiko (av 100)",
        "Andel kjent grunnlag (%)",
    ]


def test_duties_say_in_their_file_what_the_page_says(open_page: Open, offered: list[Offered]) -> None:
    _show(open_page, offered, "to_do", "show=all&duty=yearly_unbilled")

    files = {each.key: each for each in offered}
    of_kind = files["duties-yearly_unbilled"].column("Detaljer")
    assert of_kind and all(re.fullmatch(r"Forventet .+\skr, fakturert .+\skr", each) for each in of_kind)
    everything = files["all_duties"].column("Detaljer")
    assert {*of_kind, "Avtale siden 01.06.2018"} <= set(everything)
    raw = reads.read_exact("duties", date.fromisoformat(AS_OF), Filters(), SEES_ALL)["detail"].to_pylist()
    assert "2018-06-01" in raw, "reports for programs keep their form"


def test_data_problems_say_in_their_file_what_the_page_says(open_page: Open, offered: list[Offered]) -> None:
    _show(open_page, offered, "data", "check=automatic_replies")

    (problems,) = (each for each in offered if each.key == "data_problems")
    assert problems.column("Nøkkel") == ["Telefon"]
    (said,) = problems.column("Hva som er galt")
    assert re.fullmatch(r"\d+ av \d\s\d{3}", said)


def test_unknown_values_name_their_column_by_its_label(open_page: Open, offered: list[Offered]) -> None:
    _show(open_page, offered, "mapping", "")

    (found,) = (each for each in offered if each.key == "unknown_values-tickets-contact_role")
    assert found.column("Kolonne") == ["Rolle (contact_role)"]
    assert found.name.startswith("ukjente-verdier-saker-rolle-contact_role")


def test_a_contact_has_one_number_on_every_page(open_page: Open, offered: list[Offered]) -> None:
    """Names aren't kept: a number stands for the contact among all customers' and among its customer's."""
    columns = ("Kundenr.", "Kontakt", "Saker (siste 12 md.)")
    _show(open_page, offered, "utilization", "", "contacts")
    (everybody,) = (each for each in offered if each.key == "contacts")
    rows = list(zip(*map(everybody.column, columns), strict=True))
    busiest = rows[0][0]
    of_one = [row for row in rows if row[0] == busiest]

    _show(open_page, offered, "customer", f"id={busiest}&tab=contacts")

    (own,) = (each for each in offered if each.key == "own_contacts")
    assert len(of_one) > 1 and of_one[0][1] == "Kontakt\N{NO-BREAK SPACE}1"
    assert list(zip(*map(own.column, columns), strict=True))[: len(of_one)] == of_one


@pytest.mark.parametrize(
    ("page", "query", "tab"), [("utilization", "", "contacts"), ("customer", "id=1013&tab=contacts", "")]
)
def test_a_page_says_that_names_are_not_kept(open_page: Open, page: str, query: str, tab: str) -> None:
    site = open_page(page, f"as-of={AS_OF}&{query}")
    if tab:
        site.session_state[f"_next-{page}"] = tab
        site.run()

    assert any("Navn på kontakter lagres ikke." in each.value for each in site.caption)
    hashes = [
        each
        for frame in site.dataframe
        for each in frame.value.astype(str).to_numpy().ravel()
        if re.fullmatch("[0-9a-f]{32}", each)
    ]
    assert hashes == []


def test_contacts_are_numbered_within_their_customer_and_names_stay() -> None:
    set_language("en")
    rows = pd.DataFrame(
        {
            "customer_id": pd.Series(["2", "1", "2", None, "1"], dtype=pd.StringDtype(na_value=float("nan"))),
            "contact": pd.Series(
                ["a" * 32, "Kari Nordmann", "b" * 32, "c" * 32, "nordic/" + "d" * 32],
                dtype=pd.StringDtype(na_value=float("nan")),
            ),
        }
    )

    said = [each.replace("\N{NO-BREAK SPACE}", " ") for each in contacts.in_words(rows)["contact"]]

    assert said == ["Contact 1", "Kari Nordmann", "Contact 2", "Contact 1", "Contact 2"]
