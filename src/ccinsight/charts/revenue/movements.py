"""What changed the revenue: movements, and the share of users and of prices in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ccinsight import i18n
from ccinsight.charts.axes import amount_axis, month_axis
from ccinsight.charts.figure import Chart, Drawing, bar, empty, nothing, scatter
from ccinsight.charts.palette import Palette
from ccinsight.charts.text import wrapped
from ccinsight.charts.values import day_of, heights, month_key, numbers
from ccinsight.i18n import _, ngettext
from ccinsight.registry import REPORTS

_MOVES = ("new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown")


def revenue_waterfall(movements: pd.DataFrame, palette: Palette) -> Chart:
    """From the revenue at the start to that at the end, with what came and went between.

    ``movements`` is the report ``revenue_movements``; its months are added up. A movement of nothing is left
    out.
    """
    if movements.empty:
        return nothing(palette, _("What changed the annual recurring revenue"))
    title = ngettext(
        "What changed the annual recurring revenue in the last {count} month",
        "What changed the annual recurring revenue in the last {count} months",
        len(movements),
    ).format(count=len(movements))
    column = REPORTS["revenue_movements"].column
    start, end = float(movements["start"].iloc[0]), float(movements["end"].iloc[-1])
    moves = waterfall_moves(movements)
    if not moves and not start:
        return nothing(palette, title)
    labels = [_("Start"), *(_(column(name).label) for name in moves), _("End")]
    values = [start, *moves.values(), end]
    drawn = Drawing(palette, _steps(labels, values, palette), height=56 + 36 * len(labels), bargap=0.3)
    _lying(drawn, list(range(len(labels))), [wrapped(label, 18) for label in labels], palette)
    drawn.y(autorange="reversed")
    tops = _levels(values)
    drawn.x(range=[0, (max(upper for _lower, upper in tops) or 1) * 1.5])
    texts = [i18n.amount(start), *(_signed(value) for value in moves.values()), i18n.amount(end)]
    _behind(drawn, list(range(len(labels))), [upper for _lower, upper in tops], texts)
    first, last = day_of(movements["month"].iloc[0]), day_of(movements["month"].iloc[-1])
    alt = _("From {start} to {end}, {first} to {last}: {parts}.").format(
        start=i18n.amount(start),
        end=i18n.amount(end),
        first=i18n.month(first),
        last=i18n.month(last),
        parts=", ".join(f"{_(column(name).label).lower()} {_signed(value)}" for name, value in moves.items())
        or _("no change"),
    )
    return Chart(drawn.figure(), alt, title)


def waterfall_moves(movements: pd.DataFrame) -> dict[str, float]:
    """What the bars between start and end of the waterfall stand for, from top to bottom: movement → kr."""
    sums = {name: float(movements[name].sum()) for name in _MOVES}
    return {name: value for name, value in sums.items() if round(value, 2)}


def drivers_by_month(movements: pd.DataFrame, palette: Palette) -> Chart:
    """Two columns a month of the report ``revenue_movements``: what users and what prices changed."""
    title = _("Change from users and from price, each month")
    if movements.empty:
        return nothing(palette, title)
    days = [day_of(value) for value in movements["month"]]
    seats = numbers(movements["expansion"] + movements["contraction"])
    price = numbers(movements["price_change"])
    if not any(seats) and not any(price):
        return empty(palette, title, _("Neither users nor prices changed the revenue in these months."))
    looks = ((seats, _("Users"), palette.accent), (price, _("Price"), palette.grey_soft))
    traces = [
        bar(
            x=[month_key(day) for day in days],
            y=heights(values),
            name=name,
            marker={
                "color": colour,
                "line": {"color": palette.grey if colour == palette.grey_soft else colour, "width": 1},
            },
            customdata=[
                f"<b>{i18n.month(day)}</b><br>{name}: {_signed(value or 0)}"
                for day, value in zip(days, values, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for values, name, colour in looks
    ]
    drawn = Drawing(palette, traces, barmode="group", showlegend=True, bargroupgap=0.05)
    drawn.x(**month_axis(days))
    drawn.x(showline=False)
    drawn.y(**amount_axis([*seats, *price]), zeroline=True)
    alt = _("Over {months}: {seats} from users and {price} from price.").format(
        months=ngettext("{count} month", "{count} months", len(days)).format(count=len(days)),
        seats=_signed(sum(value or 0 for value in seats)),
        price=_signed(sum(value or 0 for value in price)),
    )
    return Chart(drawn.figure(), alt, title)


def revenue_by_month(movements: pd.DataFrame, palette: Palette) -> Chart:
    """A line of the revenue at each month's end, from the report ``revenue_movements``."""
    title = _("Annual recurring revenue at the end of each month")
    if movements.empty or not movements["end"].any():
        return nothing(palette, title)
    days = [day_of(value) for value in movements["month"]]
    values = numbers(movements["end"])
    trace = scatter(
        x=[month_key(day) for day in days],
        y=values,
        mode="lines+markers",
        line={"color": palette.accent, "width": 2.5},
        marker={"size": 6},
        customdata=[
            f"{i18n.month(day)}: {i18n.amount(value)}" for day, value in zip(days, values, strict=True)
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn = Drawing(palette, [trace], height=260)
    drawn.x(**month_axis(days))
    drawn.y(**amount_axis(values))
    change = (values[-1] or 0) - float(movements["start"].iloc[0])
    alt = _("{value} at the end, {change} since the start.").format(
        value=i18n.amount(values[-1]), change=_signed(change)
    )
    return Chart(drawn.figure(), alt, title)


def _levels(values: Sequence[float]) -> list[tuple[float, float]]:
    """The lower and upper end of each bar: the first and last from 0, those between from where the last one
    led.
    """
    level, ends = values[0], [(0.0, values[0])]
    for value in values[1:-1]:
        ends.append((min(level, level + value), max(level, level + value)))
        level += value
    return [*ends, (0.0, values[-1])]


def _steps(labels: Sequence[str], values: Sequence[float], palette: Palette) -> list[Any]:
    """The bars, and thin lines that carry each level on to the next one."""
    ends = _levels(values)
    last = len(values) - 1
    bars = bar(
        x=[upper - lower for lower, upper in ends],
        base=[lower for lower, _upper in ends],
        y=list(range(len(values))),
        orientation="h",
        marker={
            "color": [_step_colour(index in (0, last), value, palette) for index, value in enumerate(values)],
            "pattern": {
                "shape": [
                    "/" if 0 < index < last and value < 0 else "" for index, value in enumerate(values)
                ],
                "fgcolor": palette.surface,
                "fillmode": "overlay",
                "size": 6,
                "solidity": 0.25,
            },
        },
        customdata=[
            f"{label}: {i18n.amount(value) if index in (0, last) else _signed(value)}"
            for index, (label, value) in enumerate(zip(labels, values, strict=True))
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )
    level, x, y = 0.0, [], []
    for index, value in enumerate(values[:-1]):
        level += value
        x += [level, level, None]
        y += [index + 0.35, index + 0.65, None]
    carried = scatter(x=x, y=y, mode="lines", line={"color": palette.grey, "width": 1}, hoverinfo="skip")
    return [bars, carried]


def _step_colour(is_total: bool, value: float, palette: Palette) -> str:
    if is_total:
        return palette.grey
    return palette.accent if value > 0 else palette.warm


def _behind(drawn: Drawing, rows: Sequence[int], ends: Sequence[float | None], texts: Sequence[str]) -> None:
    """The number behind each bar."""
    drawn.add(
        scatter(
            x=[max(0.0, end or 0.0) for end in ends],
            y=list(rows),
            mode="text",
            text=[f" {text}" for text in texts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )


def _lying(drawn: Drawing, rows: Sequence[int], names: Sequence[str], palette: Palette) -> None:
    """Horizontal bars with their numbers behind them: no other axis, names as dark as text."""
    drawn.x(showline=False, showticklabels=False)
    drawn.y(
        showgrid=False,
        tickmode="array",
        tickvals=list(rows),
        ticktext=list(names),
        tickfont={"size": 13, "color": palette.text},
    )


def _signed(value: float) -> str:
    sign = "+" if round(value) > 0 else "−" if round(value) < 0 else ""
    return f"{sign}{i18n.amount(abs(value))}"
