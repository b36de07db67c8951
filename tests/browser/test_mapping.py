"""A name that isn't known is settled by hand in the table, applied, and undone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from ccinsight.ingest import import_paths
from tests.browser.reading import OpenPage, choose_in_table, settled, table_under
from tests.serving import served

ODD = "Saksnr;Kundenr;Opprettet;Tid brukt (min);Kanal\nX1;1002;01.09.2026 09:00;12;Brevdue\n"


@pytest.fixture
def odd_site(sample_database: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard over the sample company and a file with a header and a value of its own."""
    database = tmp_path / "ccinsight.duckdb"
    for name in ("ccinsight.duckdb", "ccinsight.duckdb.key"):
        shutil.copy(sample_database.with_name(name), tmp_path / name)
    (tmp_path / "saker-egne.csv").write_text(ODD, encoding="cp1252")
    import_paths([tmp_path / "saker-egne.csv"], database, imported_at=datetime(2026, 11, 1, 9, 0))
    with served(database, tmp_path) as address:
        yield address, database


def _settings(database: Path) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as looked (read_only)")
        return str(connection.execute("select toml from looked.stored.settings").fetchall()[0][0])


def test_a_name_is_settled_by_hand_and_undone(open_page: OpenPage, odd_site: tuple[str, Path]) -> None:
    address, database = odd_site
    before = _settings(database)
    page = open_page(f"{address}/mapping?as-of=2026-11-01")

    choose_in_table(page, table_under(page, "Saker"), 0.36, "Minutter")
    expect(page.get_by_test_id("stCode")).to_contain_text('"Tid brukt (min)" = "minutes_spent"')
    page.get_by_role("button", name="Ta i bruk").click()
    expect(page.get_by_text("Innstillingene gjelder nå")).to_be_visible()
    expect(page.get_by_text("Importer disse filene på nytt")).to_contain_text("saker-egne.csv")
    assert '"Tid brukt (min)" = "minutes_spent"' in _settings(database)
    assert set(before.split("\n")) <= set(_settings(database).split("\n"))

    page.get_by_role("link", name="Last opp filer på datasiden").click()
    settled(page)
    page.get_by_role("button", name="Angre siste import").click()
    page.get_by_role("button", name="Ja", exact=True).click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("er angret")
    assert _settings(database) == before
