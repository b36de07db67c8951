"""What a planned price change brings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import amount_axis, month_axis
from ccinsight.charts.figure import Chart, Drawing, Trace, bar, empty, nothing
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import without_unknown
from ccinsight.charts.values import day_of, heights, month_key, month_of, months_between
from ccinsight.i18n import _

# A part of a stack: its name, its value each month, how it is filled.
_Look = tuple[str, list[float], dict[str, Any]]


def plan_by_month(plan: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns by month of the first renewal, of the report ``price_plan``.

    The change a year that the notice reaches, and what it comes too late for. A price that falls gives
    columns below zero.
    """
    title = _("Change a year by month of the first renewal")
    known = plan.dropna(subset=["change"]) if not plan.empty else plan
    if known.empty:
        return nothing(palette, title)
    if not known["change"].any():
        return empty(palette, title, _("The plan changes no rate yet."))
    firsts = month_of(known["first_renewal_on"])
    months = months_between(day_of(firsts.min()), day_of(firsts.max()))
    late = known["lost"] != 0
    sums = {is_late: known[late == is_late].groupby(firsts)["change"].sum() for is_late in (False, True)}
    parts = {
        is_late: [float(values.get(pd.Timestamp(month), 0)) for month in months]
        for is_late, values in sums.items()
    }
    looks = (
        (_("New price at the first renewal"), parts[False], {"color": palette.accent}),
        (_("Too late: one year later"), parts[True], _lined(palette.warm, palette)),
    )
    drawn = _stacked(months, looks, palette)
    alt = _("{reached} a year comes at the first renewal, {lost} a year later.").format(
        reached=i18n.amount(sum(parts[False])), lost=i18n.amount(sum(parts[True]))
    )
    return Chart(drawn.figure(), alt, without_unknown(title, len(plan) - len(known)))


def _stacked(months: list[date], looks: tuple[_Look, ...], palette: Palette) -> Drawing:
    """Stacked columns of those of the parts that are there."""
    traces: list[Trace] = [
        bar(
            x=[month_key(month) for month in months],
            y=heights(values),
            name=name,
            marker=marker,
            customdata=[
                f"<b>{i18n.month(month)}</b><br>{name}: {i18n.amount(value)}"
                for month, value in zip(months, values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, values, marker in looks
        if any(values)
    ]
    drawn = Drawing(palette, traces, height=320, barmode="relative", showlegend=True)
    drawn.x(**month_axis(months))
    stacks = list(zip(*(values for _name, values, _marker in looks), strict=True))
    tops = [sum(value for value in stack if value > 0) for stack in stacks]
    bottoms = [sum(value for value in stack if value < 0) for stack in stacks]
    drawn.y(**amount_axis([*tops, *bottoms]), zeroline=True)
    return drawn


def _lined(colour: str, palette: Palette) -> dict[str, Any]:
    pattern = {"shape": "/", "fgcolor": palette.surface, "fillmode": "overlay", "size": 6, "solidity": 0.25}
    return {"color": colour, "pattern": pattern}
