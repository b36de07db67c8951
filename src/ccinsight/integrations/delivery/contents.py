"""What a digest is made of: sections of rows in words, each with a link to the view that it sums up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from ccinsight.integrations.delivery.links import Link

MOST_ROWS = 15


@dataclass(frozen=True)
class Row:
    """One row: what it is about, what there is to say, and at its end a day, an amount and what marks it.

    ``is_late``: the mark stands out. Texts are in the recipient's language; "" is left out.
    """

    title: str
    text: str = ""
    day: str = ""
    value: str = ""
    mark: str = ""
    is_late: bool = False
    link: Link | None = None


@dataclass(frozen=True)
class Section:
    """Rows under a title. ``more``: how many rows are left out; ``link``: where all of them are."""

    name: str
    title: str
    rows: tuple[Row, ...]
    intro: str = ""
    more: int = 0
    link: Link | None = None


@dataclass(frozen=True)
class Fact:
    """Something that happened, to be said once. ``key`` names it for good; ``on`` is its own day.

    ``customer_id`` None: it is about all customers.
    """

    key: str
    on: date
    row: Row
    customer_id: str | None = None


@dataclass(frozen=True)
class Digest:
    """A message before it is laid out. ``is_empty``: nothing is due and nothing has changed.

    ``as_of`` is the day that it is about, ``since`` that of the message before. ``facts``: what the next message
    won't say again, by key, with the customer that each is about.
    """

    subject: str
    sections: tuple[Section, ...]
    is_empty: bool
    as_of: date
    since: date
    title: str = ""
    intro: str = ""
    data_line: str = ""
    facts: tuple[tuple[str, str | None], ...] = field(default=(), repr=False)


def section(
    name: str, title: str, rows: Sequence[Row], *, intro: str = "", link: Link | None = None, least: int = 0
) -> Section:
    """A section of at most ``MOST_ROWS`` rows, or of the first ``least`` where those are more."""
    shown = max(MOST_ROWS, least)
    return Section(name, title, tuple(rows[:shown]), intro, max(0, len(rows) - shown), link)


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections that have rows."""
    return tuple(each for each in sections if each.rows)
