"""What a digest says of exports that don't come, and of files that failed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.integrations.delivery.contents import Digest, Row
from ccinsight.integrations.delivery.digest import compose
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.integrations.watch.folder import WatchedFolder
from ccinsight.integrations.watch.running import Watch

IMPORTED = datetime(2026, 3, 2, 8, 0)
LATE = date(2026, 3, 11)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database that a watched folder filled; one more file failed."""
    folder, database = tmp_path / "inn", tmp_path / "x.duckdb"
    folder.mkdir()
    folder.joinpath("avtaler.csv").write_text(
        "agreement_id;customer_id;customer_name;subscribed_on;account_manager\n"
        "A1;7;Fjord Drift AS;2024-03-01;Kari Nordmann\n"
    )
    folder.joinpath("secret.csv").write_text("day;rain\n")
    folder.joinpath("saker.csv").write_text("ticket_id;customer_id;opened_at\nT1;7;2026-03-01 09:00\n")
    watch = Watch(WatchedFolder(folder), database, None, 0, lambda: IMPORTED)
    assert [each.state.value for each in watch.look(0)].count("failed") == 1
    return database


def _digest(database: Path, reader: Reader, as_of: date, since: date) -> tuple[Digest, list[Row]]:
    digest = compose(database, Recipient(reader, "kari@example.no", "en"), as_of, since)
    return digest, [row for each in digest.sections if each.name == "data" for row in each.rows]


def test_management_reads_what_is_late_and_what_failed(database: Path) -> None:
    digest, rows = _digest(database, SEES_ALL, LATE, date(2026, 3, 1))
    assert [(row.title, row.mark) for row in rows] == [
        ("Agreements", "9 days old"),
        ("Tickets", "9 days old"),
        ("secret.csv", "Failed"),
    ]
    assert "isn't a recognised export" in rows[2].text
    assert not digest.is_empty
    _digest_before, rows = _digest(database, SEES_ALL, date(2026, 3, 10), date(2026, 3, 3))
    assert rows == []


def test_a_reader_of_some_customers_reads_what_is_late_and_no_name_of_a_file(database: Path) -> None:
    reader = Reader(key="k", managers=frozenset({"Kari Nordmann"}), today=LATE)
    digest, rows = _digest(database, reader, LATE, date(2026, 3, 1))
    assert [row.title for row in rows] == ["Agreements", "Tickets"]
    assert "secret" not in str(digest)
