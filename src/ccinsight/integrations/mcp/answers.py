"""What an assistant gets: rows with their definitions, an amount with its reasons, a brief with its sources.

Every answer names its as-of date, the definitions and clauses of what it holds, and how much of it is unknown, so that
an assistant can explain a figure as the pages do. Rows are those that the reader may see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

import pandas as pd
import pyarrow as pa

from ccinsight.access import Reader
from ccinsight.database.exploring import DETAIL, LEVEL, Question, report_of
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.brief.making import make_brief
from ccinsight.documents.brief.model import Figure, Section
from ccinsight.documents.brief.sources import Sources
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language
from ccinsight.integrations.api import query
from ccinsight.integrations.api.answers import Answer
from ccinsight.integrations.api.description import explorable, listing
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.notes import Notes
from ccinsight.notes.duties import with_notes
from ccinsight.outputs import explain
from ccinsight.outputs.csv_json import to_json
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import MEASURES, REPORTS, Column, Report

Said = dict[str, Any]
# Rows of one answer: an assistant reads them all, and asks for fewer customers where there are more.
MOST_ROWS = 500
_MOST_FOUND = 20
_FOUND = ("customer_id", "customer_name", "account_manager", "user_band")


@dataclass(frozen=True)
class Answers:
    """What can be asked of a database for a reader. ``today``: the as-of date where none is asked for."""

    house: Warehouse
    reader: Reader
    today: date

    def reports(self) -> Said:
        """The reports that the reader may ask for, with their options and what their columns mean."""
        return listing(self.reader)

    def rows(
        self, name: str, given: Sequence[tuple[str, str]], most: int = MOST_ROWS, columns: Sequence[str] = ()
    ) -> Said:
        """The rows of a report. ``given``: as-of date, filters and options, as an address has them.

        ``columns``: only these, beside the key. Raises ProblemError for what can't be asked.
        """
        asked = query.read_query(name, given, "application/json", self.today)
        answer = Answer(self.house, asked, self.reader, most_rows=0)
        options = with_notes(asked.report, self.house.path, dict(asked.options))
        table = self.house.report(asked.report.name, answer.scope, **options)
        return {
            **_head(asked.report, asked.as_of),
            "filters": [list(pair) for pair in given if pair[0] in query.FILTERS],
            **_table(table.select(_chosen(asked.report, columns)), asked.report, most),
        }

    def explorable(self) -> Said:
        """The measures that can be explored, each with its dimensions, and what the dimensions are."""
        return explorable()

    def explore(
        self,
        asked: Question,
        given: Sequence[tuple[str, str]],
        as_of: date | None = None,
        most: int = MOST_ROWS,
    ) -> Said:
        """Figures by what they are broken down by. ``given``: the filters, as an address has them.

        Raises UsageError for a filter's value that doesn't exist for the reader.
        """
        day = as_of or self.today
        chosen = {name: tuple(value for key, value in given if key == name) for name in query.FILTERS}
        filters = Filters(*(chosen[name] for name in query.FILTERS))
        table, report = (
            self.house.explore(asked, self.house.resolve(day, filters, self.reader)),
            report_of(asked),
        )
        levels = table[LEVEL].to_pylist() if asked.has_totals else [DETAIL] * table.num_rows
        details, totals = (
            table.take(
                pa.array([n for n, each in enumerate(levels) if (each == DETAIL) is wanted], pa.int64())
            )
            for wanted in (True, False)
        )
        return {
            **_head(report, day),
            "filters": [list(pair) for pair in given],
            **_table(details, report, most),
            # the total of all comes last
            "totals": _plain(totals.slice(max(0, totals.num_rows - MOST_ROWS)), report),
        }

    def find_customers(self, text: str, as_of: date | None = None) -> Said:
        """The customers whose name or id holds the text, in any case; at most twenty."""
        day, report = as_of or self.today, REPORTS["customers"]
        table = self.house.report("customers", Scope(day, self.reader))
        wanted = text.strip().casefold()
        places = [
            place
            for place, row in enumerate(table.select(["customer_id", "customer_name"]).to_pylist())
            if any(wanted in str(value).casefold() for value in row.values() if value is not None)
        ]
        found = table.select(list(_FOUND)).take(pa.array(places[:_MOST_FOUND], pa.int64()))
        return {
            **_head(report, day),
            "found": len(places),
            "columns": [_defined(report.column(each)) for each in _FOUND],
            "rows": _plain(found, report),
        }

    def amount(self, agreement_id: str, as_of: date | None = None, period: date | None = None) -> Said:
        """What an agreement pays in a period, and why, in the sentences of the pages.

        ``period``: a day of the period; without it the one that the next renewal starts. Raises ProblemError for an
        agreement that doesn't exist or isn't the reader's, and for a period that isn't known.
        """
        day = as_of or self.today
        scope = self._scope_of(agreement_id, day)
        periods = self._records("agreement_periods", scope, agreement_id)
        row = _period(periods, day, period)
        if row is None:
            return self._ended(scope, agreement_id, period)
        ever = {"since": explain.EVER}
        lines = _of_period(self._records("expected_lines", scope, agreement_id, **ever), row)
        invoices = _of_period(self._records("assigned_invoices", scope, agreement_id, **ever), row)
        renewals = [
            each
            for each in self._records("renewals", scope, agreement_id)
            if each["renewal_on"] == row["period_start"]
        ]
        reasons = [
            *explain.period(row, day),
            *(explain.line(each, row["renewal_on"]) for each in lines),
            *(explain.invoice(each) for each in invoices),
            *(explain.change(each) for each in renewals),
        ]
        report = REPORTS["agreement_periods"]
        columns = ("period_start", "period_end", "invoiced_users", "rate", "annual_value", "price_source")
        return {
            **_head(report, day),
            "agreement_id": agreement_id,
            "customer_id": row["customer_id"],
            "is_ending": False,
            "columns": [_defined(report.column(each)) for each in columns],
            "values": {each: _value(row[each]) for each in columns},
            "shown": {each: report.column(each).shown(_value(row[each])) for each in columns},
            "unknown": [each for each in columns if _value(row[each]) is None],
            "reasons": reasons,
        }

    def brief(self, customer_id: str, as_of: date | None = None, spoken: str | None = None) -> Said:
        """A customer's brief: what to talk about in the status meeting, each sentence with its figures.

        ``spoken``: "nb" or "en". What is internal is marked. Raises UsageError for a customer that the reader
        doesn't see.
        """
        day = as_of or self.today
        sources = Sources(self.house, day, self.reader, (customer_id,), Notes.beside(self.house.path))
        made = make_brief(sources, customer_id, spoken or language())
        return {
            "as_of": day.isoformat(),
            "report": "brief",
            "customer_id": made.customer_id,
            "customer_name": made.customer_name,
            "account_manager": made.account_manager,
            "since": made.since.isoformat(),
            "agenda": list(made.agenda),
            "possibilities": [{"title": each.title, "text": each.text} for each in made.possibilities],
            "sections": [_section(each) for each in made.sections.values()],
        }

    def measures(self) -> Said:
        """The headline figures with their definitions, rules and clauses."""
        return {"measures": [_defined(each) for each in MEASURES.values()]}

    def _ended(self, scope: Scope, agreement_id: str, period: date | None) -> Said:
        """What is said of an agreement that a notice ends before its next period. Raises ProblemError for another."""
        rows = self._records("renewals", scope, agreement_id, months=36) if period is None else []
        for row in rows:
            if row["renewal_status"] == "ending":
                return {
                    **_head(REPORTS["renewals"], scope.as_of),
                    "agreement_id": agreement_id,
                    "customer_id": row["customer_id"],
                    "is_ending": True,
                    "values": {
                        "renewal_on": _value(row["renewal_on"]),
                        "value_next": _value(row["value_next"]),
                    },
                    "reasons": [explain.change(row)],
                }
        raise ProblemError(HTTPStatus.NOT_FOUND, "unknown_period", _("The agreement has no such period."))

    def _scope_of(self, agreement_id: str, day: date) -> Scope:
        """The scope of the customer who has the agreement, for a reader who may see it."""
        known = self.house.report("agreements", Scope(day, self.reader)).select(
            ["agreement_id", "customer_id"]
        )
        for row in known.to_pylist():
            if row["agreement_id"] == agreement_id:
                return Scope(day, self.reader, (row["customer_id"],))
        text = _("There is no agreement {value}.").format(value=agreement_id[:80])
        raise ProblemError(HTTPStatus.NOT_FOUND, "unknown_value", text)

    def _records(self, name: str, scope: Scope, agreement_id: str, **options: Any) -> list[Said]:
        table = self.house.report(name, scope, **options)
        places = [
            place for place, each in enumerate(table["agreement_id"].to_pylist()) if each == agreement_id
        ]
        frame = to_frame(table.take(pa.array(places, pa.int64())))
        return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _period(periods: list[Said], day: date, wanted: date | None) -> Said | None:
    """The period that holds a day, or the first that starts after ``day``."""
    for row in periods:
        start, end = row["period_start"].date(), row["period_end"].date()
        if (wanted is None and start > day) or (wanted is not None and start <= wanted <= end):
            return row
    return None


def _of_period(rows: list[Said], period: Said) -> list[Said]:
    return [each for each in rows if each["period_start"] == period["period_start"]]


def _value(value: Any) -> Any:
    """A cell as JSON has it: unknown is None, a timestamp of a day its date."""
    if pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else value


def _chosen(report: Report, columns: Sequence[str]) -> list[str]:
    """The columns asked for, after the key; all without any. Raises ProblemError naming one that isn't there."""
    names = [column.name for column in report.columns]
    for each in columns:
        if each not in names:
            text = _("The report {name} has no column {column}. These exist: {known}").format(
                name=report.name, column=each[:80], known=", ".join(names)
            )
            more = {"nearest": query.nearest_to(each, names)}
            raise ProblemError(HTTPStatus.BAD_REQUEST, "unknown_column", text, more)
    return [each for each in names if not columns or each in columns or each in report.key]


def _head(report: Report, day: date) -> Said:
    return {
        "as_of": day.isoformat(),
        "report": report.name,
        "title": _(report.title),
        "description": _(report.description),
    }


def _defined(column: Column) -> Said:
    """What a column or measure is; empty parts are left out."""
    said: Mapping[str, str] = {
        "name": column.name,
        "label": column.heading(),
        "definition": column.definition(),
        "rule": column.rule,
        "clause": column.clause,
    }
    return {key: value for key, value in said.items() if value}


def _table(table: pa.Table, report: Report, most: int) -> Said:
    """Rows with the definitions of their columns; ``unknown`` counts the nulls of all rows, shown or not."""
    shown = table.slice(0, min(most, MOST_ROWS))
    return {
        "row_count": table.num_rows,
        "is_complete": shown.num_rows == table.num_rows,
        "columns": [_defined(report.column(each)) for each in table.column_names],
        "unknown": {each: count for each in table.column_names if (count := table.column(each).null_count)},
        "rows": _plain(shown, report),
    }


def _plain(table: pa.Table, report: Report) -> list[Said]:
    """Rows as JSON has them: exact numbers, dates as texts, null where unknown."""
    rows: list[Said] = json.loads(to_json(table, report))
    return rows


def _section(section: Section) -> Said:
    return {
        "name": section.name,
        "is_internal": section.is_internal,
        "statements": [
            {"text": each.text, "figures": [_figure(figure) for figure in each.figures]}
            for each in (section.title, *section.statements)
            if each.text
        ],
    }


def _figure(figure: Figure) -> Said:
    return {"source": figure.source(), "as_of": figure.as_of.isoformat(), "value": figure.shown}


def refused(error: CcinsightError | ProblemError) -> str:
    """What went wrong, as a sentence for the assistant, with the nearest names where there are any."""
    nearest = error.more.get("nearest") if isinstance(error, ProblemError) else None
    if not isinstance(nearest, list) or not nearest or nearest[0] in str(error):
        return str(error)
    return f"{error} ({', '.join(nearest)})"
