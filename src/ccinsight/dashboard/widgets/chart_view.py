"""Charts on a page: the heading, the figure in the theme's colours, its text for those who don't see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from zlib import crc32

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ccinsight.charts import CONFIG, Chart, Mark, Palette
from ccinsight.dashboard.session import keys, printing
from ccinsight.dashboard.widgets import chart_filter
from ccinsight.i18n import _

# Two beside each other on a laptop, one under the other on a phone.
_NARROWEST = 430
# A parameter of the page (pages.PARAMETERS), and the value that a mark gives it.
Choice = tuple[str, Callable[[Mark], str]]
# What Streamlit makes of a figure to choose from, after it was drawn: said at once, it need not be drawn again.
_FOR_CHOOSING = {"clickmode": "event+select", "hovermode": "closest", "dragmode": "pan"}


def palette() -> Palette:
    """The colours of the theme in use; paper is light."""
    is_dark = st.context.theme.type == "dark" and not printing.is_on()
    return Palette.dark() if is_dark else Palette.light()


@contextmanager
def after_tables() -> Iterator[None]:
    """Draws the charts of the page that runs in the block when the page is through, each in the place kept for it.

    A chart takes the browser longer than all the rest of a page: drawn first, it holds up the tables below it.
    """
    waiting: list[_Waiting] = []
    st.session_state[keys.CHARTS] = waiting
    try:
        yield
        for chart in waiting:
            chart.draw()
    finally:
        # the session would hold the page's tables until its next run
        st.session_state[keys.CHARTS] = []


def show(
    *,
    choosing: Mapping[str, Choice] | None = None,
    tables: Mapping[str, chart_filter.Tables] | None = None,
    **drawn: Callable[[], Chart],
) -> None:
    """Keeps a place for charts beside each other where there is room. The names are their keys on the page.

    What makes a chart is called when the page is through. What a click on a mark does, by chart: ``choosing`` sets a
    parameter of the page, ``tables`` filters tables below (widgets/chart_filter.py).
    """
    choosing, tables = choosing or {}, tables or {}
    waiting: list[_Waiting] = st.session_state[keys.CHARTS]
    places = [st.container()] if len(drawn) == 1 else _beside_each_other(drawn)
    hinting = next((key for key in drawn if key in tables), None)
    for place, (key, made) in zip(places, drawn.items(), strict=True):
        if key in tables and chart_filter.is_chosen_in(key):
            made = _made_at_once(key, made)
        waiting.append(_Waiting(place, key, made, choosing.get(key), tables.get(key), key == hinting))


def _made_at_once(key: str, made: Callable[[], Chart]) -> Callable[[], Chart]:
    """Makes a chart before the table that a mark of it filters, which names the mark as the chart now does."""
    chart = made()
    chart_filter.follow(key, chart.marks)
    return lambda: chart


def _beside_each_other(drawn: Mapping[str, object]) -> list[DeltaGenerator]:
    grid = st.grid(len(drawn), min_column_width=_NARROWEST, gap="medium", key=f"charts-{'-'.join(drawn)}")
    return [grid.cell() for _key in drawn]


@dataclass(frozen=True)
class _Waiting:
    """A chart yet to be made, and its place."""

    place: DeltaGenerator
    key: str
    made: Callable[[], Chart]
    choice: Choice | None
    tables: chart_filter.Tables | None
    says_how: bool

    def draw(self) -> None:
        chart = self.made()
        name = f"chart-{self.key}"
        clicks: dict[str, Any] = {}
        if (self.choice or self.tables) and chart.marks and not printing.is_on():
            chart_filter.follow(self.key, chart.marks)
            self._follow_page()
            name = chart_filter.chart_name(self.key)
            chosen = partial(_choose, self.key, name, chart.marks, self.choice, self.tables)
            clicks = {"on_select": chosen, "selection_mode": "points"}
        with self.place:
            st.markdown(f"## {chart.title}")
            st.plotly_chart(
                _drawn_once(chart.figure, _FOR_CHOOSING if clicks else {}),
                theme=None,
                config={**CONFIG, "staticPlot": printing.is_on()},
                alt=chart.alt,
                width=chart.widest or "stretch",
                key=name,
                **clicks,
            )
            if clicks and self.says_how:
                st.caption(_("Click a bar or a dot to show only its rows in the table below."))

    def _follow_page(self) -> None:
        """Takes the highlight off the mark that was clicked when the page has another value since."""
        if self.choice:
            parameter, value_of = self.choice
            mark = chart_filter.chosen(_as_table(parameter))
            if mark and value_of(mark) != st.session_state.get(parameter):
                chart_filter.forget(self.key)


def _as_table(parameter: str) -> str:
    """The name under which chart_filter.py remembers the mark that gave a parameter its value."""
    return f"?{parameter}"


def _drawn_once(figure: go.Figure, layout: Mapping[str, str]) -> go.Figure:
    """The figure, with what lets Plotly see that it is the same when Streamlit hands it over a second time.

    Streamlit does so with each new figure. Without a revision of the data every list is another to Plotly, and so is
    a template; the whole figure is drawn again then. Other data have another revision.
    """
    revision = crc32(figure.to_json().encode())
    for name, value in {"datarevision": revision, "template": None, **layout}.items():
        figure.layout[name] = value
    return figure


def _choose(
    key: str,
    name: str,
    of_traces: chart_filter.Marks,
    choice: Choice | None,
    tables: chart_filter.Tables | None,
) -> None:
    """For the callback of a click on a mark; a second click on it takes it off."""
    points = st.session_state[name].selection.points
    if not points:
        chart_filter.unselect(key)
        return
    place = points[0]["curve_number"], points[0]["point_index"]
    of_trace = of_traces.get(place[0], ())
    mark = of_trace[place[1]] if place[1] < len(of_trace) else None
    if mark and choice:
        parameter, value_of = choice
        st.session_state[parameter] = value_of(mark)
        chart_filter.choose(key, _as_table(parameter), mark, place)
    if mark and tables:
        chart_filter.choose(key, tables, mark, place)
