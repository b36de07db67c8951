"""A Plotly figure with the layout that all charts share: no background, thin grid, legend on top."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import plotly.graph_objects as go

from ccinsight import i18n
from ccinsight.charts.marks import Mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import wrapped
from ccinsight.i18n import _

# For st.plotly_chart: no mode bar over the marks, and a wheel that scrolls the page.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "responsive": True,
    "doubleClick": "reset",
}
FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'
# The text of a mark on hover: what its customdata say, and nothing else.
HOVER = "%{customdata}<extra></extra>"

# A trace as Plotly knows it, a dictionary; under this name what its marks stand for, which Plotly isn't handed.
_MARKS = "marks"
_WIDEST_BAR = 640
_BESIDE_CHOSEN = 0.4
Trace = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """A figure, its title (not drawn in it), and its message in words and numbers for those who don't see
    it.

    ``marks``: the number of a trace → what each of its marks stands for; None: nothing that can be chosen.
    ``widest``: the width in px beyond which the chart isn't stretched.
    """

    figure: go.Figure
    alt: str
    title: str
    marks: Mapping[int, Sequence[Mark | None]] = field(default_factory=dict)
    widest: int | None = None


def bar(**properties: Any) -> Trace:
    """A trace of bars or columns."""
    return {"type": "bar", **properties}


def scatter(**properties: Any) -> Trace:
    """A trace of points, lines or texts."""
    return {"type": "scatter", **properties}


class Drawing:
    """A figure in the making, in the house's dress: no background, thin grid, legend on top, numbers by
    language.

    Plain dictionaries, since Plotly's own update methods take tens of milliseconds a figure, and a page has
    three. A property that Plotly doesn't know is caught by the tests, which build every chart with its checks
    on.
    """

    def __init__(
        self, palette: Palette, traces: Sequence[Trace] = (), height: int = 300, **layout: Any
    ) -> None:
        self.traces = list(traces)
        self.layout = _merged(_dress(palette, height), layout)

    def add(self, *traces: Trace) -> None:
        """Draws further traces, above those before."""
        self.traces += traces

    def x(self, **properties: Any) -> None:
        """Changes properties of the horizontal axis."""
        self.layout["xaxis"] = _merged(self.layout["xaxis"], properties)

    def y(self, **properties: Any) -> None:
        """Changes properties of the vertical axis."""
        self.layout["yaxis"] = _merged(self.layout["yaxis"], properties)

    def shape(self, **properties: Any) -> None:
        """Draws a line or a box."""
        self.layout["shapes"].append(properties)

    def note(self, text: str, **properties: Any) -> None:
        """Writes a text at a place, without an arrow."""
        self.layout["annotations"].append({"text": text, "showarrow": False, **properties})

    def figure(self) -> go.Figure:
        """The Plotly figure."""
        traces = [self._plain(trace) for trace in self.traces]
        return go.Figure(data=traces, layout=_with_room(self.layout), _validate=False)

    def _plain(self, trace: Trace) -> Trace:
        """The trace as Plotly takes it; marks beside a chosen one stay in sight, and the texts keep their colour."""
        plain = {name: trace[name] for name in trace if name != _MARKS}
        beside = {"marker": {"opacity": _BESIDE_CHOSEN}} if trace.get(_MARKS) else {}
        texts = {"textfont": {"color": self.layout["font"]["color"]}} if trace.get("text") else {}
        return plain | ({"unselected": beside | texts} if beside or texts else {})

    def chart(self, alt: str, title: str) -> Chart:
        """The figure with its texts and with what its marks stand for: ``marks`` of a trace, one for each point."""
        marks = {number: trace[_MARKS] for number, trace in enumerate(self.traces) if trace.get(_MARKS)}
        return Chart(self.figure(), alt, title, marks, _WIDEST_BAR if self._has_one_bar() else None)

    def _has_one_bar(self) -> bool:
        """True where all there is to see is one horizontal bar, which fills the width whatever its value."""
        bars = [trace for trace in self.traces if trace["type"] == "bar"]
        rows = {row for trace in bars for row in trace["y"]}
        return len(rows) == 1 and all(each.get("orientation") == "h" and "base" not in each for each in bars)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The old properties with the new ones over them, at every depth."""
    both = dict(old)
    for name, value in new.items():
        before = both.get(name)
        both[name] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return both


def _with_room(layout: dict[str, Any]) -> dict[str, Any]:
    """The layout with margins that hold legend, ticks and titles.

    Plotly would make room itself (automargin), but then it draws the whole figure a second time.
    """
    margin = dict(layout["margin"])
    if layout["showlegend"]:
        margin["t"] = _LEGEND_ROOM + math.ceil(0.02 * layout["height"])
    room = {}
    for axis, side, size_of in (("xaxis", "b", _text_height), ("yaxis", "l", _text_width)):
        if texts := _tick_texts(layout[axis]):
            size = max(size_of(text, layout[axis]["tickfont"]["size"]) for text in texts)
            title = _TITLE_ROOM if layout[axis]["title"].get("text") else 0
            margin[side] = math.ceil(size) + title + _TICK_ROOM
            room[axis] = layout[axis] | {"automargin": False}
    return layout | room | {"margin": margin}


def _tick_texts(axis: dict[str, Any]) -> list[str]:
    """The texts beside an axis; none where it is Plotly that chooses them, or where they aren't shown."""
    is_shown = axis.get("visible", True) and axis.get("showticklabels", True)
    texts: list[str] = axis.get("ticktext", []) if is_shown else []
    return texts


def _text_height(text: str, size: float) -> float:
    return (text.count("<br>") + 1) * size * 1.3


def _text_width(text: str, size: float) -> float:
    """The width of the longest line in the house's font: rather a pixel too much than one too little."""
    return max(sum(map(_letter_width, html.unescape(line))) for line in text.split("<br>")) * size


def _letter_width(letter: str) -> float:
    """The width of a letter as a part of the font's size."""
    for letters, width in _LETTER_WIDTHS:
        if letter in letters:
            return width
    return 0.65 if letter.isupper() else 0.56


_LETTER_WIDTHS = (
    (" \N{NO-BREAK SPACE}ijlI.,:;'|!", 0.26),
    ("frt-()/", 0.35),
    ("ckszvxyJL", 0.48),
    ("aeg0123456789", 0.51),
    ("mwMWæÆ%…—", 0.84),
)
# In px: a legend of one row; from the ticks' texts to the axis on one side and to the edge on the other; a title.
_LEGEND_ROOM, _TICK_ROOM, _TITLE_ROOM = 42, 11, 12


def _dress(palette: Palette, height: int) -> dict[str, Any]:
    font = {"family": FONT, "size": 13, "color": palette.text}
    return {
        # An empty template: else Plotly's own comes along, with its colours.
        "template": {"layout": {}},
        "height": height,
        "margin": {"l": 4, "r": 12, "t": 12, "b": 4, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": font,
        "separators": ",\N{NO-BREAK SPACE}" if i18n.language() == "nb" else ".,",
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.grey,
            "font": font,
            "align": "left",
            "namelength": -1,
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": 13, "color": palette.text},
        },
        "showlegend": False,
        "dragmode": False,
        "bargap": 0.28,
        # A text that doesn't fit its bar is left to the hover.
        "uniformtext": {"minsize": 11, "mode": "hide"},
        "xaxis": _axis(palette) | {"showgrid": False},
        "yaxis": _axis(palette) | {"showgrid": True},
        "shapes": [],
        "annotations": [],
    }


def _axis(palette: Palette) -> dict[str, Any]:
    return {
        "automargin": True,
        "fixedrange": True,
        "showline": True,
        "gridcolor": palette.grid,
        "linecolor": palette.grey_soft,
        "zeroline": False,
        "zerolinecolor": palette.grey,
        "tickfont": {"size": 12, "color": palette.muted},
        "title": {"font": {"size": 12, "color": palette.muted}},
        "ticks": "",
        "ticklabelstandoff": 4,
    }


def empty(palette: Palette, title: str, reason: str) -> Chart:
    """A figure that says why there is nothing to draw, and what would fill it."""
    drawn = Drawing(palette, height=160)
    drawn.x(visible=False)
    drawn.y(visible=False)
    font = {"size": 14, "color": palette.muted}
    drawn.note(wrapped(reason, 44), x=0.5, y=0.5, xref="paper", yref="paper", font=font)
    return Chart(drawn.figure(), alt=f"{title}: {reason}", title=title)


def nothing(palette: Palette, title: str) -> Chart:
    """The empty chart of a filter or a span that holds nothing."""
    return empty(palette, title, _("There is nothing to show here on this date."))


def today_mark(drawn: Drawing, as_of: date, palette: Palette) -> None:
    """A line on the as-of date with the date at its top: leave room there above the highest mark."""
    on = as_of.isoformat()
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    drawn.shape(type="line", x0=on, x1=on, y0=0, y1=1, yref="paper", line=line, layer="below")
    font = {"size": 12, "color": palette.text}
    drawn.note(i18n.day(as_of), x=on, y=1, yref="paper", yanchor="top", xanchor="left", font=font)
