"""Charts on a page: the heading, the figure in the theme's colours, its text for those who don't see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from ccinsight.charts import CONFIG, Chart, Palette

# Two beside each other on a laptop, one under the other on a phone.
_NARROWEST = 430
# A parameter of the page (address.PAGE_PARAMETERS), and the value that each mark of the first trace gives it.
Choice = tuple[str, Sequence[str]]
Choosing = Mapping[str, Choice]


def palette() -> Palette:
    """The colours of the theme in use."""
    return Palette.dark() if st.context.theme.type == "dark" else Palette.light()


def show(*, choosing: Choosing | None = None, **drawn: Chart) -> None:
    """Draws the charts beside each other where there is room. The names are their keys on the page.

    ``choosing``: what clicking on a chart's marks sets; "" stands for a mark that sets nothing.
    """
    choosing = choosing or {}
    if len(drawn) == 1:
        ((key, chart),) = drawn.items()
        _show(key, chart, choosing.get(key))
        return
    with st.grid(
        len(drawn), min_column_width=_NARROWEST, gap="medium", key=f"charts-{'-'.join(drawn)}"
    ) as grid:
        for key, chart in drawn.items():
            with grid.cell():
                _show(key, chart, choosing.get(key))


def _show(key: str, chart: Chart, choice: Choice | None) -> None:
    st.markdown(f"#### {chart.title}")
    name = f"chart-{key}"
    st.plotly_chart(
        chart.figure,
        theme=None,
        config=CONFIG,
        alt=chart.alt,
        width="stretch",
        key=name,
        on_select=partial(_choose, name, *choice) if choice else "ignore",
        selection_mode="points",
    )


def _choose(key: str, parameter: str, values: Sequence[str]) -> None:
    points = st.session_state[key].selection.points
    chosen = values[points[0]["point_index"]] if points else ""
    if chosen:
        st.session_state[parameter] = chosen
