"""What the files of a status meeting are called."""

from __future__ import annotations

import re
from datetime import date

from ccinsight.i18n import _

# Part → what stands after the stem, and the file's kind.
_SUFFIXES = {"deck": "pptx", "workbook": "xlsx", "handout": "html", "annex": "pptx", "annex_workbook": "xlsx"}


def stem(as_of: date, customer_id: str, customer_name: str) -> str:
    """``status-meeting_2026-11-01_1042_Fjord-Drift-AS``, in the language in use."""
    parts = (_("status meeting"), as_of.isoformat(), customer_id, customer_name)
    plain = (re.sub(r"[^\w+]+", "-", part).strip("-") for part in parts)
    return "_".join(part for part in plain if part)[:100]


def name_of(part: str, stem_of_files: str) -> str:
    """The name of one of the files: ``deck``, ``workbook``, ``handout``, ``annex``, ``annex_workbook``."""
    if not part.startswith("annex"):
        return f"{stem_of_files}.{_SUFFIXES[part]}"
    internal = _("internal annex").replace(" ", "-")
    return f"{stem_of_files}_{internal}.{_SUFFIXES[part]}"
