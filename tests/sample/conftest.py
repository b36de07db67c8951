"""The committed sample's rows, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.sample.reading import Rows, read


@pytest.fixture(scope="session")
def agreements(sample_exports: Path) -> Rows:
    """The agreements that an import takes in."""
    return [row for row in read(sample_exports / "avtaler.csv") if not row["Avtalenr"].startswith("A-9")]


@pytest.fixture(scope="session")
def tickets(sample_exports: Path) -> Rows:
    """The tickets that were drawn."""
    return [row for row in read(sample_exports / "saker.csv") if len(row["Saks-ID"]) == 5]


@pytest.fixture(scope="session")
def counts(sample_exports: Path) -> Rows:
    return read(sample_exports / "brukertall.csv", "utf-8-sig")


@pytest.fixture(scope="session")
def invoices(sample_exports: Path) -> Rows:
    return read(sample_exports / "fakturaer.csv")


@pytest.fixture(scope="session")
def meetings(sample_exports: Path) -> Rows:
    return read(sample_exports / "moter.txt", "utf-16", "\t")


@pytest.fixture(scope="session")
def prices(sample_exports: Path) -> list[list[object]]:
    sheet = CalamineWorkbook.from_path(sample_exports / "priser.xlsx").get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]
