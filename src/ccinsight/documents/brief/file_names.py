"""The names of the files of status meetings and of the review: spelt here alone, in the language in use."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from ccinsight.i18n import _

# What is made for a customer by the command's formats, and what is made for internal eyes beside it.
FOR_CUSTOMER = ("deck", "workbook")
BY_FORMAT = {"pptx": FOR_CUSTOMER, "pdf": ("pdf",), "html": ("page",), "presenter": ("presenter",)}
INTERNAL = ("annex", "annex_workbook")
# Characters, and bytes: file systems take 255, with what is added to the name.
_LONGEST, _MOST_BYTES = 100, 180
_SUFFIXES = {
    "deck": "pptx",
    "workbook": "xlsx",
    "page": "html",
    "pdf": "pdf",
    "presenter": "pptx",
    "annex": "pptx",
    "annex_workbook": "xlsx",
}


def name_of(part: str, as_of: date, customer_id: str, customer_name: str) -> str:
    """The name of a file: ``status-meeting_2026-11-01_1042_Fjord-Drift-AS.pptx``.

    ``part``: ``deck``, ``workbook``, ``page``, ``pdf``, ``presenter``, ``annex`` or ``annex_workbook``.
    """
    stem = _stem(as_of, customer_id, customer_name)
    if part not in (*INTERNAL, "presenter"):
        return f"{stem}.{_SUFFIXES[part]}"
    internal = _hyphened(_("internal presenter copy") if part == "presenter" else _("internal annex"))
    return f"{stem}_{internal}.{_SUFFIXES[part]}"


def has_score(parts: Collection[str]) -> bool:
    """True where one of the files shows the renewal risk."""
    return not {"presenter", "annex", "annex_workbook"}.isdisjoint(parts)


def archive_name(as_of: date) -> str:
    """The name of the zip that holds the files of several customers."""
    return _hyphened(_("status meetings")) + f"_{as_of.isoformat()}.zip"


def review_name(period: str, as_of: date, form: str, chosen: Sequence[str] = ()) -> str:
    """The name of the review's deck or workbook: ``review_Q3-2026_2026-09-30_internal.pptx``.

    ``period``: its label; ``chosen``: the values of the filters. ``form``: ``pptx`` or ``xlsx``.
    """
    what, mark = _("review"), _hyphened(_("internal"))
    return f"{_cut(_joined((what, period, as_of.isoformat(), *chosen)))}_{mark}.{form}"


def not_made_name() -> str:
    """The name of the text in the zip that says whose files weren't made."""
    return _hyphened(_("not made")) + ".txt"


def _stem(as_of: date, customer_id: str, customer_name: str) -> str:
    return _cut(_joined((_("status meeting"), as_of.isoformat(), customer_id, customer_name)))


def _cut(name: str) -> str:
    """The start of a long name; a file system counts bytes, and letters other than a to z take several."""
    return name[:_LONGEST].encode()[:_MOST_BYTES].decode(errors="ignore")


def _joined(parts: Sequence[str]) -> str:
    plain = (re.sub(r"[^\w+]+", "-", part).strip("-") for part in parts)
    return "_".join(part for part in plain if part)


def _hyphened(text: str) -> str:
    return text.replace(" ", "-")
