"""Why revenue was lost: a bar for each reason."""

from __future__ import annotations

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.bars import BarTable, horizontal, row_height
from ccinsight.charts.figure import Chart, nothing
from ccinsight.charts.marks import mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import escaped, in_two_lines
from ccinsight.charts.values import numbers
from ccinsight.i18n import _

_ROW = 30


def lost_by_reason(rows: pd.DataFrame, palette: Palette) -> Chart:
    """Horizontal bars in the order of the rows, from the top: reason, amount (kr, negative), is_given.

    Where no reason is given the bar is grey. A bar stands for the rows of its reason.
    """
    title = _("Lost revenue by reason")
    if rows.empty:
        return nothing(palette, title)
    upwards = rows[::-1]
    names = [str(name) for name in upwards["reason"]]
    lost = numbers(-upwards["amount"])
    texts = [i18n.amount(value) for value in lost]
    said = [f"{name}: {text}" for name, text in zip(names, texts, strict=True)]
    bars = BarTable(
        names=[in_two_lines(name) for name in names],
        values=lost,
        texts=texts,
        hover=[escaped(text) for text in said],
        marks=[
            mark(name, reason=(name if is_given else None,))
            for name, is_given in zip(names, upwards["is_given"], strict=True)
        ],
    )
    colours = [palette.accent if is_given else palette.grey_soft for is_given in upwards["is_given"]]
    height = 32 + row_height(bars.names, _ROW) * len(names)
    drawn = horizontal(bars, palette, height, {"color": colours})
    drawn.x(range=[0, (bars.longest() or 1) * 1.32])
    return drawn.chart("; ".join(reversed(said)) + ".", title)
