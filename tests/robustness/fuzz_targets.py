"""What is fuzzed: headers, rows, dates, numbers, and whole files.

Each target takes any bytes, and fails where ccinsight raises anything but its own errors, or where it reads something
else than the plain second readings of `oracle` and `plain_rows` do. `fuzz` runs them guided by coverage.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ccinsight.database import models
from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.ingest.catalogue import best_match, exports
from ccinsight.ingest.readers import chunks, csv_reader, encodings, text_layout
from ccinsight.ingest.readers.header_row import fitness
from ccinsight.ingest.values.parsing import macros
from ccinsight.settings.parsing import default_settings
from tests.robustness import oracle, plain_rows
from tests.robustness.oracle import No

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
WHEN = datetime(2026, 3, 15, 12, 0)
_SUFFIXES = ("csv", "txt", "xlsx", "parquet")


@cache
def _folder() -> Path:
    folder = TemporaryDirectory()
    _kept.append(folder)
    return Path(folder.name)


_kept: list[TemporaryDirectory[str]] = []  # removed when the process ends


# ---------------------------------------------------------------- targets


def header(data: bytes) -> None:
    """A file's header: its layout, its kind."""
    path = _folder() / "header.csv"
    path.write_bytes(data)
    plain = encodings.plain_text(path, _folder() / "header.utf8").path
    layout = text_layout.read_layout(plain, fitness(default_settings(), None, None))
    if layout is None:
        return
    content = plain.read_bytes()
    assert layout.start <= len(content) + 1
    assert content[: layout.start].count(b"\n") in {layout.first_line - 1, layout.first_line - 2}
    match = best_match(layout.headers, default_settings(), None)
    if match is not None:
        assert len(set(match.columns.values())) == len(match.columns)
        assert all(at < len(layout.headers) for at in match.columns.values())


def rows(data: bytes) -> None:
    """The rows of a text: as many, of the same lines and fields, as a plain reading of it gives."""
    if len(data) < 3:
        return
    delimiter, width, block = ";,\t"[data[0] % 3], 1 + data[1] % 4, 1 + data[2]
    text = data[3:].decode("utf-8", "replace")
    path = _folder() / "rows.csv"
    path.write_bytes(text.encode("utf-8"))
    layout = text_layout.Layout("utf-8", delimiter, tuple("abcd"[:width]), 0, 1)
    was = csv_reader.BLOCK_BYTES, chunks.CHUNK_BYTES
    csv_reader.BLOCK_BYTES, chunks.CHUNK_BYTES = block, block * 3
    good, bad = [], []
    try:
        for chunk in csv_reader.read_chunks(path, layout):
            good += list(_numbered(chunk, width))
            bad += [(row.line, tuple(row.fields)) for row in chunk.rejected]
    finally:
        csv_reader.BLOCK_BYTES, chunks.CHUNK_BYTES = was
    expected = plain_rows.read(text, delimiter, width, 1)
    assert _filled(good) == _filled(expected.good)
    assert bad == expected.bad


def _numbered(chunk: chunks.TextChunk, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """A chunk's rows with their lines."""
    table = chunk.table(width, {0}).to_pydict()
    assert len(table["line"]) == chunk.rows
    for line, *fields in zip(table["line"], *(table[f"c{at}"] for at in range(width)), strict=True):
        yield line, tuple(field or "" for field in fields)


def _filled(found: list[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    """Rows that are not blank: whether a blank one of the right width is dropped now or later is all one."""
    return [row for row in found if any(each.strip() for each in row[1])]


@cache
def _parsers() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": "1"})
    atexit.register(_parsers.cache_clear)
    for statement in macros():
        connection.execute(statement)
    return connection


def _compare(data: bytes, expressions: str, expected: Callable[[str], list[Any]]) -> None:
    """Holds each line's text against the oracle; of a statement the planning takes nearly all of the time."""
    texts = list(
        dict.fromkeys(line.strip(oracle.SPACES) for line in data.decode("utf-8", "ignore").split("\n"))
    )
    found = (
        _parsers()
        .execute(
            f"select {expressions} from (select nullif(unnest(cast($texts as varchar[])), '') as t)",  # noqa: S608
            {"texts": texts},
        )
        .fetchall()
    )
    for text, values in zip(texts, found, strict=True):
        meant = [None if isinstance(each, No) else each for each in expected(text)]
        assert list(values) == meant, (text, values, meant)


def date(data: bytes) -> None:
    """Dates and moments, in each order, one text a line."""
    _compare(
        data,
        "parse_timestamp(t, null), parse_timestamp(t, true), parse_timestamp(t, false), parse_date(t, null)",
        lambda text: [*(oracle.moment(text, order) for order in (None, True, False)), oracle.day(text)],
    )


def number(data: bytes) -> None:
    """Amounts, numbers and counts, with each decimal sign, one text a line."""
    _compare(
        data,
        "parse_money(t, null), parse_money(t, ','), parse_money(t, '.'), "
        "parse_rate(t, null), parse_number(t, null), parse_count(t, null)",
        lambda text: [
            *(oracle.money(text, sign) for sign in (None, ",", ".")),
            oracle.rate(text),
            oracle.quantity(text),
            oracle.count(text),
        ],
    )


def file(data: bytes) -> None:
    """A whole file: rows, rejects or one sentence, and no row is lost."""
    if not data:
        return
    path, database = _folder() / f"saker.{_SUFFIXES[data[0] % 4]}", _folder() / "try.duckdb"
    database.unlink(missing_ok=True)
    path.write_bytes(data[1:])
    was, models.build_models = models.build_models, _no_models
    try:
        summary = import_paths([path], database, imported_at=WHEN)
    except CcinsightError as error:
        assert "could not be written" not in str(error), error
        assert not database.exists()
        return
    finally:
        models.build_models = was
        path.unlink()
    with duckdb.connect(str(database), read_only=True) as connection:
        rejected = connection.execute("select count(*) from stored.rejects").fetchall()[0][0]
        counts = {
            name: connection.execute(f"select count(*) from stored.{name}").fetchall()[0][0]  # noqa: S608
            for name in exports()
        }
    assert sum(each.rows_rejected for each in summary.files) == rejected
    for each in summary.files:
        keys = ("duplicate_key", "key_conflict")
        repeated = max((warning.rows or 0 for warning in each.warnings if warning.kind in keys), default=0)
        assert each.rows_read == each.rows_good + each.rows_rejected
        if len(summary.files) == 1:
            assert counts[each.export] == each.rows_good - repeated


def _no_models(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema if not exists model").fetchall()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "header": header,
    "rows": rows,
    "date": date,
    "number": number,
    "file": file,
}


# ---------------------------------------------------------------- what to begin with


def seeds(target: str) -> list[bytes]:
    """Good inputs of a target, to be changed."""
    match target:
        case "date":
            texts = (
                "31.12.2026 14:05:09|2026-12-31T14:05:09.123+01:00|[DT:12/31/2026 14:05:09]|05/04/2026 9:05"
            )
            return [text.encode() for text in texts.split("|")]
        case "number":
            texts = "1.234,50|1,234.50|-kr 1 234,5|1234 kr|500,-|[F:2.5]|\u22121\u00a0234|1.234|1e3|0,125"
            return [*(text.encode() for text in texts.split("|")), texts.replace("|", "\n").encode()]
        case "rows":
            texts = '1;2\n"a";"b;c"\n|"a\nb";c\n|1;"2\n3;4\n|a"b;c\r\n""";d\r\n|1;2;3\n\n;\n|x;"y"z\n"";""\n'
            return [bytes([0, 1, size]) + text.encode() for size in (0, 9, 200) for text in texts.split("|")]
        case "header":
            return [path.read_bytes()[:400] for path in sorted(SAMPLE.glob("*.csv"))] + [
                b'sep=,\r\n"I\nD",Kunde\n1,2\n'
            ]
        case _:
            return [_small(path) for path in sorted(SAMPLE.iterdir()) if path.suffix[1:] in _SUFFIXES]


def _small(path: Path) -> bytes:
    mark = bytes([_SUFFIXES.index(path.suffix[1:])])
    content = path.read_bytes()
    return mark + (content[:1500] if path.suffix in {".csv", ".txt"} else content)
