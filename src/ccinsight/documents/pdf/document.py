"""A brief as the data of a document: what stands on its pages, and how tightly it is set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ccinsight.documents.brief.model import Brief
from ccinsight.documents.content import chapters
from ccinsight.documents.content.head import head_of
from ccinsight.documents.pdf.glyphs import drawable, with_breaks, without_signs
from ccinsight.i18n import _

# A thin space between the thousands of an amount, that no line is broken at.
_THOUSANDS = re.compile(r"(?<=\d)\N{NO-BREAK SPACE}(?=\d{3})")


# Letters of a name that the foot of a page has room for.
_LONGEST_FOOT = 80


@dataclass(frozen=True)
class Density:
    """How tightly a document is set: letters in points, gaps by a factor, and the most rows of a table."""

    size: float
    gap: float
    most_rows: int


DENSITIES = (Density(10, 1.15, 12), Density(9.5, 1.0, 10), Density(9.5, 0.8, 8), Density(9, 0.7, 6))


def documents(brief: Brief, partner: str, accent: str, logo: str | None) -> list[dict[str, Any]]:
    """The brief, in the language in use, set ever tighter. ``logo``: the name of its file."""
    head = _head(brief, partner, logo is not None) | {"accent": accent, "logo": logo}
    return [
        {
            **_prepared(head | {"chapters": chapters.all_of(brief, density.most_rows)}),
            # what a reader of the file's properties sees holds any character
            "title": without_signs(head["title"]),
            "author": without_signs(partner),
            "size": density.size,
            "gap": density.gap,
        }
        for density in DENSITIES
    ]


def _head(brief: Brief, partner: str, has_logo: bool) -> dict[str, Any]:
    before, between, after = _("Page {page} of {pages}").replace("{pages}", "{page}").split("{page}")
    return head_of(brief, partner, has_logo) | {
        "day": [brief.as_of.year, brief.as_of.month, brief.as_of.day],
        "short_name": _short(brief.customer_name),
        "page": [before, between, after],
    }


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_FOOT else f"{name[:_LONGEST_FOOT].rstrip()} …"


def _prepared(value: Any) -> Any:
    """The same with every text as the fonts can draw it, with thin spaces in amounts and long words breakable."""
    match value:
        case str():
            return with_breaks(_THOUSANDS.sub("\N{NARROW NO-BREAK SPACE}", drawable(value)))
        case list() | tuple():
            return [_prepared(each) for each in value]
        case Mapping():
            # what stands in the place of a picture is read aloud, not set in lines
            return {
                name: drawable(each) if name == "alt" else _prepared(each) for name, each in value.items()
            }
    return value
