"""Where a lake's files lie, and the manifests that say what is in them.

``tables`` and ``models`` are each put in place as a whole folder, with its ``manifest.json``. The models name the write
whose tables they were made of, so that models of other tables aren't taken for those of these.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ccinsight import __version__
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _

TABLES, MODELS, MANIFEST = "tables", "models", "manifest.json"
# Tables with a row for each ticket: the others are as large as the customers are many.
TICKET_SIZED = {TABLES: "tickets", MODELS: "ticket_facts"}
# Rows of a Parquet file that a reader takes or skips together: as many as DuckDB reads at a time.
ROW_GROUP = 122_880
FORMAT = 1
_PARTNER = "partner="
_NAME = re.compile(r"\w[\w-]*")


@dataclass(frozen=True)
class Part:
    """A folder with ``tables`` and ``models``: a whole lake, or what one partner of a group wrote."""

    folder: Path
    partner: str | None = None

    def files(self, kind: str, name: str) -> list[Path]:
        """The Parquet files of a table or a model, in order."""
        return sorted((self.folder / kind / name).glob("*.parquet"))


@dataclass(frozen=True)
class Written:
    """What a manifest says of ``tables`` or ``models``: the rows and files (bytes, SHA-256) of each by its name.

    ``models_version``: by which version of the models they were made; None of the tables.
    """

    write_id: str
    written_at: datetime
    rows: Mapping[str, int]
    files: Mapping[str, Mapping[str, tuple[int, str]]]
    models_version: str | None = None


def part_of(folder: Path, partner: str | None) -> Part:
    """The part of a lake that a partner writes; without a partner the whole folder. UsageError for a bad name."""
    if partner is None:
        return Part(folder)
    if not _NAME.fullmatch(partner):
        raise UsageError(
            _("“{name}” can't be a partner's name: use letters, digits, - and _.").format(name=partner)
        )
    return Part(folder / f"{_PARTNER}{partner}", partner)


def parts(folder: Path) -> list[Part]:
    """The parts of a lake by partner, or the one part of a lake of no group. CcinsightError where there is none."""
    if folder.is_file():
        raise CcinsightError(_("{folder} is a file, not a folder.").format(folder=folder))
    if not folder.is_dir():
        raise CcinsightError(_("The folder {folder} doesn't exist.").format(folder=folder))
    found = [
        part_of(folder, each.name.removeprefix(_PARTNER)) for each in sorted(folder.glob(f"{_PARTNER}*"))
    ]
    has_tables = (folder / TABLES).exists()
    if found and has_tables:
        raise mixed(folder)
    if not found and not has_tables:
        raise CcinsightError(
            _("{folder} is no lake of ccinsight, or is being written: it has no tables.").format(
                folder=folder
            )
        )
    return found or [Part(folder)]


def mixed(folder: Path) -> CcinsightError:
    """The error for one folder with both kinds of lake."""
    return CcinsightError(
        _(
            "{folder} can't hold both a group's partners and the tables of one database. Use another folder."
        ).format(folder=folder)
    )


def read_manifest(part: Part, kind: str) -> Written:
    """What the manifest of ``tables`` or ``models`` says. CcinsightError where it is missing, newer or damaged."""
    path = part.folder / kind / MANIFEST
    try:
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if int(said["format"]) > FORMAT:
            raise CcinsightError(
                _("The lake {folder} was written by a newer ccinsight. Update ccinsight.").format(
                    folder=part.folder
                )
            )
        named = said["files"].items()
        return Written(
            str(said["write_id"]),
            datetime.fromisoformat(said["written_at"]),
            {name: int(each["rows"]) for name, each in named},
            {
                name: {file: (int(is_["bytes"]), str(is_["sha256"])) for file, is_ in each["files"].items()}
                for name, each in named
            },
            said.get("models_version"),
        )
    except (FileNotFoundError, NotADirectoryError) as e:
        raise CcinsightError(
            _(
                "The lake {folder} isn't whole: {file} is missing. Write it again: ccinsight lake write"
            ).format(folder=part.folder, file=path)
        ) from e
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise damaged(path) from e


def write_manifest(
    folder: Path,
    write_id: str,
    written_at: datetime,
    *,
    models_version: str | None = None,
    **more: str | None,
) -> None:
    """Writes the manifest of a folder that has a folder of Parquet files for each table or model.

    ``more`` is for people who look into the manifest.
    """
    files = {
        each.name: {
            "rows": sum(pq.read_metadata(file).num_rows for file in each.glob("*.parquet")),
            "files": {
                file.name: {"bytes": file.stat().st_size, "sha256": sha256_of(file)}
                for file in sorted(each.glob("*.parquet"))
            },
        }
        for each in sorted(folder.iterdir())
        if each.is_dir()
    }
    said = {
        "format": FORMAT,
        "ccinsight": __version__,
        "write_id": write_id,
        "written_at": written_at.isoformat(),
        "models_version": models_version,
        **more,
        "files": files,
    }
    beside = folder / f".{MANIFEST}"
    beside.write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    beside.replace(folder / MANIFEST)


def check_file(path: Path, size: int, sha256: str | None) -> None:
    """Raises CcinsightError where a file isn't the one that was written; ``sha256`` None compares the sizes alone."""
    try:
        is_same = path.stat().st_size == size and sha256 in (None, sha256_of(path))
    except OSError:
        is_same = False
    if not is_same:
        raise damaged(path)


def damaged(path: Path) -> CcinsightError:
    """The error for a file that isn't as it was written."""
    return CcinsightError(
        _("The lake is damaged: {file} isn't as it was written. Write it again: ccinsight lake write").format(
            file=path
        )
    )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
