"""Horizontal bars: names beside them, texts behind them."""

from ccinsight.charts import Palette
from ccinsight.charts.bars import BarTable, horizontal, row_height

LIGHT = Palette.light()
TABLE = BarTable(["A", "B", "C"], [4.0, None, -2.0], ["4", "unknown", "-2"], ["a", "b", "c"])


def test_a_text_stands_behind_each_bar_and_at_zero_without_one() -> None:
    drawn = horizontal(TABLE, LIGHT, 120, {"color": LIGHT.accent})
    bars, texts = drawn.traces
    assert (bars["x"], bars["customdata"]) == ([4.0, None, -2.0], ["a", "b", "c"])
    assert (texts["x"], texts["text"]) == ([4.0, 0.0, 0.0], [" 4", " unknown", " -2"])
    assert drawn.layout["yaxis"]["ticktext"] == ["A", "B", "C"]
    assert drawn.layout["height"] == 120


def test_the_longest_bar_is_the_largest_value() -> None:
    assert TABLE.longest() == 4.0
    assert BarTable(["A"], [None], ["unknown"], ["a"]).longest() == 0.0


def test_rows_are_high_enough_for_the_longest_name() -> None:
    assert row_height(["Nord AS", "Sør AS"], 30) == 30
    assert row_height(["Nord AS", "Fjord Blikk, Tak og<br>Ventilasjon AS"], 30) == 40
    assert row_height(["Fjord Blikk, Tak og<br>Ventilasjon AS"], 60) == 60
