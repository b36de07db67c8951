"""The worked example and the real tickets, where they are at hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ccinsight.ingest import import_paths
from tests.ingest.trying import WHEN, Trial

SHARED = Path(__file__).parents[3] / "shared"


def import_folder(database: Path, folder: Path, config: Path | None = None) -> Trial:
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return Trial(import_paths([folder], database, config, imported_at=WHEN), database)


def test_the_worked_example(tmp_path: Path) -> None:
    folder = SHARED / "example"
    trial = import_folder(tmp_path / "e.duckdb", folder / "exports", folder / "ccinsight.toml")
    assert {file.export: (file.rows_good, file.rows_rejected) for file in trial.summary.files} == {
        "agreements": (45, 0),
        "invoices": (358, 0),
        "meetings": (190, 0),
        "prices": (402, 0),
        "tickets": (900, 1),
        "user_counts": (665, 0),
    }
    assert trial.rejects()[0][3] == "before the ticket was opened"


def test_the_real_tickets(tmp_path: Path) -> None:
    trial = import_folder(tmp_path / "h.duckdb", SHARED / "real" / "helpdesk")
    assert {file.encoding for file in trial.summary.files if file.export == "agreements"} == {"windows-1252"}
    assert trial.rows(
        "select count(*), count(first_reply_at), median(first_reply_at - opened_at), "
        "count(distinct customer_id) from stored.tickets"
    ) == [(4580, 4285, timedelta(hours=16, minutes=23, seconds=23), 394)]
    assert trial.rejects() == []
