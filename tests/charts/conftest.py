"""Plotly's own checks, which drawing goes without."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import pytest

from ccinsight.charts import Chart

Checked = Callable[[Chart], list[dict[str, Any]]]


@pytest.fixture
def checked() -> Checked:
    """The traces of a chart, after Plotly has found every property of the figure valid."""

    def check(chart: Chart) -> list[dict[str, Any]]:
        whole = chart.figure.to_dict()
        go.Figure(whole)
        assert chart.alt.endswith(".")
        assert chart.title
        return list(whole["data"])

    return check
