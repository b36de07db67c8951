"""Who stays: retention over time, and the customers of each first year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import text
from ccinsight.charts.axes import (
    column_room,
    count_axis,
    day_axis,
    percent_line_axis,
)
from ccinsight.charts.figure import HOVER, Chart, Drawing, bar, nothing, scatter
from ccinsight.charts.marks import Days, mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import day_of, heights, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS


@dataclass(frozen=True)
class _Line:
    """A share over time: its name, a value a day (1 is 100 %), and a text a day on hover."""

    name: str
    values: Sequence[float | None]
    hover: Sequence[str]


def retention_trend(retention: pd.DataFrame, palette: Palette) -> Chart:
    """Net and gross retention over time: rows of the report ``retention`` for several as-of dates, in
    order.
    """
    title = _("Net and gross retention, twelve months back from each date")
    known = retention.dropna(subset=["nrr", "grr"]) if not retention.empty else retention
    if known.empty:
        return nothing(palette, title)
    days = [day_of(value) for value in known["as_of"]]
    alt = _("On {day} net retention is {nrr} and gross retention {grr}.").format(
        day=i18n.day(days[-1]),
        nrr=i18n.percent(float(known["nrr"].iloc[-1]), 1),
        grr=i18n.percent(float(known["grr"].iloc[-1]), 1),
    )
    net, gross = _lines(known, days)
    return _draw_trend(days, net, gross, palette).chart(alt, title)


def _lines(known: pd.DataFrame, days: Sequence[date]) -> list[_Line]:
    """Both lines; each mark says both values, since equal ones lie over each other."""
    columns = [REPORTS["retention"].column(name) for name in ("nrr", "grr")]
    labels = {column.name: _(column.label) for column in columns}
    values = {name: numbers(known[name]) for name in labels}
    hover = [
        "<br>".join(
            [i18n.day(day), *(f"{labels[name]}: {i18n.percent(values[name][at], 1)}" for name in labels)]
        )
        for at, day in enumerate(days)
    ]
    return [_Line(labels[name], values[name], hover) for name in labels]


def _draw_trend(days: Sequence[date], net: _Line, gross: _Line, palette: Palette) -> Drawing:
    looks = ((net, palette.accent, "solid", "circle"), (gross, palette.grey, "dash", "square"))
    traces = [
        scatter(
            x=[day.isoformat() for day in days],
            y=list(line.values),
            mode="lines+markers",
            cliponaxis=False,
            name=line.name,
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"symbol": symbol, "size": 7},
            customdata=list(line.hover),
            hovertemplate=HOVER,
            marks=[mark(i18n.day(day), as_of=Days(day, day)) for day in days],
        )
        for line, colour, dash, symbol in looks
    ]
    drawn = Drawing(palette, traces, height=260, showlegend=True)
    drawn.x(**day_axis(days[0], days[-1]))
    drawn.y(**percent_line_axis([*net.values, *gross.values]))
    return drawn


@dataclass(frozen=True)
class _Cohorts:
    """Customers by the year of their first subscription: at the end of that year, and on the last day."""

    years: Sequence[str]
    then: Sequence[int]
    now: Sequence[int]
    last_day: date


def cohort_customers(cohorts: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a year of first subscription, of the report ``cohorts``: customers then and now."""
    title = _("Customers by the year they first subscribed: then and now")
    if cohorts.empty:
        return nothing(palette, title)
    table = _cohorts(cohorts)
    alt = _("{now} of {then} are left.").format(
        now=i18n.number(sum(table.now)), then=text.customers(sum(table.then))
    )
    return _draw_cohorts(table, palette).chart(alt, title)


def _cohorts(cohorts: pd.DataFrame) -> _Cohorts:
    """The first and the last row of each year; a year without a row on the last day has nobody left."""
    ordered = cohorts.sort_values(["cohort_year", "on_day"])
    last_day = ordered["on_day"].max()
    then = ordered.groupby("cohort_year")["customers"].first()
    newest = ordered[ordered["on_day"] == last_day].set_index("cohort_year")["customers"]
    now = newest.reindex(then.index, fill_value=0)
    return _Cohorts(
        years=[str(year) for year in then.index],
        then=[int(value) for value in then],
        now=[int(value) for value in now],
        last_day=day_of(last_day),
    )


def _draw_cohorts(table: _Cohorts, palette: Palette) -> Drawing:
    rows = list(range(len(table.years)))
    looks = (
        (_("At the end of the first year"), table.then, palette.grey_soft, palette.grey),
        (_("On {day}").format(day=i18n.day(table.last_day)), table.now, palette.accent, palette.accent),
    )
    traces = [
        bar(
            x=rows,
            y=heights(values),
            name=name,
            marker={"color": colour, "line": {"color": line, "width": 1}},
            text=[i18n.number(value) if value else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[
                f"{year}<br>{name}: {text.customers(value)}"
                for year, value in zip(table.years, values, strict=True)
            ],
            hovertemplate=HOVER,
            marks=[mark(year, cohort_year=(year,)) for year in table.years],
        )
        for name, values, colour, line in looks
    ]
    drawn = Drawing(palette, traces, height=300, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(
        tickmode="array", tickvals=rows, ticktext=list(table.years), tickangle=0, **column_room(len(rows))
    )
    every = [*table.then, *table.now]
    drawn.y(**count_axis(every, lambda n: ngettext("{count} customer", "{count} customers", n)))
    return drawn
