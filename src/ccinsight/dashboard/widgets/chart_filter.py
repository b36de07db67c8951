"""A click on a mark of a chart: the table below shows the rows behind it, until the reader shows all again.

``chart_view.show(..., tables={"line": "deadlines"})`` says which table the marks of a chart filter, by the table's key
in ``report_table.show``. What a mark stands for comes from the chart (charts/marks.py). By keyboard, the filters of
the table's columns do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from ccinsight.charts import Days, Mark
from ccinsight.dashboard.session import address, keys
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _

# The table or tables that a chart's marks filter, by their keys; a function where it depends on the mark.
Tables = str | Sequence[str] | Callable[[Mark], str]
# What the marks of each trace stand for.
Marks = Mapping[int, Sequence[Mark | None]]
_Place = tuple[int, int]  # trace and point
_Key = tuple[str, str | None, str]  # page, the customer that it is about, and table


@dataclass(frozen=True)
class _Clicked:
    """A mark, and where in which chart it is highlighted in the browser; None where it no longer is."""

    mark: Mark
    chart: str
    place: _Place | None


def chosen(table: str) -> Mark | None:
    """The mark that filters this table of the page."""
    clicked = _all().get(_key(table))
    return clicked.mark if clicked else None


def clicked(table: str) -> tuple[str, Mark] | None:
    """The chart and the mark in it that filter this table of the page."""
    found = _all().get(_key(table))
    return (found.chart, found.mark) if found else None


def put(table: str, mark: tuple[str, Mark] | None) -> None:
    """Lets a mark of a chart filter this table, without highlighting it; None: no mark does."""
    if mark:
        _all()[_key(table)] = _Clicked(mark[1], mark[0], None)
    elif before := _all().pop(_key(table), None):
        _draw_without(before.chart)


def choose(chart: str, tables: Tables, mark: Mark, place: _Place = (0, 0)) -> None:
    """For callbacks: lets a mark filter its tables, in place of the one before."""
    wanted = [tables] if isinstance(tables, str) else [tables(mark)] if callable(tables) else list(tables)
    for other in {each.chart for table in wanted if (each := _all().get(_key(table)))} - {chart}:
        forget(other)
    _drop(chart)
    _all().update({_key(table): _Clicked(mark, chart, place) for table in wanted})


def forget(chart: str) -> None:
    """For callbacks: shows all rows again; the chart is drawn without a chosen mark."""
    if _drop(chart):
        _draw_without(chart)


def unselect(chart: str) -> None:
    """For callbacks: the same after the mark was clicked a second time, which takes it off in the browser."""
    _drop(chart)


def is_chosen_in(chart: str) -> bool:
    """Whether a mark of this chart filters a table of the page."""
    return bool(_of_chart(chart))


def follow(chart: str, marks: Marks) -> None:
    """Takes the chosen mark's name from the chart as it now is, in the language in use.

    Where the chart has other rows at the place that is highlighted in the browser, it is drawn once more without.
    """
    has_moved = False
    for key, clicked in _of_chart(chart).items():
        place, drawn = clicked.place, (each for of_trace in marks.values() for each in of_trace if each)
        if place is not None and not _stands_at(marks, place, clicked.mark):
            place, has_moved = None, True
        now = next((each for each in drawn if each.has_same_rows(clicked.mark)), clicked.mark)
        _all()[key] = replace(clicked, mark=now, place=place)
    if has_moved:
        _draw_without(chart)


def chart_name(chart: str) -> str:
    """The chart's key on the page: another one when the mark highlighted in the browser is to go."""
    return f"chart-{chart}-{_rounds().get(chart, 0)}"


def show(table: str, frame: pd.DataFrame) -> Mark | None:
    """The mark that filters the table, and a button that shows all rows again; None without one.

    A table that lacks a column of the mark isn't filtered.
    """
    clicked = _all().get(_key(table))
    if clicked is None or any(column not in frame for column, _wanted in clicked.mark.rows):
        return None
    st.button(
        _("Only {mark}").format(mark=layout.plain(clicked.mark.name)),
        icon=":material/close:",
        key=f"mark-{table}",
        help=_("Chosen in the chart above. Show all rows again."),
        on_click=forget,
        args=(clicked.chart,),
    )
    return clicked.mark


def rows_of(frame: pd.DataFrame, mark: Mark) -> np.ndarray:
    """True for the rows that the mark stands for."""
    is_behind = np.ones(len(frame), dtype=bool)
    for column, wanted in mark.rows:
        values = frame[column]
        if isinstance(wanted, Days):
            days = pd.to_datetime(values)
            until = pd.Timestamp(wanted.last) + pd.Timedelta(days=1)
            is_behind &= ((days >= pd.Timestamp(wanted.first)) & (days < until)).to_numpy(dtype=bool)
        else:
            found = values.isin([value for value in wanted if value is not None])
            if None in wanted:
                found |= values.isna()
            is_behind &= found.to_numpy(dtype=bool)
    return is_behind


def _stands_at(marks: Marks, place: _Place, mark: Mark) -> bool:
    of_trace = marks.get(place[0], ())
    there = of_trace[place[1]] if place[1] < len(of_trace) else None
    return there is not None and there.has_same_rows(mark)


def _drop(chart: str) -> bool:
    """Takes the chart's mark off the tables of the page; False where there was none."""
    ours = _of_chart(chart)
    for key in ours:
        del _all()[key]
    return bool(ours)


def _draw_without(chart: str) -> None:
    """Gives the chart another key, so that the browser draws it without a highlighted mark."""
    _rounds()[chart] = _rounds().get(chart, 0) + 1


def _rounds() -> dict[str, int]:
    rounds: dict[str, int] = st.session_state.setdefault(keys.MARK_ROUNDS, {})
    return rounds


def _of_chart(chart: str) -> dict[_Key, _Clicked]:
    """What was clicked in this chart of the page."""
    scope = _key("")[:2]
    return {key: each for key, each in _all().items() if key[:2] == scope and each.chart == chart}


def _all() -> dict[_Key, _Clicked]:
    """What was clicked in this session."""
    clicked: dict[_Key, _Clicked] = st.session_state.setdefault(keys.MARKS, {})
    return clicked


def _key(table: str) -> _Key:
    return st.session_state.get(keys.PAGE, ""), address.customer_id(), table
