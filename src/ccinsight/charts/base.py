"""What all charts share: colours, the frame around a figure, ticks and texts."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from ccinsight import i18n
from ccinsight.i18n import _, ngettext
from ccinsight.registry import Column

# For st.plotly_chart: no mode bar over the marks, and a wheel that scrolls the page.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "responsive": True,
    "doubleClick": "reset",
}

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'
STATUSES = ("will_renew", "open", "ending")
_MILLION = 1_000_000
# Steps of a time axis in months: a tick falls on a January wherever a step allows.
_MONTH_STEPS = (1, 2, 3, 4, 6, 12, 24, 60, 120)

# A trace as Plotly knows it, a dictionary.
Trace = dict[str, Any]


@dataclass(frozen=True)
class Palette:
    """The colours of a theme. Blue is ours, orange is what goes away, the rest is grey.

    The three statuses have a colour and a pattern each, told apart in grey and by the colour-blind.
    """

    text: str
    muted: str
    grid: str
    surface: str
    accent: str
    accent_mid: str
    accent_soft: str
    warm: str
    grey: str
    grey_soft: str
    will_renew: str
    open: str
    open_lines: str
    ending: str
    ending_lines: str

    @classmethod
    def light(cls) -> Palette:
        """For a white page."""
        return cls(
            text="#1c2733",
            muted="#55606c",
            grid="#e3e8ee",
            surface="#ffffff",
            accent="#1b5e9b",
            accent_mid="#6fa5d6",
            accent_soft="#cfe0f1",
            warm="#c8690f",
            grey="#7f8b97",
            grey_soft="#c3ccd5",
            will_renew="#1b5e9b",
            open="#d6e6f5",
            open_lines="#1b5e9b",
            ending="#e08a2e",
            ending_lines="#8a3f05",
        )

    @classmethod
    def dark(cls) -> Palette:
        """For a nearly black page."""
        return cls(
            text="#e6ebf0",
            muted="#a9b4bf",
            grid="#2a333d",
            surface="#12171d",
            accent="#74b3ee",
            accent_mid="#3f7fbb",
            accent_soft="#22415f",
            warm="#f0a35e",
            grey="#8995a1",
            grey_soft="#4a5661",
            will_renew="#74b3ee",
            open="#1b3550",
            open_lines="#74b3ee",
            ending="#f0a35e",
            ending_lines="#7a3a08",
        )

    def status_marker(self, status: str) -> dict[str, Any]:
        """Fill and pattern of a renewal status, the same in every chart."""
        match status:
            case "will_renew":
                return {"color": self.will_renew, "line": {"color": self.will_renew, "width": 1}}
            case "open":
                pattern = {
                    "shape": "/",
                    "fgcolor": self.open_lines,
                    "bgcolor": self.open,
                    "size": 7,
                    "solidity": 0.18,
                }
                return {
                    "color": self.open,
                    "pattern": pattern,
                    "line": {"color": self.open_lines, "width": 1},
                }
            case _:
                pattern = {
                    "shape": ".",
                    "fgcolor": self.ending_lines,
                    "bgcolor": self.ending,
                    "size": 5,
                    "solidity": 0.3,
                }
                return {"color": self.ending, "pattern": pattern, "line": {"color": self.ending, "width": 1}}


@dataclass(frozen=True)
class Chart:
    """A figure, its title (not drawn in it), and its message in words and numbers for those who don't see
    it.
    """

    figure: go.Figure
    alt: str
    title: str

    def titled(self) -> go.Figure:
        """A copy of the figure with the title drawn in, for a deck or a picture."""
        figure = go.Figure(self.figure)
        figure.update_layout(
            title={
                "text": self.title,
                "x": 0,
                "xref": "paper",
                "automargin": True,
                "yref": "container",
                "y": 0.97,
            },
            margin={"t": 64},
        )
        return figure


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
        return go.Figure(data=self.traces, layout=_with_room(self.layout), _validate=False)


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


def without_unknown(title: str, count: int) -> str:
    """A title with how many values the marks leave out as unknown, where there are any."""
    if not count:
        return title
    unsaid = ngettext("({count} unknown left out)", "({count} unknown left out)", count)
    return f"{title} {unsaid.format(count=i18n.number(count))}"


def nothing(palette: Palette, title: str) -> Chart:
    """The empty chart of a filter or a span that holds nothing."""
    return empty(palette, title, _("Nothing to show for this date and these filters."))


def wrapped(text: str, width: int) -> str:
    """The text broken into lines of at most that many characters."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)


def escaped(text: object) -> str:
    """A text from a file as Plotly shall show it: not as tags."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: object, width: int = 24) -> str:
    """A name that leaves room for its bar on a phone."""
    whole = str(text)
    return escaped(whole if len(whole) <= width else whole[: width - 1].rstrip() + "…")


# --- Values


def numbers(values: pd.Series[Any]) -> list[float | None]:
    """The values as plain floats, None where unknown, as Plotly leaves a gap."""
    plain: list[float] = values.astype("float64").to_numpy(na_value=math.nan).tolist()
    return [None if math.isnan(value) else value for value in plain]


def columns(values: Iterable[float | None]) -> list[float | None]:
    """Heights of columns: None in place of 0, so that no outline is left of a column that isn't there."""
    return [value or None for value in values]


def total(values: pd.Series[Any]) -> float | None:
    """The sum of the known values; None where none of some is known."""
    known = values.dropna()
    return None if known.empty and not values.empty else float(known.sum())


def left_out(agreements: int) -> str:
    """How many agreements a chart leaves out, as a further sentence; empty for none."""
    if not agreements:
        return ""
    text = ngettext(
        "{count} agreement with an unknown value is left out.",
        "{count} agreements with an unknown value are left out.",
        agreements,
    )
    return f" {text.format(count=i18n.number(agreements))}"


def day_of(value: Any) -> date:
    """A date of a frame, whatever its kind there."""
    found: date = pd.Timestamp(value).date()
    return found


def month_of(values: pd.Series[Any]) -> pd.Series[Any]:
    """The first day of each date's month."""
    return pd.Series(pd.to_datetime(values).dt.to_period("M").dt.start_time, index=values.index)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from one to the other, both included."""
    spans = pd.period_range(pd.Timestamp(first), pd.Timestamp(last), freq="M")
    return [span.to_timestamp().date() for span in spans]


# --- Ticks


def month_axis(months: Sequence[date], most: int = 8) -> dict[str, Any]:
    """An axis of month columns: few ticks, the year under the first one and where it changes."""
    step = max(1, math.ceil(len(months) / most))
    # Counted from the last month, which is the one that people look for.
    shown = [month for index, month in enumerate(months) if (len(months) - 1 - index) % step == 0]
    return {
        "type": "category",
        "tickmode": "array",
        "tickvals": [key(month) for month in shown],
        "ticktext": _month_texts(shown),
        "tickangle": 0,
    }


def _month_texts(months: Sequence[date]) -> list[str]:
    years: set[int] = set()
    texts = []
    for month in months:
        name, year = i18n.month(month).rsplit(" ", 1)
        texts.append(name if month.year in years else f"{name}<br>{year}")
        years.add(month.year)
    return texts


def key(month: date) -> str:
    """The name of a month on a category axis."""
    return f"{month:%Y-%m}"


def day_axis(first: date, last: date, most: int = 6) -> dict[str, Any]:
    """A time axis with at most about that many ticks, on the first of months, named in the language in
    use.
    """
    months = months_between(first, last)
    months = [month for month in months if month >= first]
    step = next((step for step in _MONTH_STEPS if len(months) / step <= most), _MONTH_STEPS[-1])
    ticks = [month for month in months if (month.year * 12 + month.month - 1) % step == 0]
    return {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "tickmode": "array",
        "tickvals": [tick.isoformat() for tick in ticks],
        "ticktext": [str(tick.year) for tick in ticks] if step % 12 == 0 else _month_texts(ticks),
        "tickangle": 0,
    }


def nice_ticks(least: float, most: float, count: int = 4) -> list[float]:
    """Round values from at most ``least`` (or 0) to at least ``most``, about ``count`` steps."""
    least, most = min(0.0, least), max(0.0, most)
    if least == most:
        most = 1.0
    span = most - least
    raw = span / count
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= raw * 0.999)
    first, last = math.floor(least / step), math.ceil(most / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def amount_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis in kr from zero: ``200 000 kr``, from a million on ``1,5 mill. kr``."""
    ticks = _ticks(values, count)
    exact = _decimals([tick / _MILLION for tick in ticks])
    return _ticked(ticks, [short_amount(tick, ticks, exact) for tick in ticks])


def short_amount(value: float, among: Sequence[float] = (), least_decimals: int = 0) -> str:
    """An amount in few signs; all of a scale in the same unit."""
    largest = max((abs(other) for other in [value, *among]), default=0)
    if largest < _MILLION or value == 0:
        return i18n.amount(value)
    decimals = max(least_decimals, 1 if largest < 20 * _MILLION else 0)
    return _("{number} m kr").format(number=i18n.number(value / _MILLION, decimals))


def count_axis(values: Iterable[float | None], unit: Callable[[int], str], count: int = 4) -> dict[str, Any]:
    """An axis of a number of things from zero; the last tick says of what, as ``unit`` writes {count}."""
    known = [value for value in values if value is not None]
    ticks = [
        tick
        for tick in _ticks(known, min(count, max(1, math.ceil(max(known, default=1)))))
        if tick == int(tick)
    ]
    texts = [i18n.number(tick) for tick in ticks]
    return _ticked(ticks, [*texts[:-1], unit(int(ticks[-1])).format(count=texts[-1])])


def ratio_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis of plain numbers from zero with as many decimals as its steps need."""
    ticks = _ticks(values, count)
    decimals = _decimals(ticks)
    return _ticked(ticks, [i18n.number(tick, decimals if tick else 0) for tick in ticks])


def percent_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis of fractions from zero, shown as percent."""
    ticks = _ticks(values, count)
    decimals = _decimals([tick * 100 for tick in ticks])
    return _ticked(ticks, [i18n.percent(tick, decimals if tick else 0) for tick in ticks])


def percent_line_axis(values: Iterable[float | None], count: int = 4) -> dict[str, Any]:
    """An axis of fractions for lines, which needn't start at zero: 100 % and what lies around it."""
    known = [value for value in values if value is not None] + [1.0]
    step = next(
        step
        for step in (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 100.0)
        if max(known) - min(known) <= step * count
    )
    lowest, highest = math.floor(min(known) / step + 1e-9), math.ceil(max(known) / step - 1e-9)
    ticks = [round(index * step, 4) for index in range(max(0, lowest - 1), highest + 2)]
    return _ticked(ticks, [i18n.percent(tick) for tick in ticks])


def _ticks(values: Iterable[float | None], count: int) -> list[float]:
    known = [value for value in values if value is not None]
    return nice_ticks(min(known, default=0), max(known, default=0), count)


def _decimals(values: Sequence[float]) -> int:
    """As few decimals as show each value as it is, at most four: a tick at 0.25 that says 0.2 is a wrong figure."""
    return next(
        (count for count in range(4) if all(abs(value - round(value, count)) < 1e-9 for value in values)), 4
    )


def _ticked(ticks: list[float], texts: list[str]) -> dict[str, Any]:
    return {"tickmode": "array", "tickvals": ticks, "ticktext": texts, "range": [ticks[0], ticks[-1]]}


def hover_number(column: Column, axis: str) -> str:
    """How Plotly shall write a number of that column on hover; of a percent, the number times 100.

    For charts of thousands of points, where formatting each here takes too long.
    """
    match column.format:
        case "percent":
            return f"%{{{axis}:,.0f}}\N{NO-BREAK SPACE}%"
        case "amount":
            return f"%{{{axis}:,.0f}}\N{NO-BREAK SPACE}kr"
        case "rate":
            return f"%{{{axis}:,.2f}}\N{NO-BREAK SPACE}kr"
        case "ratio" | "quantity":
            return f"%{{{axis}:,.2f}}"
        case "hours":
            return f"%{{{axis}:,.1f}}"
        case _:
            return f"%{{{axis}:,.0f}}"


def today_mark(drawn: Drawing, as_of: date, palette: Palette) -> None:
    """A line on the as-of date with the date at its top: leave room there above the highest mark."""
    on = as_of.isoformat()
    line = {"color": palette.text, "width": 1.5, "dash": "dot"}
    drawn.shape(type="line", x0=on, x1=on, y0=0, y1=1, yref="paper", line=line, layer="below")
    font = {"size": 12, "color": palette.text}
    drawn.note(i18n.day(as_of), x=on, y=1, yref="paper", yanchor="top", xanchor="left", font=font)
