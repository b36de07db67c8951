"""How the agreements are used: tickets, hours, contact, channels, one customer among peers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from ccinsight import i18n
from ccinsight.charts import base
from ccinsight.charts.base import Chart, Palette
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS, Column, label_of

_SCOPES = ("support", "training", "consulting")
_ROW = 30
_PEER_BINS = 56


def tickets_by_month(months: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns of the report ``tickets_by_month``: support, training and consulting."""
    title = _("Tickets opened each month")
    if months.empty or not months["tickets"].sum():
        return base.nothing(palette, title)
    days = [base.day_of(value) for value in months["month"]]
    parts = {
        "support": months["tickets"] - months["training"] - months["consulting"],
        "training": months["training"],
        "consulting": months["consulting"],
    }
    traces = [
        go.Bar(
            x=[base.key(day) for day in days],
            y=base.numbers(values),
            name=label_of("scope", scope),
            marker=_scope_marker(palette, scope),
            customdata=[i18n.month(day) for day in days],
            hovertemplate=f"%{{customdata}}<br>{label_of('scope', scope)}: %{{y:,d}}<extra></extra>",
        )
        for scope, values in parts.items()
    ]
    drawn = base.figure(palette, traces, barmode="stack", showlegend=True)
    drawn.update_xaxes(**base.month_axis(days))
    drawn.update_yaxes(**base.count_axis(base.numbers(months["tickets"]), _("tickets")))
    alt = _(
        "{tickets} in {months}, most in {month} with {most}; {training} training and {consulting} consulting."
    ).format(
        tickets=_tickets(months["tickets"].sum()),
        months=_months(len(days)),
        month=i18n.month(days[_most(months["tickets"])]),
        most=i18n.number(months["tickets"].max()),
        training=i18n.number(parts["training"].sum()),
        consulting=i18n.number(parts["consulting"].sum()),
    )
    return Chart(drawn, alt, title)


def hours_by_month(months: pd.DataFrame, palette: Palette) -> Chart:
    """Columns of the hours spent, from the report ``tickets_by_month``."""
    title = _("Hours spent on tickets each month")
    hours = months["minutes"].astype("float64") / 60 if "minutes" in months else pd.Series(dtype="float64")
    if hours.dropna().empty or not hours.sum():
        return base.empty(palette, title, _("No time is recorded on the tickets of these months."))
    days = [base.day_of(value) for value in months["month"]]
    trace = go.Bar(
        x=[base.key(day) for day in days],
        y=base.numbers(hours),
        marker={"color": palette.accent},
        customdata=[
            f"{i18n.month(day)}: {i18n.hours(value)}" for day, value in zip(days, hours, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.figure(palette, [trace], height=220)
    drawn.update_xaxes(**base.month_axis(days))
    drawn.update_yaxes(**base.count_axis(base.numbers(hours), _("hours"), count=3))
    alt = _("{hours} in {months}, most in {month} with {most}.").format(
        hours=i18n.hours(float(hours.sum()), 0),
        months=_months(len(days)),
        month=i18n.month(days[_most(hours)]),
        most=i18n.hours(float(hours.max())),
    )
    return Chart(drawn, alt, title)


def channel_mix(channels: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked horizontal bars of the report ``tickets_by_channel``: how tickets come in, and what they are about."""
    title = _("How tickets come in, last 12 months")
    shown = channels[channels["tickets"] > 0].sort_values("tickets") if not channels.empty else channels
    if shown.empty:
        return base.nothing(palette, title)
    labels = [label_of("channel", value) for value in shown["channel"]]
    traces = [
        go.Bar(
            x=base.numbers(shown[scope]),
            y=labels,
            orientation="h",
            name=label_of("scope", scope),
            marker=_scope_marker(palette, scope),
            hovertemplate=f"%{{y}}<br>{label_of('scope', scope)}: %{{x:,d}}<extra></extra>",
        )
        for scope in _SCOPES
    ]
    drawn = base.figure(palette, traces, height=96 + _ROW * len(labels), barmode="stack", showlegend=True)
    _lying(drawn, palette)
    drawn.update_xaxes(**base.count_axis(base.numbers(shown["tickets"]), _("tickets")))
    # Room for the number behind the longest bar.
    drawn.update_xaxes(range=[0, float(shown["tickets"].max()) * 1.16])
    _totals(drawn, labels, base.numbers(shown["tickets"]), [i18n.number(value) for value in shown["tickets"]])
    first = shown.iloc[-1]
    alt = _("{tickets} in all; {channel} leads with {share}.").format(
        tickets=_tickets(shown["tickets"].sum()),
        channel=label_of("channel", first["channel"]),
        share=i18n.percent(float(first["tickets"]) / float(shown["tickets"].sum())),
    )
    return Chart(drawn, alt, title)


def ranking(
    frame: pd.DataFrame,
    palette: Palette,
    measure: Column,
    title: str,
    label: str = "customer_name",
    count: int = 10,
    lowest: bool = False,
    marked: str | None = None,
) -> Chart:
    """Horizontal bars of one column, the ``count`` highest first (or lowest), unknown left out and counted.

    ``frame`` holds the columns ``label`` and ``measure.name``. ``marked`` is the label of the row that is ours.
    """
    known = frame.dropna(subset=[measure.name]) if measure.name in frame else frame.head(0)
    if known.empty:
        return base.nothing(palette, title)
    shown = known.sort_values(measure.name, ascending=lowest, kind="stable").head(count)[::-1]
    values = base.numbers(shown[measure.name])
    texts = [measure.shown(value) for value in values]
    names = [base.shortened(name) for name in shown[label].fillna(_("unknown"))]
    rows = list(range(len(shown)))
    trace = go.Bar(
        x=values,
        y=rows,
        orientation="h",
        marker={
            "color": [
                palette.accent if marked in (None, name) else palette.grey_soft for name in shown[label]
            ]
        },
        customdata=[
            f"{base.escaped(name)}: {text}"
            for name, text in zip(shown[label].fillna(_("unknown")), texts, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.figure(palette, [trace], height=56 + _ROW * len(rows))
    _lying(drawn, palette)
    drawn.update_yaxes(tickmode="array", tickvals=rows, ticktext=names)
    axis = _axis_for(measure)(values)
    reach = max([abs(value) for value in values if value is not None] + [0]) or 1
    drawn.update_xaxes(**axis | {"range": [min(0, axis["range"][0]), reach * 1.22], "showticklabels": False})
    drawn.update_xaxes(showgrid=False)
    _totals(drawn, rows, values, texts)
    return Chart(drawn, _ranking_alt(frame, shown, measure, label, lowest), title)


def peers(
    utilization: pd.DataFrame,
    customer_id: str,
    palette: Palette,
    measure: str = "tickets_per_user",
) -> Chart:
    """A strip of dots, one for each customer of the same user band, this one marked, with the band's median.

    ``utilization`` is the report over all customers, without filters: peers are peers whatever the filter.
    """
    column = REPORTS["utilization"].column(measure)
    label = _(column.label)
    own = utilization[utilization["customer_id"] == customer_id]
    title = _("{measure} among customers of the same size").format(measure=label)
    if own.empty or pd.isna(own.iloc[0][measure]):
        return base.empty(palette, title, _("{measure} is unknown for this customer.").format(measure=label))
    band = str(own.iloc[0]["user_band"])
    value = float(own.iloc[0][measure])
    others = utilization[
        (utilization["user_band"] == band) & (utilization["customer_id"] != customer_id)
    ].dropna(subset=[measure])
    median = float(pd.concat([others[measure], own[measure]]).astype("float64").median())
    drawn = base.figure(palette, _peer_traces(others, own, measure, column, palette), height=170)
    drawn.update_yaxes(visible=False, range=[-1.15, 1.6])
    axis = _axis_for(column)([value, *base.numbers(others[measure])])
    width = axis["range"][1]
    drawn.update_xaxes(**axis | {"range": [-0.03 * width, 1.04 * width]})
    _median_mark(drawn, median, column, palette)
    alt = _("{value} here against a median of {median} over {customers} with {band} users.").format(
        value=column.shown(value),
        median=column.shown(median),
        customers=_customers(len(others) + 1),
        band=band,
    )
    return Chart(drawn, f"{label}: {alt}", title)


# --- Parts


def _peer_traces(
    others: pd.DataFrame, own: pd.DataFrame, measure: str, column: Column, palette: Palette
) -> list[go.Scatter]:
    values = [float(value) for value in others[measure]]
    name, value = str(own.iloc[0]["customer_name"]), float(own.iloc[0][measure])
    return [
        go.Scatter(
            x=values,
            y=_swarm(values),
            mode="markers",
            marker={"size": 9, "color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}},
            customdata=[
                f"{base.escaped(other)}: {column.shown(each)}"
                for other, each in zip(others["customer_name"].fillna(_("unknown")), values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        ),
        go.Scatter(
            x=[value],
            y=[0],
            mode="markers",
            marker={"size": 16, "color": palette.accent, "line": {"color": palette.surface, "width": 2}},
            customdata=[f"{base.escaped(name)}: {column.shown(value)}"],
            hovertemplate="%{customdata}<extra></extra>",
        ),
    ]


def _median_mark(drawn: go.Figure, median: float, column: Column, palette: Palette) -> None:
    drawn.add_shape(
        type="line",
        x0=median,
        x1=median,
        y0=-1.1,
        y1=1.15,
        line={"color": palette.text, "width": 1.5, "dash": "dot"},
    )
    drawn.add_annotation(
        x=median,
        y=1.2,
        yanchor="bottom",
        xanchor="left" if median < drawn.layout.xaxis.range[1] / 2 else "right",
        text=_("median {value}").format(value=column.shown(median)),
        showarrow=False,
        font={"size": 12, "color": palette.text},
    )


def _swarm(values: Sequence[float]) -> list[float]:
    """Heights that keep dots of about the same value apart: the first in the middle, then up and down by turns."""
    widest = max(values, default=0) or 1
    taken: dict[int, int] = {}
    heights = []
    for value in values:
        bin_number = math.floor(value / widest * _PEER_BINS)
        nth = taken.get(bin_number, 0)
        taken[bin_number] = nth + 1
        heights.append((nth + 1) // 2 * (1 if nth % 2 else -1))
    tallest = max(5, max((abs(height) for height in heights), default=1))
    return [height / tallest for height in heights]


def _scope_marker(palette: Palette, scope: str) -> dict[str, Any]:
    colours = {"support": palette.accent, "training": palette.accent_mid, "consulting": palette.grey_soft}
    return {"color": colours[scope], "line": {"color": palette.surface, "width": 0.5}}


def _lying(drawn: go.Figure, palette: Palette) -> None:
    """Horizontal bars: the grid stands, names are as dark as text."""
    drawn.update_xaxes(showgrid=True)
    drawn.update_yaxes(showgrid=False, tickfont={"size": 13, "color": palette.text})


def _totals(
    drawn: go.Figure, rows: Sequence[Any], values: Sequence[float | None], texts: Sequence[str]
) -> None:
    """The number behind each bar."""
    drawn.add_trace(
        go.Scatter(
            x=[max(0.0, value or 0.0) for value in values],
            y=list(rows),
            mode="text",
            text=[f" {text}" for text in texts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )
    )


def _axis_for(column: Column) -> Callable[[Sequence[float | None]], dict[str, Any]]:
    match column.format:
        case "amount" | "rate":
            return base.amount_axis
        case "percent":
            return base.percent_axis
        case _:
            return base.ratio_axis


def _ranking_alt(frame: pd.DataFrame, shown: pd.DataFrame, measure: Column, label: str, lowest: bool) -> str:
    first, last = shown.iloc[-1], shown.iloc[0]
    sentence = _("Lowest is {name} with {value}") if lowest else _("Highest is {name} with {value}")
    text = sentence.format(name=first[label], value=measure.shown(first[measure.name]))
    if len(shown) > 1:
        text += _(", number {rank} {name} with {value}").format(
            rank=len(shown), name=last[label], value=measure.shown(last[measure.name])
        )
    unknown = int(frame[measure.name].isna().sum())
    if unknown:
        text += ngettext("; {count} is unknown", "; {count} are unknown", unknown).format(
            count=i18n.number(unknown)
        )
    return f"{text}."


def _most(values: pd.Series[Any]) -> int:
    return int(values.astype("float64").fillna(0).to_numpy().argmax())


def _tickets(count: Any) -> str:
    return ngettext("{count} ticket", "{count} tickets", int(count)).format(count=i18n.number(int(count)))


def _months(count: int) -> str:
    return ngettext("{count} month", "{count} months", count).format(count=count)


def _customers(count: int) -> str:
    return ngettext("{count} customer", "{count} customers", count).format(count=i18n.number(count))
