"""Import, undo and settings: offered to who may, refused to a click of somebody who may not (any more)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL, Reader, Right
from ccinsight.dashboard.session import activity
from ccinsight.dashboard.session import reader as session
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.notes.activity import Activity
from tests.dashboard.opening import AS_OF, IMPORTED_AT, Open, undo, written

FIRST = "ticket_id;customer_id;opened_at;category\nT1;1001;2026-09-01 09:00;Kurs\n"
SECOND = "ticket_id;customer_id;opened_at;category\nT2;1001;2026-09-02 09:00;Drift\n"
QUERY = f"as-of={AS_OF}&language=en"
TAKEN = replace(SEES_ALL, rights=frozenset({Right.INTERNAL_PAGES}))
OF_ONE = Reader(key="kari", name="Kari", customer_ids=frozenset({"1002"}), today=date(2026, 9, 3))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of two imports and what lies beside it; not to be written to."""
    folder = tmp_path_factory.mktemp("twice")
    for name, text in (("first.csv", FIRST), ("second.csv", SECOND)):
        (folder / name).write_text(text, encoding="utf-8")
        import_paths([folder / name], folder / "a.duckdb", imported_at=IMPORTED_AT)
    return folder


@pytest.fixture
def twice(imported: Path, tmp_path: Path) -> Path:
    """A copy of that database, whose last import can be undone."""
    shutil.copytree(imported, tmp_path, dirs_exist_ok=True)
    return tmp_path / "a.duckdb"


def _tickets(database: Path) -> list[str]:
    with duckdb.connect() as connection:  # the site has the file open under another configuration
        connection.execute(f"attach '{database}' as looked (read_only)")
        rows = connection.execute("select ticket_id from looked.main.tickets order by 1").fetchall()
    return [ticket_id for (ticket_id,) in rows]


def _buttons(site: AppTest) -> set[str]:
    return {str(button.key) for button in site.button}


def test_who_may_import_undoes_an_import_without_seeing_its_rows(
    open_page: Open, twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer = replace(OF_ONE, rights=frozenset({Right.IMPORT}))
    monkeypatch.setattr(session, "current", lambda: importer)
    site = open_page("data", QUERY, twice)
    site = undo(site)

    assert not site.exception
    assert "was undone" in site.success[0].value
    assert _tickets(twice) == ["T1"]
    assert [(each.person, each.action.value) for each in Activity(twice).newest(1)] == [("Kari", "undo")]
    assert not written(site)
    assert "1001" not in " ".join(each.value for kind in ("success", "code") for each in site.get(kind))  # type: ignore[union-attr]


def test_undo_is_never_that_of_an_import_that_the_page_did_not_name(open_page: Open, twice: Path) -> None:
    """The page asked about the second import; the click comes after a third."""
    site = open_page("data", QUERY, twice)
    third = twice.with_name("third.csv")
    third.write_text(SECOND.replace("T2", "T3"), encoding="utf-8")
    import_paths([third], twice, imported_at=IMPORTED_AT)
    site = undo(site)

    assert _tickets(twice) == ["T1", "T2", "T3"]
    assert not site.success
    undo(site)
    assert _tickets(twice) == ["T1", "T2"]


def test_a_page_that_still_shows_the_build_before_offers_no_undo_of_the_next(
    open_page: Open, twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Warehouse, "is_current", lambda _house: False)
    site = open_page("data", QUERY, twice)
    assert not any(key.startswith("undo") for key in _buttons(site))


@pytest.mark.parametrize("rights", [frozenset(), frozenset({Right.IMPORT})], ids=["none", "import"])
def test_a_limited_reader_has_no_page_to_apply_settings_on(
    open_page: Open, twice: Path, monkeypatch: pytest.MonkeyPatch, rights: frozenset[Right]
) -> None:
    monkeypatch.setattr(session, "current", lambda: replace(OF_ONE, rights=rights))
    site = open_page("overview", QUERY, twice)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        site.switch_page("pages/mapping.py")


def test_a_click_on_undo_is_refused_once_the_right_is_taken(
    open_page: Open, twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was drawn while the reader had the right; the click comes after it was taken, or is forged."""
    site = open_page("data", QUERY, twice)
    monkeypatch.setattr(session, "current", lambda: TAKEN)
    site = undo(site)

    assert _tickets(twice) == ["T1", "T2"]
    assert not site.success
    with pytest.raises(CcinsightError, match="You don't have the right"):
        activity.require(Right.IMPORT)


def test_a_click_on_apply_is_refused_once_the_right_is_taken(
    open_page: Open, twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_page("mapping", QUERY, twice)
    (key,) = [str(editor.key) for editor in site.data_editor if "categories" in str(editor.key)]
    site.session_state[key] = {
        "edited_rows": {0: {"scope": "consulting"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    site = site.run()
    assert "apply-settings" in _buttons(site)
    monkeypatch.setattr(session, "current", lambda: TAKEN)
    site = site.button(key="apply-settings").click().run()

    assert not site.success
    with duckdb.connect() as connection:
        connection.execute(f"attach '{twice}' as looked (read_only)")
        assert connection.execute("select count(*) from looked.stored.categories").fetchall() == [(0,)]


def test_without_a_database_only_who_may_import_is_offered_an_upload(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "current", lambda: TAKEN)
    site = open_page("overview", QUERY, tmp_path / "none.duckdb")
    assert not site.exception and not site.get("file_uploader")
    assert "Ask the administrator" in " ".join(each.value for each in site.markdown)


def test_a_file_of_somebody_who_may_no_longer_import_is_not_even_looked_at(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_page("overview", QUERY, tmp_path / "none.duckdb")
    site.file_uploader[0].set_value([("saker.csv", FIRST.encode(), "text/csv")])
    rights = iter([SEES_ALL.rights])  # the page is drawn; then the right is gone

    def current() -> Reader:
        return replace(SEES_ALL, rights=next(rights, frozenset()))

    monkeypatch.setattr("ccinsight.dashboard.session.sign_in.reader.current", current)
    site.run()
    assert not site.exception and "don't have the right" in site.error[0].value
    assert not any("saker.csv" in each.value for each in site.markdown)
