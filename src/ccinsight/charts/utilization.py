"""How much the customers use support: tickets by month and by channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import count_axis, month_axis
from ccinsight.charts.figure import Chart, Drawing, bar, nothing, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import day_of, heights, month_key, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

_SCOPES = ("support", "training", "consulting")
_ROW = 30


def tickets_by_month(months: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns of the report ``tickets_by_month``: support, training and consulting."""
    title = _("Tickets opened each month")
    if months.empty or not months["tickets"].sum():
        return nothing(palette, title)
    days = [day_of(value) for value in months["month"]]
    parts = {
        "support": months["tickets"] - months["training"] - months["consulting"],
        "training": months["training"],
        "consulting": months["consulting"],
    }
    traces = [
        bar(
            x=[month_key(day) for day in days],
            y=heights(numbers(values)),
            name=label_of("scope", scope),
            marker=_scope_marker(palette, scope),
            customdata=[i18n.month(day) for day in days],
            hovertemplate=f"%{{customdata}}<br>{label_of('scope', scope)}: %{{y:,d}}<extra></extra>",
        )
        for scope, values in parts.items()
    ]
    drawn = Drawing(palette, traces, barmode="stack", showlegend=True)
    drawn.x(**month_axis(days))
    drawn.y(
        **count_axis(numbers(months["tickets"]), lambda n: ngettext("{count} ticket", "{count} tickets", n))
    )
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
    return Chart(drawn.figure(), alt, title)


def channel_mix(channels: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked horizontal bars of the report ``tickets_by_channel``: how tickets come in, and what they are
    about.
    """
    title = _("How tickets come in, last 12 months")
    shown = channels[channels["tickets"] > 0].sort_values("tickets") if not channels.empty else channels
    if shown.empty:
        return nothing(palette, title)
    labels = [label_of("channel", value) for value in shown["channel"]]
    traces = [
        bar(
            x=heights(numbers(shown[scope])),
            y=labels,
            orientation="h",
            name=label_of("scope", scope),
            marker=_scope_marker(palette, scope),
            hovertemplate=f"%{{y}}<br>{label_of('scope', scope)}: %{{x:,d}}<extra></extra>",
        )
        for scope in _SCOPES
    ]
    drawn = Drawing(palette, traces, height=72 + _ROW * len(labels), barmode="stack", showlegend=True)
    _lying(drawn, palette)
    drawn.y(tickmode="array", tickvals=labels, ticktext=labels)
    totals = numbers(shown["tickets"])
    # Room for the number behind the longest bar.
    drawn.x(range=[0, max(value or 0 for value in totals) * 1.3])
    texts = [i18n.number(value) for value in totals]
    texts[-1] = _tickets(totals[-1])
    _totals(drawn, labels, totals, texts)
    first = shown.iloc[-1]
    alt = _("{tickets} in all; {channel} leads with {share}.").format(
        tickets=_tickets(shown["tickets"].sum()),
        channel=label_of("channel", first["channel"]),
        share=i18n.percent(float(first["tickets"]) / float(shown["tickets"].sum())),
    )
    return Chart(drawn.figure(), alt, title)


def _scope_marker(palette: Palette, scope: str) -> dict[str, Any]:
    colours = {"support": palette.accent, "training": palette.accent_mid, "consulting": palette.grey_soft}
    return {"color": colours[scope], "line": {"color": palette.surface, "width": 0.5}}


def _lying(drawn: Drawing, palette: Palette) -> None:
    """Horizontal bars with their numbers behind them: no other axis, names as dark as text."""
    drawn.x(showgrid=False, showline=False, showticklabels=False)
    drawn.y(showgrid=False, tickfont={"size": 13, "color": palette.text})


def _totals(
    drawn: Drawing, rows: Sequence[Any], values: Sequence[float | None], texts: Sequence[str]
) -> None:
    """The number behind each bar."""
    drawn.add(
        scatter(
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


def _most(values: pd.Series[Any]) -> int:
    return int(values.astype("float64").fillna(0).to_numpy().argmax())


def _tickets(count: Any) -> str:
    return ngettext("{count} ticket", "{count} tickets", int(count)).format(count=i18n.number(int(count)))


def _months(count: int) -> str:
    return ngettext("{count} month", "{count} months", count).format(count=count)
