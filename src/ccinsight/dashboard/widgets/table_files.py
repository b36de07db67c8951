"""A table's files: the whole report or the rows in sight, written when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets.columns import TITLES
from ccinsight.i18n import _, is_unknown, language, ngettext, number, set_language
from ccinsight.outputs import tables
from ccinsight.outputs.cells import Head
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import REPORTS, Report

# How a page says the texts of a report's rows. Files are written on a thread of their own: it asks no session.
Words = Callable[[pd.DataFrame], pd.DataFrame]


def download(
    report: Report,
    form: str,
    label: str,
    head: Head,
    key: str,
    source: Callable[[], pa.Table],
    *,
    count: int | None = None,
) -> None:
    """A button for a table's file. ``count``: of a part, how many rows it has; None: the file has them all."""
    if count is None:
        text, help_text = label, _("Download all rows and columns as {format}").format(format=label)
    else:
        text = ngettext("{format}, {count} row", "{format}, {count} rows", count).format(
            format=label, count=number(count)
        )
        help_text = _("Download the rows that are shown, with all columns, as {format}").format(format=label)
    report = replace(report, title=TITLES.get(key, report.title))
    st.download_button(
        text,
        partial(_file, report, form, head, language(), source),
        file_name=tables.file_name(_(report.title).lower(), form, head),
        mime=tables.MIME_TYPES[form],
        key=f"{form}-{key}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=help_text,
    )


def _file(report: Report, form: str, head: Head, in_language: str, source: Callable[[], pa.Table]) -> bytes:
    """The file's bytes; runs on a thread of its own, where no language is set yet."""
    set_language(in_language)
    return tables.write(source(), form, report, head, labels=True)


def source(
    report: Report,
    frame: pd.DataFrame,
    view: View,
    options: dict[str, Any],
    words: Words | None,
    *,
    is_part: bool,
) -> Callable[[], pa.Table]:
    """What a table's files hold: the report with its options, exactly; of a part, or of no named report, the frame.

    ``words``: how the page says the report's texts.
    """
    if is_part or report.name not in REPORTS:
        return partial(shown_rows, frame, report)
    return partial(_whole_report, report.name, view, options, words)


def _whole_report(name: str, view: View, options: dict[str, Any], words: Words | None) -> pa.Table:
    rows = reads.read_exact(name, view.as_of, view.filters, view.reader, **options)
    return rows if words is None else _with_texts(rows, words(to_frame(rows)))


def _with_texts(rows: pa.Table, frame: pd.DataFrame) -> pa.Table:
    """The rows with the texts of the frame; numbers and days stay exact."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            texts = [None if is_unknown(text) else str(text) for text in frame[field.name]]
            rows = rows.set_column(place, field, pa.array(texts, field.type))
    return rows


def shown_rows(frame: pd.DataFrame, report: Report) -> pa.Table:
    """The rows in sight, with days as days: pandas keeps them as moments. Helper columns of a page are left out."""
    own = frame[[name for name in frame.columns if report.has_column(str(name))]]
    rows = pa.Table.from_pandas(own, preserve_index=False).replace_schema_metadata(None)
    days = {column.name for column in report.columns if column.format in ("date", "month")}
    fields = [
        field.with_type(pa.date32()) if field.name in days and pa.types.is_timestamp(field.type) else field
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))


def file_head(view: View) -> Head:
    """What a file says of itself: the day and the filters."""
    names = reads.choices(view.reader).customers
    filters = view.filters
    chosen = [
        (_("Customer"), [names.get(key, key) for key in filters.customers]),
        (_("Account manager"), list(filters.account_managers)),
        (_("User band"), list(filters.user_bands)),
        (_("Partner"), list(filters.partners)),
    ]
    return Head(view.as_of, tuple((label, ", ".join(values)) for label, values in chosen if values))
