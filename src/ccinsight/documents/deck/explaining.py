"""What stands on a slide, figure by figure: its definition, value, row and report, for internal eyes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief.model import Brief, Figure, Statement
from ccinsight.documents.deck.slides import Topic
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS, Column, Report

# Of a table of more rows the notes explain the column, not each value.
_MOST_ROWS = 6


@dataclass(frozen=True)
class Entry:
    """A figure, or a column of a table: its value and row as a person reads them.

    ``unknown``: what is unknown of it, a sentence; "" where nothing is.
    """

    report: Report
    name: str
    shown: str
    row: str
    as_of: date
    unknown: str = ""

    @property
    def column(self) -> Column:
        """Label, unit, definition, rule and clause."""
        return self.report.column(self.name)

    def __hash__(self) -> int:
        return hash((self.report.name, self.name, self.row, self.as_of))

    def origin(self) -> str:
        """Report, column, rule and clause: ``utilization.tickets (R11, A1)``."""
        rule = ", ".join(part for part in (self.column.rule, self.column.clause) if part)
        return f"{self.report.name}.{self.name}" + (f" ({rule})" if rule else "")

    def source(self) -> str:
        """The report's title, where the figure stands in it, and its row."""
        return ", ".join(part for part in (f"{_(self.report.title)} – {self.origin()}", self.row) if part)


@dataclass(frozen=True)
class Explained:
    """A slide's entries, and the sentences that the customer isn't shown since they say what our data lack."""

    entries: tuple[Entry, ...]
    hidden: tuple[str, ...]


def explain(brief: Brief, topic: Topic) -> Explained:
    """The figures of a slide's sentences, then those of its cards, charts and tables, each once."""
    statements = list(_statements(brief, topic))
    figures = [figure for statement in statements for figure in statement.figures]
    entries = [*(_entry(figure) for figure in figures), *_shown(brief, topic)]
    hidden = [statement.text for statement in statements if statement.to_customer is not None]
    return Explained(tuple(dict.fromkeys(entries)), tuple(hidden))


def _statements(brief: Brief, topic: Topic) -> Iterator[Statement]:
    for name in topic.sections:
        section = brief.sections[name]
        yield section.title
        if not topic.is_summary:
            yield from section.statements


def _entry(figure: Figure) -> Entry:
    report = REPORTS[figure.report]
    unknown = _("It is unknown on {day}.").format(day=i18n.day(figure.as_of)) if figure.value is None else ""
    return Entry(report, figure.column, figure.shown, _row(report, figure.key), figure.as_of, unknown)


def _row(report: Report, key: Iterable[tuple[str, Any]]) -> str:
    """The columns that name a row, and their values: ``Agreement: A-1``."""
    return ", ".join(
        f"{report.column(name).heading()}: {report.column(name).shown(value)}" for name, value in key
    )


def _shown(brief: Brief, topic: Topic) -> Iterator[Entry]:
    for name, columns in topic.shown.items():
        if name in brief.tables:
            yield from _of_table(brief, REPORTS[name], columns)
        else:
            figures = (f for _section, said in brief.statements() for f in said.figures if f.report == name)
            yield from (_entry(f) for f in figures if f.column in columns and f.as_of == brief.as_of)


def _of_table(brief: Brief, report: Report, columns: Iterable[str]) -> Iterator[Entry]:
    rows = brief.rows(report.name)
    if len(rows) <= _MOST_ROWS:
        for row in rows:
            key = tuple((name, row[name]) for name in report.key)
            for name in columns:
                yield _entry(Figure(report.name, name, key, row[name], brief.as_of))
        return
    for name in columns:
        yield Entry(report, name, _count(len(rows)), "", brief.as_of, _lacking(rows, name))


def _count(rows: int) -> str:
    return ngettext("{count} row", "{count} rows", rows).format(count=i18n.number(rows))


def _lacking(rows: Iterable[Mapping[str, Any]], name: str) -> str:
    """How many rows of a table have no value."""
    count = sum(row[name] is None for row in rows)
    if not count:
        return ""
    text = ngettext("It is unknown in {count} row.", "It is unknown in {count} rows.", count)
    return text.format(count=i18n.number(count))
