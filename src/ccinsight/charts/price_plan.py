"""What a planned price change brings."""

from __future__ import annotations

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import text
from ccinsight.charts.axes import (
    amount_axis,
)
from ccinsight.charts.figure import Chart, Drawing, empty, nothing
from ccinsight.charts.marks import month_marks
from ccinsight.charts.months import MonthTable, Part, stacked
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import known_sum, sums_by_month, unknown_count
from ccinsight.charts.text import (
    without_unknown,
)
from ccinsight.charts.values import day_of, months_between
from ccinsight.i18n import _


def plan_by_month(plan: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns by month of the first renewal, of the report ``price_plan``: kr a year (R6).

    The change a year that the notice reaches, and what it comes too late for. A price that falls gives
    columns below zero.
    """
    title = _("Effect a year by month of the first renewal")
    known = plan.dropna(subset=["change"]) if not plan.empty else plan
    if known.empty:
        return nothing(palette, title)
    if not known["change"].any():
        return empty(palette, title, _("The plan changes no rate yet."))
    table = _changes(known)
    sums = {part.key: known_sum(part.values) for part in table.parts}
    alt = _("{reached} a year comes at the first renewal, {lost} a year later.").format(
        reached=i18n.amount(sums.get("reached", 0.0)), lost=i18n.amount(sums.get("late", 0.0))
    )
    return _draw(table, palette).chart(alt, without_unknown(title, unknown_count(plan["change"])))


def _changes(known: pd.DataFrame) -> MonthTable:
    """The change of the agreements that the notice reaches and of the others; a part of nothing is left out."""
    firsts = known["first_renewal_on"]
    months = months_between(day_of(firsts.min()), day_of(firsts.max()))
    is_late = known["lost"] != 0
    parts = []
    for key, name, rows in (
        ("reached", _("New price at the first renewal"), known[~is_late]),
        ("late", _("Too late: one year later"), known[is_late]),
    ):
        values = sums_by_month(rows, "first_renewal_on", "change", months)
        if any(values):
            hover = text.amounts_by_month(months, name, values)
            parts.append(
                Part(key, name, values, hover, marks=month_marks(months, "first_renewal_on", name, key))
            )
    return MonthTable(months, parts)


def _draw(table: MonthTable, palette: Palette) -> Drawing:
    late = {"color": palette.warm, "pattern": palette.hatched()}
    drawn = stacked(table, {"reached": {"color": palette.accent}, "late": late}, palette, 320, "relative")
    drawn.y(**amount_axis(table.ends()), zeroline=True)
    return drawn
