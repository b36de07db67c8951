"""The rows of ``data_quality`` and ``data_problems`` as a person reads them: no codes, days and amounts by language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ccinsight.dashboard.pages.mapping import column_label
from ccinsight.i18n import _, is_unknown, number
from ccinsight.ingest.catalogue import exports
from ccinsight.registry import label_of


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of either report with their key or example and their detail in words; a column or channel by its label."""
    texts = {"key": _key, "example": _example, "detail": _detail, "export": _export}
    records = rows.to_dict("records")
    return rows.assign(
        **{
            name: pd.Series([write(row) for row in records], rows.index, rows[name].dtype)
            for name, write in texts.items()
            if name in rows
        }
    )


def _key(row: Mapping[Any, Any]) -> Any:
    return _named(str(row["check"]), row["key"])


def _example(row: Mapping[Any, Any]) -> Any:
    return _named(str(row["check"]), row["example"])


def _named(check: str, key: Any) -> Any:
    """The key of a row: its own, but for a value its column's name stands in front, and a channel is a code."""
    if is_unknown(key):
        return key
    if check == "value_unknown":
        column, colon, value = str(key).partition(": ")
        return f"{_column(column)}{colon}{value}"
    return label_of("channel", key) if check == "automatic_replies" else key


def _export(row: Mapping[Any, Any]) -> Any:
    """An export is named by the table; ``data_quality`` has the column of unknown values in its place."""
    is_column = row["check"] == "value_unknown" and "example" in row
    return _column(str(row["export"])) if is_column else row["export"]


def _column(column: str) -> str:
    owner = next((name for name, export in exports().items() if column in export.columns), None)
    return column_label(owner, column) if owner else column


def _detail(row: Mapping[Any, Any]) -> Any:
    if row["check"] not in ("automatic_replies", "contacts_above_users"):
        return row["detail"]
    part, whole = (number(int(count)) for count in str(row["detail"]).split(" / "))
    return _("{part} of {whole}").format(part=part, whole=whole)
