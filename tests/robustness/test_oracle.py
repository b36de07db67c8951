"""What an import makes of a text, held against an oracle of its own: files in, values or rejects out.

Every form that a grammar can build of dates, moments, amounts, numbers, counts and minutes is tried, right and wrong
ones, and as many again with a sign put in, left out or changed. ``make soak`` (CCINSIGHT_SOAK=1) changes many more.
"""

from __future__ import annotations

import csv
import itertools
import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.database import models
from ccinsight.ingest import import_paths
from tests.robustness import oracle
from tests.robustness.oracle import No

WHEN = datetime(2026, 3, 15, 12, 0)
CHANGED = 300_000 if os.environ.get("CCINSIGHT_SOAK") == "1" else 4_000
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at here is what an import stores."""

    def build_models(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("create schema if not exists model").fetchall()

    monkeypatch.setattr(models, "build_models", build_models)


# ---------------------------------------------------------------- texts

_DAYS = ["0", "00", "1", "01", "5", "05", "12", "13", "29", "30", "31", "32", "99", "001"]
_MONTHS = ["0", "1", "02", "2", "04", "10", "12", "13", "31"]
_YEARS = ["2026", "2024", "1900", "1899", "2199", "2200", "26", "026", "12026"]
_TIMES = [
    "",
    " 0:00",
    " 00:00",
    " 9:05",
    " 14:05:09",
    " 23:59:59",
    " 24:00",
    " 14:60",
    " 14:05:60",
    " 14.05",
    " 14",
]
_ZONES = ["", "Z", " Z", "+00", "+01:00", "-0530", " +02:00", "+14:00", "+15:00", "+01:60", "z", " CET"]
_FRACTIONS = ["", ".1", ",123", ".123456", ".", ".1234567890"]


def _moments() -> Iterator[str]:
    for day, month, year, sign in itertools.product(_DAYS, _MONTHS, _YEARS, "./-"):
        yield f"{day}{sign}{month}{sign}{year}"
    for parts, time in itertools.product(
        itertools.product(["0", "05", "5", "13", "31"], ["04", "5", "12", "31"], "./-"), _TIMES
    ):
        yield f"{parts[0]}{parts[2]}{parts[1]}{parts[2]}2026{time}"
    for year, month, day in itertools.product(
        _YEARS, ["00", "02", "2", "12", "13"], ["00", "1", "05", "29", "31", "32"]
    ):
        yield f"{year}-{month}-{day}"
    for gap, time, fraction, zone in itertools.product(
        "T t", [time.strip() for time in _TIMES], _FRACTIONS, _ZONES
    ):
        # The nights when the clocks change are among the days.
        for night in ("2026-03-29", "2026-10-25", "2026-12-31"):
            yield f"{night}{gap}{time}{fraction}{zone}"
    for kind, day, month, time in itertools.product(["DT", "D", "d", "T", "I"], _DAYS, _MONTHS, _TIMES):
        yield f"[{kind}:{month}/{day}/2026{time}]"
    yield from ["46022", "46022,5", "14.05", "2026", "2026-12", "20261231", "31.12", "31/12-2026", "1.2-2026"]
    yield from [
        "now",
        "today",
        "epoch",
        "infinity",
        "-infinity",
        "null",
        "NULL",
        "-",
        "0",
        "2026-W01-1",
        "Dec 31 2026",
    ]
    yield from [
        "0044-03-15 (BC)",
        "2026-12-31 (BC)",
        "\u0661.2.2026",
        "\uff11.2.2026",
        "31. 12. 2026",
        "31 12 2026",
    ]


_BODIES = [
    *[
        "0",
        "00",
        "7",
        "007",
        "12",
        "123",
        "1234",
        "12345",
        "1234567",
        "99999999999999",
        "100000000000000",
        "9" * 25,
    ],
    *[
        "1 234",
        "12 345",
        "123 456",
        "1 234 567",
        "1 23",
        "12 34 567",
        "1234 567",
        "1  234",
        " 1 2345",
        "012 345",
    ],
    *["1\u00a0234", "1\u202f234", "1\u00a0234 567", "1\u2009234", "1'234", "1_234"],
    *[
        "1.234",
        "12.345",
        "123.456",
        "1.234.567",
        "1.23.456",
        "1.2345",
        "1234.567",
        "0.234",
        "01.234",
        "1.000",
        "999.999",
    ],
    *[
        "1,234",
        "12,345",
        "1,234,567",
        "1,23,456",
        "0,125",
        "1234,567",
        "1,2",
        "1.5",
        "1.25",
        "1,50",
        "2,00",
        "2.0",
    ],
    *[
        "1.234,5",
        "1,234.5",
        "1.234,567",
        "1,234.567",
        "1 234,5",
        "1 234.567",
        "1.234,5.6",
        "1,234.5,6",
        "1.234.567,89",
    ],
    *[
        "1.234 567",
        "1,234 567",
        "1 234.567,8",
        ".5",
        ",5",
        "5.",
        "5,",
        "1.",
        "",
        ".",
        ",",
        "-",
        "1e3",
        "1E3",
        "0x10",
        "1.5e2",
        "0e99",
        "1e-99",
        "1e99",
        "1e-100",
        "9e11",
    ],
    *[
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "true",
        "\u0661",
        "\uff11",
        "½",
        "1/2",
        "10%",
        "0.00004",
        "0.00005",
        "2147483647",
    ],
    *[
        "2147483648",
        "0.0000005",
        "1.123456789",
        "99999999999999.99994",
        "99999999999999.99995",
        "999999999999.9999999",
        "999999999999.999999",
        "999999999999,999995",
    ],
]
_BEFORE = [
    "",
    "-",
    "\u2212",
    "+",
    "kr ",
    "kr",
    "KR ",
    "Kr",
    "-kr ",
    "kr -",
    "- kr ",
    "- ",
    "--",
    "NOK ",
    "€",
    "(",
    "[I:",
    "[F:",
    "k",
]
_AFTER = ["", " kr", "kr", "KR", ",-", " ,-", ",--", "-", " NOK", ")", "]", "kr.", " kr kr", ",- kr", "%"]


def _numbers() -> Iterator[str]:
    for before, body, after in itertools.product(_BEFORE, _BODIES, _AFTER):
        yield before + body + after


def _minutes() -> Iterator[str]:
    for hours, minutes in itertools.product(
        ["", "0", "1", "01", "25", "123456", "1234567", "-1"], ["0", "00", "5", "05", "59", "60"]
    ):
        for seconds in ("", ":", ":0", ":00", ":30", ":59", ":60", ":00:00", ":30.5", " min"):
            yield f"{hours}:{minutes}{seconds}"
    yield from ["30 min", "30m", "1t 30m", "1h", "PT30M", "[I:90]", "[F:1.5]", "[F:-1.5]", "[I:1:30]"]
    for before, body, after in itertools.product(["", "-", "kr "], _BODIES, ["", " kr", ",-"]):
        yield before + body + after


_SIGNS = "0123456789.,:-/ TZ[]DFIkr+\u2212\u00a0\u202f;\"'()e%"


def _changed(texts: list[str], chance: random.Random, how_many: int) -> Iterator[str]:
    """The texts with one to three signs put in, left out, doubled or changed."""
    for _time in range(how_many):
        signs = list(chance.choice(texts))
        for _change in range(chance.randint(1, 3)):
            at = chance.randint(0, len(signs))
            signs[at : at + chance.choice((0, 1, 1))] = chance.choice((*_SIGNS, ""))
        yield "".join(signs)


# ---------------------------------------------------------------- trying


@dataclass(frozen=True)
class _Column:
    """A column to try texts in: the file's headers, what stands in the others, and the oracle."""

    file: str
    export: str
    key: str
    column: str
    headers: str
    others: tuple[str, ...]
    texts: Callable[[], Iterable[str]]
    oracle: Callable[..., Any]
    is_required: bool = False


_COLUMNS = {
    "moment": _Column(
        "tickets.csv", "tickets", "ticket_id", "opened_at", "ticket_id;opened_at;customer_id",
        ("1",), _moments, oracle.moment, is_required=True,
    ),
    "date": _Column(
        "meetings.csv", "meetings", "meeting_id", "planned_on", "meeting_id;planned_on;customer_id;kind",
        ("1", "course"), _moments, oracle.day,
    ),
    "money": _Column(
        "invoices.csv", "invoices", "invoice_line_id", "amount",
        "invoice_line_id;amount;customer_id;kind;issued_on",
        ("1", "course", "2026-01-01"), _numbers, oracle.money, is_required=True,
    ),
    "rate": _Column(
        "invoices.csv", "invoices", "invoice_line_id", "unit_price",
        "invoice_line_id;unit_price;customer_id;kind;issued_on;amount",
        ("1", "course", "2026-01-01", "1"), _numbers, oracle.rate,
    ),
    "number": _Column(
        "invoices.csv", "invoices", "invoice_line_id", "quantity",
        "invoice_line_id;quantity;customer_id;kind;issued_on;amount",
        ("1", "course", "2026-01-01", "1"), _numbers, oracle.quantity,
    ),
    "count": _Column(
        "agreements.csv", "agreements", "agreement_id", "registered_users",
        "agreement_id;registered_users;customer_id;customer_name;subscribed_on",
        ("1", "Firma", "2026-01-01"), _numbers, oracle.count,
    ),
    "minutes": _Column(
        "tickets.csv", "tickets", "ticket_id", "minutes_spent", "ticket_id;minutes_spent;customer_id;opened_at",
        ("1", "2026-01-01"), _minutes, oracle.minutes,
    ),
}  # fmt: skip


def _imported(
    folder: Path, column: _Column, texts: list[str], config: str
) -> tuple[list[Any], dict[int, str]]:
    """What became of each text: its value (None where there is none), and the reasons of those rejected."""
    source, database, settings = folder / column.file, folder / "try.duckdb", folder / "settings.toml"
    settings.write_text(config, encoding="utf-8")
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(column.headers.split(";"))
        writer.writerows((at, text, *column.others) for at, text in enumerate(texts))
    summary = import_paths([source], database, settings, imported_at=WHEN)
    (reported,) = summary.files
    values: list[Any] = [None] * len(texts)
    with duckdb.connect(str(database), read_only=True) as connection:
        stored = connection.execute(
            f"select cast({column.key} as integer), {column.column} from stored.{column.export}"  # noqa: S608
        ).fetchall()
        rejected = connection.execute(
            "select cast(fields[1] as integer), column_name, fields[2], reason from stored.rejects"
        ).fetchall()
    assert (reported.rows_read, reported.rows_good, reported.rows_rejected) == (
        len(texts),
        len(stored),
        len(rejected),
    )
    assert len(stored) + len(rejected) == len(texts)
    for at, value in stored:
        values[at] = value
    for at, name, text, _reason in rejected:
        assert (name, text) == (column.column, texts[at])
    return values, {at: reason for at, _name, _text, reason in rejected}


def _is_same(expected: Any, value: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(value, Decimal):
        # Minutes are divided as binary numbers, of 15 digits.
        return abs(expected - value) <= max(Decimal("0.000001"), abs(expected) * Decimal("1e-15"))
    return bool(expected == value)


def _hold(folder: Path, name: str, texts: list[str], config: str, **options: Any) -> None:
    column = _COLUMNS[name]
    values, reasons = _imported(folder, column, texts, config)
    differ = []
    for at, text in enumerate(texts):
        expected = column.oracle(text, **options)
        if expected is No.EMPTY:
            is_well = (at in reasons) == column.is_required and values[at] is None
        elif isinstance(expected, No):
            is_well = at in reasons and ("ambiguous" in reasons[at]) == (expected is No.AMBIGUOUS)
        else:
            is_well = at not in reasons and _is_same(expected, values[at])
        if not is_well:
            differ.append((text, expected, reasons.get(at, values[at])))
    assert not differ, f"{len(differ)} of {len(texts)}: {differ[:40]}"


_DATE_SETTINGS = [("", None), ("day_first = true", True), ("day_first = false", False)]
_NUMBER_SETTINGS = [("", None), ("decimal_sign = ','", ","), ("decimal_sign = '.'", ".")]


def _tried(name: str, seed: str) -> list[str]:
    texts = list(dict.fromkeys(_COLUMNS[name].texts()))
    return [*texts, *_changed(texts, random.Random(seed), CHANGED)]


@pytest.mark.parametrize(("setting", "day_first"), _DATE_SETTINGS)
@pytest.mark.parametrize("name", ["moment", "date"])
def test_dates_are_what_the_oracle_says(
    tmp_path: Path, name: str, setting: str, day_first: bool | None
) -> None:
    _hold(tmp_path, name, _tried(name, f"{name} {setting}"), f"[import]\n{setting}", day_first=day_first)


@pytest.mark.parametrize(("setting", "sign"), _NUMBER_SETTINGS)
@pytest.mark.parametrize("name", ["money", "rate", "number", "count", "minutes"])
def test_numbers_are_what_the_oracle_says(tmp_path: Path, name: str, setting: str, sign: str | None) -> None:
    _hold(tmp_path, name, _tried(name, f"{name} {setting}"), f"[import]\n{setting}", sign=sign)


def test_minutes_in_seconds_are_what_the_oracle_says(tmp_path: Path) -> None:
    config = "[import]\ntime_spent_unit = 'seconds'"
    _hold(tmp_path, "minutes", _tried("minutes", "seconds"), config, in_seconds=True)


def test_ids_are_what_the_oracle_says(tmp_path: Path) -> None:
    texts = [
        f"{before}{body}{after}"
        for before in ("", "[I:", "[F:", "[i:", "[D:")
        for body in _BODIES
        for after in ("", "]")
    ]
    path, database = tmp_path / "meetings.csv", tmp_path / "try.duckdb"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["meeting_id", "customer_id", "customer_name", "kind"])
        writer.writerows((at, text, "x", "course") for at, text in enumerate(texts))
    import_paths([path], database, imported_at=WHEN)
    with duckdb.connect(str(database), read_only=True) as connection:
        stored = connection.execute("select customer_id from stored.meetings order by line").fetchall()
    expected = [None if isinstance(read := oracle.plain_id(text), No) else read for text in texts]
    assert [value for (value,) in stored] == expected
