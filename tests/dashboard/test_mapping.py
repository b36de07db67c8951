"""The page of names that aren't known: what it shows, what a choice becomes, and what applying it does."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.i18n import LANGUAGES, set_language
from ccinsight.ingest import import_paths
from ccinsight.ingest.history.undoing import undo
from tests.dashboard.opening import AS_OF, IMPORTED_AT, Open, written
from tests.dashboard.opening import undo as undo_on

TICKETS = """\
ticket_id;customer_id;opened_at;Sakstid;channel;category
T1;1001;2026-09-01 09:00;12;Pigeon "post" = 🕊;Kurs
T2;1001;2026-09-02 09:00;35;Pigeon "post" = 🕊;Drift
T3;1001;2024-09-02 09:00;;phone;Drift
"""
PIGEON = 'Pigeon "post" = 🕊'


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tickets with a header, a value and categories of their own, settings that say something else, and
    the database that they make; not to be written to.
    """
    folder = tmp_path_factory.mktemp("odd")
    (folder / "saker.csv").write_text(TICKETS, encoding="utf-8")
    (folder / "own.toml").write_text("# ours\n[user_bands]\nfrom = [1, 20]\n", encoding="utf-8")
    import_paths([folder / "saker.csv"], folder / "odd.duckdb", folder / "own.toml", imported_at=IMPORTED_AT)
    return folder


@pytest.fixture
def odd_database(odd: Path, tmp_path: Path) -> Path:
    """A copy of that database that a test may change, beside the files that it was made of."""
    shutil.copytree(odd, tmp_path, dirs_exist_ok=True)
    return tmp_path / "odd.duckdb"


def _rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:  # the site has the file open under another configuration
        connection.execute(f"attach '{database}' as looked (read_only)")
        connection.execute("use looked")
        return connection.execute(statement).fetchall()


def _choose(site: AppTest, table: str, rows: Mapping[int, Mapping[str, Any]]) -> AppTest:
    """Chooses in a table as a person does, and lets the page draw again."""
    keys = [str(editor.key) for editor in site.data_editor]
    (key,) = [key for key in keys if key.startswith(f"table-{table}-")]
    site.session_state[key] = {"edited_rows": dict(rows), "added_rows": [], "deleted_rows": []}
    return site.run()


def _text(site: AppTest) -> str:
    return "\n".join(code.value for code in site.code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_shows_what_is_not_known_with_counts(open_page: Open, odd_database: Path, language: str) -> None:
    site = open_page("mapping", f"as-of={AS_OF}&language={language}", odd_database)

    assert not site.exception
    assert [metric.value for metric in site.metric] == ["1", "1", "2"]
    headers, values, categories = (editor.value for editor in site.data_editor)
    assert headers[["header", "name"]].values.tolist() == [["Sakstid", "saker.csv"]]
    became = {"nb": "Annen kanal", "en": "Other channel"}[language]
    assert values[["value", "rows", "became", "name"]].values.tolist() == [[PIGEON, 2, became, "saker.csv"]]
    assert categories[["category", "tickets", "all_tickets"]].values.tolist() == [
        ["Drift", 1, 2],
        ["Kurs", 1, 1],
    ]
    assert not [button for button in site.button if button.key == "apply-settings"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_choice_is_seen_applied_logged_and_undone(
    open_page: Open, odd_database: Path, tmp_path: Path, language: str
) -> None:
    site = open_page("mapping", f"as-of={AS_OF}&language={language}", odd_database)

    site = _choose(site, "unmatched_headers", {0: {"chosen": "minutes_spent"}})
    site = _choose(site, "unknown_values", {0: {"chosen": "chat"}})
    site = _choose(site, "categories", {1: {"scope": "training"}, 0: {"is_access_down": True}})
    assert '"Sakstid" = "minutes_spent"' in _text(site)
    assert '"Pigeon \\"post\\" = 🕊" = "chat"' in _text(site)
    assert '"Kurs" = { scope = "training" }' in _text(site)
    site = site.button(key="apply-settings").click().run()

    assert not site.exception and not site.error
    assert "saker.csv" in " ".join(info.value for info in site.info), "what is to be imported again is named"
    assert [metric.value for metric in site.metric] == ["0", "0", "0"]
    (toml,) = _rows(odd_database, "select toml from stored.settings")[0]
    assert toml.startswith("# ours\n[user_bands]\nfrom = [1, 20]\n")
    assert _rows(
        odd_database, "select category, scope, is_access_down from stored.categories order by 1"
    ) == [
        ("Drift", "support", True),
        ("Kurs", "training", False),
    ]
    assert _rows(odd_database, "select minutes_spent, channel from tickets where ticket_id = 'T1'") == [
        (None, "other")
    ]
    import_paths([tmp_path / "saker.csv"], odd_database, imported_at=IMPORTED_AT)
    assert _rows(odd_database, "select minutes_spent, channel from tickets where ticket_id = 'T1'") == [
        (12, "chat")
    ]
    site = site.run()
    assert not [info for info in site.info if "saker.csv" in info.value]


def test_applied_settings_stand_on_the_data_page_and_can_be_undone(
    open_page: Open, odd_database: Path
) -> None:
    site = open_page("mapping", f"as-of={AS_OF}&language=en", odd_database)
    site = _choose(site, "categories", {0: {"scope": "consulting"}})
    site.button(key="apply-settings").click().run()

    data = open_page("data", f"as-of={AS_OF}&language=en", odd_database)
    log = next(rows for rows in written(data) if rows[0][0] == "Imported")
    assert log[1][1:3] == ["Settings", "own.toml"]
    undo_on(data)

    assert "The settings of" in data.success[0].value
    assert _rows(odd_database, "select count(*) from stored.categories") == [(0,)]


def test_settings_of_another_meanwhile_are_not_lost(open_page: Open, odd_database: Path) -> None:
    site = open_page("mapping", f"as-of={AS_OF}&language=en", odd_database)
    other = open_page("mapping", f"as-of={AS_OF}&language=en", odd_database)
    site = _choose(site, "categories", {0: {"scope": "consulting"}})
    other = _choose(other, "categories", {1: {"scope": "training"}})
    other.button(key="apply-settings").click().run()
    site.button(key="apply-settings").click().run()

    assert not site.exception
    assert _rows(odd_database, "select category from stored.categories where scope = 'training'") == [
        ("Kurs",)
    ]


def test_data_page_leads_to_the_names_and_does_not_repeat_them(open_page: Open, odd_database: Path) -> None:
    site = open_page("data", f"as-of={AS_OF}&language=en", odd_database)

    assert not site.exception
    warnings = [rows for rows in written(site) if "Warning" in rows[0]]
    texts = [cell for rows in warnings for row in rows for cell in row]
    assert not [text for text in texts if "Sakstid" in text or PIGEON in text]


def test_everything_known_says_so(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "saker.csv").write_text("ticket_id;customer_id;opened_at\nT1;1001;2026-09-01\n")
    database = tmp_path / "plain.duckdb"
    import_paths([tmp_path / "saker.csv"], database, imported_at=IMPORTED_AT)

    site = open_page("mapping", f"as-of={AS_OF}&language=en", database)

    assert not site.exception and not site.data_editor
    assert site.title[0].value == "Every header, value and category is known"
    assert len(site.info) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_file_that_cannot_be_imported_is_looked_at_and_then_can(
    open_page: Open, odd_database: Path, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "requests.csv"
    path.write_text("Nr;Firmanavn;Kom inn;Kanal\n1;Fjord AS;2026-09-01;Robot\n")
    site = open_page("mapping", f"as-of={AS_OF}&language={language}", odd_database)

    site.file_uploader[0].set_value([(path.name, path.read_bytes(), "text/csv")]).run()
    assert not site.exception and not site.error
    assert any("opened\\_at" in caption.value for caption in site.caption)
    looked = next(editor.value for editor in site.data_editor if "looked-headers" in str(editor.key))
    assert looked[["header", "examples"]].values.tolist() == [["Nr", "1"], ["Kom inn", "2026-09-01"]]
    site = _choose(site, "looked-headers", {0: {"chosen": "ticket_id"}, 1: {"chosen": "opened_at"}})
    site = _choose(site, "looked-channel", {0: {"chosen": "api"}})
    site.button(key="apply-settings").click().run()

    assert not site.exception and not site.error
    import_paths([path], odd_database, imported_at=IMPORTED_AT)
    assert _rows(odd_database, "select channel, opened_at from tickets where ticket_id = '1'") == [
        ("api", datetime(2026, 9, 1))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_file_of_no_known_kind_can_be_named(open_page: Open, odd_database: Path, language: str) -> None:
    site = open_page("mapping", f"as-of={AS_OF}&language={language}", odd_database)

    site.file_uploader[0].set_value([("x.csv", b"a;b\n1;2\n", "text/csv")]).run()
    assert not site.error, "the file isn't wrong; its kind is to be chosen"
    assert any("x.csv" in each.value for each in site.caption)
    assert not any("--export" in each.value or "user_counts" in each.value for each in site.caption)
    set_language(language)  # AppTest writes the choice as the page would
    site.selectbox(key="looked-at-export").set_value("meetings").run()

    assert not site.exception and not site.error
    kind = {"nb": "som møter mangler påkrevde kolonner", "en": "as meetings lacks required columns"}[language]
    assert any(kind in each.value for each in site.caption)
    looked = next(editor.value for editor in site.data_editor if "looked-headers" in str(editor.key))
    assert looked["header"].tolist() == ["a", "b"]


def test_what_an_unknown_value_becomes_is_what_the_import_makes_of_it(tmp_path: Path) -> None:
    files = {
        "saker.csv": "ticket_id;customer_id;opened_at;status;channel;severity;contact_role\nT1;1;2026-01-05;x;x;x;x\n",
        "avtaler.csv": "agreement_id;customer_id;customer_name;subscribed_on;price_basis;terminated_by\n"
        "A1;1;Fjord;2024-01-01;x;\nA2;1;Fjord;2024-01-01;;x\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    database = tmp_path / "try.duckdb"
    import_paths([tmp_path / name for name in files], database, imported_at=IMPORTED_AT)

    assert _rows(
        database, "select column_name, became, rows from unknown_values(date '2026-03-01') order by 1"
    ) == [
        ("channel", "other", 1),
        ("contact_role", "unknown", 1),
        ("price_basis", "rejected", 1),
        ("severity", "unknown", 1),
        ("status", "by_closing", 1),
        ("terminated_by", "rejected", 1),
    ]


def test_only_the_last_import_of_a_file_counts(odd_database: Path, tmp_path: Path) -> None:
    (tmp_path / "saker.csv").write_text(TICKETS.replace("Sakstid", "minutes_spent").replace(PIGEON, "phone"))
    import_paths([tmp_path / "saker.csv"], odd_database, imported_at=IMPORTED_AT)

    assert _rows(odd_database, "from unmatched_headers(date '2026-10-01')") == []
    assert _rows(odd_database, "from unknown_values(date '2026-10-01')") == []


def test_undo_brings_back_what_was_not_known(odd_database: Path, tmp_path: Path) -> None:
    (tmp_path / "saker.csv").write_text(TICKETS.replace("Sakstid", "minutes_spent"))
    import_paths([tmp_path / "saker.csv"], odd_database, imported_at=IMPORTED_AT)
    undo(odd_database)
    assert _rows(odd_database, "select header from unmatched_headers(date '2026-10-01')") == [("Sakstid",)]


def test_what_is_chosen_stays_while_a_search_leaves_its_row_out(open_page: Open) -> None:
    site = open_page("mapping", f"as-of={AS_OF}&language=nb")
    (whole,) = [each.value for each in site.data_editor if "table-categories-" in str(each.key)]
    assert len(whole) > 12, "a table with a search"
    first, other = str(whole["category"].iloc[0]), str(whole["category"].iloc[-1])

    _choose(site, "categories", {0: {"scope": "consulting"}})
    text = _text(site)
    for query in (other, "no such category", ""):
        site.text_input("search-categories").set_value(query).run()
        assert not site.exception
        assert _text(site) == text and first in text, "the settings that would be applied"
    assert str(whole["category"].iloc[1]) not in text
    _choose(site, "categories", {1: {"scope": "training"}})
    assert first in _text(site) and str(whole["category"].iloc[1]) in _text(site)
