"""Tables: columns as the registry describes them, customers as links, totals, downloads built on a click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from pandas.io.formats.style import Styler

from ccinsight.dashboard.session import address, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import headlines, html_table
from ccinsight.dashboard.widgets.columns import FIRST, TOTALS
from ccinsight.i18n import _, is_unknown, language, ngettext, number, set_language, share
from ccinsight.outputs import tables
from ccinsight.registry import REPORTS, Column, Report, quantity_decimals

# Up to here cells are written by us, in the reader's language; longer tables by the browser, which is
# quicker.
_FORMATTED_ROWS = 200
# From here rows are fetched as they are scrolled to.
_EAGER_ROWS = 1000
_ROW_PIXELS, _MOST_ROWS = 35, 12
_PATTERNS = {"date": "DD.MM.YYYY", "month": "MM.YYYY", "moment": "DD.MM.YYYY HH:mm"}
# A column whose cells set one of the page's parameters: column, parameter, a value for each row.
Opens = tuple[str, str, Sequence[str]]
# Texts that everyone has: an empty one is unknown. A note or a reason that isn't there is just not there.
_UNKNOWN_IF_EMPTY = frozenset(
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
_DECIMALS = {
    "integer": 0,
    "amount": 0,
    "rate": 2,
    "percent": 0,
    "ratio": 2,
    "quantity": 2,
    "hours": 1,
    "minutes": 0,
}


def show(
    report: str | Report,
    frame: pd.DataFrame,
    view: View,
    first: Sequence[str] = (),
    *,
    totals: Sequence[str] = (),
    key: str = "",
    rows: int = _MOST_ROWS,
    is_part: bool = False,
    opens: Opens | None = None,
    left_out: Mapping[str, int] | None = None,
    hover: Mapping[str, Sequence[str]] | None = None,
    **options: Any,
) -> None:
    """A report's rows: written out where all are in sight and lead nowhere, else in a grid.

    ``first``, else columns.FIRST: the columns in sight, at most eight; the others can be switched on.
    ``totals``, else columns.TOTALS: those summed. ``opens``: a column whose cells open something on the
    same page. ``left_out``: how many agreements a sum leaves out, of a table whose rows are groups of them.
    ``hover``: a column → what its cells say on hover where the rows are written out.

    The files hold the report with ``options`` as asked for here, exactly; where ``frame`` is a part of it, or
    the report is none of the registry's, they hold the rows in sight.
    """
    report = REPORTS[report] if isinstance(report, str) else report
    key = key or report.name
    first = first or FIRST.get(key) or [column.name for column in report.columns][:8]
    totals = totals or TOTALS.get(key, ())
    shown = _with_links(_with_open_dates(frame, report), report)
    order = [column for column in first if column in shown.columns]
    is_short = len(frame) <= rows and not _leads_on(order, shown, opens)
    if is_short and not _is_whole(key):
        st.html(_written(shown[order], report, hover or {}))
    else:
        st.dataframe(
            _styled(shown, report),
            hide_index=True,
            width="stretch",
            height=_ROW_PIXELS * (min(max(len(frame), 1), rows) + 1) + 2,
            column_order=_own(shown, report, order) if is_short else order,
            column_config={
                column.name: _config(column, shown, key, opens)
                for column in report.columns
                if column.name in shown
            },
            key=f"table-{key}",
            placeholder=_("unknown"),
            lazy=len(frame) > _EAGER_ROWS,
            alt=_(report.title),
        )
    source = partial(_shown_rows, frame, report) if is_part or report.name not in REPORTS else None
    source = source or partial(_whole_report, report.name, view, options)
    summary = _summary(frame, report, totals, left_out)
    _under(report, summary, view, key, source, has_more=is_short and len(order) < len(shown.columns))


def _leads_on(names: Sequence[str], frame: pd.DataFrame, opens: Opens | None) -> bool:
    """True where cells of these columns are to be clicked: a customer's name, or what opens something here."""
    return bool(opens and opens[0] in names) or ("customer_name" in names and "customer_id" in frame)


def _written(
    frame: pd.DataFrame, report: Report, hover: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> str:
    """All rows as text, in the order of the frame's columns."""
    columns = [report.column(name) for name in frame.columns]
    heads = [html_table.Head(heading(each), each.help_text(), each.is_numeric) for each in columns]
    cells = [_texts(frame[each.name], each) for each in columns]
    said = {place: hover[name] for place, name in enumerate(frame.columns) if name in hover}
    return html_table.table(heads, list(zip(*cells, strict=True)), _(report.title), said)


def _texts(values: pd.Series, column: Column) -> list[str | None]:
    """A column's cells; None for what is unknown."""
    if column.is_numeric:
        write: Callable[[Any], str] = _cell(column)
    elif column.format in _PATTERNS:
        pattern = "%Y-%m-%d %H:%M" if column.format == "moment" else "%Y-%m-%d"
        days = values if _is_text(values) else values.dt.strftime(pattern)
        return [_day_cell(text)[3 if column.format == "month" else 0 :] for text in days]
    else:
        write = column.shown if column.format == "boolean" else str
    return [None if is_unknown(value) else write(value) for value in values.tolist()]


def _is_whole(key: str) -> bool:
    return bool(st.session_state.get(f"_whole-{key}"))


def _turn(key: str) -> None:
    st.session_state[f"_whole-{key}"] = not _is_whole(key)


def edit(
    report: Report,
    frame: pd.DataFrame,
    view: View,
    first: Sequence[str],
    choices: Mapping[str, Any],
    *,
    key: str,
    version: str,
) -> pd.DataFrame:
    """The rows with columns to choose in, beside those of the report: column → its configuration.

    Gives the rows as they were chosen. ``version``: what is chosen is forgotten when it changes. The files hold
    the rows in sight.
    """
    shown = _with_links(frame, report).assign(**{name: frame[name] for name in choices})
    config = {
        column.name: _config(column, shown, key, None) for column in report.columns if column.name in shown
    }
    edited: pd.DataFrame = st.data_editor(
        shown,
        hide_index=True,
        width="stretch",
        height=_ROW_PIXELS * (min(max(len(frame), 1), _MOST_ROWS) + 1) + 2,
        column_order=[name for name in first if name in shown.columns],
        column_config=config | dict(choices),
        disabled=[name for name in shown.columns if name not in choices],
        key=f"table-{key}-{version}",
        placeholder="–",
        num_rows="fixed",
    )
    _under(
        report,
        _summary(frame, report, ()),
        view,
        key,
        partial(_shown_rows, frame[_own(frame, report)], report),
    )
    return edited


def pick(
    report: str, frame: pd.DataFrame, view: View, first: Sequence[str], *, key: str, version: str
) -> list[int]:
    """The rows in a grid in which some can be chosen; gives the places of those. A customer's name leads to it.

    ``version``: what is chosen is forgotten when it changes. The files hold the rows in sight.
    """
    shown = _with_links(_with_open_dates(frame, REPORTS[report]), REPORTS[report])
    event = st.dataframe(
        _styled(shown, REPORTS[report]),
        hide_index=True,
        width="stretch",
        height=_ROW_PIXELS * (min(max(len(frame), 1), _MOST_ROWS) + 1) + 2,
        column_order=[name for name in first if name in shown.columns],
        column_config={
            column.name: _config(column, shown, key, None)
            for column in REPORTS[report].columns
            if column.name in shown
        },
        key=f"table-{key}-{version}",
        placeholder=_("unknown"),
        on_select="rerun",
        selection_mode="multi-row",
        alt=_(REPORTS[report].title),
    )
    files(report, frame, view, key=key)
    return list(event.selection.rows)


def files(report: str, frame: pd.DataFrame, view: View, *, key: str, totals: Sequence[str] = ()) -> None:
    """How many rows there are, and the rows as files."""
    source = partial(_shown_rows, frame, REPORTS[report])
    _under(
        REPORTS[report], _summary(frame, REPORTS[report], totals or TOTALS.get(key, ())), view, key, source
    )


def _own(frame: pd.DataFrame, report: Report, first: Sequence[str] = ()) -> list[str]:
    """The frame's columns that are the report's, those of ``first`` before the others."""
    return [
        *first,
        *(column.name for column in report.columns if column.name in frame and column.name not in first),
    ]


def _under(
    report: Report,
    summary: str,
    view: View,
    key: str,
    source: Callable[[], pa.Table],
    *,
    has_more: bool = False,
) -> None:
    """How many rows a table has, and its files; a button for its further columns where it was written without."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"under-{key}"):
        st.caption(summary, width="stretch")
        if has_more:
            st.button(
                _("Fewer columns") if _is_whole(key) else _("All columns"),
                key=f"whole-{key}",
                icon=":material/view_column:",
                type="tertiary",
                help=_("All columns, in a table that can be sorted and searched"),
                on_click=_turn,
                args=(key,),
            )
        head = file_head(view)
        for form, label in (("csv", "CSV"), ("xlsx", "Excel")):
            _download(report, form, label, head, key, source)


def of_columns(name: str, title: str, *columns: Column) -> Report:
    """A table that is no named report: columns of the registry in an order of its own."""
    return Report(name, title, title, (), columns, (), {})


def _with_links(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
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
    if column.format in ("text", "code") and column.name not in _UNKNOWN_IF_EMPTY and values.hasnans:
        return values.astype(object).where(values.notna(), "")
    return values


def _with_open_dates(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Dates that some rows don't have, as text that sorts by date.

    A renewal has no act-by date and an open ticket no closing: that isn't unknown, as Streamlit would have
    it.
    """
    open_dates = [
        column.name
        for column in report.columns
        if column.format in _PATTERNS and column.name in frame and frame[column.name].isna().any()
    ]
    texts = {name: frame[name].dt.strftime("%Y-%m-%d %H:%M").fillna("") for name in open_dates}
    return frame.assign(**{name: _without_midnight(values, report, name) for name, values in texts.items()})


def _without_midnight(values: pd.Series, report: Report, name: str) -> pd.Series:
    return values if report.column(name).format == "moment" else values.str[:10]


def _day_cell(value: Any) -> str:
    """A date kept as text, as it is written: ``2026-03-15`` as ``15.03.2026``."""
    text = str(value)
    return f"{text[8:10]}.{text[5:7]}.{text[:4]}{text[10:]}" if text else ""


def _styled(frame: pd.DataFrame, report: Report) -> Any:
    columns = [column for column in report.columns if column.name in frame]
    numeric = [column for column in columns if column.is_numeric]
    days = [column for column in columns if column.format in _PATTERNS and _is_text(frame[column.name])]
    if len(frame) > _FORMATTED_ROWS or not (numeric or days) or frame.empty:
        return frame.assign(**{c.name: frame[c.name] * 100 for c in numeric if c.format == "percent"})
    written = {column.name: _cell(column) for column in numeric} | {column.name: _day_cell for column in days}
    return _as_written(frame, written)


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


def _is_text(values: pd.Series) -> bool:
    return not pd.api.types.is_datetime64_any_dtype(values)


def _cell(column: Column) -> Callable[[Any], str]:
    """How a number is written in a cell: without its unit, which stands in the heading."""
    decimals = _DECIMALS[column.format]
    if column.format == "percent":
        return lambda value: _("unknown") if is_unknown(value) else share(value, decimals, plain)
    if column.format == "quantity":
        return lambda value: _("unknown") if is_unknown(value) else plain(value, quantity_decimals(value))
    return lambda value: _("unknown") if is_unknown(value) else plain(value, decimals)


def plain(value: float, decimals: int) -> str:
    """A number with the language's separators, as i18n writes it but quicker: a table has thousands."""
    text = f"{value:z,.{decimals}f}"
    if language() == "en":
        return text.replace("-", "\N{MINUS SIGN}")
    return text.translate(_NORWEGIAN)


_NORWEGIAN = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "-": "\N{MINUS SIGN}"})


def _config(column: Column, frame: pd.DataFrame, key: str, opens: Opens | None) -> Any:
    config = st.column_config
    label, help_text = heading(column), column.help_text()
    if opens and column.name == opens[0]:
        return config.ButtonColumn(
            label,
            help=help_text,
            alignment="left",
            type="tertiary",
            key=f"look-{key}",
            on_click=_open_here,
            args=(f"look-{key}", opens),
        )
    if column.name == "customer_name" and "customer_id" in frame:
        return config.ButtonColumn(
            label,
            help=help_text,
            alignment="left",
            type="tertiary",
            key=f"open-{key}",
            on_click=_open_customer,
            args=(f"open-{key}", tuple(frame["customer_id"])),
        )
    if column.is_numeric:
        return config.NumberColumn(
            label,
            help=help_text,
            format="localized" if len(frame) > _FORMATTED_ROWS else None,
            step=_step(column) if len(frame) > _FORMATTED_ROWS else None,
        )
    if column.format in _PATTERNS and not _is_text(frame[column.name]):
        kind = config.DatetimeColumn if column.format == "moment" else config.DateColumn
        return kind(label, help=help_text, format=_PATTERNS[column.format])
    if column.format == "boolean":
        return config.CheckboxColumn(label, help=help_text)
    return config.TextColumn(label, help=help_text)


def _step(column: Column) -> float | None:
    """The decimals that the browser writes; None: those that there are. A small share is no 0 %."""
    if column.format == "quantity":
        return None
    return 10.0 ** -(1 if column.format == "percent" else _DECIMALS[column.format])


def heading(column: Column) -> str:
    """The label with its unit; a count of agreements needs no "agreements", and the span stands above."""
    if column.format not in ("integer", "text", "ratio", "quantity"):
        return column.heading()
    return _(column.label)


def _open_customer(key: str, customers: tuple[str, ...]) -> None:
    click = st.session_state.get(key)
    if click is not None and not is_unknown(customers[click["row"]]):
        address.go_to_customer(customers[click["row"]])


def _open_here(key: str, opens: Opens) -> None:
    _column, parameter, values = opens
    click = st.session_state.get(key)
    if click is not None:
        st.session_state[parameter] = values[click["row"]]


def _summary(
    frame: pd.DataFrame, report: Report, totals: Sequence[str], left_out: Mapping[str, int] | None = None
) -> str:
    """How many rows, and the sums of what can be summed; what a sum leaves out is counted."""
    parts = [_("{count} rows").format(count=number(len(frame))) if len(frame) != 1 else _("1 row")]
    for name in totals:
        column, values = report.column(name), frame[name]
        unknown = (left_out or {}).get(name, int(values.isna().sum()))
        text = _("{label}: {sum}").format(label=_(column.label), sum=column.shown(headlines.total(values)))
        if unknown:
            unsaid = ngettext("({count} unknown left out)", "({count} unknown left out)", unknown)
            text += " " + unsaid.format(count=number(unknown))
        parts.append(text)
    return " · ".join(parts)


def _download(
    report: Report, form: str, label: str, head: tables.Head, key: str, source: Callable[[], pa.Table]
) -> None:
    st.download_button(
        label,
        partial(_file, report, form, head, language(), source),
        file_name=tables.file_name(report.name, form, head),
        mime=tables.MIME_TYPES[form],
        key=f"{form}-{key}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=_("Download all rows and columns as {format}").format(format=label),
    )


def _file(
    report: Report, form: str, head: tables.Head, in_language: str, source: Callable[[], pa.Table]
) -> bytes:
    """The file's bytes; runs on a thread of its own, where no language is set yet."""
    set_language(in_language)
    return tables.write(source(), form, report, head, labels=form == "xlsx", is_opened=True)


def _whole_report(name: str, view: View, options: dict[str, Any]) -> pa.Table:
    return reads.read_exact(name, view.as_of, view.filters, **options)


def _shown_rows(frame: pd.DataFrame, report: Report) -> pa.Table:
    """The rows in sight, with days as days: pandas keeps them as moments."""
    rows = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    days = {column.name for column in report.columns if column.format in ("date", "month")}
    fields = [
        field.with_type(pa.date32()) if field.name in days and pa.types.is_timestamp(field.type) else field
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))


def file_head(view: View) -> tables.Head:
    """What a file says of itself: the day and the filters."""
    names = reads.choices().customers
    filters = view.filters
    chosen = [
        (_("Customer"), [names.get(key, key) for key in filters.customers]),
        (_("Account manager"), list(filters.account_managers)),
        (_("User band"), list(filters.user_bands)),
    ]
    return tables.Head(view.as_of, tuple((label, ", ".join(values)) for label, values in chosen if values))
