"""Charts on a page: the heading, the figure in the theme's colours, its text for those who don't see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ccinsight.charts import CONFIG, Chart, Palette

# Two beside each other on a laptop, one under the other on a phone.
_NARROWEST = 430


def palette() -> Palette:
    """The colours of the theme in use."""
    return Palette.dark() if st.context.theme.type == "dark" else Palette.light()


def show(**drawn: Chart) -> None:
    """Draws the charts beside each other where there is room. The names are their keys on the page."""
    if len(drawn) == 1:
        ((key, chart),) = drawn.items()
        _show(key, chart)
        return
    with st.grid(
        len(drawn), min_column_width=_NARROWEST, gap="medium", key=f"charts-{'-'.join(drawn)}"
    ) as grid:
        for key, chart in drawn.items():
            with grid.cell():
                _show(key, chart)


def _show(key: str, chart: Chart) -> None:
    st.markdown(f"#### {chart.title}")
    st.plotly_chart(
        chart.figure, theme=None, config=CONFIG, alt=chart.alt, width="stretch", key=f"chart-{key}"
    )


def choosable(key: str, chart: Chart, parameter: str, values: Sequence[str]) -> None:
    """A chart whose marks set one of the page's parameters; "" stands for a mark that sets nothing."""
    st.markdown(f"#### {chart.title}")
    st.plotly_chart(
        chart.figure,
        theme=None,
        config=CONFIG,
        alt=chart.alt,
        width="stretch",
        key=f"chart-{key}",
        on_select=partial(_choose, f"chart-{key}", parameter, tuple(values)),
        selection_mode="points",
    )


def _choose(key: str, parameter: str, values: tuple[str, ...]) -> None:
    points = st.session_state[key].selection.points
    chosen = values[points[0]["point_index"]] if points else ""
    if chosen:
        st.session_state[parameter] = chosen
