"""How a grid shows the columns of a report: labels, help, formats, and cells that lead somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.dashboard.widgets import cells, row_links
from ccinsight.registry import Column, Report


def configs(
    report: Report,
    shown: pd.DataFrame,
    key: str,
    links: Mapping[str, row_links.Open],
    *,
    by_browser: bool = False,
) -> dict[str, Any]:
    """How the grid shows each column of the report that the frame has. ``by_browser``: which writes the numbers."""
    by_browser = by_browser or len(shown) > cells.FORMATTED_ROWS
    columns = [column for column in report.columns if column.name in shown]
    return {column.name: _config(column, shown, key, links, by_browser) for column in columns}


def _config(
    column: Column, frame: pd.DataFrame, key: str, links: Mapping[str, row_links.Open], by_browser: bool
) -> Any:
    config = st.column_config
    label, help_text = cells.heading(column), column.help_text()
    if column.name in links:
        is_customer = column.name == "customer_name"
        button = f"{'open' if is_customer else 'look'}-{key}-{column.name}"
        return config.ButtonColumn(
            label,
            help=help_text,
            pinned=is_customer or None,
            alignment="right" if column.is_numeric else "left",
            type="tertiary",
            key=button,
            on_click=row_links.clicked,
            args=(button, links[column.name]),
        )
    if column.is_numeric:
        return config.NumberColumn(
            label,
            help=help_text,
            format="localized" if by_browser else None,
            step=_step(column) if by_browser else None,
        )
    if column.format in cells.PATTERNS and not cells.is_text(frame[column.name]):
        kind = config.DatetimeColumn if column.format == "moment" else config.DateColumn
        return kind(label, help=help_text, format=cells.PATTERNS[column.format])
    if column.format == "boolean":
        return config.CheckboxColumn(label, help=help_text)
    return config.TextColumn(label, help=help_text)


def _step(column: Column) -> float | None:
    decimals = cells.browser_decimals(column)
    return None if decimals is None else 10.0**-decimals
