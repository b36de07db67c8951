"""The tables in the files of an import: which export each holds, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import duckdb

from ccinsight.errors import CcinsightError, NoHeaderKnownError
from ccinsight.i18n import _, number, os_reason
from ccinsight.ingest.catalogue import (
    NUMERIC_TYPES,
    Match,
    best_match,
    exports,
    likeliest,
    match_headers,
    named_like,
)
from ccinsight.ingest.file_list import Found
from ccinsight.ingest.history.reject_files import reason_column
from ccinsight.ingest.history.summary import FileWarning
from ccinsight.ingest.readers import csv_reader, encodings, excel, excel_guard, text_layout
from ccinsight.ingest.readers.chunks import TextChunk
from ccinsight.ingest.readers.formats import SUFFIXES, format_of
from ccinsight.ingest.readers.header_row import MOST_COLUMNS, MOST_ROWS, Fitness, choose_header, fitness
from ccinsight.ingest.readers.parquet import parquet_columns
from ccinsight.ingest.readers.text_layout import Layout
from ccinsight.ingest.unrecognised import UnrecognisedError
from ccinsight.printable import printable
from ccinsight.settings.model import Settings

# Rows of a sheet in a sample; of a text or Parquet file it is the first chunk.
SAMPLE_ROWS = 20_000
_SHOWN = 60  # letters of a row above the header


class MissingColumnsError(CcinsightError):
    """A table has no header for required columns of its export. ``match``: what its headers are."""

    def __init__(self, name: str, match: Match, missing: list[str]) -> None:
        looked_for = "; ".join(
            f"{column} ({', '.join(match.export.headers_for(column))})" for column in missing
        )
        super().__init__(
            _("{file}: required columns of {export} are missing: {columns}.").format(
                file=name, export=match.export.name, columns=looked_for
            )
        )
        self.match, self.missing = match, missing


class Stamp(NamedTuple):
    """Which file it is, its bytes, and when it was last written to."""

    number: int
    size: int
    written_ns: int


def stamp_of(path: Path) -> Stamp:
    """What changes where a file is written to or replaced. Raises OSError where it is gone."""
    status = path.stat()
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass
class Source:
    """One table to import: a text file, a sheet, or a Parquet file."""

    path: Path
    name: str
    format: str
    headers: tuple[str, ...]
    match: Match
    stamp: Stamp  # the file's, before anything of it was read
    warnings: list[FileWarning] = field(default_factory=list)
    layout: Layout | None = None
    text_path: Path | None = None
    encoding: str | None = None
    reason_at: int | None = (
        None  # of a file of rejected rows, the column of reasons, which isn't among the headers
    )
    sha256: str | None = None  # where it was needed before the reading
    copied: list[Callable[[], TextChunk]] = field(default_factory=list)  # a sheet's rows
    is_sample: bool = False  # only its first rows are read

    @property
    def width(self) -> int:
        """The fields of a row as it lies in the file."""
        return len(self.headers) + (self.reason_at is not None)

    def chunks(self) -> Iterator[TextChunk]:
        """The rows as clean text, once (not for Parquet, which DuckDB reads)."""
        if self.layout is not None:
            chunks = csv_reader.read_chunks(self.text_path or self.path, self.layout)
            return islice(chunks, 1) if self.is_sample else chunks
        return (replace(read(), done=at / len(self.copied)) for at, read in enumerate(self.copied, 1))

    def copy_rows(self, rows: Iterable[tuple[int, list[excel.Cell]]], scratch: Path) -> None:
        """Copies the rows of a sheet to files, chunk by chunk, so that the workbook's memory can be freed."""
        types = {
            at: (column, self.match.export.columns[column] in NUMERIC_TYPES)
            for column, at in self.match.columns.items()
        }
        folder = Path(mkdtemp(dir=scratch))
        chunks = excel.read_chunks(rows, types, self.width)
        self.copied = [_copy(chunk, folder / f"chunk-{at}.csv") for at, chunk in enumerate(chunks)]


def _copy(chunk: TextChunk, path: Path) -> Callable[[], TextChunk]:
    """Copies a chunk's text to a file; returns what reads the chunk back, once."""
    with path.open("wb") as file:
        file.writelines(chunk.text)
    rest = replace(chunk, text=())

    def read() -> TextChunk:
        text = path.read_bytes()
        path.unlink()
        return replace(rest, text=(text,))

    return read


def is_as_it_was(source: Source) -> bool:
    """Whether the file is the one that its header was read from, and nothing was written to it since."""
    try:
        return stamp_of(source.path) == source.stamp
    except OSError:
        return False


def open_sources(
    found: Found,
    settings: Settings,
    scratch: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    is_sample: bool = False,
) -> list[Source]:
    """The tables in a file, with their kinds. Empty where it is of no known kind and may be skipped.

    ``is_sample``: only the first rows of each are read. Raises CcinsightError for an unreadable file, an
    UnrecognisedError for a named file of no known kind, a MissingColumnsError.
    """
    format_, stamp = format_of(found.path), stamp_of(found.path)
    sources, headers = [], list[str]()
    for draft in _drafts(_File(found.path, settings, scratch, connection), format_):
        headers += draft.headers
        hint = draft.hint(found.path)
        match = best_match(draft.headers, settings, hint)
        if match is None:
            continue
        _refuse_too_wide(draft)
        _require_columns(draft.name, match)
        warnings = _match_warnings(match, hint) + _format_warnings(found.path, format_)
        sources.append(
            draft.source(found.path, format_, match, stamp, scratch, warnings, is_sample=is_sample)
        )
    if not sources and found.is_named:
        raise UnrecognisedError(found.path, headers)
    return sources


def open_likeliest(
    path: Path, export: str | None, settings: Settings, scratch: Path, connection: duckdb.DuckDBPyConnection
) -> list[Source]:
    """The tables in a file, as ``export`` or as the best-matching export of each, even if columns are missing.

    Raises CcinsightError for an unreadable file, one without a table, and where nothing tells what it is.
    """
    format_, stamp = format_of(path), stamp_of(path)
    sources = []
    for draft in _drafts(_File(path, settings, scratch, connection, export), format_):
        hint = draft.hint(path)
        if export is not None:
            match = match_headers(exports()[export], draft.headers, settings)
        else:
            match = likeliest(draft.headers, settings, hint)
        if export is None and hint is None and not match.columns:
            text = _(
                "{file}: no header is recognised. Give the kind of export with --export, one of {names}."
            )
            raise NoHeaderKnownError(text.format(file=draft.name, names=", ".join(exports())))
        sources.append(draft.source(path, format_, match, stamp, scratch, []))
    if not sources:
        raise CcinsightError(_("{file} has no table: no header was found.").format(file=path))
    return sources


@dataclass(frozen=True)
class _File:
    """A file to find tables in. ``export``: what it is, where the call says so."""

    path: Path
    settings: Settings
    scratch: Path
    connection: duckdb.DuckDBPyConnection
    export: str | None = None

    def fit(self, sheet: str | None = None) -> Fitness:
        """How well rows fit as the header of the table, or of a sheet."""
        return fitness(self.settings, _hint(self.path, sheet), self.export)


def _hint(path: Path, sheet: str | None) -> str | None:
    """The export that the sheet or the file is named like."""
    return named_like(sheet or path.stem) or named_like(path.stem)


@dataclass(frozen=True)
class _Draft:
    name: str
    headers: tuple[str, ...]
    sheet: str | None = None
    rows: Iterable[tuple[int, list[excel.Cell]]] | None = None  # of a sheet, those after its header
    hidden: Callable[[], int] | None = None  # of a sheet, its hidden rows, once it is read
    layout: Layout | None = None
    text_path: Path | None = None
    encoding: str | None = None
    warnings: tuple[FileWarning, ...] = ()
    reason_at: int | None = None

    def source(
        self,
        path: Path,
        format_: str,
        match: Match,
        stamp: Stamp,
        scratch: Path,
        warnings: list[FileWarning],
        *,
        is_sample: bool = False,
    ) -> Source:
        """The table, once it is known what it is."""
        source = Source(
            path=path,
            name=printable(self.name),
            format=format_,
            headers=self.headers,
            match=match,
            stamp=stamp,
            reason_at=self.reason_at,
            warnings=[*self.warnings, *warnings],
            layout=self.layout,
            text_path=self.text_path,
            encoding=self.encoding,
            is_sample=is_sample,
        )
        if self.rows is not None:
            source.copy_rows(islice(self.rows, SAMPLE_ROWS) if is_sample else self.rows, scratch)
        if self.hidden is not None and (hidden := self.hidden()):
            source.warnings.append(FileWarning("hidden_rows", rows=hidden))
        return source

    def hint(self, path: Path) -> str | None:
        """The export that the sheet or the file is named like."""
        return _hint(path, self.sheet)


def _drafts(file: _File, format_: str) -> Iterator[_Draft]:
    if format_ == "parquet":
        return _parquet_table(file)
    return map(_without_reasons, _text_table(file) if format_ == "csv" else _sheets(file))


def _without_reasons(draft: _Draft) -> _Draft:
    """The table of a file of rejected rows without the header of their reasons."""
    at = reason_column(draft.headers)
    if at is None:
        return draft
    return replace(draft, headers=(*draft.headers[:at], *draft.headers[at + 1 :]), reason_at=at)


def _text_table(file: _File) -> Iterator[_Draft]:
    try:
        copy = file.scratch / f"{len(list(file.scratch.iterdir()))}.utf8"
        text = encodings.plain_text(file.path, copy)
        layout = text_layout.read_layout(text.path, file.fit())
    except OSError as e:
        raise CcinsightError(
            _("{file} can't be read: {error}.").format(file=file.path, error=os_reason(e))
        ) from e
    if layout is not None:
        yield _Draft(
            file.path.name,
            layout.headers,
            layout=layout,
            text_path=text.path,
            encoding=text.encoding,
            warnings=(*_above_header(layout.above), *_doubtful_encoding(text, layout)),
        )


def _above_header(texts: tuple[str, ...]) -> tuple[FileWarning, ...]:
    """Names the rows above the header."""
    if not texts:
        return ()
    shown = " · ".join(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…" for text in texts)
    return (FileWarning("above_header", value=shown, rows=len(texts)),)


def _doubtful_encoding(text: encodings.PlainText, layout: Layout) -> tuple[FileWarning, ...]:
    """Shows words as they are read, where the encoding isn't sure."""
    if not text.doubtful:
        return ()
    words = ", ".join(text.doubtful)
    return (FileWarning("encoding_doubtful", text.encoding or layout.encoding, words),)


def _sheets(file: _File) -> Iterator[_Draft]:
    """The tables in the visible sheets; where these are all empty, those in the hidden ones."""
    excel_guard.refuse_bomb(file.path, file.settings.imports.max_unpacked_mb)
    book = excel.open_workbook(file.path)
    for sheets in excel.sheets_to_read(book):
        is_empty = True
        for sheet in sheets.names:
            name = file.path.name if len(sheets.names) == 1 else f"{file.path.name} [{sheet}]"
            if draft := _sheet_table(file, excel.SheetRows(book, sheet, file.path), name, sheet):
                is_empty = False
                warnings = (FileWarning("hidden_sheet", value=sheet),) if sheets.are_hidden else ()
                yield replace(draft, warnings=(*draft.warnings, *warnings))
        if not is_empty:
            return


def _sheet_table(file: _File, rows: excel.SheetRows, name: str, sheet: str) -> _Draft | None:
    first = list(islice(rows, 1))
    if not first:
        return None
    fit = file.fit(sheet)
    if not choose_header(_texts(first), fit).fit.is_complete:
        first += islice(rows, MOST_ROWS - 1)
    choice = choose_header(_texts(first), fit)
    headers = list(choice.fields)
    while headers and not headers[-1]:
        headers.pop()
    begin = choice.above + choice.rows
    last_of_header = first[begin - 1][0]
    above = tuple(" ".join(filter(None, row)) for row in _texts(first[: choice.above]))
    return _Draft(
        name,
        tuple(headers),
        sheet=sheet,
        rows=chain(first[begin:], rows),
        hidden=lambda: sum(number > last_of_header for number in rows.hidden),
        warnings=_above_header(above),
    )


def _texts(rows: list[tuple[int, list[excel.Cell]]]) -> list[list[str]]:
    return [[excel.cell_text(cell, False).strip() for cell in cells] for _number, cells in rows]


def _parquet_table(file: _File) -> Iterator[_Draft]:
    columns = parquet_columns(file.path, file.connection)
    yield _Draft(file.path.name, tuple(name for name, _type in columns))


def _refuse_too_wide(draft: _Draft) -> None:
    if len(draft.headers) > MOST_COLUMNS:
        raise CcinsightError(
            _(
                "{file} has {count} columns, and at most {most} are read: delete those that hold nothing."
            ).format(file=draft.name, count=number(len(draft.headers)), most=number(MOST_COLUMNS))
        )


def _require_columns(name: str, match: Match) -> None:
    missing = match.export.missing(set(match.columns))
    if missing:
        raise MissingColumnsError(name, match, missing)


def _match_warnings(match: Match, hint: str | None) -> list[FileWarning]:
    warnings = [FileWarning("header_unmatched", value=header) for header in match.unmatched]
    warnings += [
        FileWarning("header_twice", column, f"“{used}”, “{aside}”") for column, used, aside in match.twice
    ]
    if hint is not None and hint != match.export.name:
        warnings.append(FileWarning("kind_differs", match.export.name, hint))
    return warnings


def _format_warnings(path: Path, format_: str) -> list[FileWarning]:
    by_name = SUFFIXES.get(path.suffix.lower())
    if by_name is None or by_name == format_:
        return []
    return [FileWarning("format_differs", format_, path.suffix)]
