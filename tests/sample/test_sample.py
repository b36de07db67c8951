"""The sample as files: unchanged, of the size asked for, and the same bytes for the same seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError, UsageError
from ccinsight.sample import write_sample
from tests.sample.reading import AS_OF, FILES, day, moment, read

# ---------------------------------------------------------------- the same bytes


def test_the_committed_sample_is_unchanged(tmp_path: Path, sample_exports: Path) -> None:
    write_sample(tmp_path, 150, 8000, 1, AS_OF)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    different = [
        name for name in FILES if (tmp_path / name).read_bytes() != (sample_exports / name).read_bytes()
    ]
    assert different == []


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_sample(tmp_path / str(seed), 20, 200, seed, AS_OF)
    same = [
        name for name in FILES if (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    ]
    assert same == ["ccinsight.toml"]


def test_more_customers_leave_the_first_ones_as_they_were(tmp_path: Path) -> None:
    rows = {}
    for customers in (80, 90):
        write_sample(tmp_path / str(customers), customers, 0, 1, AS_OF)
        rows[customers] = read(tmp_path / str(customers) / "avtaler.csv")
    kept = [row for row in rows[90] if int(row["Firma-ID"]) <= 1080]
    assert kept == [row for row in rows[80] if row["Firma-ID"] < "9000"]


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_nothing_is_known_of_later_days(tmp_path: Path, as_of: date) -> None:
    write_sample(tmp_path, 80, 500, 3, as_of)
    tickets = read(tmp_path / "saker.csv")
    moments = [
        row[name]
        for row in tickets
        if len(row["Saks-ID"]) == 5
        for name in ("Opprettet", "Svar ved", "Lukket ved")
    ]
    assert max(moment(text).date() for text in moments if text) <= as_of
    agreements = [row for row in read(tmp_path / "avtaler.csv") if not row["Avtalenr"].startswith("A-9")]
    assert all(day(row["Oppsagt dato"]) <= as_of for row in agreements if row["Oppsagt dato"])
    assert any(day(row["Tegningsdato"]) > as_of for row in agreements)
    counts = read(tmp_path / "brukertall.csv", "utf-8-sig")
    assert all(day(row["Telledato"]) <= as_of for row in counts)


@pytest.mark.parametrize(("customers", "tickets"), [(1, 0), (1, 50), (5, 12_345)])
def test_sizes_are_kept(tmp_path: Path, customers: int, tickets: int) -> None:
    write_sample(tmp_path, customers, tickets, 1, AS_OF)
    ids = [row["Saks-ID"] for row in read(tmp_path / "saker.csv") if len(row["Saks-ID"]) == 5]
    assert ids == [str(number) for number in range(10_001, 10_001 + tickets)]
    agreements = read(tmp_path / "avtaler.csv")
    assert len({row["Firma-ID"] for row in agreements} - {"9001", "9002", "9003"}) == customers


def test_a_sample_of_no_customers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_sample(tmp_path, 0, 10, 1, AS_OF)


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(CcinsightError, match="taken"):
        write_sample(tmp_path / "taken", 1, 0, 1, AS_OF)


def test_progress_is_reported(tmp_path: Path) -> None:
    reported: list[tuple[float, str]] = []
    write_sample(tmp_path, 5, 300, 1, AS_OF, lambda done, step: reported.append((done, step)))
    parts = [done for done, _step in reported]
    assert parts == sorted(parts) and parts[-1] == 1.0
    assert {step for _done, step in reported} == {"avtaler.csv", "saker.csv", "fakturaer.csv"}
