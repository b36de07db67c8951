"""Measures a workbook's unpacked size before it is read: part by part, without trusting the ZIP directory."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, number

# What Python raises over an archive that is damaged, protected, or packed in a way that it doesn't know.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    RuntimeError,
    EOFError,
    LookupError,
    OSError,
)
_PIECE = 1 << 20
_LOCAL_HEADER = struct.Struct("<26x2H")  # ends in the lengths of name and extra field
# Sheets pack ten to fifty times smaller; what packs better than this, and is large, was made to do harm.
_LARGE_BYTES, MOST_PACKED = 100_000_000, 300
# The reader makes room for every cell between the first and the last, filled or not, about 70 bytes each.
_MOST_CELLS, _CELL_BYTES = 16_000_000, 4
_ROWS, _PLAIN_COLUMNS = 1_048_576, 26
# Where a cell or a row says that it is: `r="AB12"`, `r="12"`; the reader takes any number of letters.
_WIDE = re.compile(rb"""r\s*=\s*["']([A-Za-z]{2,})[0-9]""")
_DEEP = rb"""r\s*=\s*["'][A-Za-z]*([0-9]{%d,})["']"""
_PLACE = re.compile(rb"""r\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")


def refuse_bomb(path: Path, most_megabytes: int) -> None:
    """Raises CcinsightError where a workbook would take more than a server should give.

    That is, where it unpacks to more megabytes, packs too well to be a workbook, holds more than its directory
    says, or has a few cells that lie too far apart. Takes little memory itself.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as source:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_declared(path, entries, most_megabytes)
            for entry in entries:
                _refuse_entry(path, source, entry)
    except UNREADABLE:
        return  # opening it tells what is wrong


def _refuse_declared(path: Path, entries: list[zipfile.ZipInfo], most_megabytes: int) -> None:
    total = sum(entry.file_size for entry in entries)
    packs_too_well = any(
        entry.file_size > _LARGE_BYTES and entry.file_size > MOST_PACKED * entry.compress_size
        for entry in entries
    )
    if total > most_megabytes * 1_000_000 or packs_too_well:
        raise CcinsightError(
            _(
                "{file} unpacks to {size} MB, which is more than an Excel file is allowed: split it, save it as "
                "CSV, or raise max_unpacked_mb in the settings."
            ).format(file=path, size=number(total / 1_000_000))
        )


def _refuse_entry(path: Path, source: BinaryIO, entry: zipfile.ZipInfo) -> None:
    unpacked, widest = 0, _PLAIN_COLUMNS
    for piece in _overlapping(_unpacked(source, entry)):
        unpacked += len(piece.new)
        if unpacked > entry.file_size:
            raise CcinsightError(
                _("{file} unpacks to more than it declares: open it in Excel and save it as .xlsx.").format(
                    file=path
                )
            )
        widest = max(widest, *map(_column, _WIDE.findall(piece.whole)), 0)
    # A large sheet is full wherever its cells lie; of most others the longest row numbers tell enough.
    if unpacked < _CELL_BYTES * _ROWS * widest and _is_deep(source, entry, _MOST_CELLS // widest):
        _refuse_far_cells(path, source, entry, unpacked)


def _is_deep(source: BinaryIO, entry: zipfile.ZipInfo, most_rows: int) -> bool:
    deep = re.compile(_DEEP % len(str(most_rows)))
    pieces = _overlapping(_unpacked(source, entry))
    return any(int(row) > most_rows for piece in pieces for row in deep.findall(piece.whole))


def _refuse_far_cells(path: Path, source: BinaryIO, entry: zipfile.ZipInfo, size: int) -> None:
    rows = columns = 0
    for piece in _overlapping(_unpacked(source, entry)):
        places = _PLACE.findall(piece.whole)
        columns = max(chain([columns], map(_column, {letters for letters, _row in places})))
        rows = max(chain([rows], (int(row) for _letters, row in places)))
    area = rows * columns
    if area > _MOST_CELLS and size < _CELL_BYTES * area:
        raise CcinsightError(
            _(
                "A sheet of {file} reaches down to row {row} and {column} columns to the right, nearly all of it "
                "empty: delete the rows and columns after the last that is in use, or save it as CSV."
            ).format(file=path, row=number(rows), column=number(columns))
        )


class _Seen:
    """A piece, and with it the end of the one before, so that nothing is cut in two."""

    def __init__(self, before: bytes, new: bytes) -> None:
        self.new, self.whole = new, before + new


def _overlapping(pieces: Iterator[bytes]) -> Iterator[_Seen]:
    before = b""
    for piece in pieces:
        yield _Seen(before, piece)
        before = piece[-64:]


def _unpacked(source: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry's bytes, by what lies in the file: `zipfile` would stop at the size that the directory tells."""
    source.seek(entry.header_offset)
    name, extra = _LOCAL_HEADER.unpack(source.read(_LOCAL_HEADER.size))
    source.seek(name + extra, 1)
    left = entry.compress_size
    unpack = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := source.read(min(left, _PIECE))):
        left -= len(packed)
        if unpack is None:  # stored as it is; other ways are none that Excel's readers know
            yield packed
            continue
        while packed:
            if piece := unpack.decompress(packed, _PIECE):
                yield piece
            packed = unpack.unconsumed_tail
            if unpack.eof:
                return


def _column(letters: bytes) -> int:
    """A column's number: `A` is 1."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + letter - 64
    return found
