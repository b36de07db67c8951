"""The page Explore: the answer as figures, chart, table or pivot, and the rows behind a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight import charts
from ccinsight.charts.explored import labels
from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.pages.explore_choices import Choice, cell_text, open_cell
from ccinsight.dashboard.session import explored, given
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_view, layout, report_table
from ccinsight.dashboard.widgets.row_links import Opens
from ccinsight.database.exploring import (
    DETAIL,
    LEFT_OUT,
    LEVEL,
    OVER_FIRST,
    OVER_SECOND,
    TOTAL,
    Question,
    report_of,
    rows_report,
    span,
)
from ccinsight.i18n import _, day, is_unknown, ngettext, number
from ccinsight.integrations.api.query import Query
from ccinsight.registry import Column, Report
from ccinsight.registry.explore import EXPLORE, Dimension, Grain, Measure

_MOST_COLUMNS, _MOST_CHARTS, _MOST_ROWS = 24, 2, 5000
_MOST_CARDS, _MOST_IN_SIGHT = 5, 25
_NARROWEST = 150


def title(choice: Choice) -> str:
    """What is shown."""
    figures = _(" and ").join(_(EXPLORE.measures[name].column.label) for name in choice.measures)
    if not figures:
        return _("Explore")
    what = _(" and ").join(_(EXPLORE.dimensions[name].shown.label).lower() for name in choice.by)
    return _("{figures} by {what}").format(figures=figures, what=what) if what else figures


def show(choice: Choice, view: View) -> None:
    """The answer to a choice. Raises CcinsightError for what can't be asked."""
    asked = choice.question()
    answer = explored.answer(asked, view.as_of, view.filters, view.reader)
    layout.note(" ".join(_days(asked, grain, view) for grain in asked.grains))
    (total,) = answer[answer[LEVEL] == TOTAL].to_dict("records")
    _cards(asked, total)
    single = _ordered(answer[answer[LEVEL] == DETAIL], choice)
    display = layout.chosen("display")
    if choice.by and single.empty:
        layout.nothing_for_filters(view, _("There is nothing to count in this span."))
    elif choice.by:
        layout.choice(
            _("Show as"),
            {"chart": _("Chart and table"), "table": _("Table"), "pivot": _("Pivot")},
            "display",
        )
        if display == "chart":
            _charts(asked, answer, single)
        if display == "pivot":
            _pivots(asked, answer, single, view)
        else:
            _table(asked, single, view)
    _behind(asked, choice, single, view)
    _definitions(asked)


def _days(asked: Question, grain: Grain, view: View) -> str:
    """What the figures of a grain are of."""
    names = ", ".join(_(each.column.label) for each in asked.figures if each.grain == grain)
    first, last = span(asked, grain, view.as_of)
    days = ""
    if grain.time == "last_day":
        days = f" ({day(last)})"
    elif grain.time in ("span", "since"):
        days = f" ({day(first)}–{day(last)})"
    return layout.plain(f"{names}: {_(grain.label)}{days}.")


def _cards(asked: Question, total: Mapping[Any, Any]) -> None:
    figures = asked.figures[:_MOST_CARDS]
    with st.grid(
        len(figures), min_column_width=_NARROWEST, gap="xsmall", border=True, key="cards-explore"
    ) as grid:
        for measure in figures:
            column, value = measure.column, total[measure.name]
            with grid.cell():
                st.metric(
                    _("{figure}, total").format(figure=_(column.label)),
                    column.shown(value),
                    delta=_left_out(total, measure)
                    or (column.unit_of(value) if column.unit not in ("", "%", "kr") else None),
                    delta_color="off",
                    delta_arrow="off",
                    help=column.help_text(),
                )


def _left_out(total: Mapping[Any, Any], measure: Measure) -> str:
    count = int(total[measure.name + LEFT_OUT]) if measure.can_leave_out else 0
    if not count:
        return ""
    return ngettext("{count} unknown left out", "{count} unknown left out", count).format(count=number(count))


def _ordered(single: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    way, _dash, name = choice.order.partition("-")
    if not name:
        return single
    return single.sort_values(name, ascending=way == "low", na_position="last", kind="stable")


# ---------------------------------------------------------------- chart, table and pivot


def _levels(answer: pd.DataFrame) -> Mapping[int, pd.DataFrame]:
    """The totals of each of two dimensions by its place: those over the other one."""
    return {place: answer[answer[LEVEL] == level] for place, level in enumerate((OVER_SECOND, OVER_FIRST))}


def _charts(asked: Question, answer: pd.DataFrame, single: pd.DataFrame) -> None:
    palette, drawn = chart_view.palette(), asked.figures[:_MOST_CHARTS]
    totals = _levels(answer)
    made = {
        f"explored-{measure.name}": _chart(single, totals, asked.dimensions, measure, palette)
        for measure in drawn
    }
    chart_view.show(tables=dict.fromkeys(made, "explore"), **made)


def _chart(
    single: pd.DataFrame,
    totals: Mapping[int, pd.DataFrame],
    dimensions: Sequence[Dimension],
    measure: Measure,
    palette: charts.Palette,
) -> Any:
    return lambda: charts.explored(single, totals, dimensions, measure, palette)


def _table(asked: Question, single: pd.DataFrame, view: View) -> None:
    report = report_of(replace(asked, has_totals=False))
    names = [each.shown.name for each in asked.dimensions] + list(asked.measures)
    opened = asked.dimensions[0].shown
    opens: list[Opens] = []
    # a customer's name leads to its page; Streamlit's buttons write no date
    if opened.name != "customer_name" and opened.format in ("text", "code"):
        opens = [(opened.name, "cell", _cells(asked, single, asked.figures[0]))]
    query = Query(report, view.as_of, view.filters, explored=replace(asked, has_totals=False))
    rows = single.drop(columns=[LEVEL])
    # months are read from first to last; up to 25 are written out, as a pivot is
    is_read = asked.dimensions[0].is_time and len(rows) <= _MOST_IN_SIGHT
    in_sight = _MOST_IN_SIGHT if is_read else report_table.MOST_ROWS
    report_table.show(
        report, rows, view, names[:8], key="explore", rows=in_sight, is_part=True, opens=opens, query=query
    )


def _cells(asked: Question, rows: pd.DataFrame, measure: Measure) -> list[str]:
    fields = [each.field for each in asked.dimensions]
    return [
        cell_text(measure.name, [_text(value) for value in values], [False] * len(fields))
        for values in zip(*(rows[field] for field in fields), strict=True)
    ]


def _text(value: Any) -> str | None:
    """A dimension's value as SQL writes it; None where it is unknown, which Series.map would turn into nan."""
    if is_unknown(value):
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def _pivots(asked: Question, answer: pd.DataFrame, single: pd.DataFrame, view: View) -> None:
    """Rows by columns with the totals of both: the measures side by side, or each by the second dimension."""
    if len(asked.by) == 1:
        total = answer[answer[LEVEL] == TOTAL]
        _pivot_of_measures(asked, single, total, view)
        return
    width = single[asked.dimensions[1].field].nunique(dropna=False)
    if width > _MOST_COLUMNS:
        layout.note(
            _("{count} columns are too many for a pivot: swap rows and columns, or choose the table.").format(
                count=number(width)
            )
        )
        return
    for measure in asked.figures:
        if len(asked.figures) > 1:
            layout.section(_(measure.column.label))
        _pivot(asked, answer, single, measure, view)


def _row_column(dimension: Dimension) -> Column:
    return replace(dimension.shown, name="pivot_row", format="text", codes={})


def _pivot_of_measures(asked: Question, single: pd.DataFrame, total: pd.DataFrame, view: View) -> None:
    dimension = asked.dimensions[0]
    rows = pd.concat([single, total])[list(asked.measures)].reset_index(drop=True)
    rows.insert(0, "pivot_row", [*labels(single, dimension), _("Total")])
    columns = (_row_column(dimension), *(measure.column for measure in asked.figures))
    opens: list[Opens] = [
        (measure.name, "cell", [*_cells(asked, single, measure), cell_text(measure.name, [None], [True])])
        for measure in asked.figures
    ]
    opens.insert(0, ("pivot_row", *opens[0][1:]))
    _draw_pivot("explore_pivot", "", columns, rows, view, opens)


def _pivot(asked: Question, answer: pd.DataFrame, single: pd.DataFrame, measure: Measure, view: View) -> None:
    """One measure by two dimensions. A cell without a row is 0 where the measure is added up, else unknown."""
    first, second = asked.dimensions
    of_first, of_second = _levels(answer).values()
    rows_in_order = list(dict.fromkeys(map(_text, single[first.field])))
    places = {_text(value): place for place, value in enumerate(of_first[first.field])}
    across = [_text(value) for value in of_second[second.field]]
    names = labels(of_second, second)
    values = {
        (_text(row[first.field]), _text(row[second.field])): row[measure.name]
        for row in single.to_dict("records")
    }
    nothing = 0 if measure.is_additive else None
    total = answer.loc[answer[LEVEL] == TOTAL, measure.name].iloc[0]
    in_order = of_first.iloc[[places[key] for key in rows_in_order]]
    frame = pd.DataFrame({"pivot_row": [*labels(in_order, first), _("Total")]})
    columns = [_row_column(first)]
    of_rows = _opened(measure, rows_in_order, None, is_total=True)
    opens: list[Opens] = [("pivot_row", "cell", of_rows), ("total", "cell", of_rows)]
    for place, (key, name) in enumerate(zip(across, names, strict=True)):
        of_column = [values.get((row, key), nothing) for row in rows_in_order]
        frame[f"c{place}"] = _numbers([*of_column, of_second[measure.name].iloc[place]])
        columns.append(replace(measure.column, name=f"c{place}", label=name))
        opens.append((f"c{place}", "cell", _opened(measure, rows_in_order, key)))
    frame["total"] = _numbers([*in_order[measure.name], total])
    columns.append(replace(measure.column, name="total", label=_("Total")))
    label = _(measure.column.label)
    _draw_pivot(f"explore_pivot_{measure.name}", label, columns, frame, view, opens)


def _opened(
    measure: Measure, rows: Sequence[str | None], across: str | None, *, is_total: bool = False
) -> list[str]:
    """What the cells of a pivot's column open, its total last. ``is_total``: the column of the rows' totals."""
    in_rows = [cell_text(measure.name, [row, across], [False, is_total]) for row in rows]
    return [*in_rows, cell_text(measure.name, [None, across], [True, is_total])]


def _numbers(values: Sequence[Any]) -> pd.Series[Any]:
    return pd.Series([None if is_unknown(value) else float(value) for value in values], dtype="Float64")


def _draw_pivot(
    key: str, of: str, columns: Sequence[Column], rows: pd.DataFrame, view: View, opens: Sequence[Opens]
) -> None:
    """The rows with their total at the end, or first where the end is out of sight. A cell opens its rows.

    ``of``: the measure, where each has a pivot of its own.
    """
    if len(rows) > _MOST_IN_SIGHT:
        rows = pd.concat([rows.tail(1), rows.head(-1)])
        opens = [(*each[:2], [each[2][-1], *each[2][:-1]]) for each in opens]
    title = f"{_('Explore')} {of}".strip()
    report = Report("explore_pivot", title, title, (), tuple(columns), (), {})
    names = [column.name for column in columns]
    report_table.show(report, rows, view, names, key=key, rows=_MOST_IN_SIGHT, is_part=True, opens=opens)


# ---------------------------------------------------------------- the rows behind a figure


def _behind(asked: Question, choice: Choice, single: pd.DataFrame, view: View) -> None:
    """Lets a figure be chosen, and shows the rows that it is made of."""
    layout.section(_("Which rows is a figure made of?"))
    chosen = open_cell(choice)
    with st.grid(3, min_column_width=220, gap="small", key="explore-cell") as grid:
        with grid.cell():
            _pick_measure(asked, chosen)
        for place, dimension in enumerate(asked.dimensions):
            with grid.cell():
                _pick_value(asked, dimension, single, chosen, f"explore-value-{place}")
    if chosen is None:
        layout.note(_("Choose a figure to see its rows."))
        return
    measure = EXPLORE.measures[chosen[0]]
    rows = explored.rows(asked, measure.name, chosen[1], view.as_of, view.filters, view.reader, _MOST_ROWS)
    if len(rows) == _MOST_ROWS:
        layout.note(_("Only the first {count} rows are shown.").format(count=number(_MOST_ROWS)))
    if rows.empty:
        layout.nothing(_("There is no row behind this figure."))
        return
    report = rows_report(measure.grain)
    report_table.show(
        report, rows, view, _first_of(measure.grain), key=f"rows-{measure.grain.name}", is_part=True
    )


def _first_of(grain: Grain) -> list[str]:
    return [column.name for column in grain.rows if column.name != "customer_id"][:8]


def _pick_measure(asked: Question, chosen: tuple[str, explored.Cell] | None) -> None:
    given.give("explore-figure", chosen[0] if chosen else None)
    st.selectbox(
        _("Figure"),
        list(asked.measures),
        index=None,
        format_func=lambda name: _(EXPLORE.measures[name].column.label),
        key="explore-figure",
        placeholder=_("Choose a figure"),
        on_change=_keep_cell,
        args=(len(asked.by),),
    )


def _pick_value(
    asked: Question,
    dimension: Dimension,
    single: pd.DataFrame,
    chosen: tuple[str, explored.Cell] | None,
    key: str,
) -> None:
    """One value of a dimension, or all of them."""
    texts = [_text(value) for value in single[dimension.field]]
    names = dict(zip((_option(text) for text in texts), labels(single, dimension), strict=True))
    found = dict(chosen[1]) if chosen else {}
    value = _option(found[dimension.name]) if dimension.name in found else None
    value = value if value in names else None
    given.give(key, value, names[value] if value else "")
    st.selectbox(
        _(dimension.shown.label),
        list(names),
        index=None,
        format_func=lambda option: names.get(option, option),
        key=key,
        placeholder=_("All"),
        on_change=_keep_cell,
        args=(len(asked.by),),
    )


def _option(text: str | None) -> str:
    """A value in a list: a sign before it tells it from none."""
    return "?" if text is None else f"={text}"


def _keep_cell(dimensions: int) -> None:
    """For callbacks: the figure whose rows are shown, by the lists."""
    state = st.session_state
    options = [state.get(f"explore-value-{place}") for place in range(dimensions)]
    values = [None if option in (None, "?") else option[1:] for option in options]
    measure = state.get("explore-figure")
    state["cell"] = cell_text(measure, values, [option is None for option in options]) if measure else None


def _definitions(asked: Question) -> None:
    with st.expander(_("What the figures mean")):
        for measure in asked.figures:
            st.markdown(
                f"**{layout.plain(_(measure.column.label))}.** {layout.plain(measure.column.help_text())}"
            )
        for page in dict.fromkeys(measure.page for measure in asked.figures):
            layout.page_link(page, _(PAGES[page].title), ":material/arrow_forward:")
