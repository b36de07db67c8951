"""Lists the files of an import: named files, and the files of named folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, os_reason
from ccinsight.ingest.readers.formats import SUFFIXES, why_not_read

_EXCEL_LOCK = "~$"


@dataclass(frozen=True)
class Found:
    """A file to read; one that the call names may not be skipped."""

    path: Path
    is_named: bool


@dataclass
class Listing:
    """The files to read, in order, and the names of files skipped in folders.

    ``reasons``: name → what such a file is and how to save it, where that is known. ``links``: those that lead
    out of their folder, to what the call didn't name.
    """

    files: list[Found] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
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
                self.pass_over(each.name, why_not_read(each))

    def pass_over(self, name: str, why: str | None = None) -> None:
        """Leaves a file out. ``why``: what it is and how to save it, where that is known."""
        self.passed_over.append(name)
        if why is not None:
            self.reasons[name] = why

    def passed_over_lines(self) -> list[str]:
        """Each file that was left out for a known reason, with the reason."""
        return [f"{name}: {why}" for name, why in self.reasons.items()]


def list_files(paths: Sequence[Path], settings: Path | None = None) -> Listing:
    """What is to be read. CcinsightError for no file.

    ``settings`` is the settings file in use, which is no export and isn't listed as skipped either.
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
            text = (
                _("{path} is neither a file nor a folder: copy what it holds to a file, and import that.")
                if path.exists()
                else _("There is no file or folder {path}.")
            )
            raise CcinsightError(text.format(path=path))
    if not listing.files:
        names = ", ".join(str(path) for path in paths)
        nothing = _("There is nothing to import in {path}: no .csv, .txt, .xlsx or .parquet file.")
        raise CcinsightError("\n".join([nothing.format(path=names), *listing.passed_over_lines()]))
    return listing


def _kind_of(path: Path) -> str | None:
    """ "file", "folder", or None where there is neither. Raises CcinsightError where it can't be known."""
    try:
        return "folder" if path.is_dir() else "file" if path.is_file() else None
    except OSError as e:
        raise CcinsightError(_("{file} can't be read: {error}.").format(file=path, error=os_reason(e))) from e


def _is_same(path: Path, other: Path) -> bool:
    return path.name == other.name and path.resolve() == other.resolve()


def _inside(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as e:
        raise CcinsightError(
            _("The folder {folder} can't be read: {error}.").format(folder=folder, error=os_reason(e))
        ) from e
    return [each for each in entries if not each.name.startswith((_EXCEL_LOCK, "."))]
