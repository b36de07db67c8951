"""Horizontal bars with the number behind each: the table of what is drawn, and the drawing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ccinsight.charts.figure import HOVER, Drawing, bar, scatter
from ccinsight.charts.marks import Mark
from ccinsight.charts.palette import Palette

# In px: a row whose name has two lines.
_TWO_LINES = 40


@dataclass(frozen=True)
class BarTable:
    """What horizontal bars show, from the first that Plotly draws to the last.

    ``names`` stand beside the bars, ``texts`` behind them; ``hover`` is shown on hover. A value of None is unknown and
    has no bar. ``marks``: what each bar stands for, where it can be chosen.
    """

    names: Sequence[str]
    values: Sequence[float | None]
    texts: Sequence[str]
    hover: Sequence[str]
    marks: Sequence[Mark] = ()

    def longest(self) -> float:
        """The largest value, in its unit; 0 where none is above 0."""
        return max((value or 0.0 for value in self.values), default=0.0)


def horizontal(
    table: BarTable, palette: Palette, height: int, marker: dict[str, Any], **layout: Any
) -> Drawing:
    """The bars with names and texts; ``height`` in px. The caller gives the axis its range, with room for the texts."""
    rows = list(range(len(table.names)))
    trace = bar(
        x=list(table.values),
        y=rows,
        orientation="h",
        marker=marker,
        customdata=list(table.hover),
        hovertemplate=HOVER,
        marks=table.marks,
    )
    drawn = Drawing(palette, [trace], height=height, **layout)
    name_rows(drawn, rows, table.names, palette)
    write_behind(drawn, rows, table.values, table.texts)
    return drawn


def row_height(names: Sequence[str], least: int) -> int:
    """The height of each row in px: ``least``, or what a name of two lines needs."""
    return max(least, _TWO_LINES) if any("<br>" in name for name in names) else least


def name_rows(drawn: Drawing, rows: Sequence[Any], names: Sequence[str], palette: Palette) -> None:
    """Names as dark as text beside the bars, and no axis below them: the numbers stand behind the bars."""
    drawn.x(showgrid=False, showline=False, showticklabels=False)
    drawn.y(
        showgrid=False,
        tickmode="array",
        tickvals=list(rows),
        ticktext=list(names),
        tickfont={"size": 13, "color": palette.text},
    )


def write_behind(
    drawn: Drawing, rows: Sequence[Any], ends: Sequence[float | None], texts: Sequence[str]
) -> None:
    """A text behind the end of each bar; at zero where the end is unknown or below zero."""
    drawn.add(
        scatter(
            x=[max(0.0, end or 0.0) for end in ends],
            y=list(rows),
            mode="text",
            text=[f" {text}" for text in texts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )
    )
