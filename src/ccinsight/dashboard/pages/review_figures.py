"""The figures of the page Review in a table: the period beside those that it is set against; and as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import html_table, layout, report_table
from ccinsight.documents.quarter import figures
from ccinsight.i18n import N_, _
from ccinsight.registry import Column

Reviewed = figures.Reviewed[View]


def compare(reviewed: Reviewed, others: Sequence[Reviewed]) -> None:
    """The figures in a table, each beside those of the other periods and with the difference; and as files."""
    periods = [reviewed, *others]
    values = [each.values() for each in periods]
    shown = figures.compared(values)
    heads = [html_table.Head(_("Figure")), html_table.Head(reviewed.period.label(), is_numeric=True)]
    for other in others:
        heads += [
            html_table.Head(other.period.label(), is_numeric=True),
            html_table.Head(_("Change"), is_numeric=True),
        ]
    rows = [_row(name, shown[name], [found[name] for found in values]) for name in shown]
    helps = {0: [shown[name].help_text() for name in shown]}
    st.html(html_table.table(heads, rows, _("The figures of the periods"), helps))
    layout.hint_of_columns(len(heads))
    layout.note(figures.renewals_left_out(periods))
    _files(reviewed, others, shown, values)


def _row(name: str, column: Column, values: Sequence[object]) -> list[str | None]:
    now, *others = values
    cells: list[str | None] = [figures.named(name, column), figures.text(column, now)]
    for other in others:
        cells += [figures.text(column, other), figures.difference(column, now, other)]
    return cells


def _files(
    reviewed: Reviewed,
    others: Sequence[Reviewed],
    shown: Mapping[str, Column],
    values: Sequence[Mapping[str, object]],
) -> None:
    """The same rows as files: exact numbers, percents as percent, with the unit beside them."""
    rows: dict[str, list[object]] = {
        "figure": [figures.named(name, column) for name, column in shown.items()],
        "unit": [column.unit_of(None) for column in shown.values()],
        "period": [figures.exact(column, values[0][name]) for name, column in shown.items()],
    }
    heads = [
        Column("figure", N_("Figure"), "text", N_("What is counted.")),
        Column("unit", N_("Unit"), "text", N_("What the numbers of the row are.")),
        Column("period", reviewed.period.label(), "amount", ""),
    ]
    for place, other in enumerate(others):
        numbers: list[object] = [
            figures.exact(column, values[place + 1][name]) for name, column in shown.items()
        ]
        rows[f"other_{place}"] = numbers
        rows[f"change_{place}"] = [
            figures.change(*pair) for pair in zip(rows["period"], numbers, strict=True)
        ]
        heads += [
            Column(f"other_{place}", other.period.label(), "amount", ""),
            Column(
                f"change_{place}",
                _("Change from {period}").format(period=other.period.label()),
                "amount",
                "",
            ),
        ]
    table = report_table.of_columns("review", _("Review"), *heads)
    report_table.files(table, pd.DataFrame(rows), reviewed.at, key="review")
