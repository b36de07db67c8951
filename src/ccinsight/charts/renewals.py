"""What renews by month: today's value, the value at renewal, and what can be expected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import amount_axis, month_axis
from ccinsight.charts.figure import Chart, Drawing, Trace, bar, nothing
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import left_out, without_unknown
from ccinsight.charts.values import day_of, heights, known_sum, month_key, month_of, months_between, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

STATUSES = ("will_renew", "open", "ending")
# A part of a stack: its name, its value each month, how it is filled.
_Look = tuple[str, list[float], dict[str, Any]]


def renewal_forecast(forecast: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns a month of the report ``renewal_forecast``.

    Certain, open as weighted by the past, the rest of the open part, and today's value of what ends.
    """
    title = _("Value at renewal by month: certain, open and ending")
    if forecast.empty:
        return nothing(palette, title)
    months = _months(forecast["month"])
    whole, weighted = _known(forecast["open_value"]), _known(forecast["open_weighted"])
    rest = [all_open - part for all_open, part in zip(whole, weighted, strict=True)]
    pale = {"color": palette.surface, "line": {"color": palette.grey, "width": 1}}
    certain, ending = _known(forecast["certain_value"]), _known(forecast["ending_value"])
    looks = (
        (label_of("renewal_status", "will_renew"), certain, palette.status_marker("will_renew")),
        (_("Open, weighted"), weighted, palette.status_marker("open")),
        (_("Open, the rest"), rest, pale),
        (label_of("renewal_status", "ending"), ending, palette.status_marker("ending")),
    )
    drawn = _stacked(months, looks, palette)
    message = _("Certain {certain}, open {open} of which {weighted} by past renewal rates, ending {ending}.")
    alt = message.format(
        certain=i18n.amount(known_sum(forecast["certain_value"])),
        open=i18n.amount(known_sum(forecast["open_value"])),
        weighted=i18n.amount(known_sum(forecast["open_weighted"])),
        ending=i18n.amount(known_sum(forecast["ending_value"])),
    )
    unknown = int(forecast["value_unknown"].sum())
    return Chart(drawn.figure(), alt + left_out(unknown), without_unknown(title, unknown))


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


def _known(values: pd.Series[Any]) -> list[float]:
    return [value or 0.0 for value in numbers(values)]


def _months(values: pd.Series[Any]) -> list[date]:
    return [day_of(value) for value in values]


def renewal_pipeline(renewals: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns of today's value by renewal month and status, from the report ``renewals``.

    Today's value, so that what ends has its size too; the renewal value of it would be 0.
    """
    title = _("Today's value by month of renewal")
    known = renewals.dropna(subset=["value_now"]) if not renewals.empty else renewals
    if known.empty:
        return nothing(palette, title)
    months = _renewal_months(renewals)
    by_status = {status: known[known["renewal_status"] == status] for status in STATUSES}
    by_status = {status: rows for status, rows in by_status.items() if not rows.empty}
    sums = {status: _by_month(rows, "value_now", months) for status, rows in by_status.items()}
    traces = [
        bar(
            x=[month_key(month) for month in months],
            y=heights(sums[status]),
            name=label_of("renewal_status", status),
            marker=palette.status_marker(status),
            customdata=_bar_texts(rows, status, months, sums[status]),
            hovertemplate="%{customdata}<extra></extra>",
        )
        for status, rows in by_status.items()
    ]
    drawn = Drawing(palette, traces, height=340, barmode="stack", showlegend=True)
    drawn.x(**month_axis(months))
    drawn.y(**amount_axis([sum(parts) for parts in zip(*sums.values(), strict=True)]))
    parts = [
        f"{label_of('renewal_status', status).lower()} {i18n.amount(sum(values))}"
        for status, values in sums.items()
    ]
    alt = _("{agreements} with a renewal date, worth {value}: {parts}.").format(
        agreements=_agreements(len(known)),
        value=i18n.amount(known_sum(known["value_now"])),
        parts=", ".join(parts),
    )
    title = without_unknown(title, len(renewals) - len(known))
    return Chart(drawn.figure(), alt + left_out(len(renewals) - len(known)), title)


def value_at_renewal(renewals: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a month: today's value of the agreements that renew in it, and their value at renewal.

    Agreements with either value unknown are left out of both, so that the two compare.
    """
    title = _("Value today and at renewal, by month of renewal")
    known = renewals.dropna(subset=["value_now", "value_next"]) if not renewals.empty else renewals
    if known.empty:
        return nothing(palette, title)
    months = _renewal_months(renewals)
    now, later = (_by_month(known, column, months) for column in ("value_now", "value_next"))
    looks = (
        (now, _("Value today"), {"color": palette.grey_soft, "line": {"color": palette.grey, "width": 1}}),
        (later, _("Value at renewal"), {"color": palette.accent}),
    )
    hover = [
        _change_text(month, before, after) for month, before, after in zip(months, now, later, strict=True)
    ]
    traces = [
        bar(
            x=[month_key(month) for month in months],
            y=heights(values),
            name=name,
            marker=marker,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
        for values, name, marker in looks
    ]
    drawn = Drawing(palette, traces, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(**month_axis(months))
    drawn.y(**amount_axis([*now, *later]))
    alt = _("From {now} today to {later} at renewal: {change}.").format(
        now=i18n.amount(sum(now)), later=i18n.amount(sum(later)), change=_signed(sum(later) - sum(now))
    )
    title = without_unknown(title, len(renewals) - len(known))
    return Chart(drawn.figure(), alt + left_out(len(renewals) - len(known)), title)


def _renewal_months(renewals: pd.DataFrame) -> list[date]:
    return months_between(day_of(renewals["renewal_on"].min()), day_of(renewals["renewal_on"].max()))


def _by_month(rows: pd.DataFrame, column: str, months: Sequence[date]) -> list[float]:
    sums = rows.groupby(month_of(rows["renewal_on"]))[column].sum()
    return [float(sums.get(pd.Timestamp(month), 0.0)) for month in months]


def _bar_texts(rows: pd.DataFrame, status: str, months: Sequence[date], sums: Sequence[float]) -> list[str]:
    counts = _by_month(rows.assign(one=1), "one", months)
    return [
        f"<b>{i18n.month(month)}</b><br>{label_of('renewal_status', status)}: {i18n.amount(value)}"
        f"<br>{_agreements(int(count))}"
        for month, value, count in zip(months, sums, counts, strict=True)
    ]


def _change_text(month: date, before: float, after: float) -> str:
    return "<br>".join(
        (
            f"<b>{i18n.month(month)}</b>",
            _("today {value}").format(value=i18n.amount(before)),
            _("at renewal {value}").format(value=i18n.amount(after)),
            _("change {value}").format(value=_signed(after - before)),
        )
    )


def _signed(value: float) -> str:
    sign = "+" if round(value) > 0 else "−" if round(value) < 0 else ""
    return f"{sign}{i18n.amount(abs(value))}"


def _agreements(count: int) -> str:
    return ngettext("{count} agreement", "{count} agreements", count).format(count=i18n.number(count))
