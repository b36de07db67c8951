"""How the agreements are used: tickets, hours, contact, channels, one customer among peers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import base
from ccinsight.charts.base import Chart, Drawing, Palette, Trace
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
        base.bar(
            x=[base.key(day) for day in days],
            y=base.columns(base.numbers(values)),
            name=label_of("scope", scope),
            marker=_scope_marker(palette, scope),
            customdata=[i18n.month(day) for day in days],
            hovertemplate=f"%{{customdata}}<br>{label_of('scope', scope)}: %{{y:,d}}<extra></extra>",
        )
        for scope, values in parts.items()
    ]
    drawn = base.Drawing(palette, traces, barmode="stack", showlegend=True)
    drawn.x(**base.month_axis(days))
    drawn.y(
        **base.count_axis(
            base.numbers(months["tickets"]), lambda n: ngettext("{count} ticket", "{count} tickets", n)
        )
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


def hours_by_month(months: pd.DataFrame, palette: Palette) -> Chart:
    """Columns of the hours spent, from the report ``tickets_by_month``."""
    title = _("Hours spent on tickets each month")
    hours = months["minutes"].astype("float64") / 60 if "minutes" in months else pd.Series(dtype="float64")
    if hours.dropna().empty or not hours.sum():
        return base.empty(palette, title, _("No time is recorded on the tickets of these months."))
    days = [base.day_of(value) for value in months["month"]]
    trace = base.bar(
        x=[base.key(day) for day in days],
        y=base.numbers(hours),
        marker={"color": palette.accent},
        customdata=[
            f"{i18n.month(day)}: {i18n.hours(value)}" for day, value in zip(days, hours, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.Drawing(palette, [trace], height=220)
    drawn.x(**base.month_axis(days))
    drawn.y(
        **base.count_axis(
            base.numbers(hours), lambda n: ngettext("{count} hour", "{count} hours", n), count=3
        )
    )
    alt = _("{hours} in {months}, most in {month} with {most}.").format(
        hours=i18n.hours(float(hours.sum()), 0),
        months=_months(len(days)),
        month=i18n.month(days[_most(hours)]),
        most=i18n.hours(float(hours.max())),
    )
    return Chart(drawn.figure(), alt, title)


def channel_mix(channels: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked horizontal bars of the report ``tickets_by_channel``: how tickets come in, and what they are
    about.
    """
    title = _("How tickets come in, last 12 months")
    shown = channels[channels["tickets"] > 0].sort_values("tickets") if not channels.empty else channels
    if shown.empty:
        return base.nothing(palette, title)
    labels = [label_of("channel", value) for value in shown["channel"]]
    traces = [
        base.bar(
            x=base.columns(base.numbers(shown[scope])),
            y=labels,
            orientation="h",
            name=label_of("scope", scope),
            marker=_scope_marker(palette, scope),
            hovertemplate=f"%{{y}}<br>{label_of('scope', scope)}: %{{x:,d}}<extra></extra>",
        )
        for scope in _SCOPES
    ]
    drawn = base.Drawing(palette, traces, height=72 + _ROW * len(labels), barmode="stack", showlegend=True)
    _lying(drawn, palette)
    drawn.y(tickmode="array", tickvals=labels, ticktext=labels)
    totals = base.numbers(shown["tickets"])
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

    ``frame`` holds the columns ``label`` and ``measure.name``. ``marked`` is the label of the row that is
    ours.
    """
    known = frame.dropna(subset=[measure.name]) if measure.name in frame else frame.head(0)
    if known.empty:
        return base.nothing(palette, title)
    ranked = known.sort_values(measure.name, ascending=lowest, kind="stable")
    shown = _top(ranked, label, count, marked)[::-1]
    values = base.numbers(shown[measure.name])
    texts = [measure.shown(value) for value in values]
    names = [str(name) for name in shown[label].fillna(_("unknown"))]
    rows = list(range(len(shown)))
    trace = base.bar(
        x=values,
        y=rows,
        orientation="h",
        marker={"color": [palette.accent if marked in (None, name) else palette.grey_soft for name in names]},
        customdata=[f"{base.escaped(name)}: {text}" for name, text in zip(names, texts, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.Drawing(palette, [trace], height=32 + _ROW * len(rows))
    _lying(drawn, palette)
    drawn.y(tickmode="array", tickvals=rows, ticktext=[base.shortened(name) for name in names])
    known_values = [value for value in values if value is not None]
    # Room for the numbers behind the bars.
    drawn.x(range=[min(0, *known_values, 0) * 1.05, (max(0, *known_values, 0) or 1) * 1.32])
    _totals(drawn, rows, values, [*texts[:-1], _with_unit(texts[-1], measure)])
    return Chart(drawn.figure(), _ranking_alt(frame, shown, measure, label, lowest), title)


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
    drawn = base.Drawing(palette, _peer_traces(others, own, measure, column, palette), height=190)
    drawn.y(visible=False, range=[-1.6, 1.6])
    axis = _axis_for(column)([value, *base.numbers(others[measure])])
    width = axis["range"][1]
    drawn.x(**axis | {"range": [-0.03 * width, 1.04 * width]})
    _median_mark(drawn, median, width, column, palette)
    font = {"size": 13, "color": palette.text}
    name = base.shortened(own.iloc[0]["customer_name"])
    side = "left" if value < width / 2 else "right"
    drawn.note(
        f"<b>{name} {column.shown(value)}</b>", x=value, y=-1.05, yanchor="top", xanchor=side, font=font
    )
    line = {"color": palette.accent, "width": 1.5}
    drawn.shape(type="line", x0=value, x1=value, y0=-1.15, y1=0, line=line, layer="below")
    alt = _("{value} here against a median of {median} over {customers} with {band} users.").format(
        value=column.shown(value),
        median=column.shown(median),
        customers=_customers(len(others) + 1),
        band=band,
    )
    return Chart(drawn.figure(), f"{label}: {alt}", title)


# --- Parts


def _peer_traces(
    others: pd.DataFrame, own: pd.DataFrame, measure: str, column: Column, palette: Palette
) -> list[Trace]:
    values = [float(value) for value in others[measure]]
    name, value = str(own.iloc[0]["customer_name"]), float(own.iloc[0][measure])
    scale = 100 if column.format == "percent" else 1
    return [
        base.scatter(
            x=values,
            y=_swarm(values),
            mode="markers",
            marker={"size": 9, "color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}},
            customdata=[
                [base.escaped(other), each * scale]
                for other, each in zip(others["customer_name"].fillna(_("unknown")), values, strict=True)
            ],
            hovertemplate=f"%{{customdata[0]}}: {base.hover_number(column, 'customdata[1]')}<extra></extra>",
        ),
        base.scatter(
            cliponaxis=False,
            x=[value],
            y=[0],
            mode="markers",
            marker={"size": 16, "color": palette.accent, "line": {"color": palette.surface, "width": 2}},
            customdata=[f"{base.escaped(name)}: {column.shown(value)}"],
            hovertemplate="%{customdata}<extra></extra>",
        ),
    ]


def _median_mark(drawn: Drawing, median: float, width: float, column: Column, palette: Palette) -> None:
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    drawn.shape(type="line", x0=median, x1=median, y0=-1.0, y1=1.15, line=line)
    drawn.note(
        _("median {value}").format(value=column.shown(median)),
        x=median,
        y=1.2,
        yanchor="bottom",
        xanchor="left" if median < width / 2 else "right",
        font={"size": 12, "color": palette.text},
    )


def _top(ranked: pd.DataFrame, label: str, count: int, marked: str | None) -> pd.DataFrame:
    """The first rows, and the marked one at the end where it isn't among them."""
    first = ranked.head(count)
    if marked is None or (first[label] == marked).any():
        return first
    return pd.concat([first, ranked[ranked[label] == marked].head(1)])


def _with_unit(text: str, measure: Column) -> str:
    """A count with the unit that its bars share: said once, at the longest."""
    unit = measure.unit.partition(",")[0]
    return f"{text} {_(unit)}" if unit and measure.format in {"integer", "minutes"} else text


def _swarm(values: Sequence[float]) -> list[float]:
    """Heights that keep dots of about the same value apart: the first in the middle, then up and down by
    turns.
    """
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


def _lying(drawn: Drawing, palette: Palette) -> None:
    """Horizontal bars with their numbers behind them: no other axis, names as dark as text."""
    drawn.x(showgrid=False, showline=False, showticklabels=False)
    drawn.y(showgrid=False, tickfont={"size": 13, "color": palette.text})


def _totals(
    drawn: Drawing, rows: Sequence[Any], values: Sequence[float | None], texts: Sequence[str]
) -> None:
    """The number behind each bar."""
    drawn.add(
        base.scatter(
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
