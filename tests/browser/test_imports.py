"""A dashboard that is open while its database is imported into."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import amount, set_language
from ccinsight.ingest import import_paths
from tests.browser.reading import OpenPage, settled
from tests.serving import served

AS_OF = date(2026, 11, 1)
NEW = """Avtalenr;Kundenr;Kunde;Kundeansvarlig;Tegningsdato;Antall brukere;Pris per bruker;Prisgrunnlag
NY-{at};NY-{at};Nykunde {at};Kari Nordmann;01.02.2020;250;2 000,00;Kontrakt
"""


@pytest.fixture
def own_site(sample_database: Path, sample_exports: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard over a database of this test's own, which takes uploads of 1 MB, and the database."""
    database = tmp_path / "ccinsight.duckdb"
    for name in ("ccinsight.duckdb", "ccinsight.duckdb.key"):
        shutil.copy(sample_database.with_name(name), tmp_path / name)
    settings = tmp_path / "settings.toml"
    toml = (sample_exports / "ccinsight.toml").read_text(encoding="utf-8")
    assert "[import]" in toml
    settings.write_text(toml.replace("[import]", "[import]\nmax_upload_mb = 1"), encoding="utf-8")
    import_paths([_new(tmp_path, 0)], database, settings, imported_at=datetime(2026, 3, 1, 9, 0))
    with served(database, tmp_path) as address:
        yield address, database


def _new(folder: Path, at: int) -> Path:
    """An export of one agreement more, large enough to be seen in the headline figures."""
    path = folder / f"avtaler-{at}.csv"
    path.write_text(NEW.format(at=at), encoding="utf-8")
    return path


def _importing(path: Path, database: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ccinsight", "import", str(path), "--database", str(database)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _revenue(database: Path) -> str:
    with Warehouse.open(database) as warehouse:
        table = warehouse.report("agreements", warehouse.resolve(AS_OF, Filters(), SEES_ALL))
    set_language("en")
    in_force = [row for row in table.to_pylist() if row["state"] in {"active", "terminating"}]
    return amount(sum(row["annual_value"] or 0 for row in in_force))


def _go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def _shows(page: Page, revenue: str) -> None:
    """Waits until one of the headline figures is the revenue."""
    expect(page.get_by_test_id("stMetricValue").filter(has_text=revenue)).to_have_count(1)


def test_an_open_dashboard_shows_an_import_at_the_next_click_and_a_failed_one_never(
    own_site: tuple[str, Path], open_page: OpenPage, tmp_path: Path
) -> None:
    address, database = own_site
    page = open_page(f"{address}/?as-of={AS_OF}&language=en")
    before = _revenue(database)
    _shows(page, before)

    bad = tmp_path / "avtaler-bad.csv"
    bad.write_text(NEW.format(at=9).replace("Tegningsdato", "Noe annet"), encoding="utf-8")
    failed = _importing(bad, database)
    assert failed.wait(timeout=200) == 1
    _go(page, "Renewals")
    _go(page, "Overview")
    _shows(page, before)

    for at in (1, 2):
        running = _importing(_new(tmp_path, at), database)
        clicks = 0
        while running.poll() is None:  # whatever is clicked meanwhile, the old data are there, or the new
            _go(page, "Renewals" if clicks % 2 == 0 else "Overview")
            clicks += 1
        assert running.returncode == 0
        assert clicks
        after = _revenue(database)
        assert after != before
        _go(page, "Deadlines")
        _go(page, "Overview")
        _shows(page, after)
        expect(page.get_by_test_id("stMetricValue").filter(has_text=before)).to_have_count(0)
        before = after


def test_a_file_larger_than_the_settings_allow_is_refused_in_the_browser(
    own_site: tuple[str, Path], open_page: OpenPage
) -> None:
    address, database = own_site
    content = database.read_bytes()
    page = open_page(f"{address}/data?as-of={AS_OF}&language=en")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "saker.csv", "mimeType": "text/csv", "buffer": b"x" * 2_000_000}
    )
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("1.0MB")
    settled(page)
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert database.read_bytes() == content
