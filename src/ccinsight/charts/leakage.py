"""What was not billed, and what was billed too much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.bars import BarTable, name_rows, row_height
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, bar, empty, scatter
from ccinsight.charts.marks import Days, Mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import known_sum
from ccinsight.charts.text import escaped, in_two_lines
from ccinsight.charts.values import day_of, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS

_ROW, _MOST_BARS = 34, 12


def differences(invoicing: pd.DataFrame, palette: Palette) -> Chart:
    """Horizontal bars of the largest differences of the report ``invoicing``, in kr (R7).

    What was not billed lies to the right of zero, what was billed too much to the left.
    """
    title = _("The largest differences between expected and invoiced")
    known = invoicing.dropna(subset=["difference"]) if not invoicing.empty else invoicing
    known = known[known["difference"] != 0] if not known.empty else known
    if known.empty:
        reason = _("Nothing differs between what was expected and what was invoiced.")
        return empty(palette, title, reason)
    under = known_sum(known["difference"].clip(lower=0))
    over = known_sum(-known["difference"].clip(upper=0))
    alt = _("{under} not billed and {over} billed too much, over {count}.").format(
        under=i18n.amount(under), over=i18n.amount(over), count=_lines(len(known))
    )
    return _draw(_largest(known), palette).chart(alt, title)


def _largest(known: pd.DataFrame) -> BarTable:
    """The largest differences whatever their sign, from the lowest to the highest."""
    by_size = known["difference"].abs().sort_values(ascending=False, kind="stable").index
    shown = known.reindex(by_size).head(_MOST_BARS).sort_values("difference", kind="stable")
    values = numbers(shown["difference"])
    return BarTable(
        names=[in_two_lines(name, 20) for name in shown["customer_name"].fillna(shown["customer_id"])],
        values=values,
        texts=[_signed(value or 0) for value in values],
        hover=[_difference_text(row) for row in shown.to_dict("records")],
        marks=[_mark(row) for row in shown.to_dict("records")],
    )


def _mark(row: dict[Any, Any]) -> Mark:
    """The amount that differs: one of an agreement's period."""
    name = row["customer_id"] if pd.isna(row["customer_name"]) else row["customer_name"]
    start = day_of(row["period_start"])
    return Mark(
        f"{name}, {row['agreement_id']}, {i18n.day(start)}",
        (
            ("agreement_id", (row["agreement_id"],)),
            ("period_start", Days(start, start)),
            ("kind", (row["kind"],)),
        ),
        part="unbilled" if row["difference"] > 0 else "overbilled",
    )


def _draw(table: BarTable, palette: Palette) -> Drawing:
    rows, values = list(range(len(table.names))), list(table.values)
    bars = bar(
        x=values,
        y=rows,
        orientation="h",
        marker=_gain_or_loss(values, palette),
        customdata=list(table.hover),
        hovertemplate=HOVER,
        marks=table.marks,
    )
    height = 40 + row_height(table.names, _ROW) * len(rows)
    drawn = Drawing(palette, [bars], height=height, bargap=0.34)
    name_rows(drawn, rows, table.names, palette)
    drawn.x(range=_room(values), zeroline=True)
    drawn.y(showline=False)
    drawn.add(_texts_beside(rows, table))
    return drawn


def _texts_beside(rows: Sequence[int], table: BarTable) -> Trace:
    """The number at the end of each bar, away from the axis."""
    return scatter(
        x=list(table.values),
        y=list(rows),
        mode="text",
        text=[f" {text} " for text in table.texts],
        textposition=["middle left" if (value or 0) < 0 else "middle right" for value in table.values],
        cliponaxis=False,
        hoverinfo="skip",
    )


def _gain_or_loss(values: Sequence[float | None], palette: Palette) -> dict[str, Any]:
    below = [(value or 0) < 0 for value in values]
    return {
        "color": [palette.warm if is_below else palette.accent for is_below in below],
        "pattern": palette.hatched(["/" if is_below else "" for is_below in below]),
    }


def _room(values: Sequence[float | None]) -> list[float]:
    """A range that leaves room for the numbers beside the bars, on the sides that have bars."""
    known = [value or 0.0 for value in values]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    span = (high - low) or 1.0
    return [low - (0.45 * span if low < 0 else 0), high + (0.45 * span if high > 0 else 0)]


def _signed(value: float) -> str:
    return i18n.amount(value) if value >= 0 else f"−{i18n.amount(-value)}"


def _difference_text(row: dict[Any, Any]) -> str:
    column = REPORTS["invoicing"].column
    return "<br>".join(
        [
            f"<b>{escaped(row['customer_name'])}</b>",
            f"{escaped(row['agreement_id'])}, {i18n.day(row['period_start'])}, "
            + column("kind").shown(row["kind"]).lower(),
            _("expected {expected}, invoiced {invoiced}").format(
                expected=i18n.amount(row["expected"], 2), invoiced=i18n.amount(row["invoiced"], 2)
            ),
        ]
    )


def _lines(count: int) -> str:
    return ngettext("{count} amount", "{count} amounts", count).format(count=i18n.number(count))
