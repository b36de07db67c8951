"""A report's rows written out as a plain HTML table: a short table on the screen, and every table on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd
import streamlit as st

from ccinsight.dashboard.widgets import cells, html_table, layout, table_summary
from ccinsight.i18n import _, number
from ccinsight.registry import Report

# So many rows are some forty sheets; whoever wants more wants a file.
MOST_ON_PAPER = 2_000
_NO_HOVER: Mapping[str, Sequence[str]] = MappingProxyType({})


def show(frame: pd.DataFrame, report: Report, hover: Mapping[str, Sequence[str]] = _NO_HOVER) -> None:
    """Draws the table of ``html``."""
    st.html(html(frame, report, hover))


def html(frame: pd.DataFrame, report: Report, hover: Mapping[str, Sequence[str]] = _NO_HOVER) -> str:
    """All rows, in the order of the frame's columns. ``hover``: a column → what its cells say on hover."""
    columns = [report.column(name) for name in frame.columns]
    heads = [html_table.Head(cells.heading(each), each.help_text(), each.is_numeric) for each in columns]
    texts = [cells.texts(frame[each.name], each) for each in columns]
    said = {place: hover[name] for place, name in enumerate(frame.columns) if name in hover}
    return html_table.table(heads, list(zip(*texts, strict=True)), _(report.title), said)


def show_on_paper(
    shown: pd.DataFrame,
    report: Report,
    totals: Sequence[str] = (),
    left_out: Mapping[str, int] | None = None,
    sums: pd.DataFrame | None = None,
) -> None:
    """Every row that the page has, up to MOST_ON_PAPER, how many there are, and what isn't on paper.

    ``sums``: the report's own values of the rows, of which ``totals`` are summed.
    """
    show(shown.iloc[:MOST_ON_PAPER], report)
    layout.note(table_summary.said(shown if sums is None else sums, report, totals, left_out))
    if len(shown) > MOST_ON_PAPER:
        st.warning(
            _(
                "Only the first {shown} of {all} rows are printed. Download the table as Excel on the page for all "
                "of them."
            ).format(shown=number(MOST_ON_PAPER), all=number(len(shown)))
        )
