"""Charts on a page: the heading, the figure in the theme's colours, its text for those who don't see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from zlib import crc32

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ccinsight.charts import CONFIG, Chart, Palette
from ccinsight.dashboard.session import keys

# Two beside each other on a laptop, one under the other on a phone.
_NARROWEST = 430
# A parameter of the page (pages.PARAMETERS), and the value that each mark of the first trace gives it.
Choice = tuple[str, Sequence[str]]
Choosing = Mapping[str, Choice]
# What Streamlit makes of a figure to choose from, after it was drawn: said at once, it need not be drawn again.
_FOR_CHOOSING = {"clickmode": "event+select", "hovermode": "closest", "dragmode": "pan"}


def palette() -> Palette:
    """The colours of the theme in use."""
    return Palette.dark() if st.context.theme.type == "dark" else Palette.light()


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


def show(*, choosing: Choosing | None = None, **drawn: Callable[[], Chart]) -> None:
    """Keeps a place for charts beside each other where there is room. The names are their keys on the page.

    What makes a chart is called when the page is through. ``choosing``: what clicking on a chart's marks sets; ""
    stands for a mark that sets nothing.
    """
    choosing = choosing or {}
    waiting: list[_Waiting] = st.session_state[keys.CHARTS]
    places = [st.container()] if len(drawn) == 1 else _beside_each_other(drawn)
    for place, (key, made) in zip(places, drawn.items(), strict=True):
        waiting.append(_Waiting(place, key, made, choosing.get(key)))


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

    def draw(self) -> None:
        chart, name = self.made(), f"chart-{self.key}"
        layout = _FOR_CHOOSING if self.choice else {}
        with self.place:
            st.markdown(f"#### {chart.title}")
            st.plotly_chart(
                _drawn_once(chart.figure, layout),
                theme=None,
                config=CONFIG,
                alt=chart.alt,
                width="stretch",
                key=name,
                on_select=partial(_choose, name, *self.choice) if self.choice else "ignore",
                selection_mode="points",
            )


def _drawn_once(figure: go.Figure, layout: Mapping[str, str]) -> go.Figure:
    """The figure, with what lets Plotly see that it is the same when Streamlit hands it over a second time.

    Streamlit does so with each new figure. Without a revision of the data every list is another to Plotly, and so is
    a template; the whole figure is drawn again then. Other data have another revision.
    """
    revision = crc32(figure.to_json().encode())
    for name, value in {"datarevision": revision, "template": None, **layout}.items():
        figure.layout[name] = value
    return figure


def _choose(key: str, parameter: str, values: Sequence[str]) -> None:
    points = st.session_state[key].selection.points
    chosen = values[points[0]["point_index"]] if points else ""
    if chosen:
        st.session_state[parameter] = chosen
