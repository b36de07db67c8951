"""What was not billed, and what was billed too much."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.figure import Chart, Drawing, bar, empty, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import escaped, shortened
from ccinsight.charts.values import known_sum, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS

_ROW, _MOST_BARS = 34, 12


def differences(invoicing: pd.DataFrame, palette: Palette) -> Chart:
    """Horizontal bars of the largest differences of the report ``invoicing``.

    What was not billed lies to the right of zero, what was billed too much to the left.
    """
    title = _("The largest differences between expected and invoiced")
    known = invoicing.dropna(subset=["difference"]) if not invoicing.empty else invoicing
    known = known[known["difference"] != 0] if not known.empty else known
    if known.empty:
        reason = _("Nothing differs between what was expected and what was invoiced.")
        return empty(palette, title, reason)
    largest = known.reindex(known["difference"].abs().sort_values(ascending=False, kind="stable").index)
    shown = largest.head(_MOST_BARS).sort_values("difference", kind="stable")
    rows, values = list(range(len(shown))), numbers(shown["difference"])
    bars = bar(
        x=values,
        y=rows,
        orientation="h",
        marker=_gain_or_loss(values, palette),
        customdata=[_difference_text(row) for row in shown.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = Drawing(palette, [bars], height=40 + _ROW * len(rows), bargap=0.34)
    drawn.x(range=_room(values), zeroline=True, showticklabels=False, showline=False)
    drawn.y(
        showgrid=False,
        showline=False,
        tickmode="array",
        tickvals=rows,
        ticktext=[shortened(name, 18) for name in shown["customer_name"].fillna(shown["customer_id"])],
        tickfont={"size": 13, "color": palette.text},
    )
    _beside(drawn, rows, values)
    under = known_sum(known["difference"].clip(lower=0))
    over = known_sum(-known["difference"].clip(upper=0))
    alt = _("{under} not billed and {over} billed too much, over {count}.").format(
        under=i18n.amount(under), over=i18n.amount(over), count=_lines(len(known))
    )
    return Chart(drawn.figure(), alt, title)


def _gain_or_loss(values: list[float | None], palette: Palette) -> dict[str, Any]:
    below = [(value or 0) < 0 for value in values]
    return {
        "color": [palette.warm if is_below else palette.accent for is_below in below],
        "pattern": {
            "shape": ["/" if is_below else "" for is_below in below],
            "fgcolor": palette.surface,
            "fillmode": "overlay",
            "size": 6,
            "solidity": 0.25,
        },
    }


def _room(values: list[float | None]) -> list[float]:
    """A range that leaves room for the numbers beside the bars, on the sides that have bars."""
    known = [value or 0.0 for value in values]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    span = (high - low) or 1.0
    return [low - (0.45 * span if low < 0 else 0), high + (0.45 * span if high > 0 else 0)]


def _beside(drawn: Drawing, rows: list[int], values: list[float | None]) -> None:
    """The number at the end of each bar, away from the axis."""
    drawn.add(
        scatter(
            x=values,
            y=rows,
            mode="text",
            text=[f" {_signed(value or 0)} " for value in values],
            textposition=["middle left" if (value or 0) < 0 else "middle right" for value in values],
            cliponaxis=False,
            hoverinfo="skip",
        )
    )


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
