"""Line ends as Windows and old Macs write them are one line end in slides, sheets and notes."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Sources, make_brief
from ccinsight.notes import Notes
from ccinsight.outputs import tables
from ccinsight.registry import REPORTS
from ccinsight.settings.model import Deck
from tests.documents.deck.companies import AS_OF, SETTINGS
from tests.documents.deck.reading import all_text
from tests.reports.companies import agreement, company, count, meeting

TYPED, PLAIN = "Først pris\r\nså kurs\rtil slutt\r\n\r\nHilsen", "Først pris\nså kurs\ntil slutt\n\nHilsen"


def _house() -> Warehouse:
    return company(
        SETTINGS,
        agreements=[agreement(price_basis="contract", price_per_user="1200", registered_users=20)],
        user_counts=[count(date(2026, 1, 10), 20)],
        meetings=[meeting("M-1", held_on=date(2025, 5, 6), note=TYPED)],
    )


def _parts(file: bytes) -> Iterator[tuple[str, bytes]]:
    with ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if content[:4] == b"PK\x03\x04":
                yield from _parts(content)
            elif name.endswith(".xml"):
                yield name, content


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    """Notes that an older version stored as they were typed: this one would not."""
    notes = Notes(tmp_path / "notes.sqlite")
    for start, end, day in (
        (date(2024, 4, 1), date(2025, 3, 31), date(2025, 3, 1)),
        (date(2025, 4, 1), date(2026, 3, 31), AS_OF),
    ):
        saved = notes.save_agenda(
            "1", start, end, day, agenda=TYPED, notes=TYPED, agreed=TYPED, saved_at=datetime(2026, 3, 1)
        )
        assert (saved.agenda, saved.notes, saved.agreed) == (PLAIN, PLAIN, PLAIN)
    with closing(sqlite3.connect(notes.path)) as connection:
        connection.execute("update versions set agenda = ?, notes = ?, agreed = ?", [TYPED] * 3)
        connection.commit()
    return notes


def test_notes_of_an_older_version_are_read_with_one_line_end(notes: Notes) -> None:
    entry = notes.agenda("1", AS_OF)
    assert entry is not None and (entry.agenda, entry.notes, entry.agreed) == (PLAIN, PLAIN, PLAIN)


def test_no_slide_or_sheet_holds_a_carriage_return(notes: Notes) -> None:
    brief = make_brief(Sources(_house(), AS_OF, SEES_ALL, ("1",), notes), "1", "en", with_score=True)

    made = deck.files(brief, Deck(), with_annex=True)

    for name, content in made.by_name.items():
        for part, xml in _parts(content):
            text = xml.partition(b"?>")[2]  # lxml ends the declaration with a line end of its own
            assert b"_x000D_" not in xml and b"&#13;" not in xml and b"\r" not in text.strip(), (name, part)
    said = all_text(next(content for name, content in made.by_name.items() if name.endswith(".pptx")))
    assert "så kurs" in said and "så kurs\n\ntil slutt" not in said


def test_a_meetings_note_is_one_text_in_excel() -> None:
    table = _house().report("meetings_list", Scope(AS_OF, SEES_ALL))

    content = tables.write(table, "xlsx", REPORTS["meetings_list"], labels=True)

    xml = b"".join(part for _name, part in _parts(content))
    assert b"_x000D_" not in xml and "så kurs\ntil slutt".encode() in xml
