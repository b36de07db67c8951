"""The upload runs the same import as the command line, and tells what it gave."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.dashboard.pages import first_run
from ccinsight.dashboard.pages.uploaded_files import plain_name
from ccinsight.i18n import set_language
from ccinsight.ingest.catalogue import best_match, exports
from ccinsight.settings.parsing import default_settings
from tests.dashboard.opening import AS_OF, Open, undo


def _read(path: Path) -> tuple[str, bytes, str]:
    return path.name, path.read_bytes(), "text/csv"


def _import(site: AppTest) -> None:
    """Imports what was chosen once its preview is there; where no file can be imported there is no button."""
    if any(button.disabled for button in site.button if button.label == "Import"):
        site.run()
    for button in [button for button in site.button if button.label == "Import"]:
        button.click().run()


def test_first_upload_makes_the_database(open_page: Open, sample_exports: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    site = open_page("data", f"as-of={AS_OF}&language=en", path)

    site.file_uploader[0].set_value(
        [_read(sample_exports / "avtaler.csv"), _read(sample_exports / "saker.csv")]
    )
    _import(site)

    assert not site.exception
    assert path.exists()
    assert "Imported" in site.success[0].value
    assert "saker.csv: Tickets, " in " ".join(code.value for code in site.code)


def test_first_file_with_headers_of_its_own_leads_to_the_settings(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    site = open_page("data", f"as-of={AS_OF}&language=en", path)

    site.file_uploader[0].set_value([("saker.csv", b"Nr;Firma-ID;Kom inn\n1;7;2026-01-05\n", "text/csv")])
    _import(site)

    assert not site.exception and not path.exists()
    assert "saker.csv" in site.error[0].value and "“Opprettet”" in site.error[0].value
    assert "Nothing was imported." in [caption.value for caption in site.caption]
    site.button(key="map-0").click().run()

    assert not site.exception and not path.exists()
    assert site.title[0].value == "What do the names in the file mean?"
    assert any("saker.csv" in caption.value for caption in site.caption)
    assert site.session_state["_import_kept"][0].name == "saker.csv"


def test_bad_file_leaves_the_data_as_they_were(open_page: Open, own_database: Path, tmp_path: Path) -> None:
    bad = tmp_path / "poem.csv"
    bad.write_text("roses;violets\nred;blue\n", encoding="utf-8")
    before = own_database.read_bytes()
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)

    site.file_uploader[0].set_value([_read(bad)])
    _import(site)

    assert not site.exception
    assert "poem.csv" in site.error[0].value
    assert own_database.read_bytes() == before


def test_chosen_files_are_previewed_and_nothing_is_stored(
    open_page: Open, own_database: Path, sample_exports: Path
) -> None:
    before = own_database.read_bytes()
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)

    odd = (
        "Mine saker.csv",
        b"Saksnr;Firma-ID;Opprettet;Egen\n1;7;2026-01-05;x\n2;7;05/04/2026;x\n",
        "text/csv",
    )
    site.file_uploader[0].set_value([odd, _read(sample_exports / "avtaler.csv")]).run()

    assert not site.exception and not site.error
    texts = " ".join(element.value for element in [*site.markdown, *site.caption]).replace("\\", "")
    assert "**Mine saker.csv** · Tickets · 2 rows" in texts
    assert "3 columns recognised: Saksnr, Firma-ID, Opprettet" in texts
    assert "1 column ignored: Egen" in texts
    assert "1 row would be rejected" in texts and "line 3: Opprettet “05/04/2026”: ambiguous date" in texts
    assert "**avtaler.csv** · Agreements" in texts
    assert own_database.read_bytes() == before


def test_all_refused_files_are_named_as_the_user_named_them_and_the_others_imported(
    open_page: Open, own_database: Path
) -> None:
    tickets = _tickets(own_database)
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)

    poem = ("a poem [1].csv", b"roses;violets\nred;blue\n", "text/csv")
    own = ("Kunde/saker.csv", b"Saksnr;Firma-ID;Kom inn\n1;7;2026-01-05\n", "text/csv")
    good = ("more.csv", b"Saksnr;Firma-ID;Opprettet\nT-NEW;1001;2026-01-05\n", "text/csv")
    site.file_uploader[0].set_value([poem, own, good]).run()

    first, second = (error.value.replace("\\", "") for error in site.error)
    assert "**a poem [1].csv** can't be imported" in first
    assert "**Kunde/saker.csv** can't be imported. It looks like Tickets." in second
    assert _tickets(own_database) == tickets
    next(button for button in site.button if button.label == "Import the 1 other file").click().run()

    assert not site.exception and not site.error
    assert "Imported" in site.success[0].value
    assert _tickets(own_database) == tickets + 1


def test_import_waits_for_a_file(open_page: Open, own_database: Path, sample_exports: Path) -> None:
    """A click while a file is still on its way would be lost."""
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)
    assert [button.disabled for button in site.button if button.label == "Import"] == [True]

    site.file_uploader[0].set_value(("saker.csv", (sample_exports / "saker.csv").read_bytes(), "text/csv"))
    site.run()

    assert [button.disabled for button in site.button if button.label == "Import"] == [False]


def test_identical_file_changes_nothing_and_says_so(
    open_page: Open, own_database: Path, sample_exports: Path
) -> None:
    before = own_database.stat().st_ino
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)

    site.file_uploader[0].set_value([_read(sample_exports / "saker.csv")])
    _import(site)

    assert not site.exception
    assert "Nothing was changed" in site.success[0].value
    assert own_database.stat().st_ino == before


def test_export_that_starts_afresh_and_its_undo(open_page: Open, own_database: Path, tmp_path: Path) -> None:
    own = tmp_path / "saker.csv"
    own.write_text("ticket_id;customer_id;opened_at\nT1;1001;2026-01-05\n", encoding="utf-8")
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)

    site.file_uploader[0].set_value([_read(own)]).run()
    next(each for each in site.multiselect if each.label == "Start afresh").set_value(["tickets"])
    _import(site)
    site.button(key="import-shrunk").click().run()
    assert _tickets(own_database) == 1
    undo(site)

    assert not site.exception
    assert "was undone" in site.success[0].value
    assert _tickets(own_database) > 1


def test_much_smaller_list_is_imported_only_when_it_is_confirmed(
    open_page: Open, own_database: Path, tmp_path: Path
) -> None:
    own = tmp_path / "saker.csv"
    own.write_text("ticket_id;customer_id;opened_at\nT1;1001;2026-01-05\n", encoding="utf-8")
    before, tickets = own_database.read_bytes(), _tickets(own_database)
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)

    site.file_uploader[0].set_value([_read(own)]).run()
    next(each for each in site.multiselect if each.label == "Start afresh").set_value(["tickets"])
    _import(site)
    question = site.warning[0].value
    site.button(key="leave-shrunk").click().run()

    assert not site.exception and not site.warning
    assert "tickets: the new files hold 1 row" in question and f"{tickets:,}".replace(
        ",", " "
    ) in question.replace("\u00a0", " ").replace(",", " ")
    assert own_database.read_bytes() == before


def _tickets(database: Path) -> int:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as looked (read_only)")
        return int(connection.execute("select count(*) from looked.stored.tickets").fetchall()[0][0])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/saker.csv", "saker.csv"),
        ("C:\\exports\\saker.xlsx", "saker.xlsx"),
        ("..", "file"),
        ("sa\x00k\ner.csv", "saker.csv"),
    ],
)
def test_uploaded_name_stays_in_its_folder(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("export", exports())
def test_the_headings_of_the_checklist_are_those_that_an_import_knows(export: str, language: str) -> None:
    set_language(language)
    match = best_match(first_run.headings(export), default_settings(), None)
    assert match is not None and match.export.name == export
    assert not match.unmatched and not match.export.missing(match.columns)
