"""What a brief is made of: statements with their figures, and the reports' own tables behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from ccinsight import i18n
from ccinsight.registry import REPORTS, Column

Row = Mapping[str, Any]
# So many possibilities have room on the deck's slide.
MOST_ON_A_SLIDE = 5


@dataclass(frozen=True)
class Figure:
    """One value of a report: where it stands, so that anyone can look it up.

    ``key`` names the row by the report's own key columns; ``as_of`` is the report's day. ``options`` are
    those the report was asked with. ``value`` is None where it is unknown.
    """

    report: str
    column: str
    key: tuple[tuple[str, Any], ...]
    value: Any
    as_of: date
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def definition(self) -> Column:
        """Label, unit, definition, rule and clause of the figure."""
        return REPORTS[self.report].column(self.column)

    @property
    def shown(self) -> str:
        """The value as a person reads it, in the language in use."""
        return self.definition.shown(self.value)

    def source(self) -> str:
        """Report, column, row and rule in a line: ``utilization.tickets (R11)``."""
        rule = ", ".join(part for part in (self.definition.rule, self.definition.clause) if part)
        return f"{self.report}.{self.column}" + (f" ({rule})" if rule else "")


@dataclass(frozen=True)
class Statement:
    """A sentence and the figures that it rests on. Units and span are in the sentence.

    ``to_customer``: what the customer reads in its place, where the sentence says what our own data lack; nothing
    where it is empty.
    """

    text: str
    figures: tuple[Figure, ...] = ()
    to_customer: str | None = None

    @property
    def shown(self) -> str:
        """What the customer reads; empty for nothing."""
        return self.text if self.to_customer is None else self.to_customer


@dataclass(frozen=True)
class Section:
    """One thing to talk about: its message, what else there is to say, and the tables it comes from.

    ``is_empty``: there is nothing to show beside the message. ``is_internal``: not for the customer's eyes.
    """

    name: str
    title: Statement
    statements: tuple[Statement, ...] = ()
    tables: tuple[str, ...] = ()
    is_internal: bool = False
    is_empty: bool = False


@dataclass(frozen=True)
class Point:
    """A new possibility or a point of the agenda: a title, a sentence or two, and the key that it is stored under."""

    title: str
    text: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What a meeting is prepared from: agenda, new possibilities, what was written of this meeting and the last.

    ``agenda`` is proposed where none was written; ``internal_possibilities`` aren't for the customer's eyes, and
    those ``offered`` are, some of which a person left out. ``held_on``: when the meeting was held, as noted.
    """

    agenda: tuple[str, ...] = ()
    is_agenda_proposed: bool = True
    possibilities: tuple[Point, ...] = ()
    internal_possibilities: tuple[Point, ...] = ()
    offered: tuple[Point, ...] = ()
    notes: str = ""
    agreed: str = ""
    agreed_last_time: str = ""
    agreed_last_time_on: date | None = None
    held_on: date | None = None

    @property
    def left_out(self) -> tuple[Point, ...]:
        """The possibilities that a person left out of the meeting."""
        return tuple(point for point in self.offered if point not in self.possibilities)


@dataclass(frozen=True, kw_only=True)
class Brief(Preparation):
    """One customer's brief. ``tables``: the reports behind it, by name, only this customer's rows.

    ``since`` is the last status meeting held, or the as-of date minus one year; figures of a year are those
    of the twelve months up to the as-of date, whatever ``since`` is. ``has_tickets`` and
    ``has_meetings``: files of them were imported. ``use``: the row of ``utilization``; empty
    without an agreement in force.
    """

    customer_id: str
    customer_name: str
    account_manager: str | None
    as_of: date
    language: str
    since: date
    last_meeting_on: date | None
    sections: Mapping[str, Section]
    tables: Mapping[str, pa.Table]
    score: Any = None
    has_score: bool = False
    has_tickets: bool = True
    has_meetings: bool = True
    use: Row = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of one of the tables."""
        rows: list[dict[str, Any]] = self.tables[table].to_pylist()
        return rows

    def statements(self) -> Iterator[tuple[Section, Statement]]:
        """Every statement, with the section it stands in."""
        for section in self.sections.values():
            for statement in (section.title, *section.statements):
                yield section, statement


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """The language of a brief, for a while; the reader's own comes back after it."""
    before = i18n.language()
    i18n.set_language(language)
    try:
        yield
    finally:
        i18n.set_language(before)
