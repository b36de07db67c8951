"""One customer among those of the same size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ccinsight.charts import text
from ccinsight.charts.axes import (
    amount_axis,
    percent_axis,
    ratio_axis,
)
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, empty, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.spread import NAMED, named
from ccinsight.charts.text import escaped, shortened
from ccinsight.i18n import _
from ccinsight.registry import REPORTS, Column

_PEER_BINS = 56
# Dots of 9 px above each other in the strip.
_MOST_IN_PLACE = 11
_Named = tuple[str, float]


@dataclass(frozen=True)
class _Peers:
    """One customer and the others of its user band, by a measure in the unit of its column."""

    column: Column
    name: str
    value: float
    others: Sequence[_Named]

    @property
    def median(self) -> float:
        """The median of all of them, the customer among them."""
        return float(pd.Series([value for _name, value in self.others] + [self.value]).median())


def peers(
    everybody: pd.DataFrame,
    customer_id: str,
    palette: Palette,
    measure: str = "tickets_per_user",
) -> Chart:
    """A strip of dots, one for each customer of the same user band, this one marked, with the band's median (R11).

    ``everybody`` has the rows of the report ``peer_tickets``, or ``utilization``, over all customers, without filters:
    peers are peers whatever the filter. Of a customer that the reader may not see it has neither id nor name.
    """
    column = REPORTS["utilization"].column(measure)
    label = _(column.label)
    own = everybody[everybody["customer_id"] == customer_id]
    title = _("{measure} among customers of the same size").format(measure=label)
    if own.empty or pd.isna(own.iloc[0][measure]):
        return empty(palette, title, _("{measure} is unknown for this customer.").format(measure=label))
    table = _peers(everybody, own.iloc[0], column)
    alt = _("{value} here against a median of {median} over {customers} with {band} users.").format(
        value=column.shown(table.value),
        median=column.shown(table.median),
        customers=text.customers(len(table.others) + 1),
        band=str(own.iloc[0]["user_band"]),
    )
    return _draw(table, palette).chart(f"{label}: {alt}", title)


def _peers(everybody: pd.DataFrame, own: pd.Series[Any], column: Column) -> _Peers:
    """The customers of the own row's band whose measure is known."""
    is_peer = (everybody["user_band"] == str(own["user_band"])) & (
        everybody["customer_id"].fillna("") != own["customer_id"]
    )
    others = everybody[is_peer].dropna(subset=[column.name])
    values = [float(value) for value in others[column.name]]
    return _Peers(
        column,
        str(own["customer_name"]),
        float(own[column.name]),
        list(zip(_names(others), values, strict=True)),
    )


def _names(others: pd.DataFrame) -> list[str]:
    """What each dot says on hover; a customer that the reader may not see has no id and isn't named."""
    nameless, unnamed = _("another customer"), _("unknown")
    names = others["customer_name"].fillna(unnamed)
    return list(names.where(others["customer_id"].notna(), nameless))


def _draw(table: _Peers, palette: Palette) -> Drawing:
    drawn = Drawing(palette, [_others(table, palette), _own(table, palette)], height=190)
    drawn.y(visible=False, range=[-1.6, 1.6])
    axis = _axis_for(table.column)([table.value, *(value for _name, value in table.others)])
    width = axis["range"][1]
    drawn.x(**axis | {"range": [-0.03 * width, 1.04 * width]})
    _mark_median(drawn, table, width, palette)
    _mark_own(drawn, table, width, palette)
    return drawn


def _others(table: _Peers, palette: Palette) -> Trace:
    widest = max(table.value, *(value for _name, value in table.others), 0) or 1
    dots = _dots(table.others, widest)
    values = [dot[0][1] for dot in dots]
    return scatter(
        x=values,
        y=_swarm(values, widest, table.value),
        mode="markers",
        marker={
            "size": [9 if len(dot) == 1 else 12 for dot in dots],
            "color": palette.grey_soft,
            "line": {"color": palette.grey, "width": 1},
        },
        customdata=[_dot_text(dot, table.column) for dot in dots],
        hovertemplate=HOVER,
    )


def _dots(others: Sequence[_Named], widest: float) -> list[list[_Named]]:
    """The customers of each dot: one, or as many as it takes for the dots of one place to be seen beside each other."""
    places: dict[int, list[_Named]] = {}
    for name, value in others:
        places.setdefault(_bin(value, widest), []).append((name, value))
    size = math.ceil(max(map(len, places.values()), default=1) / _MOST_IN_PLACE)
    if size == 1:
        return [[other] for other in others]
    return [
        found[first : first + size]
        for place in sorted(places)
        for found in [sorted(places[place], key=lambda other: other[1])]
        for first in range(0, len(found), size)
    ]


def _dot_text(dot: Sequence[_Named], column: Column) -> str:
    lines = named([f"{name}: {column.shown(value)}" for name, value in dot[:NAMED]], len(dot))
    return "<br>".join(lines if len(dot) == 1 else [f"<b>{text.customers(len(dot))}</b>", *lines])


def _own(table: _Peers, palette: Palette) -> Trace:
    return scatter(
        cliponaxis=False,
        x=[table.value],
        y=[0],
        mode="markers",
        marker={"size": 16, "color": palette.accent, "line": {"color": palette.surface, "width": 2}},
        customdata=[f"{escaped(table.name)}: {table.column.shown(table.value)}"],
        hovertemplate=HOVER,
    )


def _mark_median(drawn: Drawing, table: _Peers, width: float, palette: Palette) -> None:
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    median = table.median
    drawn.shape(type="line", x0=median, x1=median, y0=-1.0, y1=1.15, line=line)
    drawn.note(
        _("median {value}").format(value=table.column.shown(median)),
        x=median,
        y=1.2,
        yanchor="bottom",
        xanchor="left" if median < width / 2 else "right",
        font={"size": 12, "color": palette.text},
    )


def _mark_own(drawn: Drawing, table: _Peers, width: float, palette: Palette) -> None:
    """The customer's name and value below its dot, on the side that has room."""
    drawn.note(
        f"<b>{shortened(table.name)} {table.column.shown(table.value)}</b>",
        x=table.value,
        y=-1.05,
        yanchor="top",
        xanchor="left" if table.value < width / 2 else "right",
        font={"size": 13, "color": palette.text},
    )
    line = {"color": palette.accent, "width": 1.5}
    drawn.shape(type="line", x0=table.value, x1=table.value, y0=-1.15, y1=0, line=line, layer="below")


def _bin(value: float, widest: float) -> int:
    """The place of a value along the strip: dots of one place would lie over each other."""
    return math.floor(value / widest * _PEER_BINS)


def _swarm(values: Sequence[float], widest: float, own: float) -> list[float]:
    """Heights that keep dots of about the same value apart: the first in the middle, then up and down by
    turns. The middle of the customer's own value is taken by its own dot.
    """
    taken: dict[int, int] = {_bin(own, widest): 1}
    heights = []
    for value in values:
        bin_number = _bin(value, widest)
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
