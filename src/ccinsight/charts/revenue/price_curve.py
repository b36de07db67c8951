"""Price per user against number of users."""

from __future__ import annotations

import math

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import text
from ccinsight.charts.axes import (
    amount_axis,
)
from ccinsight.charts.figure import Chart, Drawing, Trace, nothing, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import (
    escaped,
    hover_number,
)
from ccinsight.charts.values import numbers
from ccinsight.i18n import _
from ccinsight.registry import REPORTS, label_of

_IN_FORCE = ("active", "terminating")
_USER_TICKS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
_DASHES = ("solid", "dash", "dot", "dashdot")
_FEW_POINTS = 300


def price_curve(agreements: pd.DataFrame, price_steps: pd.DataFrame, palette: Palette) -> Chart:
    """Rate against users, each agreement in force a point, the price list's steps drawn behind.

    ``agreements`` and ``price_steps`` are the reports of these names; rates are kr per user and year (R6). The axis
    of users is logarithmic, as the steps are. A line for each complexity; for several products only one, the product
    with most agreements.
    """
    title = _("Price per user against number of users")
    known = agreements.dropna(subset=["invoiced_users", "rate"]) if not agreements.empty else agreements
    points = (
        known[known["state"].isin(_IN_FORCE) & (known["invoiced_users"] > 0)] if not known.empty else known
    )
    if points.empty:
        return nothing(palette, title)
    rates = points["rate"].astype("float64")
    alt = _("{agreements} between {least} and {most} per user; the median is {median}.").format(
        agreements=text.agreements(len(points)),
        least=i18n.amount(float(rates.min())),
        most=i18n.amount(float(rates.max())),
        median=i18n.amount(float(rates.median())),
    )
    return _draw(points, _steps_of(price_steps, points), palette).chart(alt, title)


def _steps_of(price_steps: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The steps of the product that most of the points have, by number of users."""
    if price_steps.empty:
        return price_steps
    product = points["product"].value_counts().index[0]
    steps: pd.DataFrame = price_steps[price_steps["product"] == product].sort_values("min_users")
    return steps


def _draw(points: pd.DataFrame, steps: pd.DataFrame, palette: Palette) -> Drawing:
    most = max(float(points["invoiced_users"].max()), 10.0) * 1.25
    drawn = Drawing(palette, height=380, showlegend=True)
    drawn.add(*_step_lines(steps, most, palette))
    drawn.add(*_points(points, palette))
    ticks = [tick for tick in _USER_TICKS if tick <= most]
    drawn.x(
        type="log",
        range=[-0.06, math.log10(most)],
        tickmode="array",
        tickvals=ticks,
        ticktext=[i18n.number(tick) for tick in ticks],
        title={"text": _("invoiced users")},
        showgrid=True,
    )
    drawn.y(**amount_axis(numbers(points["rate"])), title={"text": _("kr per user and year")})
    drawn.y(ticktext=[i18n.number(tick) for tick in drawn.layout["yaxis"]["tickvals"]])
    return drawn


def _step_lines(steps: pd.DataFrame, most: float, palette: Palette) -> list[Trace]:
    """One stepped line for each complexity, to the right edge."""
    if steps.empty:
        return []
    lines = []
    for index, (complexity, rows) in enumerate(steps.groupby("complexity", sort=True)):
        users, prices = numbers(rows["min_users"]), numbers(rows["price_per_user"])
        lines.append(
            scatter(
                x=[max(1.0, users[0] or 1), *users[1:], most],
                y=[*prices, prices[-1]],
                mode="lines",
                name=_("List: {complexity}").format(complexity=escaped(complexity)),
                line={
                    "shape": "hv",
                    "color": palette.grey,
                    "width": 1.5,
                    "dash": _DASHES[index % len(_DASHES)],
                },
                hoverinfo="skip",
            )
        )
    return lines


def _points(points: pd.DataFrame, palette: Palette) -> list[Trace]:
    looks = (("price_list", "circle", palette.accent), ("contract", "diamond-open", palette.warm))
    users = _("{count} users").format(count="%{x:,d}")
    rate = hover_number(REPORTS["agreements"].column("rate"), "y")
    hover = f"<b>%{{customdata[0]}}</b><br>{users} × {rate}<br>%{{customdata[1]}}<extra></extra>"
    size, opacity = (9, 0.75) if len(points) <= _FEW_POINTS else (6, 0.4)
    traces = []
    for basis, symbol, colour in looks:
        rows = points[points["price_basis"] == basis]
        if rows.empty:
            continue
        traces.append(
            scatter(
                x=numbers(rows["invoiced_users"]),
                y=numbers(rows["rate"]),
                mode="markers",
                name=label_of("price_basis", basis),
                marker={
                    "symbol": symbol,
                    "size": size,
                    "color": colour,
                    "opacity": opacity,
                    "line": {"width": 1},
                },
                customdata=[
                    [escaped(name), escaped(complexity)]
                    for name, complexity in zip(rows["customer_name"], rows["complexity"], strict=True)
                ],
                hovertemplate=hover,
            )
        )
    return traces
