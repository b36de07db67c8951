"""Control characters in every text of a customer: all files are made and readable; a fault costs no other customer."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.cli import run
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.notes import Notes
from ccinsight.outputs import calendar_file, tables
from ccinsight.outputs.cells import Head
from ccinsight.registry import REPORTS
from ccinsight.settings.model import Deck
from tests.documents.deck.companies import AS_OF, SETTINGS
from tests.documents.deck.reading import all_text, opened
from tests.reports.companies import agreement, company, count, meeting, ticket

# A vertical tab, a bell, a null, one that is no character, an escape, a form feed.
BAD = "a\x0bb\x07c\x00d\uffffe\x1bf\x0cg"
GOOD = "a bcdef g"


def _house() -> Warehouse:
    return company(
        SETTINGS,
        agreements=[
            agreement(
                f"A-{BAD}",
                customer_name=f"Navn {BAD}",
                account_manager=f"Leder {BAD}",
                product=f"Produkt {BAD}",
                registered_users=20,
                price_basis="contract",
                price_per_user="1200",
            )
        ],
        user_counts=[count(date(2026, 1, 10), 20, active_users=6)],
        tickets=[
            ticket(
                f"T-{n}{BAD}",
                datetime(2025, 6, 2 + n, 9),
                category="Nede" if n == 1 else f"Utskrift/{BAD}",
                title=f"Tittel {BAD}",
                contact=f"Person {BAD}",
                owner=f"Eier {BAD}",
                minutes_spent="30",
            )
            for n in range(4)
        ],
        meetings=[meeting(f"M-{BAD}", held_on=date(2025, 5, 6), note=f"Notat {BAD}")],
    )


def _parts(file: bytes) -> Iterator[tuple[str, bytes]]:
    with ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if content[:4] == b"PK\x03\x04":
                yield from _parts(content)
            elif name.endswith((".xml", ".rels")):
                yield name, content


def _brief(notes: Notes | None = None) -> Brief:
    sources = Sources(_house(), AS_OF, SEES_ALL, ("1",), notes)
    return make_brief(sources, "1", "en", with_score=True)


def test_all_files_are_made_and_every_part_is_xml(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes.sqlite")
    texts: dict[str, Any] = {
        "agenda": f"Punkt {BAD}",
        "notes": f"Husk {BAD}\ud800",
        "agreed": f"Avtalt {BAD}",
    }
    notes.save_agenda(
        "1", date(2025, 4, 1), date(2026, 3, 31), AS_OF, **texts, saved_at=datetime(2026, 3, 15)
    )
    look = Deck(partner=f"Partner {BAD}")

    brief = _brief(notes)
    made = deck.files(brief, look, with_annex=True)
    presented = deck.presenters_copy(brief, look, address="https://crm.example.test")

    assert len(made.by_name) == 4
    for name, content in (*made.by_name.items(), ("presenter", presented)):
        for part, xml in _parts(content):
            ElementTree.fromstring(xml)
            assert b"_x000" not in xml, (name, part)
    customers = next(content for name, content in made.by_name.items() if name.endswith(".pptx"))
    for said in (f"Navn {GOOD}", f"Leder {GOOD}", f"Partner {GOOD}", f"Tittel {GOOD}", f"Utskrift/{GOOD}"):
        assert said in all_text(customers)
    assert f"Navn {GOOD}" in opened(customers).core_properties.title
    assert any(
        f"A-{GOOD}" in slide.notes_slide.notes_text_frame.text
        for slide in opened(presented).slides
        if slide.has_notes_slide
    )


def test_a_brief_of_older_notes_is_written_too() -> None:
    brief = replace(
        _brief(), agenda=(f"Punkt {BAD}",), agreed=f"Avtalt {BAD}", agreed_last_time=f"Sist {BAD}"
    )

    said = all_text(deck.deck(brief, Deck()))

    assert f"Punkt {GOOD}" in said
    assert f"Sist {GOOD}" in said


@pytest.mark.parametrize("name", ["agreements", "open_tickets", "ticket_list", "contacts", "meetings_list"])
@pytest.mark.parametrize("form", tables.FORMATS)
@pytest.mark.parametrize("labels", [True, False])
def test_every_report_can_be_downloaded(name: str, form: str, labels: bool) -> None:
    table = _house().report(name, Scope(AS_OF, SEES_ALL, ("1",)))

    content = tables.write(table, form, REPORTS[name], Head(AS_OF), labels=labels)

    if form == "xlsx":
        for _part, xml in _parts(content):
            ElementTree.fromstring(xml)
            assert b"_x000" not in xml
    elif form in ("csv", "json"):
        content.decode()


def test_the_calendar_holds_none_of_them() -> None:
    events = _house().report("calendar_events", Scope(AS_OF, SEES_ALL, ("1",)), days=400)

    content = calendar_file.calendar(events).decode()

    assert f"Navn {GOOD}" in content.replace("\r\n ", "")
    assert not [sign for sign in content if ord(sign) < 32 and sign not in "\r\n\t"]


# --- One customer's fault


@pytest.fixture
def _fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no test can know beforehand: something of customer 1059 that can't be written."""

    def failing(sources: Sources, customer_id: str, *options: Any, **named: Any) -> Brief:
        if customer_id == "1059":
            raise ValueError("nobody should read this")
        return make_brief(sources, customer_id, *options, **named)

    monkeypatch.setattr(import_module("ccinsight.documents.deck.prepare"), "make_brief", failing)


@pytest.mark.usefixtures("_fault")
def test_the_others_files_are_made_and_the_failed_one_is_named(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    customers = ("--customer", "1059", "--customer", "1004")
    command = [
        "brief",
        "--database",
        str(sample_database),
        "--as-of",
        "2026-11-01",
        "--output",
        str(tmp_path),
    ]

    assert run([*command, *customers]) == 1

    said = capsys.readouterr()
    made = sorted(tmp_path.iterdir(), key=lambda path: path.suffix)
    assert [path.suffix for path in made] == [".pptx", ".xlsx"]
    assert [path.name for path in made if "_1004_" not in path.name] == []
    assert "1 customer prepared." in said.err
    assert "No files were written for customer 1059: " in said.err
    for hidden in ("nobody should read this", "ValueError", "Internal error"):
        assert hidden not in said.err


@pytest.mark.usefixtures("_fault")
def test_who_asks_for_a_traceback_gets_it(
    sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_TRACEBACK", "1")
    command = [
        "brief",
        "--database",
        str(sample_database),
        "--as-of",
        "2026-11-01",
        "--output",
        str(tmp_path),
    ]

    with pytest.raises(ValueError, match="nobody should read this"):
        run([*command, "--customer", "1059"])
