"""Numbers that the browser writes, in tables too long for us: Streamlit cuts off the decimals it doesn't show."""

import math

import pandas as pd
import pytest

from ccinsight.dashboard.widgets import cells
from ccinsight.registry import REPORTS

UTILIZATION = REPORTS["utilization"]
LONG = cells.FORMATTED_ROWS + 1


def _written(value: float, decimals: int) -> float:
    """What Streamlit's number column makes of a value with a step of so many decimals."""
    parts: float = 10.0**decimals
    return math.trunc(value * parts) / parts


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("tickets_per_user", 173 / 3, 57.67),
        ("tickets_per_user", 4.35, 4.35),
        ("tickets_per_user", -4.35, -4.35),
        ("tickets_per_user", 0.0, 0.0),
        ("percentile", 2 / 3, 66.7),
        ("percentile", 0.989655, 99.0),
        ("minutes", 59.6, 60.0),
        ("minutes", 62.5, 63.0),
        ("minutes", -62.5, -63.0),
    ],
)
def test_a_long_table_is_rounded(name: str, value: float, written: float) -> None:
    frame = pd.DataFrame({name: [value] * LONG})
    decimals = cells.browser_decimals(UTILIZATION.column(name))
    assert decimals is not None
    shown = cells.styled(frame, UTILIZATION)[name]
    assert {_written(each, decimals) for each in shown} == {written}


def test_all_hundredths_stay_as_they_are() -> None:
    values = pd.Series([each / 100 for each in range(-20_000, 20_000)])
    shown = cells.for_browser(values, UTILIZATION.column("tickets_per_user"))
    assert [_written(each, 2) for each in shown] == values.tolist()


def test_a_long_table_and_a_short_one_agree() -> None:
    column = UTILIZATION.column("tickets_per_user")
    values = pd.Series([each / 7 for each in range(5_000)] + [each / 1000 for each in range(-5_000, 5_000)])
    short = [_number(text) for text in _texts(values)]
    long = [_written(each, 2) for each in cells.for_browser(values, column)]
    assert long == short


def _number(text: str) -> float:
    return float(text.replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-").replace(",", "."))


def _texts(values: pd.Series) -> list[str]:
    return [str(text) for text in cells.texts(values, UTILIZATION.column("tickets_per_user"))]


def test_what_is_unknown_stays_unknown() -> None:
    shown = cells.for_browser(pd.Series([None, 1.0], dtype="float64"), UTILIZATION.column("percentile"))
    assert math.isnan(shown[0])
    whole = pd.Series([None, 3], dtype="Int64")
    assert cells.for_browser(whole, UTILIZATION.column("tickets")).isna().tolist() == [True, False]
