"""Tables: columns as the registry describes them, customers as links, totals, downloads built on a click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import streamlit as st

from ccinsight.dashboard.session import printing, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import (
    cells,
    connection,
    grid_columns,
    layout,
    row_links,
    table_choices,
    table_files,
    table_summary,
    written_rows,
)
from ccinsight.dashboard.widgets.columns import FIRST, TOTALS
from ccinsight.dashboard.widgets.edits import Edits
from ccinsight.i18n import _
from ccinsight.integrations.api.query import Query
from ccinsight.registry import REPORTS, Column, Report

# From here rows are fetched as they are scrolled to. Fewer are all sent, about 0.3 MB for 3 300 customers: a grid that
# fetches is another to Streamlit than one that doesn't, and takes 0.15 s to take the other's place at a filter's click.
_EAGER_ROWS = 5000
MOST_ROWS = 12  # in sight at once
_ROW_PIXELS = 35


def show(
    report: str | Report,
    frame: pd.DataFrame,
    view: View,
    first: Sequence[str] = (),
    *,
    totals: Sequence[str] = (),
    key: str = "",
    rows: int = MOST_ROWS,
    is_part: bool = False,
    opens: Sequence[row_links.Opens] = (),
    left_out: Mapping[str, int] | None = None,
    hover: Mapping[str, Sequence[str]] | None = None,
    query: Query | None = None,
    words: table_files.Words | None = None,
    **options: Any,
) -> None:
    """A report's rows: written out where all are in sight and lead nowhere, and on paper; else in a grid.

    ``first``, else columns.FIRST: the columns in sight, at most eight; a button shows the others too. ``totals``, else
    columns.TOTALS: those summed. ``opens``: columns whose cells open something on the same page. ``left_out``: how
    many agreements a sum leaves out, of a table whose rows are groups of them. ``hover``: a column → what its cells say
    on hover where the rows are written out. ``query``: what an address asks for that gives a table which is a part.
    ``words``: says the rows' texts as a person reads them, on the page and in the files.
    The files hold the report with ``options``, exactly; of a part, or a report that isn't named, the rows in sight.
    """
    report, frame = _described(report), words(frame) if words else frame
    key = key or report.name
    totals = totals or TOTALS.get(key, ())
    order = [name for name in first or _first(report, key) if name in frame]
    own = _own(frame, report, order)
    in_sight = own if _is_whole(key) else order
    shown = cells.in_sight(frame, report, [*in_sight, *(each[0] for each in opens)])
    if printing.is_on():
        written_rows.show_on_paper(shown[order], report, totals, left_out, frame)
        return
    is_short = len(frame) <= rows and not _leads_on(order, shown, opens)
    chosen = table_choices.draw(report, frame, shown, in_sight, key, is_long=len(frame) > rows)
    if chosen.is_part and not chosen.places:
        table_choices.say_that_none_matches()
    elif is_short and not _is_whole(key):
        written_rows.show(shown[order].iloc[chosen.places], report, _hover_in_order(hover, chosen))
    else:
        _grid(report, shown.iloc[chosen.places], in_sight, key, rows, _in_order(opens, chosen))
    in_files = frame.iloc[chosen.places]
    source = table_files.source(report, in_files, view, options, words, is_part=is_part or chosen.is_part)
    sums, is_long = () if chosen.is_part and left_out else totals, len(in_files) > rows
    summary = table_summary.said(in_files, report, sums, left_out, of=len(frame), is_long=is_long)
    query = query if is_part else connection.query_of(report, view, options)
    _under(report, summary, view, key, source, chosen, has_more=len(order) < len(own), query=query)


def _in_order(opens: Sequence[row_links.Opens], chosen: table_choices.Chosen) -> list[row_links.Opens]:
    return [(*each[:2], [each[2][place] for place in chosen.places]) for each in opens]


def _hover_in_order(
    hover: Mapping[str, Sequence[str]] | None, chosen: table_choices.Chosen
) -> dict[str, list[str]]:
    return {name: [texts[place] for place in chosen.places] for name, texts in (hover or {}).items()}


def _grid(
    report: Report,
    shown: pd.DataFrame,
    order: Sequence[str],
    key: str,
    rows: int,
    opens: Sequence[row_links.Opens],
) -> None:
    """Rows in Streamlit's grid. A click on a heading sorts by our own rule, which puts what is unknown last.

    Of very many rows, those scrolled to are fetched; they are sorted by the control above the table.
    """
    is_lazy, table = len(shown) > _EAGER_ROWS, f"table-{key}"
    clicks: dict[str, Any] = {} if is_lazy else _sorting(key, table)
    links = {name: link for name, link in row_links.of(shown, opens).items() if name in order}
    shown = shown[list(order)]
    # a button shows its value as it is
    written = [name for name in links if report.column(name).is_numeric]
    for name in written:
        texts = pd.Series(cells.texts(shown[name], report.column(name)), index=shown.index, dtype="str")
        shown = shown.assign(**{name: texts})
    st.dataframe(
        cells.styled(shown, report, written),
        hide_index=True,
        width="stretch",
        height=_height(len(shown), rows),
        column_config=grid_columns.configs(report, shown, key, links),
        key=table,
        placeholder=_("unknown"),
        lazy=is_lazy,
        alt=_(report.title),
        **clicks,
    )
    row_links.listen(report, links, order, key)
    layout.hint_of_columns(len(order))


def _sorting(key: str, table: str) -> dict[str, Any]:
    return {
        "on_select": partial(table_choices.by_header, key, table),
        "selection_mode": "single-column",
    }


def _height(count: int, rows: int) -> int:
    return _ROW_PIXELS * (min(max(count, 1), rows) + 1) + 2


def _first(report: Report, key: str) -> Sequence[str]:
    """The columns in sight at first."""
    return FIRST.get(key) or [column.name for column in report.columns][:8]


def _leads_on(names: Sequence[str], frame: pd.DataFrame, opens: Sequence[row_links.Opens]) -> bool:
    """True where cells of these columns are to be clicked: a customer's name, or what opens something here."""
    return any(each[0] in names for each in opens) or ("customer_name" in names and "customer_id" in frame)


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

    Gives all rows as they were chosen, also those that the search and the filters leave out. ``version``: what is
    chosen is forgotten when it changes. The files hold the rows in sight.
    """
    shown = cells.with_labels(frame, report).assign(**{name: frame[name] for name in choices})
    order = [name for name in first if name in shown.columns]
    own = [name for name in order if report.has_column(name)]
    if printing.is_on():
        written_rows.show_on_paper(cells.with_labels(frame, report)[own], report)
        return shown
    chosen = table_choices.draw(report, frame, shown, own, key, is_long=len(frame) > MOST_ROWS)
    edits = Edits.of(f"{key}-{version}", chosen.places)
    whole = edits.over(shown)
    if chosen.is_part and not chosen.places:
        edits.hide()
        table_choices.say_that_none_matches()
        return whole
    in_sight = whole.iloc[chosen.places]
    links = row_links.of(in_sight)
    edited: pd.DataFrame = st.data_editor(
        in_sight,
        hide_index=True,
        width="stretch",
        height=_height(len(in_sight), MOST_ROWS),
        column_order=order,
        column_config=grid_columns.configs(report, in_sight, key, links, by_browser=True) | dict(choices),
        disabled=[name for name in shown.columns if name not in choices],
        key=edits.editor,
        placeholder="–",
        num_rows="fixed",
    )
    row_links.listen(report, links, order, key, is_edited=True)
    in_files = frame.iloc[chosen.places][_own(frame, report)]
    summary = table_summary.said(in_files, report, (), of=len(frame), is_long=len(in_files) > MOST_ROWS)
    if reads.exists():
        _under(report, summary, view, key, partial(table_files.shown_rows, in_files, report), chosen)
    else:  # a file on its way to the first import
        st.caption(summary)
    return edits.with_edited(whole, edited, list(choices))


class Picked(NamedTuple):
    """Places of rows in the frame of ``pick``: those chosen, and all that search and filters leave in sight."""

    rows: list[int]
    in_sight: list[int]


def pick(
    report: str | Report,
    frame: pd.DataFrame,
    view: View,
    first: Sequence[str],
    *,
    key: str,
    version: str,
    is_widened: bool = False,
) -> Picked:
    """The rows in a grid in which some can be chosen. A customer's name leads to it.

    What is chosen is forgotten when ``version`` or the rows in sight change. The files hold the rows in sight.
    ``is_widened``: a button shows the report's other columns too.
    """
    described, first = _described(report), [name for name in first if name in frame]
    own = _own(frame, described, first) if is_widened else first
    order = own if _is_whole(key) and not printing.is_on() else first
    shown = cells.in_sight(frame, described, order)
    if printing.is_on():
        written_rows.show_on_paper(shown[order], described, TOTALS.get(key, ()), sums=frame)
        return Picked([], list(range(len(frame))))
    chosen = table_choices.draw(described, frame, shown, order, key, is_long=len(frame) > MOST_ROWS)
    shown = shown.iloc[chosen.places]
    # rows are chosen by their place: other rows, or another order, are another table
    row_keys = pd.util.hash_pandas_object(frame.iloc[chosen.places][list(described.key)], index=False)
    table = f"table-{key}-{version}-{hash(tuple(row_keys))}"
    if chosen.is_part and not chosen.places:
        table_choices.say_that_none_matches()
        return Picked([], [])
    links, shown = row_links.of(shown), shown[order]
    event = st.dataframe(
        cells.styled(shown, described),
        hide_index=True,
        width="stretch",
        height=_height(len(shown), MOST_ROWS),
        column_config=grid_columns.configs(described, shown, key, links),
        key=table,
        placeholder=_("unknown"),
        on_select=partial(table_choices.by_header, key, table),
        selection_mode=["multi-row", "single-column"],
        alt=_(described.title),
    )
    row_links.listen(described, links, order, key)
    layout.hint_of_columns(len(order))
    more = len(first) < len(own)
    files(described, frame.iloc[chosen.places], view, key=key, chosen=chosen, of=len(frame), has_more=more)
    rows = [chosen.places[row] for row in event.selection.rows if row < len(chosen.places)]
    return Picked(rows, chosen.places)


def files(
    report: str | Report,
    frame: pd.DataFrame,
    view: View,
    *,
    key: str,
    totals: Sequence[str] = (),
    chosen: table_choices.Chosen | None = None,
    of: int | None = None,
    has_more: bool = False,
) -> None:
    """How many rows there are, and the rows as files. ``of``: how many the table above has that is scrolled."""
    report = _described(report)
    source = partial(table_files.shown_rows, frame, report)
    is_long = of is not None and len(frame) > MOST_ROWS
    summary = table_summary.said(frame, report, totals or TOTALS.get(key, ()), of=of, is_long=is_long)
    _under(report, summary, view, key, source, chosen, has_more=has_more)


def _described(report: str | Report) -> Report:
    return REPORTS[report] if isinstance(report, str) else report


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
    chosen: table_choices.Chosen | None = None,
    *,
    has_more: bool = False,
    query: Query | None = None,
) -> None:
    """How many rows a table has, and its files; a button for its further columns where it was written without.

    ``query``: what an address asks for that gives the table.
    """
    if printing.is_on():
        st.caption(summary)
        return
    is_filtered = chosen is not None and chosen.is_part
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"under-{key}"):
        st.caption(summary, width="stretch")
        if has_more:
            st.button(
                _("Fewer columns") if _is_whole(key) else _("All columns"),
                key=f"whole-{key}",
                icon=":material/view_column:",
                type="tertiary",
                help=_("All columns, in a table that can be sorted"),
                on_click=_turn,
                args=(key,),
            )
        head = table_files.file_head(view)
        for form, label in (("csv", "CSV"), ("xlsx", "Excel")):
            count = len(chosen.places) if chosen and is_filtered else None
            table_files.download(
                report, form, label, chosen.head(head) if chosen else head, key, source, count=count
            )
        if query:
            connection.button(key)
    if query:
        connection.show(query, view, key, is_filtered=is_filtered)


def of_columns(name: str, title: str, *columns: Column) -> Report:
    """A table that is no named report: columns of the registry in an order of its own."""
    return Report(name, title, title, (), columns, (), {})
