"""What renews by month: today's value, the value at renewal, and what can be expected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import text
from ccinsight.charts.axes import (
    amount_axis,
)
from ccinsight.charts.figure import Chart, Drawing, nothing
from ccinsight.charts.marks import month_marks
from ccinsight.charts.months import MonthTable, Part, side_by_side, stacked
from ccinsight.charts.palette import Palette
from ccinsight.charts.sums import change, counts_by_month, known_sum, sums_by_month
from ccinsight.charts.text import (
    left_out,
    signed_amount,
    without_unknown,
)
from ccinsight.charts.values import day_of, months_between, numbers
from ccinsight.i18n import _
from ccinsight.registry import label_of

STATUSES = ("will_renew", "open", "ending")


def renewal_pipeline(renewals: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns of today's value by renewal month and status, from the report ``renewals``: kr a year (R13).

    Today's value, so that what ends has its size too; the renewal value of it would be 0.
    """
    title = _("Today's value by month of renewal")
    renewals = renewals[["renewal_status", "renewal_on", "value_now"]]
    known = renewals.dropna(subset=["value_now"]) if not renewals.empty else renewals
    if known.empty:
        return nothing(palette, title)
    table = _values_by_status(known, _renewal_months(renewals))
    parts = [f"{part.name.lower()} {i18n.amount(known_sum(part.values))}" for part in table.parts]
    alt = _("{agreements} with a renewal date, worth {value}: {parts}.").format(
        agreements=text.agreements(len(known)),
        value=i18n.amount(known_sum(known["value_now"])),
        parts=", ".join(parts),
    )
    unknown = len(renewals) - len(known)
    title = without_unknown(title, unknown)
    return _draw_pipeline(table, palette).chart(alt + left_out(unknown), title)


def _values_by_status(known: pd.DataFrame, months: Sequence[date]) -> MonthTable:
    """Today's value a month of each status that an agreement has."""
    parts = []
    for status in STATUSES:
        rows = known[known["renewal_status"] == status]
        if rows.empty:
            continue
        name = label_of("renewal_status", status)
        values = sums_by_month(rows, "renewal_on", "value_now", months)
        counts = counts_by_month(rows["renewal_on"], months)
        amounts = text.amounts_by_month(months, name, values)
        hover = [f"{each}<br>{text.agreements(n)}" for each, n in zip(amounts, counts, strict=True)]
        marks = month_marks(months, "renewal_on", name, renewal_status=(status,))
        parts.append(Part(status, name, values, hover, marks=marks))
    return MonthTable(months, parts)


def _draw_pipeline(table: MonthTable, palette: Palette) -> Drawing:
    markers = {status: palette.status_marker(status) for status in STATUSES}
    drawn = stacked(table, markers, palette, height=340)
    drawn.y(**amount_axis(table.ends()))
    return drawn


def value_at_renewal(renewals: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a month: today's value of the agreements that renew in it, and their value at renewal, in kr a year.

    Agreements with either value unknown are left out of both, so that the two compare.
    """
    title = _("Value today and at renewal, by month of renewal")
    known = renewals.dropna(subset=["value_now", "value_next"]) if not renewals.empty else renewals
    if known.empty:
        return nothing(palette, title)
    table = _now_and_later(known, _renewal_months(renewals))
    now, later = (known_sum(part.values) for part in table.parts)
    alt = _("From {now} today to {later} at renewal: {change}.").format(
        now=i18n.amount(now), later=i18n.amount(later), change=signed_amount(change(now, later))
    )
    unknown = len(renewals) - len(known)
    title = without_unknown(title, unknown)
    return _draw_now_and_later(table, palette).chart(alt + left_out(unknown), title)


def _now_and_later(known: pd.DataFrame, months: Sequence[date]) -> MonthTable:
    now, later = (
        sums_by_month(known, "renewal_on", column, months) for column in ("value_now", "value_next")
    )
    hover = [
        _change_text(month, before, after) for month, before, after in zip(months, now, later, strict=True)
    ]
    marks = month_marks(months, "renewal_on")
    return MonthTable(
        months,
        [
            Part("now", _("Value today"), now, hover, marks=marks),
            Part("later", _("Value at renewal"), later, hover, marks=marks),
        ],
    )


def _draw_now_and_later(table: MonthTable, palette: Palette) -> Drawing:
    now = {"color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}}
    drawn = side_by_side(table, {"now": now, "later": {"color": palette.accent}}, palette)
    drawn.y(**amount_axis(table.values()))
    return drawn


def renewal_forecast(forecast: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns a month of the report ``renewal_forecast``, in kr a year (R13).

    Certain, open as weighted by the past, the rest of the open part, and today's value of what ends.
    """
    title = _("Value at renewal by month: certain, open and ending")
    if forecast.empty:
        return nothing(palette, title)
    message = _("Certain {certain}, open {open} of which {weighted} by past renewal rates, ending {ending}.")
    alt = message.format(
        certain=i18n.amount(known_sum(forecast["certain_value"])),
        open=i18n.amount(known_sum(forecast["open_value"])),
        weighted=i18n.amount(known_sum(forecast["open_weighted"])),
        ending=i18n.amount(known_sum(forecast["ending_value"])),
    )
    unknown = int(forecast["value_unknown"].sum())
    title = without_unknown(title, unknown)
    return _draw_forecast(_expected(forecast), palette).chart(alt + left_out(unknown), title)


def _expected(forecast: pd.DataFrame) -> MonthTable:
    """What can be expected a month; parts of nothing are left out."""
    months = [day_of(value) for value in forecast["month"]]
    whole, weighted = numbers(forecast["open_value"]), numbers(forecast["open_weighted"])
    parts = (
        ("will_renew", label_of("renewal_status", "will_renew"), numbers(forecast["certain_value"])),
        ("open", _("Open, weighted"), weighted),
        (
            "rest",
            _("Open, the rest"),
            # all of it where no past rate weighs it
            [change(part or 0.0, all_open) for all_open, part in zip(whole, weighted, strict=True)],
        ),
        ("ending", label_of("renewal_status", "ending"), numbers(forecast["ending_value"])),
    )
    return MonthTable(
        months,
        [
            Part(
                key,
                name,
                values,
                text.amounts_by_month(months, name, values),
                marks=month_marks(months, "month"),
            )
            for key, name, values in parts
            if any(values)
        ],
    )


def _draw_forecast(table: MonthTable, palette: Palette) -> Drawing:
    rest = {"color": palette.surface, "line": {"color": palette.grey, "width": 1}}
    markers = {"rest": rest, **{status: palette.status_marker(status) for status in STATUSES}}
    drawn = stacked(table, markers, palette, 320, "relative")
    drawn.y(**amount_axis(table.ends()), zeroline=True)
    return drawn


def _renewal_months(renewals: pd.DataFrame) -> list[date]:
    return months_between(day_of(renewals["renewal_on"].min()), day_of(renewals["renewal_on"].max()))


def _change_text(month: date, before: float | None, after: float | None) -> str:
    return "<br>".join(
        (
            f"<b>{i18n.month(month)}</b>",
            _("today {value}").format(value=i18n.amount(before)),
            _("at renewal {value}").format(value=i18n.amount(after)),
            _("change {value}").format(value=signed_amount(change(before, after))),
        )
    )
