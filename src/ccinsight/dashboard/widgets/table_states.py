"""What a reader chose of the tables and tabs of a page, as JSON can hold it: for saved views.

The address has a page's own choices. A table's order, search, column filters and further columns, the marks clicked in
charts and the open tab are the session's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.charts import Days, Mark
from ccinsight.dashboard.session import keys
from ccinsight.dashboard.widgets import chart_filter, layout
from ccinsight.dashboard.widgets.table_order import Span, Values

# What a table's state is kept under, before its key; a filter is none of these.
_PLAIN = {"sort": "sort-", "search": "search-", "falls": "_falls-", "whole": "_whole-"}
_FILTERS = "_filters-"


def begin() -> None:
    """For the router: this run has drawn no table yet."""
    st.session_state[keys.TABLES] = []
    layout.begin_tabs()


def note(table: str) -> None:
    """The page draws this table."""
    st.session_state.setdefault(keys.TABLES, []).append(table)


def kept() -> dict[str, Any]:
    """What is chosen of the tables and tabs that the last run drew."""
    tables = list(dict.fromkeys(st.session_state.get(keys.TABLES, [])))
    found: dict[str, Any] = {"tables": {table: _of_table(table) for table in tables}}
    if tabs := layout.tabs_open():
        found["tabs"] = tabs
    return found


def restore(choices: Mapping[str, Any]) -> None:
    """Chooses the same again, before the page is drawn. What an older version said in another way is left out."""
    for table, state in _pairs(choices.get("tables")):
        _choose(table, state)
    for key, name in _pairs(choices.get("tabs")):
        layout.open_next(key, str(name))


def _of_table(table: str) -> dict[str, Any]:
    session = st.session_state
    state = {
        name: session[f"{begin}{table}"] for name, begin in _PLAIN.items() if session.get(f"{begin}{table}")
    }
    filters: Mapping[str, Values | Span] = session.get(f"{_FILTERS}{table}", {})
    if filters:
        state["filters"] = {column: _filter(each) for column, each in filters.items()}
    if mark := chart_filter.clicked(table):
        chart, chosen = mark
        rows = [[column, _wanted(each)] for column, each in chosen.rows]
        state["mark"] = {"chart": chart, "name": chosen.name, "part": chosen.part, "rows": rows}
    return state


def _choose(table: str, state: Any) -> None:
    session = st.session_state
    plain = state if isinstance(state, Mapping) else {}
    for name, begin in _PLAIN.items():
        if value := plain.get(name):
            session[f"{begin}{table}"] = value
        else:
            session.pop(f"{begin}{table}", None)
    filters = {column: _read(_read_filter, each) for column, each in _pairs(plain.get("filters"))}
    session[f"{_FILTERS}{table}"] = {column: each for column, each in filters.items() if each}
    chart_filter.put(table, _read(_read_mark, plain.get("mark")))


def _pairs(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _read(read: Callable[[Any], Any], value: Any) -> Any:
    """A value of the notes file read; None where another version wrote it."""
    try:
        return read(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _filter(wanted: Values | Span) -> dict[str, Any]:
    return {name: _cell(each) for name, each in asdict(wanted).items()}


def _read_filter(value: Mapping[str, Any]) -> Values | Span:
    if "texts" in value:
        return Values(tuple(value["texts"]))
    return Span(_value(value["low"]), _value(value["high"]))


def _wanted(wanted: Days | tuple[object, ...]) -> Any:
    return (
        {name: _cell(each) for name, each in asdict(wanted).items()}
        if isinstance(wanted, Days)
        else _cell(wanted)
    )


def _read_mark(value: Mapping[str, Any]) -> tuple[str, Mark]:
    rows = tuple(
        (
            str(column),
            Days(_value(each["first"]), _value(each["last"])) if isinstance(each, dict) else _value(each),
        )
        for column, each in value["rows"]
    )
    return str(value["chart"]), Mark(str(value["name"]), rows, str(value["part"]))


def _cell(value: Any) -> Any:
    """A value as JSON can hold it: a day and a moment as an object."""
    if isinstance(value, list | tuple):
        return [_cell(each) for each in value]
    if isinstance(value, pd.Timestamp):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value.item() if hasattr(value, "item") else value


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(each) for each in value)
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else pd.Timestamp(value["moment"])
    return value
