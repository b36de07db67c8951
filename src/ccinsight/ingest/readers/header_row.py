"""Finds the header among the first rows of a table: titles, dates and grouped headings may lie above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ccinsight.ingest.catalogue import Match, exports, likeliest, match_headers
from ccinsight.settings.model import Settings

MOST_ROWS = 20  # that aren't empty, and among which the header is looked for
# An export has a few dozen; each takes room in every statement about the file.
MOST_COLUMNS = 2_000


class Fit(NamedTuple):
    """How well a row fits an export as its header; a greater one fits better."""

    is_complete: bool  # no required column is missing
    required: float  # the share of the required columns that are there
    is_hinted: bool  # whether the file's name says the same
    columns: int


Fitness = Callable[[Sequence[str]], Fit]


@dataclass(frozen=True)
class HeaderChoice:
    """The header's fields, the rows above it, and the rows that it takes: two where grouped headings are merged."""

    fields: tuple[str, ...]
    above: int
    rows: int
    fit: Fit

    @property
    def rank(self) -> tuple[Fit, int, int]:
        """Orders choices: the better fit, then more fields with text, then the upper one."""
        return self.fit, sum(map(bool, self.fields)), -self.above


def fitness(settings: Settings, hint: str | None, export: str | None) -> Fitness:
    """Tells how well fields fit ``export``, or the export that they fit best. ``hint``: what the file is named."""

    def fit(fields: Sequence[str]) -> Fit:
        named = export and match_headers(exports()[export], fields, settings)
        match: Match = named or likeliest(fields, settings, hint)
        missing = len(match.export.missing(set(match.columns)))
        required = len(match.export.required)
        is_hinted = match.export.name == hint
        return Fit(not missing, (required - missing) / required, is_hinted, len(match.columns))

    return fit


def choose_header(rows: Sequence[Sequence[str]], fit: Fitness) -> HeaderChoice:
    """The row, of some that aren't empty, that fits an export best (exports.md, Above the header).

    The first row is the header wherever it has all that an export must have, whatever comes after it.
    """
    fields = [plain_headers(row) for row in rows]
    first = HeaderChoice(fields[0], 0, 1, fit(fields[0]))
    if first.fit.is_complete:
        return first
    below = [(at, each) for at, each in enumerate(fields[1:], 1) if len(each) <= MOST_COLUMNS]
    single = [HeaderChoice(each, at, 1, fit(each)) for at, each in below]
    best = max([first, *single], key=lambda choice: choice.rank)
    if best.fit.is_complete:
        return best
    pairs = enumerate(pairwise(fields))
    joined = [(at, _merged(*pair)) for at, pair in pairs if max(map(len, pair)) <= MOST_COLUMNS]
    merged = [HeaderChoice(each, at, 2, fit(each)) for at, each in joined if each is not None]
    complete = [each for each in merged if each.fit.is_complete]
    return max([best, *complete], key=lambda choice: choice.rank)


def plain_headers(row: Sequence[str]) -> tuple[str, ...]:
    """The headers of a row without spaces and guarding apostrophes around them."""
    return tuple(field.strip().removeprefix("'") for field in row)


def _merged(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...] | None:
    """The lower headings, and where there is none the upper one, whose cell goes over both rows."""
    if all(lower):
        return None
    width = max(len(upper), len(lower))
    upper, lower = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    return tuple(below or above for above, below in zip(upper, lower, strict=True))
