"""What was not billed, what renewals will bring, what a new price brings, and who stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import base
from ccinsight.charts.base import Chart, Drawing, Palette, Trace
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS, label_of

# A part of a stack: its name, its value each month, how it is filled.
_Look = tuple[str, list[float], dict[str, Any]]

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
        return base.empty(palette, title, reason)
    largest = known.reindex(known["difference"].abs().sort_values(ascending=False, kind="stable").index)
    shown = largest.head(_MOST_BARS).sort_values("difference", kind="stable")
    rows, values = list(range(len(shown))), base.numbers(shown["difference"])
    bars = base.bar(
        x=values,
        y=rows,
        orientation="h",
        marker=_gain_or_loss(values, palette),
        customdata=[_difference_text(row) for row in shown.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = base.Drawing(palette, [bars], height=40 + _ROW * len(rows), bargap=0.34)
    drawn.x(range=_room(values), zeroline=True, showticklabels=False, showline=False)
    drawn.y(
        showgrid=False,
        showline=False,
        tickmode="array",
        tickvals=rows,
        ticktext=[base.shortened(name, 18) for name in shown["customer_name"].fillna(shown["customer_id"])],
        tickfont={"size": 13, "color": palette.text},
    )
    _beside(drawn, rows, values)
    under = base.total(known["difference"].clip(lower=0))
    over = base.total(-known["difference"].clip(upper=0))
    alt = _("{under} not billed and {over} billed too much, over {count}.").format(
        under=i18n.amount(under), over=i18n.amount(over), count=_lines(len(known))
    )
    return Chart(drawn.figure(), alt, title)


def renewal_forecast(forecast: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns a month of the report ``renewal_forecast``.

    Certain, open as weighted by the past, the rest of the open part, and today's value of what ends.
    """
    title = _("Value at renewal by month: certain, open and ending")
    if forecast.empty:
        return base.nothing(palette, title)
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
        certain=i18n.amount(base.total(forecast["certain_value"])),
        open=i18n.amount(base.total(forecast["open_value"])),
        weighted=i18n.amount(base.total(forecast["open_weighted"])),
        ending=i18n.amount(base.total(forecast["ending_value"])),
    )
    unknown = int(forecast["value_unknown"].sum())
    return Chart(drawn.figure(), alt + base.left_out(unknown), base.without_unknown(title, unknown))


def plan_by_month(plan: pd.DataFrame, palette: Palette) -> Chart:
    """Stacked columns by month of the first renewal, of the report ``price_plan``.

    The change a year that the notice reaches, and what it comes too late for. A price that falls gives
    columns below zero.
    """
    title = _("Change a year by month of the first renewal")
    known = plan.dropna(subset=["change"]) if not plan.empty else plan
    if known.empty:
        return base.nothing(palette, title)
    if not known["change"].any():
        return base.empty(palette, title, _("The plan changes no rate yet."))
    firsts = base.month_of(known["first_renewal_on"])
    months = base.months_between(base.day_of(firsts.min()), base.day_of(firsts.max()))
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
    return Chart(drawn.figure(), alt, base.without_unknown(title, len(plan) - len(known)))


def cohort_customers(cohorts: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a year of first subscription, of the report ``cohorts``: customers then and now."""
    title = _("Customers by the year they first subscribed: then and now")
    if cohorts.empty:
        return base.nothing(palette, title)
    ordered = cohorts.sort_values(["cohort_year", "on_day"])
    last_day = ordered["on_day"].max()
    then = ordered.groupby("cohort_year")["customers"].first()
    newest = ordered[ordered["on_day"] == last_day].set_index("cohort_year")["customers"]
    now = newest.reindex(then.index, fill_value=0)
    years, rows = [str(year) for year in then.index], list(range(len(then)))
    looks = (
        (_("At the end of the first year"), then, palette.grey_soft, palette.grey),
        (_("On {day}").format(day=i18n.day(base.day_of(last_day))), now, palette.accent, palette.accent),
    )
    traces = [
        base.bar(
            x=rows,
            y=base.columns(base.numbers(values)),
            name=name,
            marker={"color": colour, "line": {"color": line, "width": 1}},
            text=[i18n.number(int(value)) if value else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[
                f"{year}<br>{name}: {_customers(int(value))}"
                for year, value in zip(years, values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, values, colour, line in looks
    ]
    drawn = base.Drawing(palette, traces, height=300, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(tickmode="array", tickvals=rows, ticktext=years, tickangle=0)
    drawn.y(
        **base.count_axis(
            base.numbers(pd.concat([then, now])),
            lambda n: ngettext("{count} customer", "{count} customers", n),
        )
    )
    alt = _("{now} of {then} are left.").format(
        now=i18n.number(int(now.sum())), then=_customers(int(then.sum()))
    )
    return Chart(drawn.figure(), alt, title)


# --- Parts


def _stacked(months: list[date], looks: tuple[_Look, ...], palette: Palette) -> Drawing:
    """Stacked columns of those of the parts that are there."""
    traces: list[Trace] = [
        base.bar(
            x=[base.key(month) for month in months],
            y=base.columns(values),
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
    drawn = base.Drawing(palette, traces, height=320, barmode="relative", showlegend=True)
    drawn.x(**base.month_axis(months))
    stacks = list(zip(*(values for _name, values, _marker in looks), strict=True))
    tops = [sum(value for value in stack if value > 0) for stack in stacks]
    bottoms = [sum(value for value in stack if value < 0) for stack in stacks]
    drawn.y(**base.amount_axis([*tops, *bottoms]), zeroline=True)
    return drawn


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


def _lined(colour: str, palette: Palette) -> dict[str, Any]:
    pattern = {"shape": "/", "fgcolor": palette.surface, "fillmode": "overlay", "size": 6, "solidity": 0.25}
    return {"color": colour, "pattern": pattern}


def _room(values: list[float | None]) -> list[float]:
    """A range that leaves room for the numbers beside the bars, on the sides that have bars."""
    known = [value or 0.0 for value in values]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    span = (high - low) or 1.0
    return [low - (0.45 * span if low < 0 else 0), high + (0.45 * span if high > 0 else 0)]


def _beside(drawn: Drawing, rows: list[int], values: list[float | None]) -> None:
    """The number at the end of each bar, away from the axis."""
    drawn.add(
        base.scatter(
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
            f"<b>{base.escaped(row['customer_name'])}</b>",
            f"{base.escaped(row['agreement_id'])}, {i18n.day(row['period_start'])}, "
            + column("kind").shown(row["kind"]).lower(),
            _("expected {expected}, invoiced {invoiced}").format(
                expected=i18n.amount(row["expected"], 2), invoiced=i18n.amount(row["invoiced"], 2)
            ),
        ]
    )


def _known(values: pd.Series[Any]) -> list[float]:
    return [value or 0.0 for value in base.numbers(values)]


def _months(values: pd.Series[Any]) -> list[date]:
    return [base.day_of(value) for value in values]


def _lines(count: int) -> str:
    return ngettext("{count} amount", "{count} amounts", count).format(count=i18n.number(count))


def _customers(count: int) -> str:
    return ngettext("{count} customer", "{count} customers", count).format(count=i18n.number(count))
