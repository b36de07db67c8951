"""Any canonical table comes back equal from each form that it can be written in.

Tables of all six exports, with values of all sorts, are written as text (delimiters, encodings, line ends, quoting,
forms of dates and numbers), as Excel and as Parquet, under any of their headers' names. The files are read in blocks
and parts of a few bytes too, so that each seam is tried. ``make soak`` (CCINSIGHT_SOAK=1) tries fifty times as many.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ccinsight.database import models
from ccinsight.ingest import import_paths
from ccinsight.ingest.catalogue import Export, exports
from ccinsight.ingest.readers import chunks, csv_reader
from ccinsight.settings.names import choices
from tests.robustness.oracle import OSLO, instant, is_skipped, unguarded

WHEN = datetime(2026, 3, 15, 12, 0)
TRIES = 1_500 if os.environ.get("CCINSIGHT_SOAK") == "1" else 10
SPACES = " \t\n\r\u00a0\u202f"
pytestmark = pytest.mark.timeout(7200)

Row = dict[str, Any]
Draw = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at here is what an import stores."""

    def build_models(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("create schema if not exists model").fetchall()

    monkeypatch.setattr(models, "build_models", build_models)


# ---------------------------------------------------------------- tables

# Letters that stand for themselves in Windows-1252 whatever comes next: no two are one letter of UTF-8.
_LATIN = "abcxyzABC0189 _-.,;:!?'\"/\\()[]{}=+*&%$#@<>|~^`æøåÆØÅéüöÉ"
_ALPHABETS = {
    "cp1252": st.sampled_from(_LATIN + "\n\r\t"),
    "unicode": st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from(_LATIN + "\n\r\t"),
    # What a cell of Excel holds: no control characters but line feeds and tabs.
    "xlsx": st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]) | st.sampled_from(_LATIN + "\n\t"),
}  # fmt: skip
_IDS = st.from_regex(
    r"(0{0,3}[1-9][0-9]{0,8}|[A-Za-zæøå][A-Za-z0-9 ./_#-]{0,8}[A-Za-z0-9]|[0-9]{1,3}[a-z-][0-9])",
    fullmatch=True,
)
_DAYS = st.dates(date(1990, 1, 1), date(2150, 12, 31))


def _texts(alphabet: str) -> st.SearchStrategy[str]:
    return (
        st.text(_ALPHABETS[alphabet], min_size=1, max_size=12)
        .map(lambda text: text.replace("\r\n", "\n").replace("\r", "\n").strip(SPACES))
        .filter(lambda text: bool(text) and unguarded(text) == text)  # a guarding apostrophe is dropped
    )


def _decimals(places: int, most: int, *, negative: bool) -> st.SearchStrategy[Decimal]:
    return st.builds(
        lambda units, scale: Decimal(units).scaleb(-scale),
        st.integers(-most if negative else 0, most)
        | st.sampled_from([0, 1, 999, 1000, 1234, 12345, 123456, 1234567]),
        st.integers(0, places),
    )


def _value(export: Export, column: str, type_: str, alphabet: str) -> st.SearchStrategy[Any]:
    match type_:
        case "id":
            return _IDS
        case "date":
            return _DAYS
        case "timestamp":
            return st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1)).map(
                lambda at: _not_skipped(at.replace(microsecond=0))
            )
        case "money":
            return _decimals(4, 10**11, negative=True)
        case "rate" | "number" | "minutes":
            return _decimals(6 if type_ == "number" else 4, 10**6, negative=type_ != "minutes")
        case "count":
            return st.integers(0, 10**6 - 1) | st.integers(0, 2000)
        case "choice":
            return st.sampled_from(sorted(choices(column, export.name)))
        case "currency":
            return st.just("NOK")
        case _:
            return _texts(alphabet)


def _not_skipped(local: datetime) -> datetime:
    """The time, or the one that a clock shows an hour later: what has an offset is never a time that is skipped."""
    return local + timedelta(hours=1) if is_skipped(local) else local


@st.composite
def _rows(draw: Draw, export: Export, alphabet: str) -> list[Row]:
    """Rows of an export, each key once; a column that may be empty is, now and then."""
    rows: dict[tuple[Any, ...], Row] = {}
    for _each in range(draw(st.integers(1, 8))):
        row: Row = {}
        for column, type_ in export.columns.items():
            value = _value(export, column, type_, alphabet)
            row[column] = draw(value if column in export.required else st.none() | value)
        if export.customer_by_name and draw(st.booleans()):
            row["customer_id"] = None
            row["customer_name"] = draw(_texts(alphabet))
        if export.name == "tickets":
            for column in ("first_reply_at", "closed_at"):
                if row[column] is not None:
                    later = timedelta(seconds=draw(st.integers(0, 10**7)))
                    row[column] = _not_skipped(row["opened_at"] + later)
        rows[_key(export, _stored(export, row))] = row
    return list(rows.values())


def _stored(export: Export, row: Row) -> tuple[Any, ...]:
    """A row as it is stored: with its defaults."""
    values = {name: export.defaults.get(name) if row[name] is None else row[name] for name in export.columns}
    return tuple(values.values())


def _key(export: Export, stored: tuple[Any, ...]) -> tuple[Any, ...]:
    row = dict(zip(export.columns, stored, strict=True))
    if export.name == "user_counts" and row["customer_id"] is None:
        row["customer_id"] = row["org_number"] or row["customer_name"]
    return tuple(str(row[name] or "") for name in export.key)


# ---------------------------------------------------------------- texts of values


def _grouped(draw: Draw, number: Decimal) -> str:
    """A number as people write it: its sign, its groups, its currency."""
    sign = "-" if number < 0 else ""
    whole, _point, decimals = f"{abs(number):f}".partition(".")
    mark, group = draw(
        st.sampled_from(
            [(",", ""), (".", ""), (",", " "), (",", "\u00a0"), (".", " "), (",", "."), (".", ",")]
        )
    )
    groups = f"{int(whole):,}".replace(",", group)
    is_lone = group in {".", ","} and groups.count(group) == 1 and not decimals
    if is_lone:  # 1.234 might be either
        groups = whole
    if len(decimals) == 3 and len(whole) < 4 and whole[0] != "0":
        decimals += "0"  # as 1,234 might
    before = draw(st.sampled_from(["", "", "", "kr ", "KR "]))
    after = draw(st.sampled_from(["", "", "", " kr", "kr"])) if not before else ""
    if not decimals and draw(st.booleans()):
        after = after or ",-" if group != "," else after
    minus = draw(st.sampled_from(["-", "\u2212"])) if sign else ""
    return f"{before}{minus}{groups}{mark + decimals if decimals else ''}{after}"


def _text(draw: Draw, export: Export, column: str, value: Any) -> str:
    """A value as a text file may hold it."""
    if value is None:
        return str(draw(st.sampled_from(["", "", " ", "\t"])))
    match export.columns[column]:
        case "date":
            forms = [
                "%Y-%m-%d",
                "%d.%m.%Y",
                "[D:%m/%d/%Y]",
                "%d.%m.%Y 14:05",
                "%Y-%m-%dT23:59:59.9",
                "[DT:%m/%d/%Y 00:00:00]",
            ]
            forms += ["%d/%m/%Y", "%d-%m-%Y"] if value.day > 12 or value.day == value.month else []
            text = value.strftime(draw(st.sampled_from(forms)))
        case "timestamp":
            forms = [
                "%Y-%m-%d %H:%M:%S",
                "%Y-%m-%dT%H:%M:%S",
                "%Y-%m-%d %H:%M:%S.000",
                "%d.%m.%Y %H:%M:%S",
                "[DT:%m/%d/%Y %H:%M:%S]",
            ]
            forms += ["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M"] if value.second == 0 else []
            zoned = [f"{instant(value):%Y-%m-%dT%H:%M:%SZ}", str(instant(value).astimezone(OSLO))]
            text = draw(st.sampled_from([*zoned, *map(value.strftime, forms)]))
        case "money" | "rate" | "number" | "minutes" if draw(st.booleans()):
            text = draw(
                st.sampled_from(
                    [f"[F:{value:f}]" if value % 1 else f"[I:{value.to_integral_value():f}]", f"{value:f}"]
                )
            )
            text = _grouped(draw, value) if _may_be_ambiguous(text) else text
        case "money" | "rate" | "number" | "minutes":
            text = _grouped(draw, value)
        case "count":
            text = draw(st.sampled_from([str(value), f"[I:{value}]", f"{value:,}".replace(",", " ")]))
        case "choice":
            text = draw(st.sampled_from([value, *choices(column, export.name)[value]]))
            text = draw(st.sampled_from([text, text.upper(), text.lower()]))
        case "id" if value.isdigit():
            text = draw(st.sampled_from([value, f"[I:{value}]"]))
        case _:
            text = value
    around = st.sampled_from(["", "", "", *SPACES])
    return f"{draw(around)}{text}{draw(around)}"


def _may_be_ambiguous(text: str) -> bool:
    whole, point, decimals = text.removeprefix("-").partition(".")
    return bool(point) and len(decimals) == 3 and len(whole) < 4 and not text.startswith("[")


# ---------------------------------------------------------------- files


@dataclass(frozen=True)
class _Sheet:
    """A table to write: its headers, the columns they name (None: of no export), in the file's order."""

    export: Export
    headers: list[str]
    columns: list[str | None]
    rows: list[Row]


@st.composite
def _sheets(draw: Draw, alphabet: str) -> _Sheet:
    export = exports()[draw(st.sampled_from(sorted(exports())))]
    rows = draw(_rows(export, alphabet))
    columns: list[str | None] = [
        name
        for name in export.columns
        if name in export.required or any(row[name] is not None for row in rows) or draw(st.booleans())
    ]
    columns += [None] * draw(st.integers(0, 2))
    columns = draw(st.permutations(columns))
    names = [
        f"Ukjent {at}" if column is None else draw(st.sampled_from(export.header_names(column)))
        for at, column in enumerate(columns)
    ]
    return _Sheet(export, names, columns, rows)


@st.composite
def _text_files(draw: Draw) -> tuple[_Sheet, bytes]:
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    delimiter = draw(st.sampled_from(";,\t"))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    sheet = draw(_sheets("cp1252" if encoding == "cp1252" else "unicode"))
    text = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    if draw(st.booleans()):
        text.write(f"sep={delimiter}{line_end}")
    writer.writerow(sheet.headers)
    for row in sheet.rows:
        if draw(st.integers(0, 5)) == 0:
            text.write(
                draw(st.sampled_from([line_end, delimiter * len(sheet.columns) + line_end, "  " + line_end]))
            )
        writer.writerow(_fields(draw, sheet, row, encoding))
    whole = text.getvalue()
    if draw(st.booleans()):
        whole = whole.removesuffix(line_end)
    event(f"{encoding} {delimiter!r} {line_end!r}")
    return sheet, whole.encode(encoding)


def _fields(draw: Draw, sheet: _Sheet, row: Row, encoding: str) -> list[str]:
    fields = []
    for column in sheet.columns:
        if column is None:
            fields.append(draw(st.sampled_from(["", "x", 'a "b" c', "1;2,3\t4", "linje\nto", "=1+1"])))
            continue
        text = _text(draw, sheet.export, column, row[column])
        # What the encoding lacks people write with what it has.
        fields.append(
            text.replace("\u2212", "-").replace("\u202f", " ").replace("\u00a0", " ")
            if encoding == "cp1252"
            else text
        )
    return fields


@st.composite
def _workbooks(draw: Draw) -> tuple[_Sheet, Callable[[Path], None]]:
    """A sheet of cells of their own types, or of texts as people paste them."""
    sheet = draw(_sheets("xlsx"))
    is_typed = draw(st.booleans())
    skipped = draw(st.integers(0, 2))
    cells = [
        [_cell(draw, sheet.export, column, row, is_typed) for column in sheet.columns] for row in sheet.rows
    ]

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet()
            formats = {
                date: book.add_format({"num_format": "dd.mm.yyyy"}),
                datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"}),
            }
            for at, header in enumerate(sheet.headers):
                page.write_string(skipped, at, header)
            for line, row in enumerate(cells, skipped + 1):
                for at, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(line, at, _midnight(cell), formats[type(cell)])
                    elif isinstance(cell, Decimal | int | float):
                        page.write_number(line, at, float(cell))
                    elif cell is not None:
                        page.write_string(line, at, cell)

    return sheet, write


def _midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def _cell(draw: Draw, export: Export, column: str | None, row: Row, is_typed: bool) -> Any:
    if column is None:
        return draw(st.sampled_from([None, "x", 1.5, WHEN]))
    return row[column] if is_typed else _text(draw, export, column, row[column]).replace("\r", " ")


_ARROW = {
    "date": [pa.date32(), pa.string(), pa.timestamp("ms")],
    "timestamp": [
        pa.timestamp("us"),
        pa.timestamp("ns"),
        pa.timestamp("s"),
        pa.timestamp("us", "UTC"),
        pa.timestamp("ms", "Europe/Oslo"),
        pa.string(),
    ],
    "money": [pa.decimal128(18, 4), pa.float64()],
    "rate": [pa.decimal128(18, 4), pa.float64()],
    "number": [pa.decimal128(24, 6), pa.float64()],
    "minutes": [pa.decimal128(18, 4), pa.float64()],
    "count": [pa.int64(), pa.int32(), pa.uint64(), pa.float64(), pa.decimal128(12, 0)],
}
_ARROW_TEXTS = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]


@st.composite
def _parquets(draw: Draw) -> tuple[_Sheet, Callable[[Path], None]]:
    sheet = draw(_sheets("unicode"))
    columns = []
    for column in sheet.columns:
        values = [None if column is None else row[column] for row in sheet.rows]
        type_ = draw(
            st.sampled_from(_ARROW.get("" if column is None else sheet.export.columns[column], _ARROW_TEXTS))
        )
        if pa.types.is_string(type_) or pa.types.is_floating(type_):
            convert = str if pa.types.is_string(type_) else float
            values = [None if value is None else convert(value) for value in values]
        if pa.types.is_timestamp(type_):
            values = [_midnight(value) if type(value) is date else value for value in values]
            if type_.tz:
                values = [None if value is None else instant(value) for value in values]
        columns.append(pa.array(values, type_))
    table = pa.Table.from_arrays(columns, sheet.headers)
    options = {
        "compression": draw(st.sampled_from(["snappy", "gzip", "zstd", "none"])),
        "row_group_size": draw(st.integers(1, 10)),
        "version": draw(st.sampled_from(["1.0", "2.6"])),
    }
    return sheet, lambda path: pq.write_table(table, path, **options)


# ---------------------------------------------------------------- there and back


def _hold(folder: Path, sheet: _Sheet, path: Path) -> None:
    export = sheet.export
    database, config = folder / "try.duckdb", folder / "settings.toml"
    config.write_text('[import]\nkeep_contacts = "plain"\n', encoding="utf-8")
    (reported,) = import_paths([path], database, config, imported_at=WHEN).files
    with duckdb.connect(str(database), read_only=True) as connection:
        rejects = connection.execute(
            "select column_name, value, reason, fields from stored.rejects"
        ).fetchall()
        found = connection.execute(f"select {', '.join(export.columns)} from stored.{export.name}").fetchall()  # noqa: S608
    assert rejects == []
    assert (reported.export, reported.rows_read, reported.rows_good) == (
        export.name,
        len(sheet.rows),
        len(sheet.rows),
    )
    expected = [_stored(export, row) for row in sheet.rows]
    assert _sorted(export, found) == _sorted(export, expected)


def _sorted(export: Export, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: _key(export, row))


_UNHURRIED = settings(deadline=None, max_examples=TRIES, suppress_health_check=list(HealthCheck))


@given(
    file=_text_files(), block=st.sampled_from([1, 7, 40, 1 << 23]), part=st.sampled_from([1, 100, 1 << 25])
)
@_UNHURRIED
def test_a_table_comes_back_from_text(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[_Sheet, bytes], block: int, part: int
) -> None:
    sheet, content = file
    folder = tmp_path_factory.mktemp("text")
    path = folder / f"{sheet.export.name}.csv"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "BLOCK_BYTES", block)
        patch.setattr(chunks, "CHUNK_BYTES", part)
        _hold(folder, sheet, path)


@given(file=_workbooks() | _parquets(), part=st.sampled_from([1, 100, 1 << 25]))
@_UNHURRIED
def test_a_table_comes_back_from_excel_and_parquet(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[_Sheet, Callable[[Path], None]], part: int
) -> None:
    sheet, write = file
    folder = tmp_path_factory.mktemp("book")
    path = folder / f"{sheet.export.name}.dat"
    write(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK_BYTES", part)
        _hold(folder, sheet, path)
