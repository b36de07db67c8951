"""One rule for sums: what is known is summed, unknown where none of some is known, 0 over no rows."""

from datetime import date

import pandas as pd
import pytest

from ccinsight.charts.sums import (
    change,
    counts_by_month,
    known_sum,
    known_sums,
    sums_by_month,
    unknown_count,
)

ROWS = pd.DataFrame(
    {
        "manager": ["Kari", "Kari", "Ola", None],
        "on": pd.to_datetime(["2026-01-31", "2026-01-01", "2026-03-15", "2026-04-01"]),
        "value": [100.0, None, None, 7.0],
    }
)
MONTHS = [date(2026, month, 1) for month in range(1, 5)]


@pytest.mark.parametrize(
    ("values", "known", "left_out"),
    [([1, None, 2], 3, 1), ([None, None], None, 2), ([], 0, 0), ([0], 0, 0)],
)
def test_a_sum_is_of_what_is_known(values: list[float | None], known: float | None, left_out: int) -> None:
    column = pd.Series(values, dtype="float64")
    assert known_sum(column) == known_sum(values) == known
    assert known_sum(column.astype("Int64")) == known
    assert unknown_count(column) == left_out


def test_groups_without_a_known_value_are_unknown_and_the_unknown_is_a_group() -> None:
    sums = known_sums(ROWS, "manager", ["value"])["value"]
    assert sums.loc["Kari"] == 100
    assert pd.isna(sums.loc["Ola"])
    assert sums[sums.index.isna()].tolist() == [7]


def test_a_month_without_rows_is_nothing_and_one_without_a_known_value_is_unknown() -> None:
    assert sums_by_month(ROWS, "on", "value", MONTHS) == [100, 0, None, 7]
    assert counts_by_month(ROWS["on"], MONTHS) == [2, 0, 1, 1]
    assert sums_by_month(ROWS.head(0), "on", "value", MONTHS) == [0, 0, 0, 0]
    assert counts_by_month(ROWS["on"].head(0), MONTHS) == [0, 0, 0, 0]


def test_a_change_from_or_to_the_unknown_is_unknown() -> None:
    assert change(3, 1) == -2
    assert change(None, 1) is None
    assert change(1, None) is None
