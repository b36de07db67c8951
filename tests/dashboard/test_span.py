"""A day outside the imported data is said to be so in the head of every page; a day within them isn't."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.dashboard.navigation import PAGES
from ccinsight.i18n import day, set_language
from ccinsight.ingest import import_paths
from tests.dashboard.opening import AS_OF, Open

LATE, EARLY = "The date is after the latest that is imported", "The date is before the first that is imported"


def _said(site: AppTest, start: str) -> list[str]:
    return [warning.value for warning in site.warning if warning.value.startswith(start)]


def _days(database: Path) -> dict[str, tuple[date, date]]:
    """Of each export with days the first and the last, read from the tables themselves."""
    queries = {
        "tickets": "select min(opened_at)::date, max(opened_at)::date from main.tickets",
        "user counts": "select min(counted_on), max(counted_on) from main.user_counts",
        "invoices": "select min(issued_on), max(issued_on) from main.invoices",
    }
    with duckdb.connect(str(database), read_only=True) as connection:
        found = {export: connection.execute(query).fetchone() for export, query in queries.items()}
    return {export: days for export, days in found.items() if days and days[0]}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_day_is_after_the_data(open_page: Open, database: Path, page: str) -> None:
    site = open_page(page, "as-of=2040-01-01&language=en", database)

    (said,) = _said(site, LATE)
    set_language("en")
    for export, (_first, last) in _days(database).items():
        assert f"{export} up to {day(last)}" in said
    assert not _said(site, EARLY)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_day_is_before_the_data(open_page: Open, database: Path, page: str) -> None:
    site = open_page(page, "as-of=1995-01-01&language=en", database)

    (said,) = _said(site, EARLY)
    set_language("en")
    for export, (first, _last) in _days(database).items():
        assert f"{export} from {day(first)}" in said
    assert not _said(site, LATE)


@pytest.mark.parametrize("page", PAGES)
def test_a_day_within_the_data_is_not_remarked_on(open_page: Open, page: str) -> None:
    site = open_page(page, f"as-of={AS_OF}&language=en")

    assert not _said(site, LATE)
    assert not _said(site, EARLY)


@pytest.mark.parametrize(("export", "fresh"), [("tickets", 30), ("user counts", 45), ("invoices", 45)])
def test_an_export_is_named_once_it_is_stale(
    open_page: Open, database: Path, export: str, fresh: int
) -> None:
    _first, last = _days(database)[export]
    still, stale = last + timedelta(days=fresh), last + timedelta(days=fresh + 1)

    fine = open_page("overview", f"as-of={still}&language=en", database)
    site = open_page("overview", f"as-of={stale}&language=en", database)

    assert not any(f"{export} up to" in said for said in _said(fine, LATE))
    assert any(f"{export} up to" in said for said in _said(site, LATE))


def test_tickets_alone_are_named_alone(open_page: Open, sample_exports: Path, tmp_path: Path) -> None:
    path = tmp_path / "tickets.duckdb"
    import_paths([sample_exports / "saker.csv"], path, imported_at=datetime(2026, 10, 1, 8, 0))

    (said,) = _said(open_page("overview", "as-of=2040-01-01&language=en", path), LATE)

    assert "tickets up to" in said
    assert "invoices" not in said


def test_agreements_alone_hold_for_the_day_of_their_import(
    open_page: Open, sample_exports: Path, tmp_path: Path
) -> None:
    path = tmp_path / "agreements.duckdb"
    import_paths([sample_exports / "avtaler.csv"], path, imported_at=datetime(2026, 10, 1, 8, 0))

    (said,) = _said(open_page("renewals", "as-of=2040-01-01&language=en", path), LATE)
    fine = open_page("renewals", "as-of=2026-11-15&language=en", path)

    assert "agreements up to 1 Oct 2026" in said
    assert not _said(fine, LATE)


def test_the_bar_says_up_to_when_there_are_data(open_page: Open, database: Path) -> None:
    newest = max(last for _first, last in _days(database).values())

    after = open_page("overview", f"as-of={newest + timedelta(days=1)}&language=en", database)
    within = open_page("overview", f"as-of={newest}&language=en", database)

    set_language("en")
    assert f"data up to {day(newest)}" in after.markdown[0].value
    assert "data up to" not in within.markdown[0].value
