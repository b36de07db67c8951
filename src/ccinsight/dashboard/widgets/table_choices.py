"""What a reader chooses of a table: search, filters of columns, and order, in our own controls above the grid.

Streamlit's grid puts what is unknown first when it sorts downwards, and searches without leaving rows out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from ccinsight.dashboard.session import given
from ccinsight.dashboard.widgets import cells, chart_filter, layout, number_field, table_states
from ccinsight.dashboard.widgets.table_order import Span, Values, found, kept, known_texts, sorted_places
from ccinsight.i18n import _, day, ngettext, number
from ccinsight.outputs.cells import Head
from ccinsight.registry import Column, Report

# A column with more values is searched, not chosen from.
_MOST_VALUES = 100
_NARROWEST = 200
_ENDS = ("from", "to")
_SPANS = ("date", "month", "moment")


@dataclass(frozen=True)
class Chosen:
    """The rows in sight: their places in the table, in order. ``said``: what leaves rows out, as (label, value)."""

    places: list[int]
    said: tuple[tuple[str, str], ...] = ()

    @property
    def is_part(self) -> bool:
        return bool(self.said)

    def head(self, head: Head) -> Head:
        """What a file of these rows says of itself."""
        return replace(head, filters=(*head.filters, *self.said))


def draw(
    report: Report, frame: pd.DataFrame, shown: pd.DataFrame, order: Sequence[str], key: str, *, is_long: bool
) -> Chosen:
    """The controls of a table with more rows than are in sight, and the rows to show: those behind a chart's mark.

    ``frame``: the report's values. ``shown``: the same rows with labels. ``order``: the columns in sight.
    """
    table_states.note(key)
    columns = [report.column(name) for name in order]
    is_kept, said = _behind_mark(frame, key)
    if is_long:
        _controls(columns, key)
        said += _said(columns, key)
        is_kept &= found(shown, columns, _query(key))
        if _is_open(key):
            _panel(shown, columns, key)
        for column, wanted in _wanted(columns, key):
            values = frame[column.name] if column.format in _SPANS else shown[column.name]
            is_kept &= kept(values, column, wanted)
    places = list(range(len(frame)))
    sort_by = st.session_state.get(f"sort-{key}")
    if sort_by is not None and sort_by in order:
        column = report.column(sort_by)
        is_raw = column.is_numeric or column.format in _SPANS
        values = frame[sort_by] if is_raw else shown[sort_by]
        places = sorted_places(values, column, _is_falling(key))
    return Chosen([place for place in places if is_kept[place]], tuple(said))


def _behind_mark(frame: pd.DataFrame, key: str) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """The rows behind the mark that was clicked in a chart above, and what that leaves out; all rows without one."""
    mark = chart_filter.show(key, frame)
    if mark is None:
        return np.ones(len(frame), dtype=bool), []
    return chart_filter.rows_of(frame, mark), [(_("Chosen in the chart"), mark.name)]


def by_header(key: str, table: str) -> None:
    """Sorts by the column whose heading was clicked; a second click on it reverses the order."""
    columns = st.session_state[table]["selection"]["columns"]
    before = st.session_state.get(f"_header-{table}", [])
    if columns == before:
        return  # rows were chosen
    sort_by = (columns or before)[0]
    is_again = sort_by == st.session_state.get(f"sort-{key}")
    st.session_state[f"_falls-{key}"] = is_again and not _is_falling(key)
    st.session_state[f"sort-{key}"] = sort_by
    st.session_state[f"_header-{table}"] = columns


def clear(key: str) -> None:
    """Shows all rows again."""
    st.session_state[f"search-{key}"] = ""
    st.session_state.pop(_filters_key(key), None)


def say_that_none_matches() -> None:
    layout.note(_("No row matches the search and the filters of this table."))


def _controls(columns: Sequence[Column], key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"choices-{key}"):
        st.text_input(
            _("Search in the table"),
            key=f"search-{key}",
            placeholder=_("Search in the table"),
            label_visibility="collapsed",
            icon=":material/search:",
            width=260,
        )
        _order(columns, key)
        count = len(_wanted(columns, key))
        st.button(
            ngettext("{count} column filtered", "{count} columns filtered", count).format(count=number(count))
            if count
            else _("Filter columns"),
            icon=":material/filter_list:",
            key=f"filter-{key}",
            type="tertiary",
            on_click=_turn,
            args=(key,),
        )
        if count or _query(key):
            st.button(
                _("Show all rows"),
                icon=":material/close:",
                key=f"clear-{key}",
                type="tertiary",
                on_click=clear,
                args=(key,),
            )


def _order(columns: Sequence[Column], key: str) -> None:
    """What the rows are sorted by, and in which direction."""
    headings = {column.name: cells.heading(column) for column in columns}
    st.selectbox(
        _("Sort by"),
        list(headings),
        index=None,
        key=f"sort-{key}",
        format_func=lambda name: headings.get(name, name),
        placeholder=_("Sort by"),
        label_visibility="collapsed",
        width=220,
    )
    st.button(
        _("Descending") if _is_falling(key) else _("Ascending"),
        icon=":material/arrow_downward:" if _is_falling(key) else ":material/arrow_upward:",
        key=f"falls-{key}",
        type="tertiary",
        help=_("Reverse the order. Unknown values stay last."),
        disabled=st.session_state.get(f"sort-{key}") is None,
        on_click=_reverse,
        args=(key,),
    )


def _panel(shown: pd.DataFrame, columns: Sequence[Column], key: str) -> None:
    """A filter for each column in sight, drawn only while the panel is open."""
    with st.grid(4, min_column_width=_NARROWEST, gap="small", key=f"filters-{key}") as grid:
        for column in columns:
            if column.is_numeric or column.format in _SPANS:
                with grid.cell():
                    _span(column, key)
            elif len(texts := set(known_texts(shown[column.name], column))) <= _MOST_VALUES:
                with grid.cell():
                    _values(column, texts, key)


def _values(column: Column, texts: set[str | None], key: str) -> None:
    before = _filters(key).get(column.name)
    chosen = list(before.texts) if isinstance(before, Values) else []
    options = pd.Series(list(texts | set(chosen)), dtype=object)
    widget = f"values-{key}-{column.name}"
    given.give(widget, chosen)
    st.multiselect(
        cells.heading(column),
        [options[place] for place in sorted_places(options, column, is_falling=False)],
        format_func=lambda text: _empty(column) if text is None else text,
        key=widget,
        placeholder=_("All"),
        filter_mode="contains",
        select_all=False,
        on_change=_keep_values,
        args=(key, column.name, widget),
    )


def _empty(column: Column) -> str:
    return _("unknown") if column.name in cells.UNKNOWN_IF_EMPTY else _("empty")


def _span(column: Column, key: str) -> None:
    before = _filters(key).get(column.name)
    limits = (before.low, before.high) if isinstance(before, Span) else (None, None)
    labels = [text.format(column=cells.heading(column)) for text in (_("{column}, from"), _("{column}, to"))]
    with st.container(horizontal=True, gap="small"):
        for end, limit, label in zip(_ENDS, limits, labels, strict=True):
            widget = f"{end}-{key}-{column.name}"
            if column.is_numeric:
                keep = partial(_keep_limit, key, column.name, end)
                number_field.draw(label, _as_number(limit), widget, keep)
                continue
            given.give(widget, limit)
            st.date_input(
                label,
                value=None,
                key=widget,
                format="DD.MM.YYYY",
                min_value=date(1990, 1, 1),
                on_change=_keep_day,
                args=(key, column.name, end, widget),
            )


def _as_number(limit: float | date | None) -> float | None:
    return None if isinstance(limit, date) else limit


def _keep_values(key: str, name: str, widget: str) -> None:
    chosen = tuple(st.session_state[widget])
    _keep(key, name, Values(chosen) if chosen else None)


def _keep_day(key: str, name: str, end: str, widget: str) -> None:
    _keep_limit(key, name, end, st.session_state[widget])


def _keep_limit(key: str, name: str, end: str, limit: Decimal | date | None) -> None:
    before = _filters(key).get(name)
    span = before if isinstance(before, Span) else Span()
    value = float(limit) if isinstance(limit, Decimal) else limit
    span = replace(span, low=value) if end == "from" else replace(span, high=value)
    _keep(key, name, span if span != Span() else None)


def _keep(key: str, name: str, wanted: Values | Span | None) -> None:
    others = {column: each for column, each in _filters(key).items() if column != name}
    st.session_state[_filters_key(key)] = {**others, name: wanted} if wanted else others


def _filters_key(key: str) -> str:
    return f"_filters-{key}"


def _filters(key: str) -> dict[str, Values | Span]:
    filters: dict[str, Values | Span] = st.session_state.get(_filters_key(key), {})
    return filters


def _wanted(columns: Sequence[Column], key: str) -> list[tuple[Column, Values | Span]]:
    """The filters of the columns in sight; one of a column that was switched off rests."""
    return [(column, _filters(key)[column.name]) for column in columns if column.name in _filters(key)]


def _said(columns: Sequence[Column], key: str) -> list[tuple[str, str]]:
    said = [(_("Search"), _query(key))] if _query(key) else []
    return said + [
        (cells.heading(column), _in_words(column, wanted)) for column, wanted in _wanted(columns, key)
    ]


def _in_words(column: Column, wanted: Values | Span) -> str:
    if isinstance(wanted, Values):
        return ", ".join(_empty(column) if text is None else text for text in wanted.texts)
    low, high = (
        "" if limit is None else day(limit) if isinstance(limit, date) else number_field.written(limit)
        for limit in (wanted.low, wanted.high)
    )
    return f"{low} – {high}".strip()


def _query(key: str) -> str:
    return str(st.session_state.get(f"search-{key}") or "").strip()


def _is_falling(key: str) -> bool:
    return bool(st.session_state.get(f"_falls-{key}"))


def _is_open(key: str) -> bool:
    return bool(st.session_state.get(f"_filters-open-{key}"))


def _reverse(key: str) -> None:
    st.session_state[f"_falls-{key}"] = not _is_falling(key)


def _turn(key: str) -> None:
    st.session_state[f"_filters-open-{key}"] = not _is_open(key)
