"""The files of an import: which there are, what format each is, which export it holds."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import duckdb

from ccinsight.errors import CcinsightError
from ccinsight.exports import encodings, framing, unpacking, workbook
from ccinsight.exports.catalogue import (
    NUMERIC_TYPES,
    Match,
    best_match,
    exports,
    likeliest,
    match_headers,
    named_like,
)
from ccinsight.exports.framing import Layout
from ccinsight.exports.parts import Part
from ccinsight.exports.statements import literal_path
from ccinsight.exports.summary import FileWarning
from ccinsight.i18n import _, number
from ccinsight.printable import printable
from ccinsight.settings import Settings

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")  # text may end its pages, and itself as DOS did
SUFFIXES = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
# An export has a few dozen; each takes room in every statement about the file.
MOST_COLUMNS = 2_000
_EXCEL_LOCK = "~$"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Found:
    """A file to read; one that the call names may not be passed over."""

    path: Path
    is_named: bool


@dataclass
class Listing:
    """The files to read, in order, and the names of what is passed over in folders.

    ``links``: those that lead out of their folder, to what the call didn't name.
    """

    files: list[Found] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add_folder(self, folder: Path, settings: Path | None) -> None:
        """Takes the exports that lie directly in a folder."""
        root = folder.resolve()
        for each in _inside(folder):
            if each.is_symlink() and not Path(os.path.realpath(each)).is_relative_to(root):
                self.links.append(each.name)
            elif not each.is_file() or (settings is not None and _is_same(each, settings)):
                continue
            elif each.suffix.lower() in SUFFIXES:
                self.files.append(Found(each, False))
            else:
                self.passed_over.append(each.name)


def list_files(paths: Sequence[Path], settings: Path | None = None) -> Listing:
    """What is to be read. CcinsightError for no file.

    ``settings`` is the settings file in use, which is no export and isn't passed over either.
    """
    listing = Listing()
    for path in dict.fromkeys(paths):
        kind = _kind_of(path)
        if path.name.startswith(_EXCEL_LOCK):
            listing.passed_over.append(path.name)
        elif kind == "folder":
            listing.add_folder(path, settings)
        elif kind == "file":
            listing.files.append(Found(path, True))
        else:
            raise CcinsightError(_("There is no file or folder {path}.").format(path=path))
    if not listing.files:
        names = ", ".join(str(path) for path in paths)
        raise CcinsightError(
            _("There is nothing to import in {path}: no .csv, .txt, .xlsx or .parquet file.").format(
                path=names
            )
        )
    return listing


def _kind_of(path: Path) -> str | None:
    """ "file", "folder", or None where there is neither. Raises CcinsightError where it can't be known."""
    try:
        return "folder" if path.is_dir() else "file" if path.is_file() else None
    except OSError as e:
        raise CcinsightError(_("{file} can't be read: {error}.").format(file=path, error=e.strerror)) from e


def _is_same(path: Path, other: Path) -> bool:
    return path.name == other.name and path.resolve() == other.resolve()


def _inside(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as e:
        raise CcinsightError(
            _("The folder {folder} can't be read: {error}.").format(folder=folder, error=e.strerror)
        ) from e
    return [each for each in entries if not each.name.startswith((_EXCEL_LOCK, "."))]


def format_of(path: Path) -> str:
    """ "csv" (any text), "xlsx" or "parquet", by content. Raises CcinsightError where it is none."""
    try:
        with path.open("rb") as source:
            head = source.read(4096)
    except OSError as e:
        raise CcinsightError(_("{file} can't be read: {error}.").format(file=path, error=e.strerror)) from e
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04") or (zipfile.is_zipfile(path) and path.suffix.lower() == ".xlsx"):
        return "xlsx"
    if head.startswith(_OLD_EXCEL):
        raise CcinsightError(
            _("{file} is an old or a protected Excel file: save it as .xlsx, without a password.").format(
                file=path
            )
        )
    if SUFFIXES.get(path.suffix.lower()) in {"xlsx", "parquet"} and not _may_be_text(head):
        raise CcinsightError(
            _("{file} can't be read: it is no Excel workbook, Parquet or text.").format(file=path)
        )
    return "csv"


def _may_be_text(head: bytes) -> bool:
    """Whether there is nothing in it that no text has."""
    return encodings.utf_16(head) is not None or not _CONTROLS.search(head)


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
    sha256: str | None = None  # where it was needed before the reading
    aside: list[Callable[[], Part]] = field(default_factory=list)  # a sheet's rows

    def parts(self) -> Iterator[Part]:
        """The rows as clean text, once (not for Parquet, which DuckDB reads)."""
        if self.layout is not None:
            return framing.frame(self.text_path or self.path, self.layout)
        return (
            replace(taken_back(), done=at / len(self.aside)) for at, taken_back in enumerate(self.aside, 1)
        )

    def put_aside(self, rows: Iterator[tuple[int, list[workbook.Cell]]], scratch: Path) -> None:
        """Keeps the rows of a sheet in files, part by part: it lies in memory whole, and is to go soon."""
        types = {
            at: (column, self.match.export.columns[column] in NUMERIC_TYPES)
            for column, at in self.match.columns.items()
        }
        folder = Path(mkdtemp(dir=scratch))
        framed = workbook.frame_sheet(rows, types, len(self.headers))
        self.aside = [_put_aside(part, folder / f"part-{at}.csv") for at, part in enumerate(framed)]


def _put_aside(part: Part, path: Path) -> Callable[[], Part]:
    """Keeps a part's text in a file until the part is taken back."""
    with path.open("wb") as file:
        file.writelines(part.text)
    rest = replace(part, text=())

    def taken_back() -> Part:
        text = path.read_bytes()
        path.unlink()
        return replace(rest, text=(text,))

    return taken_back


def is_as_it_was(source: Source) -> bool:
    """Whether the file is the one that its header was read from, and nothing was written to it since."""
    try:
        return stamp_of(source.path) == source.stamp
    except OSError:
        return False


def open_sources(
    found: Found, settings: Settings, scratch: Path, connection: duckdb.DuckDBPyConnection
) -> list[Source]:
    """The tables in a file, with their kinds. Empty where it is of no known kind and may be passed over.

    Raises CcinsightError for an unreadable file, a named file of no known kind, a missing required column.
    """
    format_, stamp = format_of(found.path), stamp_of(found.path)
    sources = []
    for draft in _drafts(found.path, format_, settings, scratch, connection):
        hint = draft.hint(found.path)
        match = best_match(draft.headers, settings, hint)
        if match is None:
            continue
        _refuse_too_wide(draft)
        _require_columns(draft.name, match)
        warnings = _match_warnings(match, hint) + _format_warnings(found.path, format_)
        sources.append(draft.source(found.path, format_, match, stamp, scratch, warnings))
    if not sources and found.is_named:
        raise CcinsightError(
            _("{file} is of no known kind: its headers are those of no export.").format(file=found.path)
        )
    return sources


def open_likeliest(
    path: Path, export: str | None, settings: Settings, scratch: Path, connection: duckdb.DuckDBPyConnection
) -> list[Source]:
    """The tables in a file as those of ``export``, or of the export that each is likest, whatever they lack.

    Raises CcinsightError for an unreadable file, one without a table, and where nothing tells what it is.
    """
    format_, stamp = format_of(path), stamp_of(path)
    sources = []
    for draft in _drafts(path, format_, settings, scratch, connection):
        hint = draft.hint(path)
        if export is not None:
            match = match_headers(exports()[export], draft.headers, settings)
        else:
            match = likeliest(draft.headers, settings, hint)
        if export is None and hint is None and not match.columns:
            raise CcinsightError(
                _(
                    "{file}: no header is one that ccinsight knows: say what it is (--export), one of {names}."
                ).format(file=draft.name, names=", ".join(exports()))
            )
        sources.append(draft.source(path, format_, match, stamp, scratch, []))
    if not sources:
        raise CcinsightError(_("{file} holds no table: it has no header.").format(file=path))
    return sources


@dataclass(frozen=True)
class _Draft:
    name: str
    headers: tuple[str, ...]
    sheet: str | None = None
    rows: Iterator[tuple[int, list[workbook.Cell]]] | None = None  # of a sheet, those after its header
    layout: Layout | None = None
    text_path: Path | None = None
    encoding: str | None = None

    def source(
        self,
        path: Path,
        format_: str,
        match: Match,
        stamp: Stamp,
        scratch: Path,
        warnings: list[FileWarning],
    ) -> Source:
        """The table, once it is known what it is."""
        source = Source(
            path=path,
            name=printable(self.name),
            format=format_,
            headers=self.headers,
            match=match,
            stamp=stamp,
            warnings=warnings,
            layout=self.layout,
            text_path=self.text_path,
            encoding=self.encoding,
        )
        if self.rows is not None:
            source.put_aside(self.rows, scratch)
        return source

    def hint(self, path: Path) -> str | None:
        """The export that the sheet or the file is named like."""
        return named_like(self.sheet or path.stem) or named_like(path.stem)


def _drafts(
    path: Path, format_: str, settings: Settings, scratch: Path, connection: duckdb.DuckDBPyConnection
) -> Iterator[_Draft]:
    tables = {"csv": _text_table, "xlsx": _sheets, "parquet": _parquet_table}[format_]
    return tables(path, settings, scratch, connection)


def _text_table(path: Path, settings: Settings, scratch: Path, _connection: object) -> Iterator[_Draft]:
    try:
        text_path, encoding = encodings.plain_copy(path, scratch / f"{len(list(scratch.iterdir()))}.utf8")
        layout = framing.read_layout(text_path, _likeness(settings))
    except OSError as e:
        raise CcinsightError(_("{file} can't be read: {error}.").format(file=path, error=e.strerror)) from e
    if layout is not None:
        yield _Draft(path.name, layout.headers, layout=layout, text_path=text_path, encoding=encoding)


def _likeness(settings: Settings) -> Callable[[list[str]], int]:
    def known(headers: list[str]) -> int:
        return max(len(match_headers(export, headers, settings).columns) for export in exports().values())

    return known


def _sheets(path: Path, settings: Settings, _scratch: Path, _connection: object) -> Iterator[_Draft]:
    unpacking.refuse_bomb(path, settings.imports.max_unpacked_mb)
    book = workbook.open_workbook(path)
    names = workbook.sheets_to_read(book)
    for sheet in names:
        rows = workbook.read_sheet(book, sheet, path)
        first = next(rows, None)
        if first is None:
            continue
        cells = [workbook.cell_text(cell, False).strip() for cell in first[1]]
        while cells and not cells[-1]:
            cells.pop()
        name = path.name if len(names) == 1 else f"{path.name} [{sheet}]"
        yield _Draft(name, tuple(cells), sheet=sheet, rows=rows)


def _parquet_table(
    path: Path, _settings: Settings, _scratch: Path, connection: duckdb.DuckDBPyConnection
) -> Iterator[_Draft]:
    yield _Draft(path.name, tuple(name for name, _type in parquet_columns(path, connection)))


def parquet_columns(path: Path, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Names and DuckDB types of a Parquet file's columns. Raises CcinsightError where it can't be read."""
    try:
        rows = connection.execute(
            "describe select * from read_parquet($path, hive_partitioning = false)",
            {"path": literal_path(path)},
        ).fetchall()
    except duckdb.Error as e:
        raise CcinsightError(_("{file} can't be read as a Parquet file.").format(file=path)) from e
    return [(row[0], row[1]) for row in rows]


def _refuse_too_wide(draft: _Draft) -> None:
    if len(draft.headers) > MOST_COLUMNS:
        raise CcinsightError(
            _(
                "{file} has {count} columns, and at most {most} are read: delete those that hold nothing."
            ).format(file=draft.name, count=number(len(draft.headers)), most=number(MOST_COLUMNS))
        )


def _require_columns(name: str, match: Match) -> None:
    missing = match.export.missing(set(match.columns))
    if not missing:
        return
    looked_for = "; ".join(f"{column} ({', '.join(match.export.headers_for(column))})" for column in missing)
    raise CcinsightError(
        _("{file}: no header names what {export} must have: {columns}.").format(
            file=name, export=match.export.name, columns=looked_for
        )
    )


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
