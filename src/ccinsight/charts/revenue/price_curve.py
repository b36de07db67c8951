"""Price per user against number of users."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts import text
from ccinsight.charts.axes import (
    amount_axis,
)
from ccinsight.charts.figure import HOVER, Chart, Drawing, Trace, nothing, scatter
from ccinsight.charts.marks import Mark, mark
from ccinsight.charts.palette import Palette
from ccinsight.charts.spread import NAMED, first_of, named, together
from ccinsight.charts.text import escaped
from ccinsight.charts.values import numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of

_IN_FORCE = ("active", "terminating")
_USER_TICKS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
_DASHES = ("solid", "dash", "dot", "dashdot")
_FEW_POINTS = 300
# Prices from the list and from contracts at one place.
_BOTH = "both"
# The room of the points in px, about that on a laptop, and how far apart two of them are both seen.
_WIDE, _HIGH, _NEAR = 560, 280, 5


def price_curve(agreements: pd.DataFrame, price_steps: pd.DataFrame, palette: Palette) -> Chart:
    """Rate against users, each agreement in force a point, the price list's steps drawn behind.

    Agreements that would lie over each other share a larger point, which counts and names them on hover.
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
    drawn.add(*_points(_dots(points, most, float(points["rate"].max())), palette))
    ticks = [tick for tick in _USER_TICKS if tick <= most]
    drawn.x(
        type="log",
        range=[-0.06, math.log10(most)],
        tickmode="array",
        tickvals=ticks,
        ticktext=[i18n.number(tick) for tick in ticks],
        title={"text": _("billable users")},
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


@dataclass(frozen=True)
class _Dot:
    """Agreements at about one place: users and rate of the first, what each is, and the bases of their prices."""

    users: float
    rate: float
    rows: list[dict[Any, Any]]

    @property
    def look(self) -> str:
        """Price list, contract, or both."""
        bases = {str(row["price_basis"]) for row in self.rows}
        return bases.pop() if len(bases) == 1 else _BOTH

    @property
    def names(self) -> list[str]:
        """The customers' names."""
        return [
            _("unknown") if pd.isna(row["customer_name"]) else str(row["customer_name"]) for row in self.rows
        ]


def _dots(points: pd.DataFrame, most: float, highest: float) -> list[_Dot]:
    """One dot for each place; agreements that would lie over each other share one."""
    ordered = points.sort_values(["invoiced_users", "rate", "agreement_id"], kind="stable")
    rows = ordered[
        ["agreement_id", "customer_name", "complexity", "price_basis", "invoiced_users", "rate"]
    ].to_dict("records")
    at = [
        (math.log(row["invoiced_users"], most) * _WIDE, row["rate"] / (highest or 1) * _HIGH) for row in rows
    ]
    groups = [[rows[place] for place in group] for group in together(at, _NEAR)]
    return [_Dot(float(group[0]["invoiced_users"]), float(group[0]["rate"]), group) for group in groups]


def _points(dots: Sequence[_Dot], palette: Palette) -> list[Trace]:
    looks = (
        ("price_list", label_of("price_basis", "price_list"), "circle", palette.accent),
        ("contract", label_of("price_basis", "contract"), "diamond-open", palette.warm),
        (_BOTH, _("Price list and contract"), "circle-cross-open", palette.text),
    )
    size, opacity = (9, 0.75) if len(dots) <= _FEW_POINTS else (6, 0.4)
    users_of, amount_of = cache(_users), cache(partial(i18n.amount, decimals=2))
    traces = []
    for look, name, symbol, colour in looks:
        shown = [dot for dot in dots if dot.look == look]
        if not shown:
            continue
        traces.append(
            scatter(
                x=[dot.users for dot in shown],
                y=[dot.rate for dot in shown],
                mode="markers",
                name=name,
                marker={
                    "symbol": symbol,
                    "size": [_size(len(dot.rows), size) for dot in shown],
                    "color": colour,
                    "opacity": opacity,
                    "line": {"width": 1},
                },
                customdata=[_hover(dot, users_of, amount_of) for dot in shown],
                hovertemplate=HOVER,
                marks=[_mark(dot) for dot in shown],
            )
        )
    return traces


def _size(count: int, smallest: float) -> float:
    """The width in px: the area grows with the count, up to a dot that leaves its neighbours in sight."""
    return round(min(24.0, smallest * math.sqrt(count)), 1)


def _hover(dot: _Dot, users_of: Callable[[int], str], amount_of: Callable[[float], str]) -> str:
    """Names, users and rates. The two functions write numbers, which repeat and take their time."""
    shown = [
        f"{users_of(int(row['invoiced_users']))} × {amount_of(float(row['rate']))}"
        for row in dot.rows[:NAMED]
    ]
    if len(dot.rows) == 1:
        return f"<b>{escaped(dot.names[0])}</b><br>{shown[0]}<br>{escaped(dot.rows[0]['complexity'])}"
    lines = [f"{name}: {each}" for name, each in zip(dot.names[:NAMED], shown, strict=True)]
    return "<br>".join([f"<b>{text.agreements(len(dot.rows))}</b>", *named(lines, len(dot.rows))])


def _users(count: int) -> str:
    return ngettext("{count} user", "{count} users", count).format(count=i18n.number(count))


def _mark(dot: _Dot) -> Mark:
    return mark(first_of(dot.names), agreement_id=tuple(row["agreement_id"] for row in dot.rows))
