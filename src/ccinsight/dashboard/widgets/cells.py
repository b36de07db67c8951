"""Cells of tables: values as a person reads them, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas.io.formats.style import Styler

from ccinsight.i18n import _, is_unknown, language, share
from ccinsight.registry import Column, Report
from ccinsight.registry.columns import quantity_decimals

# Up to here cells are written by us, in the reader's language; longer tables by the browser, which is
# quicker.
FORMATTED_ROWS = 200

_LITTLE = 1e-9
PATTERNS = {"date": "DD.MM.YYYY", "month": "MM.YYYY", "moment": "DD.MM.YYYY HH:mm"}

# Texts that everyone has: an empty one is unknown. A note or a reason that isn't there is just not there.
UNKNOWN_IF_EMPTY = frozenset(
    {
        "account_manager",
        "category",
        "channel",
        "complexity",
        "contact",
        "customer_name",
        "price_source",
        "user_band",
    }
)

DECIMALS = {
    "integer": 0,
    "amount": 0,
    "rate": 2,
    "percent": 0,
    "ratio": 2,
    "quantity": 2,
    "hours": 1,
    "minutes": 0,
}


def texts(values: pd.Series, column: Column) -> list[str | None]:
    """A column's cells; None for what is unknown."""
    if column.is_numeric:
        write: Callable[[Any], str] = _cell(column)
    elif column.format in PATTERNS:
        pattern = "%Y-%m-%d %H:%M" if column.format == "moment" else "%Y-%m-%d"
        days = values if is_text(values) else values.dt.strftime(pattern)
        return [_day_cell(text)[3 if column.format == "month" else 0 :] for text in days]
    else:
        write = column.shown if column.format == "boolean" else str
    return [None if is_unknown(value) else write(value) for value in values.tolist()]


def in_sight(frame: pd.DataFrame, report: Report, names: Collection[str]) -> pd.DataFrame:
    """Columns as a person reads them, and whose rows they are: of a wide report most are out of sight."""
    needed = [name for name in frame if name in names or name in ("customer_id", "customer_name")]
    return with_labels(with_open_dates(frame[needed], report), report)


def with_labels(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The frame as it is shown: codes by their labels; a customer without a name by its id."""
    shown = {
        column.name: _as_read(frame[column.name], column) for column in report.columns if column.name in frame
    }
    if {"customer_name", "customer_id"} <= shown.keys():
        shown["customer_name"] = shown["customer_name"].fillna(shown["customer_id"])
    return pd.DataFrame(shown, index=frame.index)


def _as_read(values: pd.Series, column: Column) -> pd.Series:
    """A column's values as a person reads them; what is unknown stays missing."""
    if column.name == "user_band":
        return values.replace("unknown", _("unknown"))
    if column.format == "code":
        values = values.map({value: column.code_label(value) for value in values.dropna().unique()})
    if column.format in ("text", "code") and column.name not in UNKNOWN_IF_EMPTY and values.hasnans:
        return values.astype(object).where(values.notna(), "")
    return values


def with_open_dates(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Dates that some rows don't have, as text that sorts by date.

    A renewal has no act-by date and an open ticket no closing: that isn't unknown, as Streamlit would have
    it.
    """
    open_dates = [
        column.name
        for column in report.columns
        if column.format in PATTERNS and column.name in frame and frame[column.name].isna().any()
    ]
    texts = {name: frame[name].dt.strftime("%Y-%m-%d %H:%M").fillna("") for name in open_dates}
    return frame.assign(**{name: _without_midnight(values, report, name) for name, values in texts.items()})


def _without_midnight(values: pd.Series, report: Report, name: str) -> pd.Series:
    return values if report.column(name).format == "moment" else values.str[:10]


def _day_cell(value: Any) -> str:
    """A date kept as text, as it is written: ``2026-03-15`` as ``15.03.2026``."""
    text = str(value)
    return f"{text[8:10]}.{text[5:7]}.{text[:4]}{text[10:]}" if text else ""


def styled(frame: pd.DataFrame, report: Report, as_texts: Collection[str] = ()) -> Any:
    """The frame as Streamlit writes it. ``as_texts``: columns that hold texts already."""
    columns = [column for column in report.columns if column.name in frame and column.name not in as_texts]
    numeric = [column for column in columns if column.is_numeric]
    days = [column for column in columns if column.format in PATTERNS and is_text(frame[column.name])]
    if len(frame) > FORMATTED_ROWS or not (numeric or days) or frame.empty:
        return frame.assign(**{column.name: for_browser(frame[column.name], column) for column in numeric})
    written = {column.name: _cell(column) for column in numeric} | {column.name: _day_cell for column in days}
    return _as_written(frame, written)


def for_browser(values: pd.Series, column: Column) -> pd.Series:
    """Numbers that the browser writes, a share in percent: rounded, for Streamlit cuts further decimals off."""
    values = values * 100 if column.format == "percent" else values
    decimals = browser_decimals(column)
    if decimals is None or not pd.api.types.is_float_dtype(values):
        return values
    scale = 10.0**decimals
    # half away from zero, as i18n.rounded; 57.665 is held as a little less
    away = np.floor((values.abs() * scale).round(6) + 0.5) / scale
    # a little more than rounded: 4.35 in two decimals is 4.34 where 434.99999999999994 is cut off
    shown: pd.Series = np.sign(values) * (away + _LITTLE if decimals else away)
    return shown


def browser_decimals(column: Column) -> int | None:
    """The decimals that the browser writes; None: those that there are. A small share is no 0 %."""
    if column.format == "quantity":
        return None
    return 1 if column.format == "percent" else DECIMALS[column.format]


def _as_written(frame: pd.DataFrame, written: Mapping[str, Callable[[Any], str]]) -> Styler:
    """The frame with the text of each cell of the columns named.

    What Streamlit asks of a Styler is handed to it: to work that out, pandas goes through every cell of every column
    for classes and styles that nobody wants, which takes four times as long as the whole table.
    """
    places = {name: place for place, name in enumerate(frame.columns)}
    cells = [
        {"id": f"row{row}_col{places[name]}", "display_value": write(value)}
        for name, write in written.items()
        for row, value in enumerate(frame[name].tolist())
    ]
    styler = frame.style
    styler._compute = lambda: styler  # type: ignore[attr-defined]
    styler._translate = lambda *_options: {"body": [cells]}  # type: ignore[attr-defined]
    return styler


def is_text(values: pd.Series) -> bool:
    return not pd.api.types.is_datetime64_any_dtype(values)


def _cell(column: Column) -> Callable[[Any], str]:
    """How a number is written in a cell: without its unit, which stands in the heading."""
    decimals = DECIMALS[column.format]
    if column.format == "percent":
        return lambda value: _("unknown") if is_unknown(value) else share(value, decimals, plain)
    if column.format == "quantity":
        return lambda value: _("unknown") if is_unknown(value) else plain(value, quantity_decimals(value))
    return lambda value: _("unknown") if is_unknown(value) else plain(value, decimals)


def plain(value: float, decimals: int) -> str:
    """A number with the language's separators, as i18n writes it but quicker: a table has thousands."""
    # the next floating number away from zero is above the half, where Python would round to even
    text = f"{math.nextafter(value, math.copysign(math.inf, value)):z,.{decimals}f}"
    if language() == "en":
        return text.replace("-", "\N{MINUS SIGN}")
    return text.translate(_NORWEGIAN)


_NORWEGIAN = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "-": "\N{MINUS SIGN}"})


def with_minus(text: str) -> str:
    """A number as i18n writes it, with the minus sign of the tables' cells in place of a hyphen."""
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text


def heading(column: Column) -> str:
    """The label with its unit; a count of agreements needs no "agreements", and the span stands above."""
    if column.format not in ("integer", "text", "ratio", "quantity"):
        return column.heading()
    return _(column.label)
