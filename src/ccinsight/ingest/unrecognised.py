"""Why a named file is no export: empty, no list at all, or with headers that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


class UnrecognisedError(CcinsightError):
    """The headers of a named file are those of no export. They aren't quoted: they may be a row of values."""

    def __init__(self, path: Path, headers: Iterable[str]) -> None:
        named = [header for header in headers if header.strip()]
        if not named:
            text = _("{file} is empty: export the list again.")
        elif any(_NO_TEXT.search(header) for header in named):
            text = _("{file} isn't text, an Excel workbook or Parquet: export the list as .csv or .xlsx.")
        else:
            text = _(
                "{file} isn't a recognised export: its headers match none. Check that it is the right file and holds "
                "the headers; `ccinsight mapping FILE` helps to name the columns."
            )
        super().__init__(text.format(file=path))
