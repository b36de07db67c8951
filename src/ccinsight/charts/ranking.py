"""The highest or lowest of a report by one of its columns; several pages draw it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.bars import BarTable, horizontal, row_height
from ccinsight.charts.figure import Chart, Drawing, nothing
from ccinsight.charts.marks import mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import unknown_count
from ccinsight.charts.text import escaped, in_two_lines
from ccinsight.charts.values import numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import Column

_ROW = 30


def ranking(
    frame: pd.DataFrame,
    palette: Palette,
    measure: Column,
    title: str,
    label: str = "customer_name",
    count: int = 10,
    lowest: bool = False,
    marked: str | None = None,
) -> Chart:
    """Horizontal bars of one column, the ``count`` highest first (or lowest), unknown left out and counted.

    ``frame`` holds the columns ``label`` and ``measure.name``. ``marked`` is the label of the row that is
    ours.
    """
    known = frame.dropna(subset=[measure.name]) if measure.name in frame else frame.head(0)
    if known.empty:
        return nothing(palette, title)
    ranked = known.sort_values(measure.name, ascending=lowest, kind="stable")
    shown = _top(ranked, label, count, marked)[::-1]
    names = [str(name) for name in shown[label].fillna(_("unknown"))]
    is_ours = [marked in (None, name) for name in names]
    drawn = _draw(_bars(shown, names, measure), is_ours, palette)
    return drawn.chart(_ranking_alt(frame, shown, measure, label, lowest), title)


def _bars(shown: pd.DataFrame, names: Sequence[str], measure: Column) -> BarTable:
    values = numbers(shown[measure.name])
    texts = [measure.shown(value) for value in values]
    return BarTable(
        names=[in_two_lines(name) for name in names],
        values=values,
        texts=[*texts[:-1], _with_unit(texts[-1], measure)],
        hover=[f"{escaped(name)}: {text}" for name, text in zip(names, texts, strict=True)],
        marks=[
            mark(name, customer_id=(customer,))
            for name, customer in zip(names, shown["customer_id"], strict=True)
        ]
        if "customer_id" in shown
        else (),
    )


def _draw(table: BarTable, is_ours: Sequence[bool], palette: Palette) -> Drawing:
    marker = {"color": [palette.accent if ours else palette.grey_soft for ours in is_ours]}
    height = 32 + row_height(table.names, _ROW) * len(table.names)
    drawn = horizontal(table, palette, height, marker)
    known = [value for value in table.values if value is not None]
    # Room for the numbers behind the bars.
    drawn.x(range=[min(0, *known, 0) * 1.05, (max(0, *known, 0) or 1) * 1.32])
    return drawn


def _top(ranked: pd.DataFrame, label: str, count: int, marked: str | None) -> pd.DataFrame:
    """The first rows, and the marked one at the end where it isn't among them."""
    first = ranked.head(count)
    if marked is None or (first[label] == marked).any():
        return first
    return pd.concat([first, ranked[ranked[label] == marked].head(1)])


def _with_unit(text: str, measure: Column) -> str:
    """A count with the unit that its bars share: said once, at the longest."""
    unit = measure.unit.partition(",")[0]
    return f"{text} {_(unit)}" if unit and measure.format in {"integer", "minutes"} else text


def _ranking_alt(frame: pd.DataFrame, shown: pd.DataFrame, measure: Column, label: str, lowest: bool) -> str:
    first, last = shown.iloc[-1], shown.iloc[0]
    sentence = _("Lowest is {name} with {value}") if lowest else _("Highest is {name} with {value}")
    text = sentence.format(name=first[label], value=measure.shown(first[measure.name]))
    if len(shown) > 1:
        text += _(", number {rank} {name} with {value}").format(
            rank=len(shown), name=last[label], value=measure.shown(last[measure.name])
        )
    unknown = unknown_count(frame[measure.name])
    if unknown:
        text += ngettext("; {count} is unknown", "; {count} are unknown", unknown).format(
            count=i18n.number(unknown)
        )
    return f"{text}."
