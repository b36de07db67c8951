"""Reads sample files as text, for tests that look into them."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

AS_OF = date(2026, 11, 1)
FILES = (
    "avtaler.csv",
    "brukertall.csv",
    "ccinsight.toml",
    "fakturaer.csv",
    "moter.txt",
    "priser.xlsx",
    "saker.csv",
)
Rows = list[dict[str, str]]


def read(path: Path, encoding: str = "cp1252", delimiter: str = ";") -> Rows:
    """The rows of a text file by header."""
    with path.open(encoding=encoding, newline="") as source:
        return list(csv.DictReader(source, delimiter=delimiter))


def day(text: str) -> date:
    """``31.12.2026`` as a date."""
    return datetime.strptime(text, "%d.%m.%Y").date()


def moment(text: str) -> datetime:
    """``31.12.2026 14:05:09`` as a point in time."""
    return datetime.strptime(text, "%d.%m.%Y %H:%M:%S")
