"""Who stays: retention over time, and the customers of each first year."""

from __future__ import annotations

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import count_axis, day_axis, percent_line_axis
from ccinsight.charts.figure import Chart, Drawing, bar, nothing, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import day_of, heights, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS


def retention_trend(retention: pd.DataFrame, palette: Palette) -> Chart:
    """Net and gross retention over time: rows of the report ``retention`` for several as-of dates, in
    order.
    """
    title = _("Net and gross retention, twelve months back from each date")
    known = retention.dropna(subset=["nrr", "grr"]) if not retention.empty else retention
    if known.empty:
        return nothing(palette, title)
    days = [day_of(value) for value in known["as_of"]]
    looks = (("nrr", palette.accent, "solid", "circle"), ("grr", palette.grey, "dash", "square"))
    column = REPORTS["retention"].column
    traces = [
        scatter(
            x=[day.isoformat() for day in days],
            y=numbers(known[name]),
            mode="lines+markers",
            cliponaxis=False,
            name=_(column(name).label),
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"symbol": symbol, "size": 7},
            customdata=[
                f"{i18n.day(day)}<br>{_(column(name).label)}: {i18n.percent(value, 1)}"
                for day, value in zip(days, known[name], strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, colour, dash, symbol in looks
    ]
    drawn = Drawing(palette, traces, height=260, showlegend=True)
    drawn.x(**day_axis(days[0], days[-1]))
    drawn.y(**percent_line_axis([*numbers(known["nrr"]), *numbers(known["grr"])]))
    alt = _("On {day} net retention is {nrr} and gross retention {grr}.").format(
        day=i18n.day(days[-1]),
        nrr=i18n.percent(float(known["nrr"].iloc[-1]), 1),
        grr=i18n.percent(float(known["grr"].iloc[-1]), 1),
    )
    return Chart(drawn.figure(), alt, title)


def cohort_customers(cohorts: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a year of first subscription, of the report ``cohorts``: customers then and now."""
    title = _("Customers by the year they first subscribed: then and now")
    if cohorts.empty:
        return nothing(palette, title)
    ordered = cohorts.sort_values(["cohort_year", "on_day"])
    last_day = ordered["on_day"].max()
    then = ordered.groupby("cohort_year")["customers"].first()
    newest = ordered[ordered["on_day"] == last_day].set_index("cohort_year")["customers"]
    now = newest.reindex(then.index, fill_value=0)
    years, rows = [str(year) for year in then.index], list(range(len(then)))
    looks = (
        (_("At the end of the first year"), then, palette.grey_soft, palette.grey),
        (_("On {day}").format(day=i18n.day(day_of(last_day))), now, palette.accent, palette.accent),
    )
    traces = [
        bar(
            x=rows,
            y=heights(numbers(values)),
            name=name,
            marker={"color": colour, "line": {"color": line, "width": 1}},
            text=[i18n.number(int(value)) if value else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[
                f"{year}<br>{name}: {_customers(int(value))}"
                for year, value in zip(years, values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, values, colour, line in looks
    ]
    drawn = Drawing(palette, traces, height=300, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(tickmode="array", tickvals=rows, ticktext=years, tickangle=0)
    drawn.y(
        **count_axis(
            numbers(pd.concat([then, now])),
            lambda n: ngettext("{count} customer", "{count} customers", n),
        )
    )
    alt = _("{now} of {then} are left.").format(
        now=i18n.number(int(now.sum())), then=_customers(int(then.sum()))
    )
    return Chart(drawn.figure(), alt, title)


def _customers(count: int) -> str:
    return ngettext("{count} customer", "{count} customers", count).format(count=i18n.number(count))
