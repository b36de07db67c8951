"""Columns by month: what the axis must hold, and how they are drawn."""

from datetime import date

from ccinsight.charts import Palette
from ccinsight.charts.months import MonthTable, Part, side_by_side, stacked

LIGHT = Palette.light()
TABLE = MonthTable(
    [date(2026, 2, 1), date(2026, 3, 1)],
    [Part("up", "Up", [3.0, None], ["a", "b"]), Part("down", "Down", [-1.0, 2.0], ["c", "d"])],
)
MARKERS = {"up": {"color": "#111111"}, "down": {"color": "#222222"}}


def test_the_ends_of_a_stack_are_its_sums_above_and_below_zero() -> None:
    assert TABLE.ends() == [3.0, 2.0, -1.0, 0.0]
    assert TABLE.values() == [3.0, None, -1.0, 2.0]


def test_each_part_is_a_trace_in_its_colour_without_columns_of_nothing() -> None:
    drawn = stacked(TABLE, MARKERS, LIGHT, height=340, barmode="relative")
    assert [(trace["name"], trace["marker"]["color"], trace["y"]) for trace in drawn.traces] == [
        ("Up", "#111111", [3.0, None]),
        ("Down", "#222222", [-1.0, 2.0]),
    ]
    assert [trace["customdata"] for trace in drawn.traces] == [["a", "b"], ["c", "d"]]
    assert drawn.traces[0]["x"] == ["2026-02", "2026-03"]
    assert (drawn.layout["barmode"], drawn.layout["height"]) == ("relative", 340)
    assert drawn.layout["showlegend"]


def test_parts_can_stand_beside_each_other() -> None:
    assert side_by_side(TABLE, MARKERS, LIGHT).layout["barmode"] == "group"


def test_one_column_is_not_as_wide_as_the_page() -> None:
    part = Part("up", "Up", [3.0], ["a"])
    alone = stacked(MonthTable([date(2026, 2, 1)], [part]), MARKERS, LIGHT)
    year = [date(2026, month, 1) for month in range(1, 13)]
    many = stacked(MonthTable(year, [Part("up", "Up", [1.0] * 12, ["a"] * 12)]), MARKERS, LIGHT)

    assert alone.layout["xaxis"]["range"] == [-0.5, 5.5]
    assert "range" not in many.layout["xaxis"]
