"""Why revenue was lost: the traces of a small table."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"


def test_bars_keep_the_order_of_the_rows_with_not_given_last(checked: Any) -> None:
    rows = pd.DataFrame(
        {"reason": ["Pris", "not given"], "amount": [-900.0, -2000.0], "is_given": [True, False]}
    )
    chart = charts.lost_by_reason(rows, LIGHT)
    bars, _texts = checked(chart)
    assert chart.figure.layout.yaxis.ticktext == ("not given", "Pris")  # Plotly draws from below
    assert bars["x"] == [2000, 900]
    assert bars["marker"]["color"] == [LIGHT.grey_soft, LIGHT.accent]
    assert [each and each.value("reason") for each in chart.marks[0]] == [None, "Pris"]
    assert chart.alt == f"Pris: 900{KR}; not given: 2,000{KR}."
