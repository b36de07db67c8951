"""What a warning counts: rows that are stored, not those that are rejected for something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccinsight.ingest.readers import chunks
from tests.ingest.trying import tickets, try_import

HEADERS = "ticket_id;customer_id;opened_at;first_reply_at;closed_at;status;channel"
ROWS = [
    # stored: a date without a time, an unknown status, an unknown channel
    "1;1;2026-01-05 10:00;06.01.2026;;Venter;E-post",
    "2;1;2026-01-05 10:00;;2026-01-07;Venter;Due",
    "3;1;2026-01-05 10:00;[D:01/06/2026];2026-01-07;Lukket;Due",
    "4;1;2026-01-05 10:00;2026-01-06 10:00;2026-01-07 11:00;Lukket;Brev",
    # rejected: for a value that is no date, a date before the opening, a missing key, an opening that is none
    "5;1;2026-01-05 10:00;?;;Venter;Due",
    "6;1;2026-01-05 10:00;2026-01-04;;Venter;Rør",
    ";1;2026-01-05 10:00;2026-01-06;;Venter;Due",
    "8;1;05/01/2026;;2026-01-07;Venter;E-post",
    "",
    "9;1;2026-01-05 10:00;2026-01-06;too;many;fields;here",
]


@pytest.mark.parametrize("chunk_bytes", [1, 150, 1 << 25])
def test_rejected_rows_arent_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", chunk_bytes)
    trial = try_import(tmp_path, {"saker.csv": tickets(*ROWS, headers=HEADERS)})
    assert (trial.file.rows_good, trial.file.rows_rejected) == (4, 5)
    counts = {
        (warning.kind, warning.column, warning.value): warning.rows
        for warning in trial.file.warnings
        if warning.kind in {"day_times", "value_unknown"}
    }
    assert counts == {
        ("day_times", None, None): 3,
        ("value_unknown", "status", "Venter"): 2,
        ("value_unknown", "channel", "Due"): 2,
        ("value_unknown", "channel", "Brev"): 1,
    }


def test_a_file_whose_rows_are_all_rejected_warns_of_none(tmp_path: Path) -> None:
    rows = [f"{at};1;?;2026-01-06;;Venter;Due" for at in range(50)]
    trial = try_import(tmp_path, {"saker.csv": tickets(*rows, headers=HEADERS)})
    assert trial.file.rows_rejected == 50
    assert not {"day_times", "value_unknown"} & set(trial.kinds())
