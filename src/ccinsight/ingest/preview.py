"""What an import would make of files, before anything is stored: each recognised by its headers and its first rows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ccinsight.database.schema import stored_tables
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.ingest.contact_key import ContactKey
from ccinsight.ingest.file_list import Found
from ccinsight.ingest.history.rejects import what_is_wrong
from ccinsight.ingest.history.summary import FileWarning
from ccinsight.ingest.load.loader import Loader
from ccinsight.ingest.source import (
    SAMPLE_ROWS,
    MissingColumnsError,
    Source,
    open_sources,
)
from ccinsight.ingest.unrecognised import UnrecognisedError
from ccinsight.settings.model import Settings

_REASONS_SHOWN = 5
# What the headers say is shown as such, and these say something of a whole file.
_OF_HEADERS = frozenset({"header_unmatched"})
_OF_WHOLE_FILES = frozenset({"row_limit", "no_closed_ticket", "total_row"})


@dataclass(frozen=True)
class Reason:
    """Why rows would be rejected: how many, the line of the first, and what is wrong with it."""

    rows: int
    line: int
    text: str


@dataclass(frozen=True)
class TablePreview:
    """A table that is recognised: a text file, a sheet or a Parquet file.

    ``recognised``, ``ignored``: headers, in the file's order. ``rows_read``: rows that were checked, all of them where
    ``is_whole``; ``rows_about``: an estimate of all where they are not, None where there is none. ``warnings``: in the
    language in use.
    """

    name: str
    export: str
    recognised: tuple[str, ...]
    ignored: tuple[str, ...]
    rows_read: int
    rows_rejected: int
    is_whole: bool
    rows_about: int | None
    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...]
    unknown_values: int


@dataclass(frozen=True)
class FilePreview:
    """A file under the name that its user knows. ``refused``: why it can't be imported, in the language in use.

    ``export``: what a refused file looks most like. ``can_be_mapped``: names of the settings may make an export of it.
    """

    name: str
    tables: tuple[TablePreview, ...] = ()
    refused: str | None = None
    export: str | None = None
    can_be_mapped: bool = False


def preview_files(files: Iterable[tuple[Path, str]], settings: Settings) -> list[FilePreview]:
    """What an import would make of each file, given with the name to show. Nothing is stored.

    Files are independent: what is refused hides nothing of the others.
    """
    return [_preview(path, name, settings) for path, name in files]


def in_names(text: str, files: Iterable[tuple[Path, str]]) -> str:
    """A message with the names that the user knows in the place of the paths."""
    known = list(files)
    for at, (path, _name) in enumerate(known):
        for each in (str(path), path.name):
            text = text.replace(each, f"\0{at}\0")
    for at, (_path, name) in enumerate(known):
        text = text.replace(f"\0{at}\0", name)
    return text


def _preview(path: Path, name: str, settings: Settings) -> FilePreview:
    try:
        with TemporaryDirectory() as scratch, duckdb.connect() as connection:
            connection.execute(stored_tables())
            found = Found(path, is_named=True)
            sources = open_sources(found, settings, Path(scratch), connection, is_sample=True)
            return FilePreview(name, tuple(_tables(sources, settings, connection, path, name)))
    except MissingColumnsError as e:
        return FilePreview(name, refused=_missing(e), export=e.match.export.name, can_be_mapped=True)
    except UnrecognisedError:
        why = (
            _("None of its column headings is known. Is it the right file, and are the headings in it?")
            if path.stat().st_size
            else _("The file is empty.")
        )
        return FilePreview(name, refused=why, can_be_mapped=path.stat().st_size > 0)
    except CcinsightError as e:
        return FilePreview(name, refused=_without_name(in_names(str(e), [(path, name)]), name))


def _missing(error: MissingColumnsError) -> str:
    """What the reader looks for in the file: the headings that a required column may have, the Norwegian ones first."""
    export = error.match.export
    columns = [
        _("One of its headings must be {names}.").format(names=_listed(export.header_names(column)))
        for column in error.missing
    ]
    if export.customer_by_name and "customer_id" in error.missing:
        columns.append(_("The company's name or organisation number will do instead of its number."))
    return " ".join([_("Required columns are missing."), *columns])


def _listed(names: list[str]) -> str:
    """Names in quotes, the column's own last."""
    shown = [_("“{name}”").format(name=name) for name in (*reversed(names[1:]), names[0])]
    return (
        _("{names} or {last}").format(names=", ".join(shown[:-1]), last=shown[-1]) if shown[1:] else shown[0]
    )


def _without_name(text: str, name: str) -> str:
    """The sentence without the name that it begins with, where it is shown after it."""
    return text.removeprefix(f"{name}: ")


def _tables(
    sources: Sequence[Source],
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
) -> Iterable[TablePreview]:
    key = ContactKey(secrets.token_bytes(64), secrets.token_bytes(64))  # forgotten with the connection
    loader = Loader(connection, settings, 1, "", lambda: key)
    for file_id, source in enumerate(sources, 1):
        source.sha256 = "-"  # of no use, and takes as long as reading the file
        yield _table(loader, source, file_id, in_names(source.name, [(path, name)]))


def _table(loader: Loader, source: Source, file_id: int, name: str) -> TablePreview:
    shares = [1.0]
    summary = loader.load(source, file_id, lambda done, _rows: shares.append(done))
    is_cut_sheet = bool(source.copied) and summary.rows_read >= SAMPLE_ROWS
    is_whole = shares[-1] >= 1 and not is_cut_sheet
    hidden = _OF_HEADERS if is_whole else _OF_HEADERS | _OF_WHOLE_FILES
    warnings = [each for each in summary.warnings if each.kind not in hidden]
    at = source.match.columns.values()
    return TablePreview(
        name=name,
        export=summary.export,
        recognised=tuple(source.headers[each] for each in sorted(at)),
        ignored=source.match.unmatched,
        rows_read=summary.rows_read,
        rows_rejected=summary.rows_rejected,
        is_whole=is_whole,
        rows_about=None if is_whole or is_cut_sheet else round(summary.rows_read / shares[-1]),
        reasons=_reasons(loader.connection, source, file_id),
        warnings=tuple(each.text for each in warnings),
        unknown_values=sum(map(_names_unknown, warnings)),
    )


def _names_unknown(warning: FileWarning) -> bool:
    return warning.kind in {"value_unknown", "values_unknown"}


def _reasons(connection: duckdb.DuckDBPyConnection, source: Source, file_id: int) -> tuple[Reason, ...]:
    """The most frequent reasons of the rejected rows, each with its first line."""
    rows = connection.execute(
        """
        select count(*) as rows, min(line), column_name, arg_min(value, line), reason
        from stored.rejects
        where file_id = $file_id
        group by column_name, reason
        order by rows desc, 2
        limit $limit
        """,
        {"file_id": file_id, "limit": _REASONS_SHOWN},
    ).fetchall()
    headers = {column: source.headers[at] for column, at in source.match.columns.items()}
    return tuple(
        Reason(rows, line, what_is_wrong(headers.get(column, column), value, reason))
        for rows, line, column, value, reason in rows
    )
