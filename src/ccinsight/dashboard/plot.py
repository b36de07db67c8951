"""Charts on a page: the heading, the figure in the theme's colours, its text for those who don't see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ccinsight.charts import CONFIG, Chart, Palette

# Two beside each other on a laptop, one under the other on a phone.
_NARROWEST = 430
# A parameter of the page (address.PAGE_PARAMETERS), and the value that each mark of the first trace gives it.
Choice = tuple[str, Sequence[str]]
Choosing = Mapping[str, Choice]
_KEY = "_charts"


def palette() -> Palette:
    """The colours of the theme in use."""
    return Palette.dark() if st.context.theme.type == "dark" else Palette.light()


@contextmanager
def after_tables() -> Iterator[None]:
    """Draws the charts of the page that runs in the block when the page is through, each in the place kept for it.

    A chart takes the browser longer than all the rest of a page: drawn first, it holds up the tables beneath it.
    """
    waiting: list[_Waiting] = []
    st.session_state[_KEY] = waiting
    yield
    for chart in waiting:
        chart.draw()


def show(*, choosing: Choosing | None = None, **drawn: Callable[[], Chart]) -> None:
    """Keeps a place for charts beside each other where there is room. The names are their keys on the page.

    What makes a chart is called when the page is through. ``choosing``: what clicking on a chart's marks sets; ""
    stands for a mark that sets nothing.
    """
    choosing = choosing or {}
    waiting: list[_Waiting] = st.session_state[_KEY]
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
        with self.place:
            st.markdown(f"#### {chart.title}")
            st.plotly_chart(
                chart.figure,
                theme=None,
                config=CONFIG,
                alt=chart.alt,
                width="stretch",
                key=name,
                on_select=partial(_choose, name, *self.choice) if self.choice else "ignore",
                selection_mode="points",
            )


def _choose(key: str, parameter: str, values: Sequence[str]) -> None:
    points = st.session_state[key].selection.points
    chosen = values[points[0]["point_index"]] if points else ""
    if chosen:
        st.session_state[parameter] = chosen
