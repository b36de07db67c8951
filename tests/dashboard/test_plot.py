"""A chart's revision: Plotly takes data of a revision that it has drawn for the same data."""

import plotly.graph_objects as go

from ccinsight.dashboard.widgets import chart_view


def _revision(*values: int) -> int:
    figure = go.Figure(go.Bar(x=["a", "b"], y=list(values)))
    return int(chart_view._drawn_once(figure, {}).layout.datarevision)


def test_other_data_have_another_revision_and_the_same_have_the_same() -> None:
    assert _revision(1, 2) == _revision(1, 2)
    assert _revision(1, 2) != _revision(1, 3)
