"""Detects a file's format by its content, and advises on files with tables in unsupported formats."""

from __future__ import annotations

import mmap
import re
import zipfile
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, os_reason
from ccinsight.ingest.readers import encodings
from ccinsight.ingest.readers.excel_guard import UNREADABLE

SUFFIXES = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
_HEAD_BYTES = 4096
# Control characters that no text has; it may end its pages, and itself as DOS did.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_PACKED = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_OTHER_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEETS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))  # by Excel's age
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|table|meta|style|script|link|title|base|div|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_WEB_ARCHIVE = re.compile(r"\s*(?:from:.*\n(?:.+\n)*?)?mime-version:", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml\b|(?:\w+:)?workbook\b)", re.IGNORECASE)
_XML_SPREADSHEET = re.compile(
    r"progid=.excel\.sheet|urn:schemas-microsoft-com:office:spreadsheet", re.IGNORECASE
)


class NotReadError(CcinsightError):
    """A file of a format that isn't read. ``why`` says what it is and how to save it, without its name."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(_("{file}: {why}.").format(file=path, why=why))
        self.why = why


def format_of(path: Path) -> str:
    """ "csv" (any text), "xlsx" or "parquet", by content. Raises CcinsightError where it is none.

    That is a NotReadError where it is known what the file is instead.
    """
    head = _head(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if why := _why_not(path, head):
        raise NotReadError(path, why)
    if _is_packed(path, head):
        return "xlsx"
    if SUFFIXES.get(path.suffix.lower()) in {"xlsx", "parquet"} and not _may_be_text(head):
        raise CcinsightError(
            _("{file} can't be read: it isn't an Excel workbook, Parquet or text.").format(file=path)
        )
    return "csv"


def why_not_read(path: Path) -> str | None:
    """What a file is that a folder's import passes over for its name, and how to save it; None: anything else."""
    try:
        head = _head(path)
        if path.suffix.lower() in {".xls", ".xlsm"}:
            default = _("a file named {suffix}: save it as .xlsx, or name the file itself").format(
                suffix=path.suffix
            )
            return _why_not(path, head) or default
        return _why_not(path, head)
    except CcinsightError:
        return None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            return source.read(_HEAD_BYTES)
    except OSError as e:
        raise CcinsightError(_("{file} can't be read: {error}.").format(file=path, error=os_reason(e))) from e


def _is_packed(path: Path, head: bytes) -> bool:
    return head.startswith(_PACKED) or (zipfile.is_zipfile(path) and path.suffix.lower() == ".xlsx")


def _may_be_text(head: bytes) -> bool:
    return encodings.utf_16(head) is not None or not _CONTROLS.search(head)


def _why_not(path: Path, head: bytes) -> str | None:
    if head.startswith(_OLE):
        return _why_not_ole(path)
    if head.startswith(_PACKED):
        return _why_not_packed(path)
    if head.startswith(_OTHER_ARCHIVES):
        return _packed_archive()
    if head.startswith(b"%PDF"):
        return _("a PDF: export the list as .csv or .xlsx")
    return _why_not_markup(path, head)


def _packed_archive() -> str:
    return _("a packed archive: unpack it, and import the files in it")


def _why_not_ole(path: Path) -> str:
    """An old binary workbook, and a new one with a password, begin alike."""
    with path.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            return _("protected by a password: open it in Excel, remove the password and save it as .xlsx")
        if any(content.find(name) >= 0 for name in _SHEETS):
            return _("an old Excel file: open it in Excel and save it as .xlsx")
    return _("an old Office file that is no workbook: export the list as .csv or .xlsx")


def _why_not_packed(path: Path) -> str | None:
    """None for a workbook, and for an archive that can't be opened: the reader says what is wrong."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.casefold() for name in archive.namelist()}
            is_sheet = "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:100]
    except UNREADABLE:
        return None
    if is_sheet:
        return _("an OpenDocument spreadsheet: save it as .xlsx")
    if "xl/workbook.bin" in names:
        return _("a binary Excel workbook: open it in Excel and save it as .xlsx")
    if "[content_types].xml" not in names:
        return _packed_archive()
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return _("a document and no workbook: export the list as .csv or .xlsx")
    return None


def _why_not_markup(path: Path, head: bytes) -> str | None:
    codec = encodings.utf_16(head)
    text = head.decode(codec or "latin-1", "ignore").lstrip("\ufeff").removeprefix("ï»¿")
    if _HTML.match(text) or _WEB_ARCHIVE.match(text):
        return _("a web page saved as {suffix}: open it in Excel and save it as .xlsx").format(
            suffix=path.suffix or path.name
        )
    if not _XML.match(text):
        return None
    if _XML_SPREADSHEET.search(text):
        return _("an XML spreadsheet saved as {suffix}: open it in Excel and save it as .xlsx").format(
            suffix=path.suffix or path.name
        )
    return _("an XML file: export the list as .csv or .xlsx")
