"""One customer among those of the same size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import amount_axis, percent_axis, ratio_axis
from ccinsight.charts.figure import Chart, Drawing, Trace, empty, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import escaped, hover_number, shortened
from ccinsight.charts.values import numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS, Column

_PEER_BINS = 56


def peers(
    utilization: pd.DataFrame,
    customer_id: str,
    palette: Palette,
    measure: str = "tickets_per_user",
) -> Chart:
    """A strip of dots, one for each customer of the same user band, this one marked, with the band's median.

    ``utilization`` is the report over all customers, without filters: peers are peers whatever the filter. Of a
    customer that the reader may not see it has neither id nor name.
    """
    column = REPORTS["utilization"].column(measure)
    label = _(column.label)
    own = utilization[utilization["customer_id"] == customer_id]
    title = _("{measure} among customers of the same size").format(measure=label)
    if own.empty or pd.isna(own.iloc[0][measure]):
        return empty(palette, title, _("{measure} is unknown for this customer.").format(measure=label))
    band = str(own.iloc[0]["user_band"])
    value = float(own.iloc[0][measure])
    others = utilization[
        (utilization["user_band"] == band) & (utilization["customer_id"].fillna("") != customer_id)
    ].dropna(subset=[measure])
    median = float(pd.concat([others[measure], own[measure]]).astype("float64").median())
    drawn = Drawing(palette, _peer_traces(others, own, measure, column, palette), height=190)
    drawn.y(visible=False, range=[-1.6, 1.6])
    axis = _axis_for(column)([value, *numbers(others[measure])])
    width = axis["range"][1]
    drawn.x(**axis | {"range": [-0.03 * width, 1.04 * width]})
    _median_mark(drawn, median, width, column, palette)
    font = {"size": 13, "color": palette.text}
    name = shortened(own.iloc[0]["customer_name"])
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


def _names(others: pd.DataFrame) -> list[str]:
    """What each dot says on hover; a customer that the reader may not see has no id and isn't named."""
    nameless, unnamed = _("another customer"), _("unknown")
    names = others["customer_name"].fillna(unnamed)
    return list(names.where(others["customer_id"].notna(), nameless))


def _peer_traces(
    others: pd.DataFrame, own: pd.DataFrame, measure: str, column: Column, palette: Palette
) -> list[Trace]:
    values = [float(value) for value in others[measure]]
    name, value = str(own.iloc[0]["customer_name"]), float(own.iloc[0][measure])
    scale = 100 if column.format == "percent" else 1
    return [
        scatter(
            x=values,
            y=_swarm(values),
            mode="markers",
            marker={"size": 9, "color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}},
            customdata=[
                [escaped(other), each * scale] for other, each in zip(_names(others), values, strict=True)
            ],
            hovertemplate=f"%{{customdata[0]}}: {hover_number(column, 'customdata[1]')}<extra></extra>",
        ),
        scatter(
            cliponaxis=False,
            x=[value],
            y=[0],
            mode="markers",
            marker={"size": 16, "color": palette.accent, "line": {"color": palette.surface, "width": 2}},
            customdata=[f"{escaped(name)}: {column.shown(value)}"],
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


def _axis_for(column: Column) -> Callable[[Sequence[float | None]], dict[str, Any]]:
    match column.format:
        case "amount" | "rate":
            return amount_axis
        case "percent":
            return percent_axis
        case _:
            return ratio_axis


def _customers(count: int) -> str:
    return ngettext("{count} customer", "{count} customers", count).format(count=i18n.number(count))
