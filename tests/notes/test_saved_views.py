"""Saved views in the notes: whose they are, who may see and change them, and what forgetting leaves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ccinsight.access import Reader
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.notes import Notes
from ccinsight.notes.saved_views import CUSTOMER, MANAGER, MOST_ON_OVERVIEW, Contents, SavedViews, Sight

WHEN = datetime(2026, 3, 1, 9, 0)
KARI = Reader(key="k1", name="Kari Nordmann", address="kari@partner.example", sees_all=True)
OLA = Reader(key="o1", name="Ola Hansen", customer_ids=frozenset({"7", "8"}))
OF_OLA = Sight(frozenset({"7", "8"}), frozenset({"Ola Hansen"}))
ALL = Contents("renewals", {"months": ["6"]})


def _of(*customers: str, managers: tuple[str, ...] = ()) -> Contents:
    subjects = {(CUSTOMER, each) for each in customers} | {(MANAGER, each) for each in managers}
    return Contents("renewals", {"customer": list(customers)}, {}, frozenset(subjects))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "ccinsight.duckdb"


def _karis(database: Path) -> SavedViews:
    return SavedViews(database, KARI, None)


def _olas(database: Path, sight: Sight = OF_OLA) -> SavedViews:
    return SavedViews(database, OLA, sight)


def _names(views: SavedViews) -> list[str]:
    return [view.name for view in views.all()]


def test_others_see_shared_views_whose_customers_and_managers_they_may_see(database: Path) -> None:
    kari, ola = _karis(database), _olas(database)
    kari.save("Of mine alone", ALL, WHEN)
    kari.save("For everybody", ALL, WHEN, is_shared=True)
    kari.save("Fjord, keep", _of("7"), WHEN, is_shared=True)
    hidden = kari.save("Zwartbjørn leaves", _of("7", "9"), WHEN, is_shared=True)
    managed = kari.save("Of Per", _of(managers=("Per Olsen",)), WHEN, is_shared=True)
    assert _names(ola) == ["Fjord, keep", "For everybody"]
    assert ola.find(hidden.view_id) is None and ola.find(managed.view_id) is None
    assert len(_names(kari)) == 5
    with pytest.raises(CcinsightError, match="no such view"):
        ola.show_on_overview(hidden.view_id, is_shown=True)


def test_an_owner_who_lost_a_customer_sees_only_that_there_is_a_view(database: Path) -> None:
    ola = _olas(database)
    ola.save("Fjord", _of("7"), WHEN)
    # typed without seeing such a customer: that it stays says nothing of whether there is one
    ola.save("Zwartbjørn", _of("9"), WHEN)
    assert _names(ola) == ["Fjord", "Zwartbjørn"]
    later = _olas(database, replace(OF_OLA, customers=frozenset({"8"})))
    gone, stays = later.all()
    assert gone.is_hidden and gone.contents == Contents("", {}) and stays.name == "Zwartbjørn"
    assert later.find(gone.view_id) is None
    later.delete(gone, WHEN)
    assert _names(later) == ["Zwartbjørn"]


def test_shared_views_are_changed_by_who_saved_them_and_by_administrators(database: Path) -> None:
    kari, ola = _karis(database), _olas(database)
    shared = ola.save("Ours", ALL, WHEN, is_shared=True)
    own = ola.save("Olas own", ALL, WHEN)
    (seen,) = kari.all()
    assert not kari.may_change(seen)
    with pytest.raises(CcinsightError, match="Only who saved"):
        kari.change(seen, WHEN, name="Karis")
    with pytest.raises(CcinsightError, match="Only who saved"):
        kari.delete(seen, WHEN)
    with pytest.raises(CcinsightError, match="Only who saved"):
        kari.put_back(seen, WHEN)
    administrator = SavedViews(database, KARI, None, is_administrator=True)
    assert administrator.all() == [seen] and administrator.may_change(seen)
    administrator.change(seen, WHEN, name="Everybody's")
    assert _names(ola) == ["Everybody's", "Olas own"]
    assert administrator.find(own.view_id) is None and not administrator.may_change(
        replace(own, is_own=False)
    )
    administrator.delete(seen, WHEN)
    assert _names(ola) == ["Olas own"]
    ola.put_back(shared, WHEN)
    assert _names(ola) == ["Olas own", "Ours"]
    (stale,) = administrator.all()
    ola.change(shared, WHEN, is_shared=False)
    assert kari.all() == []
    # what an administrator's screen still shows is Ola's own again
    for act in (administrator.change, administrator.put_back, administrator.delete):
        with pytest.raises(CcinsightError, match="no such view"):
            act(stale, WHEN)
    assert _names(ola) == ["Olas own", "Ours"]


def test_names_are_checked_and_deleted_views_go_after_a_month(database: Path) -> None:
    kari = _karis(database)
    for name in ("", "  ", "x" * 81):
        with pytest.raises(UsageError, match="1 to 80"):
            kari.save(name, ALL, WHEN)
    with pytest.raises(UsageError, match="Too much"):
        kari.save("Many", _of(*map(str, range(5000))), WHEN)
    first = kari.save("Renewals\n soon", ALL, WHEN)
    assert first.name == "Renewals soon"
    with pytest.raises(UsageError, match="already"):
        kari.save("RENEWALS SOON", ALL, WHEN)
    views = [
        kari.save(f"View {number}", ALL, WHEN, is_on_overview=True) for number in range(MOST_ON_OVERVIEW)
    ]
    with pytest.raises(UsageError, match="at most 4"):
        kari.show_on_overview(first.view_id, is_shown=True)
    kari.show_on_overview(views[0].view_id, is_shown=False)
    kari.show_on_overview(first.view_id, is_shown=True)
    kari.delete(first, WHEN)
    with pytest.raises(CcinsightError, match="no such view"):
        kari.change(first, WHEN, name="Late")
    kari.save("Later", ALL, WHEN + timedelta(days=31))
    with pytest.raises(CcinsightError, match="no such view"):
        kari.put_back(first, WHEN)
    assert b"Renewals soon" not in _rows(database, "saved_views")


def _rows(database: Path, *tables: str) -> bytes:
    with Notes.beside(database).opened() as connection:
        rows = [row for table in tables for row in connection.execute(f"select * from {table}")]  # noqa: S608
    return repr(rows).encode()


def test_forgetting_a_customer_or_a_colleague_takes_their_views_to_the_byte(database: Path) -> None:
    kari, ola, notes = _karis(database), _olas(database), Notes.beside(database)
    kari.save("Zwartbjørn Ukjend", _of("9"), WHEN, is_shared=True, is_on_overview=True)
    kari.save("Per Olsens fornyelser", _of(managers=("Per Olsen",)), WHEN, is_shared=True)
    ola.save("Olas", ALL, WHEN, is_on_overview=True)
    assert notes.count_of("9") == 1 and notes.forget_customer("9") == 1
    assert b"Zwartbj" not in notes.path.read_bytes() and _rows(database, "overview_views").count(b"o1") == 1
    assert [view.name for view in kari.all()] == ["Per Olsens fornyelser"]

    name = re.compile(re.escape("Per Olsen"))
    assert notes.count_quoting(name) == notes.redact(name) == 2
    (view,) = kari.all()
    assert (view.name, view.contents.subjects) == ("…s fornyelser", frozenset({(MANAGER, "…")}))
    assert _names(ola) == ["Olas"]

    notes.redact(re.compile(r"kari@partner\.example|Kari Nordmann"))
    assert kari.all() == [] and b"kari@" not in notes.path.read_bytes()
    assert _rows(database, "saved_view_subjects") == b"[]"
    notes.redact(re.compile("o1"))
    assert _rows(database, "saved_views", "overview_views") == b"[]"
