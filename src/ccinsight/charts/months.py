"""Columns by month, stacked or side by side: the table of what is drawn, and the drawing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ccinsight.charts.axes import column_room, month_axis
from ccinsight.charts.figure import HOVER, Drawing, bar
from ccinsight.charts.marks import Mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.values import heights, month_key


@dataclass(frozen=True)
class Part:
    """One colour of the columns: its name in the legend, a value a month (None unknown), and a text a month on hover.

    ``key`` names the part for whoever chooses its colour. ``template``: how Plotly writes the text on hover.
    ``marks``: what the part stands for, a month.
    """

    key: str
    name: str
    values: Sequence[float | None]
    hover: Sequence[str]
    template: str = HOVER
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class MonthTable:
    """What columns by month show: the first days of the months, and the parts from bottom to top or left to right."""

    months: Sequence[date]
    parts: Sequence[Part]

    def ends(self) -> list[float]:
        """The upper and then the lower end of each month's stack, in the unit of the values."""
        stacks = list(zip(*([value or 0.0 for value in part.values] for part in self.parts), strict=True))
        uppers = [sum(value for value in stack if value > 0) for stack in stacks]
        return [*uppers, *(sum(value for value in stack if value < 0) for stack in stacks)]

    def values(self) -> list[float | None]:
        """All values, for columns side by side."""
        return [value for part in self.parts for value in part.values]


def stacked(
    table: MonthTable,
    markers: Mapping[str, dict[str, Any]],
    palette: Palette,
    height: int = 300,
    barmode: str = "stack",
) -> Drawing:
    """Columns on each other. ``markers``: fill of each part, by its key; ``height`` in px.

    ``barmode`` is ``relative`` where values may be below zero.
    """
    return _columns(table, markers, palette, height=height, barmode=barmode)


def side_by_side(table: MonthTable, markers: Mapping[str, dict[str, Any]], palette: Palette) -> Drawing:
    """Columns beside each other. ``markers``: fill of each part, by its key."""
    return _columns(table, markers, palette, barmode="group", bargroupgap=0.05)


def _columns(
    table: MonthTable, markers: Mapping[str, dict[str, Any]], palette: Palette, **layout: Any
) -> Drawing:
    traces = [
        bar(
            x=[month_key(month) for month in table.months],
            y=heights(part.values),
            name=part.name,
            marker=markers[part.key],
            customdata=list(part.hover),
            hovertemplate=part.template,
            marks=part.marks,
        )
        for part in table.parts
    ]
    drawn = Drawing(palette, traces, showlegend=True, **layout)
    drawn.x(**month_axis(table.months), **column_room(len(table.months)))
    return drawn
