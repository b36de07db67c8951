"""Rows that are no report, such as a log, in a table like those of reports: searched, filtered, sorted, downloaded."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import report_table
from ccinsight.registry import Column


def show(
    name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[object]], view: View
) -> None:
    """The rows in the order of the columns. ``name`` is the table's key on the page, ``title`` names its files."""
    report = report_table.of_columns(name, title, *columns)
    frame = pd.DataFrame(list(rows), columns=[column.name for column in columns])
    kinds = {column.name: _KINDS[column.format] for column in columns if column.format in _KINDS}
    report_table.show(report, frame.astype(kinds), view)


_KINDS = {"moment": "datetime64[us]", "integer": "Int64"}
