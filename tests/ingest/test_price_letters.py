"""Price letters in the stored tables (R14): recorded once, kept through imports, taken back with their list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.ingest import import_paths
from ccinsight.ingest.price_letters import Letter, Step, Version, record_letters, take_back
from tests.ingest.trying import WHEN, try_import

PRODUCT, NEW, SENT = "CloudCare CRM", date(2026, 9, 1), date(2026, 3, 10)
AGREEMENTS = (
    "agreement_id;customer_id;customer_name;subscribed_on\nA1;7;Fjord;2024-09-01\nA2;8;Fjell;2024-10-01\n"
)
PRICES = "valid_from;announced_on;min_users;price_per_user\n2024-01-01;2023-11-01;1;1200\n"
VERSION = Version(PRODUCT, NEW, (Step("standard", 1, Decimal(1300)), Step("standard", 25, Decimal(1100))))
FIRST = Letter("A1", PRODUCT, "list", NEW, date(2026, 7, 17))
SECOND = Letter("A2", PRODUCT, "list", NEW, date(2026, 8, 17))
LATER = datetime(2026, 3, 16, 9, 30)
SETTINGS = '[import]\nfull = ["prices"]\n'


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("nb")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Both letters are recorded."""
    made = try_import(tmp_path, {"avtaler.csv": AGREEMENTS, "priser.csv": PRICES}).database
    record_letters(made, [FIRST, SECOND], SENT, version=VERSION, recorded_at=WHEN, recorded_by="kari")
    return made


def _asked(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _letters(database: Path) -> list[tuple[Any, ...]]:
    return _asked(database, "select agreement_id, valid_from, sent_on from stored.price_letters order by all")


def _list(database: Path) -> list[tuple[Any, ...]]:
    return _asked(
        database,
        "select min_users, price_per_user, announced_on from stored.prices"
        " where valid_from = date '2026-09-01' order by all",
    )


RECORDED = [(1, Decimal("1300.0000"), NEW), (25, Decimal("1100.0000"), NEW)]
BOTH = [("A1", NEW, SENT), ("A2", NEW, SENT)]


def test_a_list_that_is_new_is_stored_with_its_letters(database: Path) -> None:
    assert (_list(database), _letters(database)) == (RECORDED, BOTH)
    assert _asked(
        database,
        "select f.export, f.name, f.rows_read, i.imported_by from stored.files as f"
        " join stored.imports as i using (import_id) order by f.file_id desc limit 1",
    ) == [("letters", "CloudCare CRM 2026-09-01", 2, "kari")]


def test_a_letter_is_recorded_once(database: Path) -> None:
    with pytest.raises(CcinsightError, match="is recorded for agreement A1 already"):
        record_letters(database, [FIRST], SENT, version=VERSION, recorded_at=WHEN)

    assert _letters(database) == BOTH


@pytest.mark.parametrize("way", ["later", "replace", "full"])
def test_an_export_without_the_list_leaves_it(database: Path, tmp_path: Path, way: str) -> None:
    again, config = tmp_path / "priser.csv", tmp_path / "full.toml"
    again.write_text(PRICES.replace("1200", "1210"), encoding="utf-8")
    config.write_text(SETTINGS if way == "full" else "", encoding="utf-8")
    import_paths(
        [again],
        database,
        config,
        replace={"prices"} if way == "replace" else set(),
        confirmed=True,
        imported_at=LATER,
    )

    assert (_list(database), _letters(database)) == (RECORDED, BOTH)
    (old,) = _asked(database, "select price_per_user from stored.prices where valid_from < date '2026-09-01'")
    assert old == (Decimal("1210.0000"),)


def test_rows_of_letters_are_not_among_those_that_a_whole_list_replaces(
    database: Path, tmp_path: Path
) -> None:
    # three rows are stored, two of them of the letters: a list of one row replaces one
    again = tmp_path / "priser.csv"
    again.write_text(PRICES.replace("1200", "1210"), encoding="utf-8")
    import_paths([again], database, replace={"prices"}, imported_at=LATER)

    assert (_list(database), _letters(database)) == (RECORDED, BOTH)


def test_an_export_with_the_list_takes_its_place_whole(database: Path, tmp_path: Path) -> None:
    again = tmp_path / "priser.csv"
    again.write_text(PRICES + "2026-09-01;2026-05-01;1;1350\n", encoding="utf-8")
    import_paths([again], database, imported_at=LATER)

    assert (_list(database), _letters(database)) == ([(1, Decimal("1350.0000"), date(2026, 5, 1))], BOTH)
    # it is the export's now, and stays
    take_back(database, [FIRST, SECOND], taken_back_at=LATER)
    assert (len(_list(database)), _letters(database)) == (1, [])


def test_a_list_goes_with_the_last_of_its_letters(database: Path) -> None:
    take_back(database, [FIRST], taken_back_at=LATER)
    assert (_list(database), _letters(database)) == (RECORDED, BOTH[1:])

    assert take_back(database, [FIRST, SECOND], taken_back_at=LATER) == 1

    assert (_list(database), _letters(database)) == ([], [])
    with pytest.raises(CcinsightError, match="None of these letters is recorded"):
        take_back(database, [SECOND], taken_back_at=LATER)
